//! What holds for every kind of field, and for every two of them.

use super::{link, message, told};
use crate::compare::evidence::{self, FieldShape, Subject, Want, find};
use crate::finding::{Direction, Layer};
use crate::schema::Schema;

/// Every kind of field, as the field of number 1 and what it needs.
fn kinds() -> Vec<String> {
    let types = [
        "double",
        "float",
        "int32",
        "int64",
        "uint32",
        "uint64",
        "sint32",
        "sint64",
        "fixed32",
        "fixed64",
        "sfixed32",
        "sfixed64",
        "bool",
        "string",
        "bytes",
        "N",
        "E",
        "C",
        "google.protobuf.StringValue",
        "google.protobuf.Timestamp",
        "google.protobuf.Struct",
        "google.protobuf.NullValue",
        "google.protobuf.Any",
    ];
    let singular = types.iter().map(|name| format!("{name} a = 1;"));
    let lists = types.iter().map(|name| format!("repeated {name} a = 1;"));
    let maps = types.iter().map(|name| format!("map<string, {name}> a = 1;"));
    let keys = ["int32", "sint64", "bool", "fixed32"].map(|name| format!("map<{name}, string> a = 1;"));
    let others = [
        "N a = 1 [features.message_encoding = DELIMITED];",
        "repeated N a = 1 [features.message_encoding = DELIMITED];",
        "string a = 1 [features.utf8_validation = NONE];",
        "int32 a = 1 [default = 5];",
        "int32 a = 1 [features.field_presence = LEGACY_REQUIRED];",
        "int32 a = 1 [features.field_presence = IMPLICIT];",
        "repeated int32 a = 1 [features.repeated_field_encoding = EXPANDED];",
        "oneof o { string a = 1; }",
        "repeated N.P a = 1;",
    ];
    singular.chain(lists).chain(maps).chain(keys).chain(others.map(str::to_owned)).collect()
}

fn schema_with(field: &str) -> Schema {
    link(&format!(
        "edition = \"2023\";
        import \"google/protobuf/any.proto\";
        import \"google/protobuf/struct.proto\";
        import \"google/protobuf/timestamp.proto\";
        import \"google/protobuf/wrappers.proto\";
        message M {{ {field} }}
        message N {{ M m = 1; E e = 2; int32 id = 3; message P {{ string key = 1; string value = 2; }} }}
        enum E {{ E_ZERO = 0; E_ONE = 1; E_MINUS = -1; }}
        enum C {{ option features.enum_type = CLOSED; C_FIVE = 5; C_SIX = 6; }}"
    ))
}

#[test]
fn nothing_is_shown_of_what_stays() {
    for kind in kinds() {
        let schemas = [schema_with(&kind), schema_with(&kind)];
        let [writer, reader] = [message(&schemas[0]), message(&schemas[1])];
        let [one, other] = [writer, reader].map(|message| message.fields().next().unwrap());
        for layer in [Layer::Wire, Layer::Json] {
            assert_eq!(told(&Subject::Field { writer: one, reader: other }, layer), "nothing", "{kind}");
            assert_eq!(told(&Subject::Messages { writer, reader }, layer), "nothing", "{kind}");
            // Even where all candidates are written.
            let shapes = [one, other].map(|field| FieldShape::from_field(field).unwrap());
            let [shape, of_reader] = shapes;
            let shown = evidence::run(layer, Direction::Backward, Want::Difference, vec![shape], vec![of_reader]);
            assert!(
                shown.is_none(),
                "{kind} {layer:?} {:?}",
                shown.map(|shown| (shown.written, shown.payload, shown.read))
            );
        }
    }
}

/// A few of all pairs, or all of them where `EVIDENCE_PAIRS=all`.
#[test]
fn every_pair_of_kinds_can_be_looked_at() {
    let schemas: Vec<Schema> = kinds().iter().map(|kind| schema_with(kind)).collect();
    let step = if std::env::var_os("EVIDENCE_PAIRS").is_some() { 1 } else { 29 };
    for at in (0..schemas.len() * schemas.len()).step_by(step) {
        let [before, after] = [at / schemas.len(), at % schemas.len()].map(|at| message(&schemas[at]));
        let (writer, reader) = (before.fields().next().unwrap(), after.fields().next().unwrap());
        for layer in [Layer::Wire, Layer::Json] {
            let shown = find(&Subject::Field { writer, reader }, layer, Direction::Forward);
            if let Some(evidence) = shown {
                assert_ne!(evidence.written, evidence.read);
            }
            _ = find(&Subject::Missing { writer, reader: after }, layer, Direction::Forward);
            _ = find(&Subject::Renamed { writer, reader }, layer, Direction::Forward);
            _ = find(&Subject::Absent { writer: Some(writer), reader }, layer, Direction::Forward);
        }
    }
}

/// The scalars that readers of another type read without loss.
#[test]
fn only_wider_scalars_lose_nothing() {
    const SCALARS: [&str; 15] = [
        "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
        "sfixed64", "bool", "string", "bytes",
    ];
    const SIGNED: [&str; 3] = ["int32", "sint32", "sfixed32"];
    const LONG: [&str; 3] = ["int64", "sint64", "sfixed64"];
    const UNSIGNED: [&str; 2] = ["uint32", "fixed32"];
    const LONG_UNSIGNED: [&str; 2] = ["uint64", "fixed64"];
    let on_wire = |from: &str, to: &str| match from {
        "bool" => ["int32", "int64", "uint32", "uint64"].contains(&to),
        "int32" => to == "int64",
        "uint32" => to == "int64" || to == "uint64",
        "sint32" => to == "sint64",
        "string" => to == "bytes",
        _ => false,
    };
    let in_json = |from: &str, to: &str| {
        let is = |one: &[&str], other: &[&str]| one.contains(&from) && other.contains(&to);
        is(&SIGNED, &SIGNED)
            || is(&SIGNED, &LONG)
            || is(&LONG, &LONG)
            || is(&UNSIGNED, &UNSIGNED)
            || is(&UNSIGNED, &LONG)
            || is(&UNSIGNED, &LONG_UNSIGNED)
            || is(&LONG_UNSIGNED, &LONG_UNSIGNED)
            || (is(&SIGNED, &["double"]) || is(&UNSIGNED, &["double"]) || is(&["float"], &["double"]))
    };
    let schemas = SCALARS.map(|name| schema_with(&format!("{name} a = 1;")));
    for (from, before) in SCALARS.iter().zip(&schemas) {
        for (to, after) in SCALARS.iter().zip(&schemas) {
            let (writer, reader) = (message(before).fields().next().unwrap(), message(after).fields().next().unwrap());
            let subject = Subject::Field { writer, reader };
            let is_nothing = |layer| told(&subject, layer) == "nothing";
            assert_eq!(is_nothing(Layer::Wire), from == to || on_wire(from, to), "{from} to {to} on the wire");
            assert_eq!(is_nothing(Layer::Json), from == to || in_json(from, to), "{from} to {to} in JSON");
        }
    }
}
