//! Resolves features from protoc's records alone, its defaults of each edition and its descriptors, and compares what
//! holds for each element with what the schema says of it. It does not look at how the schema resolves them.

use std::collections::BTreeMap;

use super::load::testdata;
use super::text::{Tree, Value};
use crate::schema::{Enum, Field, FieldType, File, JsonFormat, Message, Presence, Scalar, Visibility};

type Features = BTreeMap<String, String>;

/// The features of each edition where nothing is set.
pub(super) struct Defaults(BTreeMap<String, Features>);

impl Defaults {
    pub(super) fn read() -> Defaults {
        let text = std::fs::read_to_string(testdata("editions.txt")).expect("it was recorded");
        let tree = Tree::read(&text).expect("protoc writes the text format");
        let of_edition = |defaults: &Tree| {
            let mut features = Features::new();
            for part in ["fixed_features", "overridable_features"] {
                defaults.children(part).for_each(|part| merge(&mut features, part));
            }
            (defaults.get("edition").expect("it has one").to_owned(), features)
        };
        Defaults(tree.children("defaults").map(of_edition).collect())
    }

    fn of(&self, file: &Tree) -> &Features {
        let syntax = file.0.iter().find(|(name, _)| name == "syntax").map(|(_, value)| value.clone());
        let edition = match (file.get("edition"), syntax) {
            (Some(edition), _) => edition,
            (None, Some(Value::Text(syntax))) if syntax == b"proto3" => "EDITION_PROTO3",
            _ => "EDITION_LEGACY",
        };
        &self.0[edition]
    }
}

/// Only what is common to all languages counts.
fn merge(features: &mut Features, own: &Tree) {
    for (name, value) in &own.0 {
        if let Value::Word(word) = value {
            features.insert(name.clone(), word.clone());
        }
    }
}

/// The features of an element below one with `parent`.
fn resolve(parent: &Features, element: &Tree) -> Features {
    let mut features = parent.clone();
    for options in element.children("options") {
        options.children("features").for_each(|own| merge(&mut features, own));
        // What older syntaxes say by other means, <https://protobuf.dev/editions/features/>.
        let packed = options.get("packed").map(|packed| if packed == "true" { "PACKED" } else { "EXPANDED" });
        features.extend(packed.map(|packed| ("repeated_field_encoding".to_owned(), packed.to_owned())));
    }
    for (name, word, feature, value) in [
        ("label", "LABEL_REQUIRED", "field_presence", "LEGACY_REQUIRED"),
        ("type", "TYPE_GROUP", "message_encoding", "DELIMITED"),
        ("proto3_optional", "true", "field_presence", "EXPLICIT"),
    ] {
        if element.get(name) == Some(word) {
            features.insert(feature.to_owned(), value.to_owned());
        }
    }
    features
}

/// Notes what of a file differs.
pub(super) fn compare(file: File<'_>, tree: &Tree, defaults: &Defaults, differences: &mut Vec<String>) {
    let features = resolve(defaults.of(tree), tree);
    let mut walk = Walk { differences, visibility: features["default_symbol_visibility"].clone() };
    for (message, tree) in file.messages().zip(tree.children("message_type")) {
        walk.message(message, tree, &features);
    }
    for (enumeration, tree) in file.enums().zip(tree.children("enum_type")) {
        walk.enumeration(enumeration, tree, &features);
    }
    for (extension, tree) in file.extensions().zip(tree.children("extension")) {
        walk.field(extension, tree, &features);
    }
}

struct Walk<'d> {
    differences: &'d mut Vec<String>,
    /// `default_symbol_visibility` of the file.
    visibility: String,
}

impl Walk<'_> {
    fn hold<T: PartialEq + std::fmt::Debug>(&mut self, name: &str, what: &str, ours: T, theirs: T) {
        if ours != theirs {
            self.differences.push(format!("{name}: {what} is {ours:?}, and protoc has {theirs:?}"));
        }
    }

    fn is_local(&self, written: Visibility, is_nested: bool) -> bool {
        match (written, &self.visibility[..]) {
            (Visibility::Export, _) | (_, "EXPORT_ALL") => written == Visibility::Local,
            (Visibility::Local, _) | (_, "LOCAL_ALL" | "STRICT") => true,
            _ => is_nested,
        }
    }

    fn message(&mut self, message: Message<'_>, tree: &Tree, parent: &Features) {
        let features = resolve(parent, tree);
        let name = message.full_name();
        self.hold(name, "json_format", json(message.json_format()), features["json_format"].as_str());
        let is_local = self.is_local(message.visibility(), message.parent().is_some());
        self.hold(name, "local visibility", message.is_local(), is_local);
        let oneofs: Vec<Features> = tree.children("oneof_decl").map(|oneof| resolve(&features, oneof)).collect();
        for (field, tree) in message.fields().zip(tree.children("field")) {
            let oneof = tree.get("oneof_index").map(|at| at.parse::<usize>().expect("an index"));
            self.field(field, tree, oneof.map_or(&features, |at| &oneofs[at]));
        }
        for (nested, tree) in message.messages().zip(tree.children("nested_type")) {
            self.message(nested, tree, &features);
        }
        for (nested, tree) in message.enums().zip(tree.children("enum_type")) {
            self.enumeration(nested, tree, &features);
        }
        for (extension, tree) in message.extensions().zip(tree.children("extension")) {
            self.field(extension, tree, &features);
        }
    }

    fn enumeration(&mut self, enumeration: Enum<'_>, tree: &Tree, parent: &Features) {
        let features = resolve(parent, tree);
        let name = enumeration.full_name();
        self.hold(name, "closedness", enumeration.is_closed(), features["enum_type"] == "CLOSED");
        self.hold(name, "json_format", json(enumeration.json_format()), features["json_format"].as_str());
        let is_local = self.is_local(enumeration.visibility(), enumeration.parent().is_some());
        self.hold(name, "local visibility", enumeration.is_local(), is_local);
    }

    fn field(&mut self, field: Field<'_>, tree: &Tree, parent: &Features) {
        let features = resolve(parent, tree);
        let name = &field.full_name();
        self.hold(name, "presence", field.presence(), presence(tree, &features));
        let is_short = !matches!(tree.get("type"), Some("TYPE_STRING" | "TYPE_BYTES" | "TYPE_MESSAGE" | "TYPE_GROUP"));
        let is_packable = is_short && tree.get("label") == Some("LABEL_REPEATED");
        let is_packed = is_packable && features["repeated_field_encoding"] == "PACKED";
        self.hold(name, "packed encoding", field.is_packed(), is_packed);
        if field.field_type() == FieldType::Scalar(Scalar::String) {
            self.hold(name, "UTF-8 validation", field.validates_utf8(), features["utf8_validation"] == "VERIFY");
        }
        if let FieldType::Message(message) = field.field_type() {
            let of_map = message.is_map_entry() || field.is_in_map_entry();
            let is_delimited = !of_map && features["message_encoding"] == "DELIMITED";
            self.hold(name, "delimited encoding", field.is_delimited(), is_delimited);
        }
    }
}

fn json(format: JsonFormat) -> &'static str {
    match format {
        JsonFormat::Allow => "ALLOW",
        JsonFormat::LegacyBestEffort => "LEGACY_BEST_EFFORT",
    }
}

fn presence(field: &Tree, features: &Features) -> Presence {
    let is_message = matches!(field.get("type"), Some("TYPE_MESSAGE" | "TYPE_GROUP"));
    let is_free = field.get("oneof_index").is_none() && field.0.iter().all(|(name, _)| name != "extendee");
    match features["field_presence"].as_str() {
        _ if field.get("label") == Some("LABEL_REPEATED") => Presence::Repeated,
        "LEGACY_REQUIRED" => Presence::Required,
        "IMPLICIT" if is_free && !is_message => Presence::Implicit,
        _ => Presence::Explicit,
    }
}
