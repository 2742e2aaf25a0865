//! Explained messages: their bytes, and what one schema or two make of them. It decides nothing about them.

use std::fmt::Write;

use serde::Serialize;

use crate::finding::Severity;
use crate::payload::explain::{Explained, Item, ItemKind, Row, side_by_side};
use crate::payload::value::hex;
use crate::report::escape;
use crate::report::paint::Paint;

/// A message that was explained.
pub(crate) struct Payload<'a> {
    pub(crate) source: &'a str,
    pub(crate) index: u64,
    pub(crate) type_name: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) explained: &'a Explained,
    /// What a base makes of it, by the base's name; `None` of it where the base does not have the type.
    pub(crate) base: Option<(&'a str, Option<&'a Explained>)>,
}

/// Where the text goes.
#[derive(Clone, Copy)]
pub(crate) struct Sheet {
    pub(crate) width: usize,
    pub(crate) paint: Paint,
}

/// A message, as JSON has it.
#[derive(Serialize)]
struct Message<'a> {
    source: &'a str,
    index: u64,
    r#type: &'a str,
    bytes: usize,
    error: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<BaseOf<'a>>,
    items: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct BaseOf<'a> {
    name: &'a str,
    has_type: bool,
    error: Option<Reason>,
}

#[derive(Serialize)]
struct Reason {
    byte: usize,
    reason: String,
}

#[derive(Serialize)]
struct ItemOf<'a> {
    at: usize,
    bytes: String,
    kind: &'static str,
    depth: usize,
    path: &'a str,
    number: Option<u32>,
    wire_type: Option<u8>,
    field: Option<&'a str>,
    r#type: Option<&'a str>,
    value: Option<&'a str>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<AbsentField<'a>>,
}

#[derive(Serialize)]
struct AbsentField<'a> {
    field: &'a str,
    default: Option<&'a str>,
}

/// What one schema makes of some bytes, or what two make of them.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    One(ItemOf<'a>),
    Both(RowOf<'a>),
}

#[derive(Serialize)]
struct RowOf<'a> {
    differs: bool,
    old: Option<ItemOf<'a>>,
    new: Option<ItemOf<'a>>,
}

fn reason(explained: &Explained) -> Option<Reason> {
    explained.error.map(|error| Reason { byte: error.at, reason: error.kind.to_string() })
}

fn item_of<'a>(item: &'a Item, bytes: &[u8]) -> ItemOf<'a> {
    let absent = item.absent.iter().map(|(field, default)| AbsentField { field, default: default.as_deref() });
    ItemOf {
        at: item.at,
        bytes: hex(&bytes[item.at..item.end]),
        kind: item.kind.name(),
        depth: item.depth,
        path: &item.path,
        number: item.number,
        wire_type: item.wire,
        field: item.field.as_deref(),
        r#type: Some(&*item.type_name).filter(|name| !name.is_empty()),
        value: item.value.as_deref(),
        notes: &item.notes,
        absent: absent.collect(),
    }
}

/// A JSON object on a line.
pub(crate) fn json(payload: &Payload<'_>) -> String {
    let one = |item| item_of(item, payload.bytes);
    let items = match payload.base {
        Some((_, Some(old))) => {
            let rows = side_by_side(old, payload.explained).into_iter();
            let both = rows.map(|row| RowOf { differs: row.differs(), old: row.old.map(one), new: row.new.map(one) });
            both.map(Line::Both).collect()
        }
        _ => payload.explained.items.iter().map(|item| Line::One(one(item))).collect(),
    };
    let base = payload.base.map(|(name, old)| BaseOf { name, has_type: old.is_some(), error: old.and_then(reason) });
    let message = Message {
        source: payload.source,
        index: payload.index,
        r#type: payload.type_name,
        bytes: payload.bytes.len(),
        error: reason(payload.explained),
        base,
        items,
    };
    serde_json::to_string(&message).expect("texts and numbers are JSON") + "\n"
}

/// The columns of text.
#[derive(Clone, Copy)]
struct Columns {
    /// Of offsets.
    offset: usize,
    /// Of bytes; 0 where they have lines of their own.
    bytes: usize,
    /// Of what they mean, of each side.
    text: usize,
    /// Whether both sides are beside each other.
    is_wide: bool,
}

/// How many bytes are shown at most.
const MAX_BYTES: usize = 8;
/// How many characters of a value are shown at most.
const MAX_VALUE: usize = 200;

impl Columns {
    fn new(payload: &Payload<'_>, width: usize) -> Columns {
        let offset = payload.bytes.len().to_string().len().max(4);
        let width = width.max(20);
        let bytes = if width < 70 { 0 } else { MAX_BYTES * 3 + 2 };
        let rest = width.saturating_sub(offset + 4 + bytes);
        let is_wide = payload.base.is_some_and(|(_, old)| old.is_some()) && rest >= 80;
        let text = if is_wide { (rest - 2) / 2 } else { rest.saturating_sub(2) }.max(12);
        Columns { offset, bytes, text, is_wide }
    }
}

/// Lines for people.
pub(crate) fn human(payload: &Payload<'_>, sheet: Sheet) -> String {
    let columns = Columns::new(payload, sheet.width);
    let mut text = head(payload, sheet.paint);
    match payload.base {
        Some((name, Some(old))) => {
            let rows = side_by_side(old, payload.explained);
            let differing = rows.iter().filter(|row| row.differs()).count();
            if columns.is_wide {
                let indent = columns.offset + 4 + columns.bytes;
                let name = fitted(&escape(name).to_string(), columns.text, 0).swap_remove(0);
                let padding = columns.text + 2 - name.chars().count().min(columns.text);
                let _ = writeln!(
                    text,
                    "{:indent$}{}{:padding$}{}",
                    "",
                    sheet.paint.bold(&name),
                    "",
                    sheet.paint.bold("now")
                );
            }
            for row in &rows {
                text.push_str(&row_lines(row, payload.bytes, name, columns, sheet.paint));
            }
            let what = if differing == 1 { "line differs" } else { "lines differ" };
            let _ = writeln!(text, "{differing} {what} from {}", escape(name));
        }
        base => {
            for item in &payload.explained.items {
                text.push_str(&lines(item, payload.bytes, ' ', columns, sheet.paint));
            }
            if let Some((name, None)) = base {
                let _ = writeln!(text, "{} does not have this type", escape(name));
            }
        }
    }
    let errors = [("", Some(payload.explained)), ("the base: ", payload.base.and_then(|(_, old)| old))];
    for (side, error) in errors.into_iter().filter_map(|(side, of)| Some((side, of?.error?))) {
        let rejected = sheet.paint.loud(Severity::Error, "rejected:");
        let _ = writeln!(text, "{side}{rejected} byte {}: {}", error.at, error.kind);
    }
    text
}

fn head(payload: &Payload<'_>, paint: Paint) -> String {
    let name = paint.bold(escape(payload.type_name));
    let source = paint.quiet(escape(payload.source));
    format!("{name}, message {} of {source}, {} bytes\n", payload.index, payload.bytes.len())
}

/// What bytes mean.
fn meaning(item: &Item) -> String {
    let number = item.number.map_or(String::new(), |number| number.to_string());
    let field = item.field.as_deref().unwrap_or_default();
    let of = if item.type_name.is_empty() { String::new() } else { format!(": {}", item.type_name) };
    let mut value = item.value.clone().unwrap_or_default();
    if value.chars().count() > MAX_VALUE {
        let characters = value.chars().count();
        value = format!("{}… ({characters} characters)", value.chars().take(MAX_VALUE).collect::<String>());
    }
    match item.kind {
        ItemKind::Field if field.is_empty() => format!("{number} = {value}"),
        ItemKind::Field => format!("{number} {field}{of} = {value}"),
        ItemKind::Message if field.is_empty() => format!("{number}, {value}"),
        ItemKind::Message | ItemKind::Packed => {
            let what = if item.kind == ItemKind::Packed { ", packed" } else { "" };
            format!("{number} {field}{of}{what}, {value}")
        }
        ItemKind::GroupStart if field.is_empty() => format!("{number}, group"),
        ItemKind::GroupStart => format!("{number} {field}{of}, group"),
        ItemKind::GroupEnd => format!("{number}, end of the group"),
        ItemKind::Element => format!("= {value}"),
        ItemKind::Damaged => "damaged".to_owned(),
        ItemKind::Rest => "not shown".to_owned(),
        ItemKind::Absent => {
            let one = |(field, default): &(String, Option<String>)| match default {
                Some(default) => format!("{field} = {default}"),
                None => field.clone(),
            };
            format!("absent: {}", item.absent.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The text of an item with its notes, in lines that fit.
fn cell(item: &Item, width: usize) -> Vec<String> {
    let indent = (2 * item.depth).min(width / 2);
    let mut lines = fitted(&escape(&meaning(item)).to_string(), width, indent);
    for note in &item.notes {
        lines.extend(fitted(&format!("! {}", escape(note)), width, indent + 2));
    }
    lines
}

/// A text in lines that fit, the first with so many spaces before it and the others with two more.
fn fitted(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let (mut used, mut has_word) = (indent, false);
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let needed = word.len() + usize::from(has_word);
            if used + needed <= width {
                if has_word {
                    line.push(' ');
                }
                line.extend(&word);
                (used, has_word) = (used + needed, true);
                break;
            }
            // A word that fits no line is cut.
            if !has_word {
                let most = width.saturating_sub(used).max(1);
                line.extend(word.drain(..most.min(word.len())));
            }
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2)));
            (used, has_word) = (indent + 2, false);
            if word.is_empty() {
                break;
            }
        }
    }
    lines.push(line);
    lines
}

/// The first bytes of an item.
fn shown_bytes(item: &Item, bytes: &[u8]) -> String {
    let own = &bytes[item.at..item.end];
    let shown = hex(&own[..own.len().min(MAX_BYTES)]);
    if own.len() > MAX_BYTES { shown + " …" } else { shown }
}

/// The start of the first line of an item and that of the others.
fn margins(item: &Item, bytes: &[u8], mark: char, columns: Columns, paint: Paint) -> (String, String) {
    let Columns { offset, bytes: width, .. } = columns;
    let at = if item.kind == ItemKind::Absent { String::new() } else { item.at.to_string() };
    let first = format!("{mark} {at:>offset$}  ");
    let others = " ".repeat(offset + 4);
    if width == 0 {
        return (first, others);
    }
    let shown = shown_bytes(item, bytes);
    let padding = " ".repeat(width.saturating_sub(shown.chars().count()));
    (format!("{first}{}{padding}", paint.quiet(shown)), others + &" ".repeat(width))
}

/// The lines of an item.
fn lines(item: &Item, bytes: &[u8], mark: char, columns: Columns, paint: Paint) -> String {
    let (first, others) = margins(item, bytes, mark, columns, paint);
    let mut text = String::new();
    for (at, line) in cell(item, columns.text).iter().enumerate() {
        let _ = writeln!(text, "{}{line}", if at == 0 { &first } else { &others });
    }
    if columns.bytes == 0 && item.end > item.at {
        let _ = writeln!(text, "{others}{}", paint.quiet(shown_bytes(item, bytes)));
    }
    text
}

/// The lines of what both sides make of some bytes: one text where that is the same.
fn row_lines(row: &Row<'_>, bytes: &[u8], name: &str, columns: Columns, paint: Paint) -> String {
    let Some(item) = row.new.or(row.old) else { return String::new() };
    if !columns.is_wide {
        if !row.differs() {
            return lines(item, bytes, ' ', columns, paint);
        }
        let side =
            |item: Option<&Item>, mark| item.map_or(String::new(), |item| lines(item, bytes, mark, columns, paint));
        let _ = name;
        return side(row.old, '-') + &side(row.new, '+');
    }
    let mark = if row.differs() { '~' } else { ' ' };
    let (first, others) = margins(item, bytes, mark, columns, paint);
    let cells = |item: Option<&Item>| item.map_or_else(Vec::new, |item| cell(item, columns.text));
    let (old, new) = (cells(row.old), cells(row.new));
    let mut text = String::new();
    for at in 0..old.len().max(new.len()) {
        let of = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
        let (old, new) = (of(&old), of(&new));
        let padding = " ".repeat(columns.text + 2 - old.chars().count().min(columns.text));
        let line = format!("{}{old}{padding}{new}", if at == 0 { &first } else { &others });
        let line = line.trim_end();
        let _ = match row.differs() {
            true => writeln!(text, "{}", paint.loud(Severity::Warning, line)),
            false => writeln!(text, "{line}"),
        };
    }
    text
}
