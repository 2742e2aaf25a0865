//! How much `enforce_proto_limits`, which edition 2026 brought and has on, lets one declaration hold. The numbers are
//! those of protoc 36.

use rustc_hash::FxHashMap;

use super::set_here;
use crate::rules::Cx;
use crate::schema::{Element, Enum, Field, File, Message, Oneof, Options, Part, Syntax};

const MAX_FIELDS: usize = 1500;
const MAX_FIELDS_OF_ONEOF: usize = 1200;
const MAX_VALUES: usize = 1700;

pub(super) fn check_message(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.fields().len() > MAX_FIELDS && is_limited([], Some(message), message.file()) {
        report(message, &format!("message `{}`", message.name()), "fields", (message.fields().len(), MAX_FIELDS), cx);
    }
}

/// All oneofs of a message at once, so that their members are counted in one pass.
pub(super) fn check_oneofs(message: Message<'_>, cx: &mut Cx<'_>) {
    if message.fields().len() <= MAX_FIELDS_OF_ONEOF || !has_limits(message.file()) {
        return;
    }
    let mut counts: FxHashMap<u32, (Oneof<'_>, usize)> = FxHashMap::default();
    for oneof in message.fields().filter_map(Field::oneof) {
        counts.entry(oneof.index).or_insert((oneof, 0)).1 += 1;
    }
    for (oneof, count) in counts.into_values() {
        if count > MAX_FIELDS_OF_ONEOF && is_limited([oneof.options()], Some(message), oneof.file()) {
            report(oneof, &format!("oneof `{}`", oneof.name()), "fields", (count, MAX_FIELDS_OF_ONEOF), cx);
        }
    }
}

pub(super) fn check_enum(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let count = enumeration.values().len();
    if count > MAX_VALUES && is_limited([enumeration.options()], enumeration.parent(), enumeration.file()) {
        report(enumeration, &format!("enum `{}`", enumeration.name()), "values", (count, MAX_VALUES), cx);
    }
}

fn report<'e>(element: impl Into<Element<'e>>, what: &str, of: &str, (count, most): (usize, usize), cx: &mut Cx<'_>) {
    let message = format!("{what} has {count} {of}, but edition 2026 allows at most {most}");
    cx.report(element, Part::Name, message)
        .help("split it, or add `option features.enforce_proto_limits = LEGACY_NO_EXPLICIT_LIMITS;`");
}

fn has_limits(file: File<'_>) -> bool {
    matches!(file.syntax(), Syntax::Edition(2026..))
}

/// Whether the limits hold, as the innermost that sets them says. No file can.
fn is_limited<'s>(
    around: impl IntoIterator<Item = Options<'s>>,
    mut scope: Option<Message<'s>>,
    file: File<'s>,
) -> bool {
    if !has_limits(file) {
        return false;
    }
    let chosen = |options: Options<'s>| {
        let feature = set_here(options).into_iter().find(|feature| feature.name == "enforce_proto_limits");
        feature.map(|feature| feature.value != "LEGACY_NO_EXPLICIT_LIMITS")
    };
    if let Some(chosen) = around.into_iter().find_map(chosen) {
        return chosen;
    }
    while let Some(message) = scope {
        if let Some(chosen) = chosen(message.options()) {
            return chosen;
        }
        scope = message.parent();
    }
    true
}
