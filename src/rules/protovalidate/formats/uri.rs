//! URIs and URI references, by RFC 3986, with the zones of RFC 6874.

use std::net::Ipv6Addr;

/// `https://example.com/path?query#fragment`
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme && is_hierarchy(rest, true)
}

/// A URI, or one without its scheme: `/path?query#fragment`.
pub(crate) fn is_uri_reference(text: &str) -> bool {
    is_uri(text) || is_hierarchy(text, false)
}

/// What follows the scheme, with query and fragment. Without a scheme, no colon may be in the first segment.
fn is_hierarchy(text: &str, has_scheme: bool) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    if !consists_of(query, b":@/?") || !consists_of(fragment, b":@/?") {
        return false;
    }
    let path = match text.strip_prefix("//") {
        None => {
            let first = text.split('/').next().unwrap_or_default();
            if !has_scheme && first.contains(':') {
                return false;
            }
            text
        }
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            if !is_authority(&rest[..end]) {
                return false;
            }
            &rest[end..]
        }
    };
    consists_of(path, b":@/")
}

/// `user@host:port`
fn is_authority(text: &str) -> bool {
    let (user, host) = text.split_once('@').unwrap_or(("", text));
    if !consists_of(user, b":") {
        return false;
    }
    let (host, rest) = match host.strip_prefix('[') {
        Some(literal) => match literal.split_once(']') {
            Some((literal, rest)) if is_literal(literal) => (literal, rest),
            _ => return false,
        },
        None => {
            let end = host.find(':').unwrap_or(host.len());
            if !consists_of(&host[..end], b"") {
                return false;
            }
            host.split_at(end)
        }
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    decodes(host) && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// What stands in brackets: an IPv6 address, perhaps with a zone, or an address of a version to come.
fn is_literal(text: &str) -> bool {
    if let Some(future) = text.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, address)| {
            let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_version && !address.is_empty() && !address.contains('%') && consists_of(address, b":")
        });
    }
    let (address, zone) = text.split_once("%25").unwrap_or((text, "-"));
    let is_zone = !zone.is_empty() && consists_of(zone, b"") && !zone.bytes().any(is_delimiter);
    !address.contains('.') && address.parse::<Ipv6Addr>().is_ok() && is_zone
}

fn is_delimiter(byte: u8) -> bool {
    b"!$&'()*+,;=".contains(&byte)
}

/// Whether a text is made of unreserved characters, delimiters, percent escapes and the characters given.
fn consists_of(text: &str, more: &[u8]) -> bool {
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => after,
            (byte, _) if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => after,
            (byte, _) if is_delimiter(*byte) || more.contains(byte) => after,
            _ => return false,
        };
    }
    true
}

/// Whether percent escapes, known to be sound, decode to UTF-8.
fn decodes(text: &str) -> bool {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend(parts.next().unwrap_or_default().bytes());
    for part in parts {
        let Some((digits, rest)) = part.split_at_checked(2) else {
            return false;
        };
        bytes.extend(u8::from_str_radix(digits, 16).ok());
        bytes.extend(rest.bytes());
    }
    String::from_utf8(bytes).is_ok()
}
