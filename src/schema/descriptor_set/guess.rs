//! Guesses what an input is that is not a descriptor set, from its first bytes.

use super::SetFault;

/// How many bytes are read.
const MAX_SEEN: usize = 4096;

/// `message` as a fault of the whole input, or a better one where the bytes show what they are.
pub(super) fn fault(bytes: &[u8], message: String) -> SetFault {
    const WRITE: &str = "write one with `buf build -o schema.binpb` or `protoc --include_imports -o schema.binpb …`";
    let (message, help) = match what(bytes) {
        Some((what, help)) => (format!("this is not a descriptor set: it looks like {what}"), help.unwrap_or(WRITE)),
        None if bytes.is_empty() => ("the descriptor set is empty".to_owned(), WRITE),
        None => (format!("the descriptor set cannot be read: {message}"), WRITE),
    };
    SetFault { message, help: Some(help.to_owned()) }
}

/// What the bytes look like, and what to do if not what is always done.
fn what(bytes: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    let binary = |what, help| Some((what, Some(help)));
    match bytes {
        [0x1F, 0x8B, ..] => return binary("gzip", "unpack it first: `gunzip schema.binpb.gz`"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => return binary("zstd", "unpack it first: `unzstd schema.binpb.zst`"),
        [b'P', b'K', 3, 4, ..] => return binary("a zip archive", "unpack it first"),
        _ => {}
    }
    let seen = &bytes[..bytes.len().min(MAX_SEEN)];
    let text = match std::str::from_utf8(seen) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&seen[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{C}')) {
        return None;
    }
    of_text(text.trim_start_matches('\u{FEFF}'))
}

fn of_text(text: &str) -> Option<(&'static str, Option<&'static str>)> {
    const SOURCE: &str = "give it the extension `.proto`, or compile it: `buf build -o schema.binpb`";
    let mut lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
    let is_comment = |line: &&str| line.starts_with('#') || line.starts_with("//");
    let first = lines.clone().find(|line| !is_comment(line)).or_else(|| lines.next())?;
    let word = first.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
    match word {
        _ if first.starts_with(['{', '[']) => {
            Some(("JSON", Some("write the binary form: `buf build -o schema.binpb`")))
        }
        _ if first.starts_with('<') => Some(("XML or HTML", None)),
        _ if first.starts_with("/*") || first.starts_with("//") => Some(("a source file", Some(SOURCE))),
        "file" => Some(("the text form", Some("write the binary form: `buf build -o schema.binpb`"))),
        "syntax" | "edition" | "package" | "import" | "message" | "enum" | "service" | "option" => {
            Some(("a source file", Some(SOURCE)))
        }
        "version" => Some(("a configuration file", None)),
        _ => Some(("text", None)),
    }
}
