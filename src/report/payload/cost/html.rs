//! Costs as one page of HTML that needs nothing else. Without its script, all of it is there; the script only sorts,
//! folds and filters.

use std::fmt::Write;

use super::{by_size, mean, percent};
use crate::payload::cost::{Cost, Costs, FieldCost};
use crate::report::page;
use crate::report::summary::{counted, grouped};
use crate::report::xml::Escaped;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// How many paths of a type are listed at most.
const MAX_ROWS: usize = 5000;

/// The page.
pub(crate) fn html(costs: &Costs) -> String {
    let names: Vec<String> = costs.types.iter().map(|cost| Escaped(&cost.type_name).to_string()).collect();
    let title = names.first().map_or(String::new(), |name| match names.len() {
        1 => name.clone(),
        count => format!("{name} and {} more", count - 1),
    });
    let mut text = page::head(&format!("Cost of {title}"), STYLE);
    let payloads: u64 = costs.types.iter().map(|cost| cost.payloads).sum();
    let bytes: u64 = costs.types.iter().map(|cost| cost.bytes).sum();
    let (payloads, bytes) = (counted(payloads as usize, "payload"), grouped(bytes as usize));
    let unparsed = match costs.unparsed.count {
        0 => String::new(),
        count => format!(", {} not counted", counted(count as usize, "payload")),
    };
    let _ = write!(
        text,
        "<header>\n<h1>Cost of <code>{title}</code></h1>\n<p>{payloads}, {bytes} bytes{unparsed}.</p>\n</header>\n\
         <form id=\"filters\" hidden>\n<label>Field <input type=\"search\" name=\"field\" placeholder=\"part of a path\">\
         </label>\n<label>Order <select name=\"order\"><option value=\"tree\">by message</option>\
         <option value=\"own\">by own bytes</option></select></label>\n<p id=\"shown\" role=\"status\"></p>\n</form>\n<main>\n"
    );
    for cost in &costs.types {
        of_type(cost, &mut text);
    }
    text + "</main>\n" + &page::end(SCRIPT)
}

fn of_type(cost: &Cost, text: &mut String) {
    let (payloads, bytes) = (counted(cost.payloads as usize, "payload"), grouped(cost.bytes as usize));
    let name = Escaped(&cost.type_name).to_string().replace('.', ".<wbr>");
    let _ = write!(
        text,
        "<section>\n<h2><code>{name}</code> <span class=\"what\">{payloads}, {bytes} bytes</span></h2>\n\
         <table>\n<thead><tr><th scope=\"col\">field</th><th scope=\"col\" class=\"bar\">share</th>"
    );
    for head in ["bytes", "tag", "length", "value", "present", "count", "mean", "p99"] {
        let _ = write!(text, "<th scope=\"col\" class=\"{head}\">{head}</th>");
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    let rows = by_size(cost);
    for (at, (field, depth)) in rows.iter().take(MAX_ROWS).enumerate() {
        let has_children = rows.get(at + 1).is_some_and(|(_, below)| below > depth);
        row(cost, field, *depth, has_children, text);
    }
    text.push_str("</tbody>\n</table>\n");
    if rows.len() > MAX_ROWS {
        let rest = counted(rows.len() - MAX_ROWS, "more path");
        let _ = writeln!(text, "<p>{rest}: <code>--format json</code> lists all.</p>");
    }
    if cost.unknown_bytes > 0 {
        let (bytes, share) = (grouped(cost.unknown_bytes as usize), percent(cost.unknown_bytes, cost.bytes));
        let _ = writeln!(text, "<p>{bytes} bytes of unknown fields, {share}.</p>");
    }
    for note in &cost.notes {
        let _ = writeln!(text, "<p>{}.</p>", Escaped(note));
    }
    advice(cost, text);
    text.push_str("</section>\n");
}

fn row(cost: &Cost, field: &FieldCost, depth: usize, has_children: bool, text: &mut String) {
    let path = Escaped(&field.path).to_string();
    let own = field.tag_bytes + field.length_bytes + field.value_bytes;
    let parent = field.parent.map_or("", |parent| &cost.fields[parent].path);
    let name = field.path.strip_prefix(parent).unwrap_or(&field.path);
    let name = Escaped(name.strip_prefix('.').unwrap_or(name)).to_string().replace('.', ".<wbr>");
    let share = percent(field.total_bytes, cost.bytes);
    let width = if cost.bytes == 0 { 0.0 } else { field.total_bytes as f64 * 100.0 / cost.bytes as f64 };
    let fold = match has_children {
        true => format!("<button type=\"button\" aria-expanded=\"true\" aria-label=\"fields of {path}\"></button>"),
        false => String::new(),
    };
    let of = Escaped(&field.type_name);
    let _ = write!(
        text,
        "<tr data-path=\"{path}\" data-depth=\"{depth}\" data-own=\"{own}\"><th scope=\"row\" style=\"--depth: {depth}\">\
         {fold}<code title=\"{path}: {of}\"><span class=\"name\">{name}</span></code></th>\
         <td class=\"bar\"><span class=\"track\"><span style=\"width: {width:.2}%\"></span></span>{share}</td>"
    );
    let number = |bytes: u64| grouped(bytes as usize);
    let cells = [
        ("bytes", number(field.total_bytes)),
        ("tag", number(field.tag_bytes)),
        ("length", number(field.length_bytes)),
        ("value", number(field.value_bytes)),
        ("present", percent(field.messages, field.holders)),
        ("count", number(field.occurrences)),
        ("mean", mean(field)),
        ("p99", number(field.p99)),
    ];
    for (class, cell) in cells {
        let _ = write!(text, "<td class=\"{class}\">{cell}</td>");
    }
    text.push_str("</tr>\n");
}

fn advice(cost: &Cost, text: &mut String) {
    let advice = cost.advice.as_deref().unwrap_or_default();
    if advice.is_empty() {
        return;
    }
    text.push_str("<h3>Advice</h3>\n<ul class=\"advice\">\n");
    for one in advice {
        let saves = match one.saves_bytes {
            0 => String::new(),
            saves => format!(
                " <span class=\"saves\">−{} ({} bytes)</span>",
                percent(saves, cost.bytes),
                grouped(saves as usize)
            ),
        };
        let _ = writeln!(text, "<li>{}{saves}</li>", in_code(&one.message));
    }
    text.push_str("</ul>\n");
}

/// A text whose names in backticks are code.
fn in_code(text: &str) -> String {
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => Escaped(part).to_string(),
        _ => format!("<code>{}</code>", Escaped(part)),
    };
    text.split('`').enumerate().map(part).collect()
}
