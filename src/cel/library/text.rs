//! Functions on texts and bytes. Positions count characters.

use crate::cel::value::Value;

/// Calls a function on a text.
pub(super) fn call(function: &str, args: &[Value]) -> Option<Value> {
    Some(match (function, args) {
        ("contains", [Value::Text(text), Value::Text(part)]) => Value::Bool(text.contains(part.as_str())),
        ("startsWith", [Value::Text(text), Value::Text(part)]) => Value::Bool(text.starts_with(part.as_str())),
        ("endsWith", [Value::Text(text), Value::Text(part)]) => Value::Bool(text.ends_with(part.as_str())),
        ("contains", [Value::Bytes(bytes), Value::Bytes(part)]) => {
            Value::Bool(part.is_empty() || bytes.windows(part.len()).any(|window| window == part))
        }
        ("startsWith", [Value::Bytes(bytes), Value::Bytes(part)]) => Value::Bool(bytes.starts_with(part)),
        ("endsWith", [Value::Bytes(bytes), Value::Bytes(part)]) => Value::Bool(bytes.ends_with(part)),
        ("lowerAscii", [Value::Text(text)]) => Value::Text(text.to_ascii_lowercase()),
        ("upperAscii", [Value::Text(text)]) => Value::Text(text.to_ascii_uppercase()),
        ("trim", [Value::Text(text)]) => Value::Text(text.trim().to_owned()),
        ("reverse", [Value::Text(text)]) => Value::Text(text.chars().rev().collect()),
        ("charAt", [Value::Text(text), Value::Int(at)]) => {
            Value::Text(slice(text, *at, None)?.chars().take(1).collect())
        }
        ("substring", [Value::Text(text), Value::Int(start)]) => Value::Text(slice(text, *start, None)?),
        ("substring", [Value::Text(text), Value::Int(start), Value::Int(end)]) => {
            Value::Text(slice(text, *start, Some(*end))?)
        }
        ("indexOf", [Value::Text(text), Value::Text(part)]) => position(text, text.find(part.as_str()))?,
        ("lastIndexOf", [Value::Text(text), Value::Text(part)]) => position(text, text.rfind(part.as_str()))?,
        ("replace", [Value::Text(text), Value::Text(from), Value::Text(to)]) if !from.is_empty() => {
            // A replacement grows a text at most by as many copies as it has characters.
            (text.len().saturating_mul(to.len() + 1) < 1_000_000).then(|| Value::Text(text.replace(from, to)))?
        }
        ("split", [Value::Text(text), Value::Text(by)]) if !by.is_empty() => {
            Value::List(text.split(by.as_str()).map(|part| Value::Text(part.to_owned())).collect())
        }
        ("join", [Value::List(parts)]) => join(parts, "")?,
        ("join", [Value::List(parts), Value::Text(by)]) => join(parts, by)?,
        ("format", [Value::Text(text), Value::List(args)]) => Value::Text(format(text, args)?),
        _ => return None,
    })
}

fn slice(text: &str, start: i64, end: Option<i64>) -> Option<String> {
    let length = text.chars().count();
    let start = usize::try_from(start).ok()?;
    let end = end.map_or(Some(length), |end| usize::try_from(end).ok())?;
    (start <= end && end <= length).then(|| text.chars().skip(start).take(end - start).collect())
}

fn position(text: &str, at: Option<usize>) -> Option<Value> {
    let index = at.map_or(Some(-1), |at| i64::try_from(text[..at].chars().count()).ok());
    index.map(Value::Int)
}

fn join(parts: &[Value], by: &str) -> Option<Value> {
    let part = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let parts: Vec<String> = parts.iter().map(part).collect::<Option<_>>()?;
    let length = parts.iter().map(|part| part.len() + by.len()).sum::<usize>();
    (length < 1_000_000).then(|| Value::Text(parts.join(by)))
}

/// `format`, for `%s` and `%d` of texts, whole numbers and truth values.
fn format(text: &str, args: &[Value]) -> Option<String> {
    let mut out = String::new();
    let mut args = args.iter();
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('%') {
        out.push_str(plain);
        let verb = after.chars().next()?;
        rest = &after[verb.len_utf8()..];
        match verb {
            '%' => out.push('%'),
            's' | 'd' => match args.next()? {
                Value::Text(text) => out.push_str(text),
                Value::Int(value) => out.push_str(&value.to_string()),
                Value::Uint(value) => out.push_str(&value.to_string()),
                Value::Bool(value) => out.push_str(&value.to_string()),
                _ => return None,
            },
            _ => return None,
        }
    }
    out.push_str(rest);
    Some(out)
}
