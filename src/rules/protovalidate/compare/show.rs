//! Messages in the text form, on one line, as evidence shows them.

use prost_reflect::{DynamicMessage, Kind, MapKey, Value};

use crate::compare::evidence::write_list;
use crate::schema::quoted;

/// How many characters are shown.
const MAX_CHARS: usize = 80;

/// A message, cut where it gets long.
pub(super) fn show(message: &DynamicMessage) -> String {
    let mut out = String::new();
    write_message(&mut out, message);
    match out.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &out[..end]),
        None => out,
    }
}

fn write_message(out: &mut String, message: &DynamicMessage) {
    out.push('{');
    for (at, (field, value)) in message.fields().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        out.push_str(field.name());
        out.push_str(": ");
        write_value(out, value, &field.kind());
    }
    out.push('}');
}

fn write_value(out: &mut String, value: &Value, kind: &Kind) {
    match value {
        Value::Bool(value) => out.push_str(&value.to_string()),
        Value::I32(value) => out.push_str(&value.to_string()),
        Value::I64(value) => out.push_str(&value.to_string()),
        Value::U32(value) => out.push_str(&value.to_string()),
        Value::U64(value) => out.push_str(&value.to_string()),
        Value::F32(value) => out.push_str(&format!("{value:?}")),
        Value::F64(value) => out.push_str(&format!("{value:?}")),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Bytes(bytes) => out.push_str(&format!("\"{}\"", bytes.escape_ascii())),
        Value::EnumNumber(number) => {
            let named = if let Kind::Enum(of) = kind { of.get_value(*number) } else { None };
            out.push_str(&named.map_or_else(|| number.to_string(), |value| value.name().to_owned()));
        }
        Value::Message(message) => write_message(out, message),
        Value::List(values) => write_list(out, values.iter(), |out, value| write_value(out, value, kind)),
        Value::Map(entries) => {
            let kinds = match kind {
                Kind::Message(entry) if entry.is_map_entry() => {
                    [entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind()]
                }
                _ => [kind.clone(), kind.clone()],
            };
            let mut entries: Vec<(&MapKey, &Value)> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            write_list(out, entries.into_iter(), |out, (key, value)| {
                out.push_str("{key: ");
                write_value(out, &key.clone().into(), &kinds[0]);
                out.push_str(", value: ");
                write_value(out, value, &kinds[1]);
                out.push('}');
            });
        }
    }
}
