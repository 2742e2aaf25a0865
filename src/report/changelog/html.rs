//! The changelog as one page of HTML that needs nothing else, to be read on a phone, on a large screen and on paper.
//! Without its script, all of it is there; the script only filters.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Changelog, Entry, Group, InContainer, breaks, counts, groups, lines, of_containers, package_name};
use crate::finding::Layer;
use crate::report::locate::Locator;
use crate::report::page;
use crate::report::xml::Escaped;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The value of the filters for what breaks nothing.
const NO_LAYER: &str = "none";

/// Writes the page.
pub(super) fn write(changelog: &Changelog, out: &mut impl Write) -> io::Result<()> {
    let (from, to) = (Escaped(&changelog.from), Escaped(&changelog.to));
    out.write_all(page::head(&format!("Changes from {from} to {to}"), STYLE).as_bytes())?;
    write!(
        out,
        "<header>\n<h1>Changes from <code>{from}</code> to <code>{to}</code></h1>\n<p>{}.</p>\n</header>\n",
        counts(changelog)
    )?;
    let groups = groups(changelog);
    write_filters(changelog, out)?;
    out.write_all(b"<main>\n")?;
    let mut locator = Locator::new(&changelog.sources);
    for group in &groups {
        write_group(group, &mut locator, out)?;
    }
    out.write_all(b"</main>\n<p id=\"nothing\" hidden>No change matches the filters.</p>\n")?;
    out.write_all(page::end(SCRIPT).as_bytes())
}

/// What to show: layers, kinds of change, and one package or all. The script makes it visible.
fn write_filters(changelog: &Changelog, out: &mut impl Write) -> io::Result<()> {
    let of_layer = |layer: Layer| changelog.entries.iter().filter(|entry| entry.layers().contains(&layer)).count();
    let layers = Layer::ALL.map(|layer| (layer.name(), layer.name(), of_layer(layer)));
    let harmless = changelog.entries.len() - changelog.breaking();
    let packages: BTreeSet<&str> = changelog.entries.iter().map(|entry| entry.package.as_str()).collect();
    out.write_all(b"<form id=\"filters\" hidden>\n<fieldset>\n<legend>Breaks</legend>\n")?;
    for (value, label, count) in layers.into_iter().chain([(NO_LAYER, "nothing", harmless)]) {
        let disabled = if count == 0 { " disabled" } else { "" };
        writeln!(
            out,
            "<label><input type=\"checkbox\" name=\"layer\" value=\"{value}\" checked{disabled}> {label} \
             <span class=\"count\">{count}</span></label>"
        )?;
    }
    out.write_all(b"</fieldset>\n<label class=\"package\">Package\n<select name=\"package\">\n")?;
    out.write_all(b"<option value=\"\">all packages</option>\n")?;
    for package in packages {
        // The value of an empty package would be that of all.
        let (value, name) = (Escaped(package_value(package)), Escaped(package_name(package)));
        writeln!(out, "<option value=\"{value}\">{name}</option>")?;
    }
    out.write_all(b"</select></label>\n<p id=\"shown\" role=\"status\"></p>\n</form>\n")
}

/// The value by which the filter knows a package.
fn package_value(package: &str) -> &str {
    if package.is_empty() { "-" } else { package }
}

fn write_group<'a>(group: &Group<'a>, locator: &mut Locator<'a>, out: &mut impl Write) -> io::Result<()> {
    let (class, what) = if group.is_breaking { ("breaking", "breaking changes") } else { ("other", "other changes") };
    let package = Escaped(package_name(group.package));
    writeln!(out, "<section class=\"{class}\">\n<h2><code>{package}</code> <span class=\"what\">{what}</span></h2>")?;
    for InContainer { container, entries } in of_containers(group) {
        out.write_all(b"<div class=\"container\">\n")?;
        if let Some((kind, name)) = container {
            writeln!(out, "<h3>{kind} <code>{}</code></h3>", breakable(name))?;
        }
        for entry in entries {
            write_entry(entry, locator, out)?;
        }
        out.write_all(b"</div>\n")?;
    }
    out.write_all(b"</section>\n")
}

/// A name that may end its line after a dot.
fn breakable(name: &str) -> String {
    Escaped(name).to_string().replace('.', ".<wbr>")
}

fn write_entry<'a>(entry: &'a Entry, locator: &mut Locator<'a>, out: &mut impl Write) -> io::Result<()> {
    let layers: Vec<&str> = entry.layers().into_iter().map(Layer::name).collect();
    let layers = if layers.is_empty() { NO_LAYER.to_owned() } else { layers.join(" ") };
    let (change, package) = (entry.change.name(), Escaped(package_value(&entry.package)));
    let (kind, symbol) = (entry.kind.words(), breakable(&entry.symbol));
    writeln!(out, "<article class=\"{change}\" data-layers=\"{layers}\" data-package=\"{package}\">")?;
    writeln!(out, "<h4><span class=\"change\">{change}</span> {kind} <code>{symbol}</code></h4>")?;
    if let Some(former) = &entry.former_symbol {
        writeln!(out, "<p class=\"former\">before: <code>{}</code></p>", Escaped(former))?;
    }
    if let Some(place) = entry.place {
        writeln!(out, "<p class=\"place\">{}</p>", Escaped(&locator.title(place)))?;
    }
    if let Some(breaks) = breaks(entry) {
        let class = if entry.is_breaking() { "breaks" } else { "may-break" };
        writeln!(out, "<p class=\"{class}\">{}</p>", Escaped(&breaks))?;
    }
    let (before, after) = lines(entry);
    if !before.is_empty() || !after.is_empty() {
        out.write_all(b"<div class=\"sides\">\n")?;
        write_side("before", &before, out)?;
        write_side("after", &after, out)?;
        out.write_all(b"</div>\n")?;
    }
    write_evidence(entry, out)?;
    out.write_all(b"</article>\n")
}

fn write_side(side: &str, lines: &[&str], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "<figure class=\"{side}\"><figcaption>{side}</figcaption>")?;
    if lines.is_empty() {
        return out.write_all(b"<p class=\"absent\">not there</p></figure>\n");
    }
    out.write_all(b"<pre tabindex=\"0\"><code>")?;
    for line in lines {
        writeln!(out, "{}", Escaped(line))?;
    }
    out.write_all(b"</code></pre></figure>\n")
}

fn write_evidence(entry: &Entry, out: &mut impl Write) -> io::Result<()> {
    let mut evidence = entry.evidence().peekable();
    if evidence.peek().is_none() {
        return Ok(());
    }
    out.write_all(b"<details class=\"evidence\"><summary>Evidence</summary>\n<dl>\n")?;
    for found in evidence {
        let (writer, reader, layer) = (found.writer(), found.reader(), found.layer.name());
        let sent = [&found.written, &found.payload].into_iter().filter(|text| !text.is_empty());
        let sent: Vec<String> = sent.map(|text| format!("<code>{}</code>", Escaped(text))).collect();
        writeln!(out, "<dt>{writer} ({layer})</dt><dd>{}</dd>", sent.join(" "))?;
        writeln!(out, "<dt>{reader}</dt><dd><code>{}</code></dd>", Escaped(&found.read))?;
    }
    out.write_all(b"</dl></details>\n")
}
