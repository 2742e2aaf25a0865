//! Costs as text for people.

use std::fmt::Write;

use super::{Sheet, by_size, mean, percent};
use crate::payload::cost::{Cost, Costs, FieldCost};
use crate::report::escape;
use crate::report::paint::columns;
use crate::report::summary::{counted, grouped};
use crate::report::wrap::wrap;

/// How many paths are listed at most.
const MAX_ROWS: usize = 60;
/// The columns of a bar.
const BAR: usize = 12;
/// Below this width there are fewer columns.
const WIDE: usize = 120;

/// A paragraph for each type.
pub(crate) fn human(costs: &Costs, sheet: Sheet) -> String {
    costs.types.iter().map(|cost| of_type(cost, sheet)).collect::<Vec<_>>().join("\n")
}

fn of_type(cost: &Cost, sheet: Sheet) -> String {
    let (payloads, bytes) = (counted(cost.payloads as usize, "payload"), grouped(cost.bytes as usize));
    let mut text = format!("{}: {payloads}, {bytes} bytes\n", sheet.paint.bold(escape(&cost.type_name)));
    let rows = by_size(cost);
    let cells: Vec<Row> = rows.iter().take(MAX_ROWS).map(|(field, depth)| row(cost, field, *depth, sheet)).collect();
    text.push_str(&table(&cells, sheet));
    if rows.len() > MAX_ROWS {
        let rest = counted(rows.len() - MAX_ROWS, "more path");
        let _ = writeln!(text, "  {rest}: --format json lists all");
    }
    if cost.unknown_bytes > 0 {
        let (bytes, share) = (grouped(cost.unknown_bytes as usize), percent(cost.unknown_bytes, cost.bytes));
        let _ = writeln!(text, "  {bytes} bytes of unknown fields, {share}");
    }
    let advice = cost.advice.as_deref().unwrap_or_default();
    if !advice.is_empty() {
        let _ = writeln!(text, "{}", sheet.paint.bold("advice"));
    }
    for one in advice {
        let saves = match one.saves_bytes {
            0 => String::new(),
            saves => format!(": −{} ({} bytes)", percent(saves, cost.bytes), grouped(saves as usize)),
        };
        let line = format!("{}{saves}", escape(&one.message));
        let _ = writeln!(text, "  {}", wrap(&line, sheet.width, 2, 4));
    }
    text
}

/// The cells of a path.
struct Row {
    path: String,
    bar: String,
    numbers: Vec<String>,
}

fn row(cost: &Cost, field: &FieldCost, depth: usize, sheet: Sheet) -> Row {
    let name = field.path.strip_prefix(parent_path(cost, field)).unwrap_or(&field.path);
    let name = name.strip_prefix('.').unwrap_or(name);
    let path = format!("{}{}", "  ".repeat(depth), escape(name));
    let mut numbers = vec![grouped(field.total_bytes as usize), percent(field.total_bytes, cost.bytes)];
    if sheet.width >= WIDE {
        let parts = [field.tag_bytes, field.length_bytes, field.value_bytes];
        numbers.extend(parts.map(|bytes| grouped(bytes as usize)));
    }
    numbers.push(percent(field.messages, field.holders));
    if sheet.width >= 80 {
        numbers.extend([grouped(field.occurrences as usize), mean(field), grouped(field.p99 as usize)]);
    }
    Row { path, bar: bar(field.total_bytes, cost.bytes, sheet.unicode), numbers }
}

fn parent_path<'c>(cost: &'c Cost, field: &FieldCost) -> &'c str {
    field.parent.map_or("", |parent| &cost.fields[parent].path)
}

fn bar(part: u64, whole: u64, unicode: bool) -> String {
    let eighths = (part * BAR as u64 * 8).checked_div(whole).unwrap_or_default() as usize;
    if !unicode {
        return format!("{:BAR$}", "#".repeat(eighths.div_ceil(8).min(BAR)));
    }
    let ends = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    format!("{:BAR$}", "█".repeat(eighths / 8) + ends[eighths % 8])
}

/// Rows with a head, numbers flush right; a path that is too long has a line of its own.
fn table(rows: &[Row], sheet: Sheet) -> String {
    let mut head = vec!["bytes", "share"];
    if sheet.width >= WIDE {
        head.extend(["tag", "length", "value"]);
    }
    head.push("present");
    if sheet.width >= 80 {
        head.extend(["count", "mean", "p99"]);
    }
    let width = |at: usize| {
        let cells = rows.iter().map(|row| columns(&row.numbers[at])).chain([columns(head[at])]);
        cells.max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let has_bar = sheet.width >= 60;
    let numbers: usize = widths.iter().map(|width| width + 2).sum::<usize>() + if has_bar { BAR + 2 } else { 0 };
    let longest = rows.iter().map(|row| columns(&row.path)).max().unwrap_or_default();
    let path = longest.min(sheet.width.saturating_sub(numbers + 2)).max(12);
    let line = |path_text: &str, bar: &str, cells: &[String]| {
        let mut line = format!("  {path_text}");
        if columns(path_text) > path {
            line.push('\n');
            line.push_str(&" ".repeat(path + 2));
        } else {
            line.push_str(&" ".repeat(path - columns(path_text)));
        }
        if has_bar {
            let _ = write!(line, "  {bar}");
        }
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(line, "  {}{cell}", " ".repeat(width - columns(cell)));
        }
        line + "\n"
    };
    let titles: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
    let mut text = sheet.paint.quiet(line("field", &" ".repeat(BAR), &titles).trim_end()) + "\n";
    for row in rows {
        text.push_str(&line(&row.path, &row.bar, &row.numbers));
    }
    text
}
