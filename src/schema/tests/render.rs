//! Renders a file as the tree that its descriptor is, its fields in the order of their numbers there.

use super::text::{Tree, Value};
use super::values;
use crate::schema::default::DefaultValue;
use crate::schema::{
    Enum, Field, FieldType, File, ImportKind, Label, Message, Method, NumberRange, Options, Scalar, Service, Syntax,
    Visibility,
};

pub(super) fn file(file: File<'_>) -> Tree {
    let mut tree = Tree::default();
    tree.text("name", file.name());
    if let Some(package) = file.package() {
        tree.text("package", package);
    }
    let dependencies = || file.imports().filter(|import| import.kind() != ImportKind::Option);
    dependencies().for_each(|import| tree.text("dependency", import.path()));
    file.messages().for_each(|message| tree.tree("message_type", self::message(message)));
    file.enums().for_each(|enumeration| tree.tree("enum_type", self::enumeration(enumeration)));
    file.services().for_each(|service| tree.tree("service", self::service(service)));
    file.extensions().for_each(|extension| tree.tree("extension", field(extension)));
    options(&mut tree, file, file.options(), "FileOptions");
    for (name, kind) in [("public_dependency", ImportKind::Public), ("weak_dependency", ImportKind::Weak)] {
        let of_kind = dependencies().enumerate().filter(|(_, import)| import.kind() == kind);
        of_kind.for_each(|(at, _)| tree.word(name, at));
    }
    match file.syntax() {
        Syntax::Unspecified | Syntax::Proto2 => {}
        Syntax::Proto3 => tree.text("syntax", "proto3"),
        Syntax::Edition(edition) => {
            tree.text("syntax", "editions");
            tree.word("edition", format!("EDITION_{edition}"));
        }
    }
    let of_options = file.imports().filter(|import| import.kind() == ImportKind::Option);
    of_options.for_each(|import| tree.text("option_dependency", import.path()));
    tree
}

fn options(tree: &mut Tree, file: File<'_>, options: Options<'_>, kind: &str) {
    let options = values::options(file.schema, options, kind);
    if !options.0.is_empty() {
        tree.tree("options", options);
    }
}

fn visibility(tree: &mut Tree, visibility: Visibility) {
    match visibility {
        Visibility::Default => {}
        Visibility::Export => tree.word("visibility", "VISIBILITY_EXPORT"),
        Visibility::Local => tree.word("visibility", "VISIBILITY_LOCAL"),
    }
}

/// `beyond` is what the end in a descriptor adds to the last number.
fn range(range: NumberRange<'_>, beyond: i32) -> Tree {
    let mut tree = Tree::default();
    tree.word("start", range.start);
    tree.word("end", range.end.saturating_add(beyond));
    tree
}

fn message(message: Message<'_>) -> Tree {
    let (mut tree, file) = (Tree::default(), message.file());
    tree.text("name", message.name());
    message.fields().for_each(|each| tree.tree("field", field(each)));
    message.messages().for_each(|nested| tree.tree("nested_type", self::message(nested)));
    message.enums().for_each(|nested| tree.tree("enum_type", enumeration(nested)));
    for each in message.extension_ranges() {
        let mut extension_range = range(each, 1);
        options(&mut extension_range, file, each.options(), "ExtensionRangeOptions");
        tree.tree("extension_range", extension_range);
    }
    message.extensions().for_each(|extension| tree.tree("extension", field(extension)));
    if message.is_map_entry() {
        let mut entry = Tree::default();
        entry.word("map_entry", true);
        tree.tree("options", entry);
    } else {
        options(&mut tree, file, message.options(), "MessageOptions");
    }
    for each in message.oneofs() {
        let mut oneof = Tree::default();
        oneof.text("name", each.name());
        options(&mut oneof, file, each.options(), "OneofOptions");
        tree.tree("oneof_decl", oneof);
    }
    message.reserved().ranges().for_each(|each| tree.tree("reserved_range", range(each, 1)));
    message.reserved().names().for_each(|(name, _)| tree.text("reserved_name", name));
    visibility(&mut tree, message.visibility());
    tree
}

fn field(field: Field<'_>) -> Tree {
    let mut tree = Tree::default();
    tree.text("name", field.name());
    if let Some(extendee) = field.extendee() {
        tree.text("extendee", &format!(".{}", extendee.full_name()));
    }
    tree.word("number", field.number());
    let label = match field.label() {
        Label::Optional => "LABEL_OPTIONAL",
        Label::Required => "LABEL_REQUIRED",
        Label::Repeated => "LABEL_REPEATED",
    };
    tree.word("label", label);
    let (kind, type_name) = match field.field_type() {
        FieldType::Message(message) if field.is_group() => ("TYPE_GROUP".to_owned(), Some(message.full_name())),
        FieldType::Message(message) => ("TYPE_MESSAGE".to_owned(), Some(message.full_name())),
        FieldType::Enum(enumeration) => ("TYPE_ENUM".to_owned(), Some(enumeration.full_name())),
        FieldType::Scalar(scalar) => (format!("TYPE_{}", scalar.name().to_uppercase()), None),
        FieldType::Unresolved => ("UNRESOLVED".to_owned(), None),
    };
    tree.word("type", kind);
    if let Some(name) = type_name {
        tree.text("type_name", &format!(".{name}"));
    }
    if let Some(default) = default(field) {
        tree.0.push(("default_value".to_owned(), default));
    }
    options(&mut tree, field.file(), field.options(), "FieldOptions");
    if let Some(features) = of_map(field) {
        let mut options = Tree::default();
        options.tree("features", features);
        tree.tree("options", options);
    }
    if let (Some(oneof), Some(parent)) = (field.oneof(), field.parent()) {
        tree.word("oneof_index", parent.oneofs().position(|each| each == oneof).expect("it is one of them"));
    }
    tree.text("json_name", &field.json_name());
    if field.is_proto3_optional() {
        tree.word("proto3_optional", true);
    }
    tree
}

/// What protoc copies from a map to the fields of its entries.
fn of_map(field: Field<'_>) -> Option<Tree> {
    if !field.is_in_map_entry() {
        return None;
    }
    let is_map = |map: &Field<'_>| map.field_type() == FieldType::Message(field.parent().expect("an entry"));
    let map = field.file().all_fields().find(is_map)?;
    let options = values::options(field.file().schema, map.options(), "FieldOptions");
    let checked = options.children("features").next()?.get("utf8_validation")?.to_owned();
    let mut features = Tree::default();
    features.word("utf8_validation", checked);
    Some(features)
}

/// The default as a descriptor writes it; a fraction as a word, which may be written in several ways.
fn default(field: Field<'_>) -> Option<Value> {
    let written = field.written_default()?;
    Some(match field.field_type() {
        FieldType::Scalar(Scalar::Float | Scalar::Double) => Value::Word(match field.default_value()? {
            DefaultValue::Float(number) => float(number),
            DefaultValue::Double(number) => number.to_string(),
            other => other.to_string(),
        }),
        FieldType::Scalar(Scalar::String) => match field.default_value()? {
            DefaultValue::Bytes(bytes) => Value::Text(bytes),
            other => Value::Word(other.to_string()),
        },
        _ => Value::Text(written.as_bytes().to_owned()),
    })
}

/// As protoc writes it: six digits, or nine where six are too few.
pub(super) fn float(number: f32) -> String {
    let short = format!("{number:.5e}");
    if short.parse() == Ok(number) && !number.is_subnormal() { short } else { format!("{number:.8e}") }
}

fn enumeration(enumeration: Enum<'_>) -> Tree {
    let (mut tree, file) = (Tree::default(), enumeration.file());
    tree.text("name", enumeration.name());
    for each in enumeration.values() {
        let mut value = Tree::default();
        value.text("name", each.name());
        value.word("number", each.number());
        options(&mut value, file, each.options(), "EnumValueOptions");
        tree.tree("value", value);
    }
    options(&mut tree, file, enumeration.options(), "EnumOptions");
    enumeration.reserved().ranges().for_each(|each| tree.tree("reserved_range", range(each, 0)));
    enumeration.reserved().names().for_each(|(name, _)| tree.text("reserved_name", name));
    visibility(&mut tree, enumeration.visibility());
    tree
}

fn service(service: Service<'_>) -> Tree {
    let mut tree = Tree::default();
    tree.text("name", service.name());
    service.methods().for_each(|each| tree.tree("method", method(each)));
    options(&mut tree, service.file(), service.options(), "ServiceOptions");
    tree
}

fn method(method: Method<'_>) -> Tree {
    let mut tree = Tree::default();
    let full_name =
        |message: Option<Message<'_>>| message.map_or(String::new(), |message| format!(".{}", message.full_name()));
    tree.text("name", method.name());
    tree.text("input_type", &full_name(method.input()));
    tree.text("output_type", &full_name(method.output()));
    options(&mut tree, method.file(), method.options(), "MethodOptions");
    for (name, is_stream) in
        [("client_streaming", method.is_client_streaming()), ("server_streaming", method.is_server_streaming())]
    {
        if is_stream {
            tree.word(name, true);
        }
    }
    tree
}
