//! Markdown for clients that take it, and plain text for others.

use gen_lsp_types::{MarkupContent, MarkupKind};

/// Markdown as a client that takes it, or does not, has it.
pub(super) fn content(markdown: String, takes_markdown: bool) -> MarkupContent {
    match takes_markdown {
        true => MarkupContent { kind: MarkupKind::Markdown, value: markdown },
        false => MarkupContent { kind: MarkupKind::PlainText, value: plain(&markdown) },
    }
}

/// The text without fences, emphasis, quotes of code, and addresses of links.
pub(super) fn plain(markdown: &str) -> String {
    let (mut text, mut in_fence) = (String::with_capacity(markdown.len()), false);
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        match in_fence {
            true => text.push_str(line),
            false => text.push_str(&without_links(&line.replace("**", "").replace('`', ""))),
        }
        text.push('\n');
    }
    text.trim_end().to_owned()
}

/// A line in which of `[text](address)` the text is left.
fn without_links(line: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(middle) = rest.find("](") {
        let start = rest[..middle].rfind('[');
        let end = rest[middle..].find(')');
        let (Some(start), Some(end)) = (start, end) else { break };
        text.push_str(&rest[..start]);
        text.push_str(&rest[start + 1..middle]);
        rest = &rest[middle + end + 1..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn plain_text_has_no_marks() {
        let markdown = "```proto\nmessage A { [`] }\n```\n\n**[RULE](https://x/y)**: see `a` and [b](c)\n";
        assert_eq!(plain(markdown), "message A { [`] }\n\nRULE: see a and b");
        assert_eq!(plain("a ]( b [c"), "a ]( b [c");
    }
}
