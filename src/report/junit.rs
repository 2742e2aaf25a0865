//! The JUnit format: XML that CI systems read as results of tests, a suite for each file. It does not depend on the
//! source's text.

use std::collections::HashMap;
use std::io::{self, Write};

use super::Rendering;
use super::explain;
use super::locate::Locator;
use super::xml::{DECLARATION, Escaped};
use crate::finding::Finding;

/// Writes a failed case for each finding, named after its rule and place; `message` starts with the severity. Where
/// nothing was found there is one case that passed, since readers take a report without cases for a broken one.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(DECLARATION.as_bytes())?;
    let count = report.findings.len();
    if count == 0 {
        out.write_all(b"<testsuites name=\"protolint\" tests=\"1\" failures=\"0\" errors=\"0\">\n")?;
        out.write_all(b"  <testsuite name=\"protolint\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n")?;
        out.write_all(b"    <testcase classname=\"protolint\" name=\"nothing found\" time=\"0\"/>\n")?;
        return out.write_all(b"  </testsuite>\n</testsuites>\n");
    }
    writeln!(out, "<testsuites name=\"protolint\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">")?;
    let mut locator = Locator::new(report.sources);
    let file = |finding: &Finding| finding.place.map(|place| place.file);
    for of_file in report.findings.chunk_by(|one, next| file(one) == file(next)) {
        let title = of_file.first().and_then(file).map(|file| report.sources.get(file).title());
        write_suite(title.as_deref().unwrap_or("protolint"), of_file, &mut locator, out)?;
    }
    out.write_all(b"</testsuites>\n")
}

fn write_suite(title: &str, findings: &[Finding], locator: &mut Locator<'_>, out: &mut impl Write) -> io::Result<()> {
    let (suite, count) = (Escaped(title), findings.len());
    writeln!(out, "  <testsuite name=\"{suite}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\" skipped=\"0\">")?;
    // Readers keep one case of each name.
    let mut names: HashMap<String, usize> = HashMap::new();
    for finding in findings {
        let place = finding.place.map(|place| locator.title(place));
        let mut name = match &place {
            Some(place) => format!("{} {place}", finding.rule),
            None => finding.rule.to_owned(),
        };
        let number = names.entry(name.clone()).or_default();
        *number += 1;
        if *number > 1 {
            name = format!("{name} ({number})");
        }
        writeln!(out, "    <testcase classname=\"{suite}\" name=\"{}\" time=\"0\">", Escaped(&name))?;
        write_failure(finding, place.as_deref(), locator, out)?;
        out.write_all(b"    </testcase>\n")?;
    }
    out.write_all(b"  </testsuite>\n")
}

fn write_failure(
    finding: &Finding,
    place: Option<&str>,
    locator: &mut Locator<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let (rule, severity, message) = (Escaped(finding.rule), finding.severity.name(), Escaped(&finding.message));
    write!(out, "      <failure type=\"{rule}\" message=\"{severity}: {message}\">")?;
    if let Some(place) = place {
        write!(out, "{}: ", Escaped(place))?;
    }
    write!(out, "{severity} {rule} {message}")?;
    for line in explain::lines(finding, locator) {
        write!(out, "\n{}", Escaped(&line))?;
    }
    out.write_all(b"</failure>\n")
}
