//! Each row: what was before, what is after, the layer, and what is written, travels and is read.

#![allow(clippy::unwrap_used)]

use super::{Freed, Subject, find};
use crate::finding::{Direction, Layer};
use crate::schema::{self, Message, ParsedFile, Schema};
use crate::source::SourceFile;

/// A schema of one text and the built-in files it imports.
fn link(text: &str) -> Schema {
    let parsed = schema::parse(&SourceFile::new("test.proto".to_owned(), text.to_owned()));
    let mut file = parsed.0.unwrap_or_else(|| panic!("{:?}\n{text}", parsed.1));
    file.identify("test.proto".to_owned(), None);
    let built_in = |name: &str| schema::built_in(name).unwrap();
    let imported: Vec<ParsedFile> = file.imports().map(built_in).collect();
    let mut files: Vec<ParsedFile> = std::iter::once(file).chain(imported).collect();
    files.sort_by(|one, other| one.name().cmp(other.name()));
    Schema::link_one_root(files)
}

/// `proto3 message M {…}` is short for the same after `syntax = "proto3";`, `2023` for an edition.
fn schema_of(text: &str) -> Schema {
    let (word, rest) = text.split_once(' ').unwrap();
    let header = if word.starts_with("proto") { "syntax" } else { "edition" };
    link(&format!("{header} = \"{word}\";\n{rest}"))
}

/// The message `M`.
fn message(schema: &Schema) -> Message<'_> {
    schema.files().flat_map(|file| file.all_messages()).find(|message| message.name() == "M").unwrap()
}

/// What a block of `testdata/evidence.txt` looks at, in words.
fn look(words: &str, layer: Layer, before: &Schema, after: &Schema) -> String {
    let (kind, name) = words.split_once(' ').unwrap_or((words, ""));
    let number: Option<i32> = name.parse().ok();
    let first = |schema| message(schema).fields().next();
    let subject = match kind {
        "field" => Subject::Field { writer: first(before).unwrap(), reader: first(after).unwrap() },
        "renamed" => Subject::Renamed { writer: first(before).unwrap(), reader: first(after).unwrap() },
        "missing" => {
            let extension = before.files().flat_map(|file| file.all_fields()).find(|field| field.is_extension());
            Subject::Missing { writer: extension.or(first(before)).unwrap(), reader: message(after) }
        }
        "together" => {
            Subject::Together { writer: message(before).fields().collect(), reader: message(after).fields().collect() }
        }
        "absent" => Subject::Absent { writer: first(before), reader: first(after).unwrap() },
        "messages" => Subject::Messages { writer: message(before), reader: message(after) },
        "enums" => {
            let of = |schema| Schema::files(schema).flat_map(|file| file.all_enums()).next().unwrap();
            Subject::Enums { writer: of(before), reader: of(after), number }
        }
        "freed" => Subject::Freed { what: Freed::Field, number: number.unwrap() },
        "freed-name" => Subject::FreedName { what: Freed::Field, name },
        "freed-value" => Subject::Freed { what: Freed::Value, number: number.unwrap() },
        "freed-value-name" => Subject::FreedName { what: Freed::Value, name },
        other => panic!("{other}"),
    };
    told(&subject, layer)
}

fn told(subject: &Subject<'_>, layer: Layer) -> String {
    match find(subject, layer, Direction::Backward) {
        Some(evidence) => {
            assert_eq!((evidence.layer, evidence.direction), (layer, Direction::Backward));
            format!("{}\n        {}\n        {}", evidence.written, evidence.payload, evidence.read)
        }
        None => "nothing".to_owned(),
    }
}

#[test]
fn payloads_show_what_a_change_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/evidence.txt");
    let expected = std::fs::read_to_string(path).unwrap();
    let mut blocks = expected.split("\n\n");
    let mut shown = vec![blocks.next().unwrap().trim_end().to_owned()];
    for block in blocks {
        let after_word = |line: &str| line[8..].to_owned();
        let [words, before, after] = [0, 1, 2].map(|at| after_word(block.lines().nth(at).unwrap()));
        let (from, to) = (schema_of(&before), schema_of(&after));
        let [wire, json] = [Layer::Wire, Layer::Json].map(|layer| look(&words, layer, &from, &to));
        shown.push(format!("look    {words}\nbefore  {before}\nafter   {after}\nwire    {wire}\njson    {json}"));
    }
    let shown = shown.join("\n\n") + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, shown).unwrap();
    } else {
        assert!(shown == expected, "{shown}");
    }
}

#[test]
fn maps_of_built_in_files_are_maps() {
    let schema = link(
        "syntax = \"proto3\";\nimport \"google/protobuf/struct.proto\";\nmessage M { google.protobuf.Struct s = 1; }",
    );
    let mut fields = schema.files().flat_map(|file| file.all_fields());
    let field = fields.find(|field| field.full_name() == "google.protobuf.Struct.fields").unwrap();
    assert!(field.is_map());
}

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

fn of_kind(field: &str) -> Schema {
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
        let schemas = [of_kind(&kind), of_kind(&kind)];
        let [writer, reader] = [message(&schemas[0]), message(&schemas[1])];
        let [one, other] = [writer, reader].map(|message| message.fields().next().unwrap());
        for layer in [Layer::Wire, Layer::Json] {
            assert_eq!(told(&Subject::Field { writer: one, reader: other }, layer), "nothing", "{kind}");
            assert_eq!(told(&Subject::Messages { writer, reader }, layer), "nothing", "{kind}");
            // Even where all candidates are written.
            let specs = [one, other].map(|field| super::Spec::of(field).unwrap());
            let [spec, of_reader] = specs;
            let shown = super::run(layer, super::Want::Difference, vec![spec], vec![of_reader]);
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
    let schemas: Vec<Schema> = kinds().iter().map(|kind| of_kind(kind)).collect();
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
    let schemas = SCALARS.map(|name| of_kind(&format!("{name} a = 1;")));
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

#[test]
fn odd_schemas_end() {
    let many = |kind: &str| {
        let fields: String = (1..=10_000).map(|at| format!("{kind} f{at} = {};", at + 20_000)).collect();
        format!("proto3 message M {{ {fields} M m = 1; }}")
    };
    let chain = |last: &str| {
        let links: String = (0..50).map(|at| format!("message M{at} {{ M{} next = 1; M m = 2; }}", at + 1)).collect();
        format!("proto3 message M {{ M0 first = 1; }} {links} message M50 {{ {last} a = 1; }}")
    };
    let rows = [
        (many("int32"), many("string")),
        (many("int32"), many("int32")),
        (chain("int32"), chain("string")),
        (
            "proto3 message M { int32 a = 1; int32 b = 1; int32 a = 2; }".to_owned(),
            "proto3 message M { string a = 1; bool a = 1; }".to_owned(),
        ),
        (
            "proto3 message M { Gone a = 1; map<string, Gone> b = 2; }".to_owned(),
            "proto3 message M { string a = 1; bytes b = 2; }".to_owned(),
        ),
        (
            "proto2 message M { optional int32 a = 1; }".to_owned(),
            "proto2 message M { required N a = 1; } message N { required N n = 1; }".to_owned(),
        ),
        ("proto3 message M { int32 a = 19001; }".to_owned(), "proto3 message M { string a = 19001; }".to_owned()),
        (
            "proto3 message M { E a = 1; } enum E {}".to_owned(),
            "proto3 message M { E a = 1; } enum E { X = 1; X = 1; Y = 1; }".to_owned(),
        ),
        (
            "proto3 message M { string foo_bar = 1; string fooBar = 2; oneof foo_bar { int32 c = 3; } }".to_owned(),
            "proto3 message M { oneof a { int32 foo_bar = 1; int32 fooBar = 2; int32 c = 3; } }".to_owned(),
        ),
    ];
    for (before, after) in &rows {
        let (before, after) = (schema_of(before), schema_of(after));
        for (before, after) in [(&before, &after), (&after, &before)] {
            let (writer, reader) = (message(before), message(after));
            for layer in Layer::ALL {
                _ = find(&Subject::Messages { writer, reader }, layer, Direction::Backward);
                for (one, other) in writer.fields().zip(reader.fields()).take(20) {
                    _ = find(&Subject::Field { writer: one, reader: other }, layer, Direction::Backward);
                    _ = find(&Subject::Renamed { writer: one, reader: other }, layer, Direction::Backward);
                    _ = find(&Subject::Missing { writer: one, reader }, layer, Direction::Backward);
                    _ = find(&Subject::Absent { writer: Some(one), reader: other }, layer, Direction::Backward);
                }
                _ = find(
                    &Subject::Together {
                        writer: writer.fields().take(5).collect(),
                        reader: reader.fields().take(5).collect(),
                    },
                    layer,
                    Direction::Backward,
                );
                _ = find(&Subject::Together { writer: Vec::new(), reader: Vec::new() }, layer, Direction::Backward);
                for number in [i32::MIN, -1, 0, 1, 19_000, 1 << 29, i32::MAX] {
                    _ = find(&Subject::Freed { what: Freed::Field, number }, layer, Direction::Backward);
                }
            }
        }
    }
}
