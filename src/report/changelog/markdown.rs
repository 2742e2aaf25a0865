//! The changelog as Markdown, for release notes and pull requests.

use std::io::{self, Write};

use super::{Changelog, Entry, InContainer, breaks, counts, groups, lines, of_containers, package_name};
use crate::report::locate::Locator;
use crate::report::markdown::inline::{Code, Prose, fenced};

/// How many lines of a declaration are shown.
const MAX_LINES: usize = 40;

/// Writes a heading, then what breaks and what does not, by package.
pub(super) fn write(changelog: &Changelog, out: &mut impl Write) -> io::Result<()> {
    let name = |name: &str| Code(name).to_string();
    writeln!(out, "# Changes from {} to {}\n", name(&changelog.from), name(&changelog.to))?;
    let counts = counts(changelog);
    writeln!(out, "{}{}.", counts[..1].to_uppercase(), &counts[1..])?;
    let mut locator = Locator::new(&changelog.sources);
    let mut last = None;
    for group in groups(changelog) {
        if last != Some(group.is_breaking) {
            last = Some(group.is_breaking);
            writeln!(out, "\n## {}", if group.is_breaking { "Breaking changes" } else { "Other changes" })?;
        }
        writeln!(out, "\n### {}", Code(package_name(group.package)))?;
        for InContainer { container, entries } in of_containers(&group) {
            match container {
                Some((kind, name)) => writeln!(out, "\n#### {kind} {}\n", Code(name))?,
                None => writeln!(out)?,
            }
            for entry in entries {
                write_entry(entry, &mut locator, out)?;
            }
        }
    }
    Ok(())
}

fn write_entry<'a>(entry: &'a Entry, locator: &mut Locator<'a>, out: &mut impl Write) -> io::Result<()> {
    let (change, kind) = (entry.change.name(), entry.kind.words());
    let former = entry.former_symbol.as_ref().map(|former| format!(", before {}", Code(former))).unwrap_or_default();
    let breaks = breaks(entry).map(|breaks| format!(": {}", Prose(&breaks))).unwrap_or_default();
    let place = entry.place.map(|place| format!(" ({})", Code(&locator.title(place)))).unwrap_or_default();
    writeln!(out, "- {change} {kind} {}{former}{breaks}{place}", Code(&entry.symbol))?;
    let (before, after) = lines(entry);
    let mut shown = marked('-', &before);
    shown.extend(marked('+', &after));
    if !shown.is_empty() {
        write!(out, "\n{}", fenced(&shown, "  ", "diff"))?;
    }
    for evidence in entry.evidence() {
        let sent = [&evidence.written, &evidence.payload].into_iter().filter(|text| !text.is_empty());
        let sent: Vec<String> = sent.map(|text| Code(text).to_string()).collect();
        let (writer, reader) = (evidence.writer(), evidence.reader());
        writeln!(out, "  - {writer}: {}; {reader}: {}", sent.join(", "), Code(&evidence.read))?;
    }
    Ok(())
}

/// Lines as a patch has them, the first of many.
fn marked(mark: char, lines: &[&str]) -> Vec<String> {
    let shown = if lines.len() > MAX_LINES + 1 { MAX_LINES } else { lines.len() };
    let mut marked: Vec<String> =
        lines[..shown].iter().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect();
    if lines.len() > shown {
        marked.push(format!("{mark} … {} more lines", lines.len() - shown));
    }
    marked
}
