//! Files as URIs, and back. Texts of the base have URIs of their own, which no disk holds.

use std::path::{Component, Path, PathBuf, Prefix};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The scheme of texts of the base, which `workspace/textDocumentContent` serves.
pub(super) const BASE_SCHEME: &str = "protolint-base";

/// What stands for itself in the path of a URI (RFC 3986, section 3.3).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');

/// The URI of an absolute path.
pub(super) fn from_path(path: &Path) -> Uri {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    let is_drive = matches!(path.components().next(), Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::Disk(_) | Prefix::VerbatimDisk(_)));
    let text = text.strip_prefix("//?/").unwrap_or(&text);
    let start = if is_drive { "file:///" } else { "file://" };
    Uri(format!("{start}{}", utf8_percent_encode(text, PATH)))
}

/// The absolute path that a `file` URI names, `.` and `..` resolved by name.
pub(super) fn to_path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file:")?;
    let rest = match rest.strip_prefix("//") {
        Some(with_host) => with_host.get(with_host.find('/')?..)?,
        None => rest,
    };
    let rest = rest.split(['?', '#']).next()?;
    let text = percent_decode_str(rest).decode_utf8().ok()?;
    let bytes = text.as_bytes();
    let is_drive = bytes.len() > 2 && bytes[0] == b'/' && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let text = if is_drive && cfg!(windows) { &text[1..] } else { &text };
    let path = Path::new(text);
    (path.is_absolute() && !text.contains('\0')).then(|| crate::project::path::absolute(path))
}

/// The URI of a text of the base, by the commit and the path that findings show.
pub(super) fn of_base(revision: &str, path: &str) -> Uri {
    let encode = |text| utf8_percent_encode(text, PATH);
    Uri(format!("{BASE_SCHEME}:/{}/{}", encode(&revision.replace('/', "%2F")), encode(path)))
}

/// The commit and the path of such a URI.
pub(super) fn to_base(uri: &Uri) -> Option<(String, String)> {
    let rest = uri.0.strip_prefix(BASE_SCHEME)?.strip_prefix(":/")?;
    let (revision, path) = rest.split_once('/')?;
    let decode = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some((decode(revision)?.replace("%2F", "/"), decode(path)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_find_back_through_their_uris() {
        for path in ["/a/b.proto", "/with space/\u{e4}#?%25.proto", "/a:b/@c"] {
            assert_eq!(to_path(&from_path(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(from_path(Path::new("/a b")).0, "file:///a%20b");
    }

    #[cfg(unix)]
    #[test]
    fn other_uris_have_no_path() {
        for uri in
            ["untitled:Untitled-1", "file:", "file://", "file:relative", "http://x/y", "file:///a%00b", "file:///%ff"]
        {
            assert_eq!(to_path(&Uri(uri.to_owned())), None, "{uri}");
        }
        assert_eq!(to_path(&Uri("file://host/a/../b".to_owned())).as_deref(), Some(Path::new("/b")));
    }

    #[test]
    fn texts_of_the_base_find_back() {
        let uri = of_base("origin/main", "a b/c.proto");
        assert_eq!(to_base(&uri), Some(("origin/main".to_owned(), "a b/c.proto".to_owned())));
    }
}
