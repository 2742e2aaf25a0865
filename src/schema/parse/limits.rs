//! Limits of a file that was parsed: what lies beyond them, protoc refuses too, and resolving its names would take
//! time and memory without bounds.

use super::super::data::FileData;
use super::super::lower::LONGEST_NAME;
use super::{Fault, FaultKind};
use crate::source::Span;

/// The most dots in the name of a package: `kPackageLimit` of protoc's `descriptor.cc`.
const MOST_PACKAGE_DOTS: usize = 100;

/// The first limit that a file exceeds.
pub(super) fn exceeded(data: &FileData) -> Option<Fault> {
    let dots = data.package.map_or(0, |package| data.text(package).bytes().filter(|&byte| byte == b'.').count());
    if dots > MOST_PACKAGE_DOTS {
        let message =
            format!("the package has {} parts, and protobuf takes at most {}", dots + 1, MOST_PACKAGE_DOTS + 1);
        return Some(fault(data.package_span, message, "shorten the package"));
    }
    if !data.has_long_names {
        return None;
    }
    let message =
        format!("the full names in this file are too long: protobuf takes at most {LONGEST_NAME} bytes a name");
    Some(fault(longest_name(data), message, "shorten the names, or nest the messages less deep"))
}

fn fault(span: Span, message: String, help: &str) -> Fault {
    Fault { kind: FaultKind::Nesting, span, message, help: Some(help.to_owned()), label: None }
}

/// The name that adds the most to full names.
fn longest_name(data: &FileData) -> Span {
    let messages = data.messages.iter().map(|message| (message.name, message.place.name));
    let enums = data.enums.iter().map(|enumeration| (enumeration.name, enumeration.place.name));
    let services = data.services.iter().map(|service| (service.name, service.place.name));
    let names = messages.chain(enums).chain(services);
    names.max_by_key(|(name, _)| name.len).map_or(Span::new(0, 0), |(_, span)| span)
}
