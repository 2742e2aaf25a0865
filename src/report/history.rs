//! The lives of elements, for people and for programs: it decides nothing about them.

use std::fmt::Write;

use serde::Serialize;

use super::escape;
use super::paint::{Paint, columns};
use crate::history::{Container, ContainerKind, History, Key, Life, Slot};

/// An element whose lives are shown.
pub(crate) struct Row<'h> {
    pub(crate) container: &'h Container,
    pub(crate) slot: &'h Slot,
    /// For each life, whether its number or its name was something else before.
    pub(crate) reused: Vec<bool>,
}

/// An element, as JSON has it.
#[derive(Serialize)]
struct Line<'h> {
    container: &'h str,
    kind: &'static str,
    number: Option<i32>,
    lives: Vec<LifeOf<'h>>,
}

/// A life, as JSON has it.
#[derive(Serialize)]
struct LifeOf<'h> {
    name: &'h str,
    #[serde(rename = "type")]
    type_text: Option<&'h str>,
    from: Option<&'h str>,
    to: Option<&'h str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    after_gap: bool,
}

/// A JSON object on a line for each element.
pub(crate) fn lines(history: &History, rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    for Row { container, slot, .. } in rows {
        let name = |at: u32| history.release(at).map(|release| release.name.as_str());
        let life = |(at, life): (usize, &'_ Life)| (at, life.first, life.last);
        let spans = slot.lives.iter().enumerate().map(life);
        let lives = spans.zip(&slot.lives).map(|((at, first, last), life)| LifeOf {
            name: &life.name,
            type_text: Some(&*life.type_text).filter(|text| !text.is_empty()),
            from: name(first),
            to: name(last),
            after_gap: slot.is_after_gap(at),
        });
        let (kind, number) = (element_kind(container.kind), number(&slot.key));
        let line = Line { container: container.name(), kind, number, lives: lives.collect() };
        text.push_str(&serde_json::to_string(&line).expect("names and numbers are JSON"));
        text.push('\n');
    }
    text
}

/// The word for an element of a container.
fn element_kind(container: ContainerKind) -> &'static str {
    match container {
        ContainerKind::Message => "field",
        ContainerKind::Enum => "enum_value",
        ContainerKind::Service => "rpc",
    }
}

fn container_kind(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Message => "message",
        ContainerKind::Enum => "enum",
        ContainerKind::Service => "service",
    }
}

fn number(key: &Key) -> Option<i32> {
    match key {
        Key::Number(number) => Some(*number),
        Key::Name(_) => None,
    }
}

/// A paragraph for each container with a line for each life of its elements.
pub(crate) fn paragraphs(history: &History, rows: &[Row<'_>], paint: Paint) -> String {
    let same = |one: &Row<'_>, other: &Row<'_>| std::ptr::eq(one.container, other.container);
    let paragraph = |rows: &[Row<'_>]| {
        let head = rows.first().map_or(String::new(), |row| head(history, row.container, paint));
        head + &table(history, rows, paint)
    };
    rows.chunk_by(same).map(paragraph).collect::<Vec<_>>().join("\n")
}

/// A line for each container.
pub(crate) fn list(history: &History, containers: &[&Container], paint: Paint) -> String {
    let width = containers.iter().map(|container| columns(container.name())).max().unwrap_or_default();
    let line = |container: &&Container| {
        let name = escape(container.name()).to_string();
        let padding = " ".repeat(width - columns(&name).min(width));
        let kind = container_kind(container.kind);
        format!("{kind:7}  {}{padding}  {}\n", paint.bold(&name), whole_span(history, container))
    };
    containers.iter().map(line).collect()
}

/// What a container is, where it is, since when, and what it was called.
pub(crate) fn head(history: &History, container: &Container, paint: Paint) -> String {
    let path = container.lives.last().map_or("", |life| &life.path);
    let (kind, name) = (container_kind(container.kind), paint.bold(escape(container.name())));
    let span = whole_span(history, container);
    let mut text = format!("{kind} {name}  {span}  {}\n", paint.quiet(escape(path)));
    let earlier = container.lives.iter().filter(|life| *life.name != *container.name());
    for life in earlier {
        let _ = writeln!(text, "  called {} {}", escape(&life.name), span_of(history, life.first, life.last));
    }
    text + &trail_ends(history, container)
}

/// What a container may have been before, or may be now, under a name that was not followed.
fn trail_ends(history: &History, container: &Container) -> String {
    let mut text = String::new();
    let all = container.slots.len();
    if let Some((origin, count)) = history.origin(container) {
        let (name, span) = (escape(origin.name()).to_string(), whole_span(history, origin));
        let _ = writeln!(text, "  {count} of its {all} elements were in {name}, {span}, if that was renamed");
    }
    if container.last() < history.present()
        && let Some((heir, count)) = history.heir(container)
    {
        let (name, span) = (escape(heir.name()).to_string(), whole_span(history, heir));
        let _ = writeln!(text, "  {count} of its {all} elements are in {name}, {span}, if it was renamed");
    }
    text
}

/// From the first state with a container to the last one, whatever lies between.
fn whole_span(history: &History, container: &Container) -> String {
    let first = container.lives.first().map_or(0, |life| life.first);
    let has_gap = container.lives.windows(2).any(|pair| pair[1].first > pair[0].last + 1);
    span_of(history, first, container.last()) + if has_gap { ", with a gap" } else { "" }
}

fn span_of(history: &History, first: u32, last: u32) -> String {
    let name = |at: u32| history.release(at).map(|release| escape(&release.name).to_string());
    match (name(first), name(last)) {
        (None, _) => "not released yet".to_owned(),
        (Some(first), None) => format!("since {first}"),
        (Some(first), Some(last)) if first == last => format!("only in {first}"),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    }
}

/// Lines of columns: the number, the name, the type, and when that was so.
fn table(history: &History, rows: &[Row<'_>], paint: Paint) -> String {
    struct Line {
        cells: [String; 3],
        when: String,
    }
    let mut lines: Vec<Line> = Vec::new();
    for Row { slot, reused, .. } in rows {
        for (at, life) in slot.lives.iter().enumerate() {
            let number = number(&slot.key).filter(|_| at == 0).map_or(String::new(), |number| number.to_string());
            let mut when = span_of(history, life.first, life.last);
            if slot.is_after_gap(at) {
                when.push_str(", after a gap");
            }
            if reused.get(at) == Some(&true) {
                when.push_str(", ");
                when.push_str(&paint.loud(crate::finding::Severity::Warning, "reused"));
            }
            lines.push(Line {
                cells: [number, escape(&life.name).to_string(), escape(&life.type_text).to_string()],
                when,
            });
        }
    }
    let width = |cell: usize| lines.iter().map(|line| columns(&line.cells[cell])).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for Line { cells: [number, name, of], when } in &lines {
        let padded = |text: &str, width: usize| format!("{text}{}", " ".repeat(width - columns(text)));
        let number = if widths[0] == 0 { String::new() } else { format!("{number:>width$}  ", width = widths[0]) };
        let of = if widths[2] == 0 { String::new() } else { format!("{}  ", padded(of, widths[2])) };
        let _ = writeln!(text, "  {number}{}  {of}{when}", padded(name, widths[1]));
    }
    text
}
