//! The changelog as text for people at a terminal: what was there and what is there, as a patch shows it.

use std::io::{self, Write};

use super::{Changelog, ChangelogStyle, Entry, Group, breaks, groups, lines, package_name};
use crate::finding::Severity;
use crate::report::escape::Visible;
use crate::report::locate::Locator;
use crate::report::paint::{Paint, styled};
use crate::report::summary::counted;
use crate::report::wrap::{BOUND, wrap};

/// How many lines of a declaration are shown.
const MAX_LINES: usize = 12;

/// Writes the groups, each with its entries.
pub(super) fn write(changelog: &Changelog, style: ChangelogStyle, out: &mut impl Write) -> io::Result<()> {
    let mut locator = Locator::new(&changelog.sources);
    for (at, group) in groups(changelog).iter().enumerate() {
        if at > 0 {
            out.write_all(b"\n")?;
        }
        writeln!(out, "{}", heading(group, Paint::new(style.color)))?;
        for entry in group.entries {
            write_entry(entry, style, &mut locator, out)?;
        }
    }
    Ok(())
}

fn heading(group: &Group<'_>, paint: Paint) -> String {
    let package = Visible(package_name(group.package)).to_string();
    match group.is_breaking {
        true => {
            let count = counted(group.entries.len(), "breaking change");
            format!("{}: {}", paint.bold(package), paint.loud(Severity::Error, count))
        }
        false => format!("{}: {}", paint.bold(package), counted(group.entries.len(), "change")),
    }
}

fn write_entry<'a>(
    entry: &'a Entry,
    style: ChangelogStyle,
    locator: &mut Locator<'a>,
    out: &mut impl Write,
) -> io::Result<()> {
    let paint = Paint::new(style.color);
    let (change, kind, symbol) = (entry.change.name(), entry.kind.words(), Visible(&entry.symbol));
    let place = entry.place.map(|place| locator.title(place)).map(|title| format!("  {}", Visible(&title)));
    let former = entry.former_symbol.as_ref().map(|former| format!(" (was {})", Visible(former))).unwrap_or_default();
    writeln!(out, "  {change} {kind} {}{former}{}", paint.bold(symbol), paint.quiet(place.unwrap_or_default()))?;
    let (before, after) = lines(entry);
    write_lines('-', "31", &before, style, out)?;
    write_lines('+', "32", &after, style, out)?;
    if let Some(breaks) = breaks(entry) {
        let text = wrap(&breaks, style.width, 4, 6);
        writeln!(out, "    {}", if entry.is_breaking() { paint.loud(Severity::Error, text) } else { text })?;
    }
    for evidence in entry.evidence() {
        let sent = evidence.sent();
        let written = Visible(&sent);
        let (writer, reader) = (evidence.writer().replace(' ', &BOUND.to_string()), evidence.reader());
        writeln!(out, "      {}", wrap(&format!("{writer}{BOUND}{BOUND}{written}"), style.width, 6, 18))?;
        let read = format!("{}{BOUND}{BOUND}{}", reader.replace(' ', &BOUND.to_string()), Visible(&evidence.read));
        writeln!(out, "      {}", wrap(&read, style.width, 6, 18))?;
    }
    Ok(())
}

fn write_lines(mark: char, code: &str, lines: &[&str], style: ChangelogStyle, out: &mut impl Write) -> io::Result<()> {
    let shown = if lines.len() > MAX_LINES + 1 { MAX_LINES } else { lines.len() };
    let painted = |text: String| if style.color { styled(code, text) } else { text };
    for line in &lines[..shown] {
        writeln!(out, "    {}", painted(format!("{mark} {}", Visible(line)).trim_end().to_owned()))?;
    }
    if lines.len() > shown {
        writeln!(out, "    {}", painted(format!("{mark} … {} more lines", lines.len() - shown)))?;
    }
    Ok(())
}
