//! Features of editions: where each may be set, <https://protobuf.dev/editions/features/>, and what the names, the
//! visibility and the limits of newer editions ask for. That features and their values exist is said with the other
//! options.

mod limits;
mod style;
mod visibility;

use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{
    Element, Enum, EnumValue, Field, FieldType, File, Label, Message, Method, Oneof, OptionEntry, OptionValue, Options,
    Part, Scalar, Service, Syntax,
};

pub(super) const RULES: &[&Rule] = &[&COMPILE_FEATURE, &style::COMPILE_NAMING_STYLE];

rule!(compile COMPILE_FEATURE: Check::Each(&[
    Check::File(|file: File<'_>, cx| features(file.into(), file.options(), "a file", cx)),
    Check::Message(|message: Message<'_>, cx| {
        features(message.into(), message.options(), "a message", cx);
        super::options::options_of_ranges(message).for_each(|range| features(message.into(), range, "an extension range", cx));
    }),
    Check::Field(|field: Field<'_>, cx| features(field.into(), field.options(), FIELD, cx)),
    Check::Oneof(|oneof: Oneof<'_>, cx| features(oneof.into(), oneof.options(), "a oneof", cx)),
    Check::Enum(|enumeration: Enum<'_>, cx| features(enumeration.into(), enumeration.options(), "an enum", cx)),
    Check::EnumValue(|value: EnumValue<'_>, cx| features(value.into(), value.options(), "an enum value", cx)),
    Check::Service(|service: Service<'_>, cx| features(service.into(), service.options(), "a service", cx)),
    Check::Method(|method: Method<'_>, cx| features(method.into(), method.options(), "an rpc", cx)),
    Check::Message(visibility::check_message),
    Check::Enum(visibility::check_enum),
    Check::Message(limits::check_message),
    Check::Message(limits::check_oneofs),
    Check::Enum(limits::check_enum),
]));

const FIELD: &str = "a field";

/// The features, and what each may be set on; on anything where there is nothing.
const TARGETS: [(&str, &[&str]); 9] = [
    ("field_presence", &["a file", FIELD]),
    ("enum_type", &["a file", "an enum"]),
    ("repeated_field_encoding", &["a file", FIELD]),
    ("utf8_validation", &["a file", FIELD]),
    ("message_encoding", &["a file", FIELD]),
    ("json_format", &["a file", "a message", "an enum"]),
    ("enforce_naming_style", &[]),
    ("default_symbol_visibility", &["a file"]),
    ("enforce_proto_limits", &["a message", FIELD, "a oneof", "an enum"]),
];

/// The features that came later than edition 2023, and with which.
const SINCE: [(&str, u16); 3] =
    [("enforce_naming_style", 2024), ("default_symbol_visibility", 2024), ("enforce_proto_limits", 2026)];

/// A feature that is set.
struct Feature<'s> {
    name: &'s str,
    value: &'s str,
    option: OptionEntry<'s>,
}

/// The features set directly here, not those of generators.
fn set_here<'s>(options: Options<'s>) -> Vec<Feature<'s>> {
    let mut found = Vec::new();
    for option in options.iter() {
        let mut parts = option.parts();
        if parts.next() != Some(("features", false)) {
            continue;
        }
        match (parts.next(), parts.next(), option.value()) {
            (Some((name, false)), None, OptionValue::Identifier(value)) => found.push(Feature { name, value, option }),
            (None, _, OptionValue::Message(message)) => {
                found.extend(message.fields().filter_map(|field| match field.value() {
                    OptionValue::Identifier(value) if !field.is_bracketed() => {
                        Some(Feature { name: field.name(), value, option })
                    }
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

fn features(element: Element<'_>, options: Options<'_>, what: &str, cx: &mut Cx<'_>) {
    let is_feature = |option: &OptionEntry<'_>| option.parts().next() == Some(("features", false));
    let Some(first) = options.iter().find(is_feature) else { return };
    let Syntax::Edition(edition) = element.file().syntax() else {
        cx.report(element, Part::Exactly(first.span()), "only editions have features")
            .help("write `edition = \"2023\";`");
        return;
    };
    for feature in set_here(options) {
        let Some((name, targets)) = TARGETS.iter().find(|(name, _)| *name == feature.name) else { continue };
        let since = SINCE.iter().find(|(name, since)| *name == feature.name && edition < *since);
        let fault = if !targets.is_empty() && !targets.contains(&what) {
            Some(format!("feature `{name}` cannot be set on {what}, only on {}", targets.join(" and ")))
        } else if let Some((_, since)) = since {
            Some(format!("feature `{name}` came with edition {since}"))
        } else if feature.value.ends_with("_UNKNOWN") {
            Some(format!("`{}` is not a value of feature `{name}`", feature.value))
        } else if let Element::Field(field) = element {
            on_field(field, &feature)
        } else if what == "a file" && feature.value == "LEGACY_REQUIRED" {
            Some("fields cannot be required by default".to_owned())
        } else {
            None
        };
        if let Some(fault) = fault {
            cx.report(element, Part::Exactly(feature.option.span()), fault);
        }
    }
}

/// What is wrong with a feature of this field.
fn on_field(field: Field<'_>, feature: &Feature<'_>) -> Option<String> {
    let is_message = match field.field_type() {
        FieldType::Unresolved => return None,
        FieldType::Message(message) => !message.is_map_entry(),
        FieldType::Scalar(_) | FieldType::Enum(_) => false,
    };
    let fault = match feature.name {
        "field_presence" => presence_fault(field, feature.value, is_message)?,
        "repeated_field_encoding" if field.label() != Label::Repeated => {
            "only repeated fields have `repeated_field_encoding`"
        }
        "repeated_field_encoding" if feature.value == "PACKED" && !super::options::is_packable(field) => {
            "only repeated numbers, booleans and enums can be packed"
        }
        "utf8_validation" if !holds_text(field) => "only strings have `utf8_validation`",
        "message_encoding" if !is_message => "only message fields have `message_encoding`",
        _ => return None,
    };
    Some(format!("{fault}, not `{}`", field.name()))
}

fn presence_fault(field: Field<'_>, value: &str, is_message: bool) -> Option<&'static str> {
    if field.oneof().is_some() {
        Some("only fields outside oneofs can set their presence")
    } else if field.is_extension() {
        Some("only fields of messages can set their presence")
    } else if field.label() == Label::Repeated {
        Some("only singular fields can set their presence")
    } else if is_message && value == "IMPLICIT" {
        Some("only fields of other types than messages can have implicit presence")
    } else {
        None
    }
}

/// Whether the field, or the key or value of its map, is a string.
fn holds_text(field: Field<'_>) -> bool {
    match field.field_type() {
        FieldType::Scalar(scalar) => scalar == Scalar::String,
        FieldType::Message(message) => message.is_map_entry() && message.fields().any(holds_text),
        _ => false,
    }
}
