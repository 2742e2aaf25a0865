//! Each row: what was before, what is after, the layer, and what is written, travels and is read.

#![allow(clippy::unwrap_used)]

mod kinds;

use super::{Subject, Unreserved, find};
use crate::finding::{Direction, Layer};
use crate::schema::{self, Message, ParsedFile, Schema};
use crate::source::SourceFile;

/// A schema of one text and the built-in files it imports.
fn link(text: &str) -> Schema {
    let (mut file, faults) = schema::parse(&SourceFile::new("test.proto".to_owned(), text.to_owned()));
    assert!(faults.is_empty(), "{faults:?}\n{text}");
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
        "unreserved" => Subject::Unreserved { what: Unreserved::Field, number: number.unwrap() },
        "unreserved-name" => Subject::UnreservedName { what: Unreserved::Field, name },
        "unreserved-value" => Subject::Unreserved { what: Unreserved::Value, number: number.unwrap() },
        "unreserved-value-name" => Subject::UnreservedName { what: Unreserved::Value, name },
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
                    _ = find(&Subject::Unreserved { what: Unreserved::Field, number }, layer, Direction::Backward);
                }
            }
        }
    }
}
