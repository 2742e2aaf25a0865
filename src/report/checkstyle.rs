//! The Checkstyle format: XML that many CI systems and review bots read. It does not depend on the source's text.

use std::io::{self, Write};

use super::Rendering;
use super::explain::{STAND_IN, one_line};
use super::locate::Locator;
use super::xml::{DECLARATION, Escaped};
use crate::finding::Finding;

/// The version of Checkstyle whose reports look like this; readers expect one.
const VERSION: &str = "4.3";

/// Writes a `file` element for each file and in it an `error` element for each finding, warnings included; `source` is
/// `protolint.` and the rule's id. A finding without a place has no line.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(report.sources);
    writeln!(out, "{DECLARATION}<checkstyle version=\"{VERSION}\">")?;
    let file = |finding: &Finding| finding.place.map(|place| place.file);
    for of_file in report.findings.chunk_by(|one, next| file(one) == file(next)) {
        let path = of_file.first().and_then(file).map_or(STAND_IN, |file| report.sources.get(file).path());
        writeln!(out, "  <file name=\"{}\">", Escaped(path))?;
        for finding in of_file {
            out.write_all(b"    <error")?;
            if let Some(place) = finding.place {
                let start = locator.locate(place).start;
                write!(out, " line=\"{}\" column=\"{}\"", start.line, start.column)?;
            }
            let (severity, message) = (finding.severity.name(), one_line(finding));
            let (message, rule) = (Escaped(&message), Escaped(finding.rule));
            writeln!(out, " severity=\"{severity}\" message=\"{message}\" source=\"protolint.{rule}\"/>")?;
        }
        out.write_all(b"  </file>\n")?;
    }
    out.write_all(b"</checkstyle>\n")
}
