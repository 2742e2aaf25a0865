//! The frame of pages of HTML that need nothing else: their style, colours for light and dark, and paper. It does not
//! depend on what is on them.

const STYLE: &str = include_str!("page/base.css");

/// The start of a page up to its body. The title is HTML, and the style is added to that of all pages.
pub(super) fn head(title: &str, style: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n<body>\n"
    )
}

/// The end of a page, with what it runs.
pub(super) fn end(script: &str) -> String {
    format!("<script>\n{script}</script>\n</body>\n</html>\n")
}
