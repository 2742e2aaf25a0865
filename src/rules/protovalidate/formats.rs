//! The formats of strings that protovalidate defines: addresses, names and identifiers. What each accepts is stated
//! at <https://protovalidate.com/schemas/standard-rules/>; this must not know of rules or examples.

use std::net::{Ipv4Addr, Ipv6Addr};

mod uri;

pub(crate) use uri::{is_uri, is_uri_reference};

/// A format that a rule switches on: the rule, the test, and what it wants.
pub(super) type Format = (&'static str, fn(&str) -> bool, &'static str);

pub(super) const BY_RULE: &[Format] = &[
    ("email", is_email, "an email address"),
    ("hostname", is_hostname, "a hostname"),
    ("ip", |text| is_ip(text, 0), "an IP address"),
    ("ipv4", |text| is_ip(text, 4), "an IPv4 address"),
    ("ipv6", |text| is_ip(text, 6), "an IPv6 address"),
    ("uri", is_uri, "a URI"),
    ("uri_ref", is_uri_reference, "a URI reference"),
    ("address", |text| is_hostname(text) || is_ip(text, 0), "a hostname or an IP address"),
    ("uuid", is_uuid, "a UUID"),
    ("tuuid", |text| text.len() == 32 && is_hexadecimal(text), "a UUID without dashes"),
    ("ip_with_prefixlen", |text| is_ip_prefix(text, 0, false), "an IP address with a prefix length"),
    ("ipv4_with_prefixlen", |text| is_ip_prefix(text, 4, false), "an IPv4 address with a prefix length"),
    ("ipv6_with_prefixlen", |text| is_ip_prefix(text, 6, false), "an IPv6 address with a prefix length"),
    ("ip_prefix", |text| is_ip_prefix(text, 0, true), "an IP prefix"),
    ("ipv4_prefix", |text| is_ip_prefix(text, 4, true), "an IPv4 prefix"),
    ("ipv6_prefix", |text| is_ip_prefix(text, 6, true), "an IPv6 prefix"),
    ("host_and_port", |text| is_host_and_port(text, true), "a host and a port"),
    ("ulid", is_ulid, "a ULID"),
    ("protobuf_fqn", is_full_name, "a full Protobuf name"),
    ("protobuf_dot_fqn", |text| text.strip_prefix('.').is_some_and(is_full_name), "a full Protobuf name after a dot"),
];

/// As the HTML standard defines an email address.
pub(crate) fn is_email(text: &str) -> bool {
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
    })
}

/// 1 to 63 letters, digits and dashes, without a dash at either end.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Labels joined by dots, the last not of digits only; one more dot may follow.
pub(crate) fn is_hostname(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or_default();
    text.len() <= 253 && name.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

/// An address of IP version 4 or 6, or of either for 0. One of version 6 may name a zone: `fe80::1%eth0`.
pub(crate) fn is_ip(text: &str, version: i64) -> bool {
    let is_v4 = || text.parse::<Ipv4Addr>().is_ok();
    let is_v6 = || {
        let (address, zone) = text.split_once('%').unwrap_or((text, "-"));
        !zone.is_empty() && address.parse::<Ipv6Addr>().is_ok()
    };
    is_of_version(version, is_v4, is_v6)
}

fn is_of_version(version: i64, is_v4: impl FnOnce() -> bool, is_v6: impl FnOnce() -> bool) -> bool {
    match version {
        0 => is_v4() || is_v6(),
        4 => is_v4(),
        6 => is_v6(),
        _ => false,
    }
}

/// An address and the length of its prefix; `strict` wants the bits after the prefix to be zero.
pub(crate) fn is_ip_prefix(text: &str, version: i64, strict: bool) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let is_plain = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    let Some(length) = length.parse::<u32>().ok().filter(|_| is_plain && (length == "0" || !length.starts_with('0')))
    else {
        return false;
    };
    let fits = |bits: u128, width: u32| {
        let host = width.checked_sub(length);
        host.is_some_and(|host| !strict || host == 0 || bits.trailing_zeros().min(width) >= host)
    };
    let is_v4 = || address.parse::<Ipv4Addr>().is_ok_and(|address| fits(address.to_bits().into(), 32));
    let is_v6 = || address.parse::<Ipv6Addr>().is_ok_and(|address| fits(address.to_bits(), 128));
    is_of_version(version, is_v4, is_v6)
}

/// `example.com:80`, `192.168.0.1:80` or `[::1]:80`; the port can be optional.
pub(crate) fn is_host_and_port(text: &str, port_required: bool) -> bool {
    if let Some(literal) = text.strip_prefix('[') {
        return literal.rsplit_once(']').is_some_and(|(address, rest)| {
            let is_port = if rest.is_empty() { !port_required } else { rest.strip_prefix(':').is_some_and(is_port) };
            is_port && is_ip(address, 6)
        });
    }
    let is_host = |host: &str| is_hostname(host) || is_ip(host, 4);
    match text.rsplit_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => !port_required && is_host(text),
    }
}

fn is_port(text: &str) -> bool {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && (text == "0" || !text.starts_with('0')) && text.parse::<u16>().is_ok()
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.split('-').all(is_hexadecimal)
}

fn is_ulid(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() && !b"ILOU".contains(&byte.to_ascii_uppercase());
    text.len() == 26 && text.bytes().all(is_digit) && matches!(text.as_bytes().first(), Some(b'0'..=b'7'))
}

fn is_full_name(text: &str) -> bool {
    text.split('.').all(|part| {
        let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_word && part.starts_with(|first: char| !first.is_ascii_digit())
    })
}

/// The name of an HTTP header. Unless `strict`, only control characters that split lines are refused.
pub(super) fn is_header_name(text: &str, strict: bool) -> bool {
    if !strict {
        return !text.is_empty() && !text.contains(['\0', '\n', '\r']);
    }
    let name = text.strip_prefix(':').unwrap_or(text);
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_|~`".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token)
}

/// The value of an HTTP header. Unless `strict`, only control characters that split lines are refused.
pub(super) fn is_header_value(text: &str, strict: bool) -> bool {
    match strict {
        false => !text.contains(['\0', '\n', '\r']),
        true => !text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t'),
    }
}
