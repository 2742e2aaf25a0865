//! Paths as SARIF wants them: URIs. It does not depend on findings.

use super::shape::{ArtifactLocation, Revision};

/// What paths on disk count from.
pub(super) const ROOT: &str = "%SRCROOT%";
/// What paths in the base count from.
pub(super) const BASELINE: &str = "%BASELINE%";

/// The location of a file by its path, `/` between components, and the revision it is in.
pub(super) fn artifact<'a>(path: &str, revision: Option<&'a str>) -> ArtifactLocation<'a> {
    let (uri, is_relative) = uri(path);
    let base = if revision.is_some() { BASELINE } else { ROOT };
    ArtifactLocation {
        uri,
        uri_base_id: is_relative.then_some(base),
        properties: revision.map(|revision| Revision { revision }),
    }
}

/// The URI of a path, and whether it counts from somewhere.
fn uri(path: &str) -> (String, bool) {
    let drive = path.as_bytes();
    let has_drive = drive.len() > 2 && drive[0].is_ascii_alphabetic() && &drive[1..3] == b":/";
    match path {
        _ if has_drive => (format!("file:///{}:{}", &path[..1], encoded(&path[2..])), false),
        _ if path.starts_with('/') => (format!("file://{}", encoded(path)), false),
        _ => (encoded(path), true),
    }
}

/// The path with all but unreserved characters and slashes in percent notation (section 2 of RFC 3986), colons too,
/// since a colon in the first component of a relative URI would end a scheme.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
