//! The Markdown format: a summary for `$GITHUB_STEP_SUMMARY` or a comment on a pull request, a list for each file. It
//! does not depend on the source's text.

pub(super) mod inline;

use std::collections::HashSet;
use std::io::{self, Write};

use self::inline::{Code, Prose, fenced};
use super::Rendering;
use super::explain::{self, counted};
use super::locate::Locator;
use crate::finding::{Finding, Severity};
use crate::source::FileId;

/// The bytes a report has at most. GitHub takes 1 MiB for all that a step writes, and shows nothing of a summary that
/// is longer; half of it leaves room for a second report of the same step.
const MAX_LENGTH: usize = 512 << 10;

/// What is kept free for the heading and the last line.
const RESERVE: usize = 1 << 10;

/// Writes a heading with the counts, then the findings by file. Where there is no room for all of them, errors come
/// before warnings, and a last line says how many are left out.
pub(super) fn write(report: &Rendering<'_>, out: &mut impl Write) -> io::Result<()> {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let counts = [(errors, "error"), (warnings, "warning")].into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, noun)| counted(count, noun)).collect();
    if counts.is_empty() {
        return out.write_all(b"### protolint: nothing found\n");
    }
    writeln!(out, "### protolint: {}", counts.join(", "))?;

    let items = Items::of(report);
    let mut file = None;
    for (finding, item) in report.findings.iter().zip(&items.texts) {
        let Some(item) = item else { continue };
        let home = finding.place.map(|place| place.file);
        if file != Some(home) {
            file = Some(home);
            write!(out, "\n{}\n", heading(report, home))?;
        }
        out.write_all(item.as_bytes())?;
    }
    match items.left_out {
        0 => Ok(()),
        _ => writeln!(out, "\n*{} not shown: the summary is too long.*", counted(items.left_out, "more finding")),
    }
}

/// The findings that there is room for.
struct Items {
    /// By the index of the finding.
    texts: Vec<Option<String>>,
    left_out: usize,
}

impl Items {
    fn of(report: &Rendering<'_>) -> Items {
        let mut room = MAX_LENGTH - RESERVE;
        let mut items = Items { texts: vec![None; report.findings.len()], left_out: 0 };
        let mut headed: HashSet<Option<FileId>> = HashSet::new();
        let mut locator = Locator::new(report.sources);
        for severity in [Severity::Error, Severity::Warning] {
            for (index, finding) in report.findings.iter().enumerate().filter(|(_, one)| one.severity == severity) {
                // Nothing worth reading is shorter.
                if room < RESERVE {
                    items.left_out += 1;
                    continue;
                }
                let text = item(finding, &mut locator);
                let home = finding.place.map(|place| place.file);
                let head = if headed.contains(&home) { 0 } else { heading(report, home).len() + 2 };
                if text.len() + head > room {
                    items.left_out += 1;
                    continue;
                }
                headed.insert(home);
                room -= text.len() + head;
                items.texts[index] = Some(text);
            }
        }
        items
    }
}

/// The line above the findings of a file.
fn heading(report: &Rendering<'_>, file: Option<FileId>) -> String {
    match file {
        Some(file) => format!("#### {}\n", Code(&report.sources.get(file).title())),
        None => "#### in no file\n".to_owned(),
    }
}

/// One finding as an item of a list: severity, line and column, rule and message, then a line for each thing it says
/// beside, and the payloads folded.
fn item(finding: &Finding, locator: &mut Locator<'_>) -> String {
    let mut item = format!("- **{}** ", finding.severity.name());
    if let Some(place) = finding.place {
        let at = locator.locate(place).start;
        item.push_str(&format!("{}:{} ", at.line, at.column));
    }
    item.push_str(&format!("{} {}\n", Code(finding.rule), Prose(&finding.message)));
    let mut further: Vec<String> = explain::verdict(finding).into_iter().collect();
    further.extend(explain::place_lines(finding, locator));
    let help = explain::help(finding).enumerate();
    further.extend(help.map(|(index, line)| format!("{}{line}", if index == 0 { "help: " } else { "" })));
    further.extend(explain::fingerprint(finding).map(|fingerprint| format!("fingerprint {fingerprint}")));
    for line in further {
        // A backslash ends a line where two spaces would be cut off by editors.
        item.truncate(item.trim_end_matches('\n').len());
        item.push_str(&format!("\\\n  {}\n", Prose(&line)));
    }
    let evidence = explain::evidence(finding);
    if !evidence.is_empty() {
        item.push_str("\n  <details><summary>payloads that show it</summary>\n\n");
        item.push_str(&fenced(&evidence, "  ", "text"));
        item.push_str("\n  </details>\n");
    }
    item
}
