//! What expressions read of elements: the types are those that the tables say, and options are as declared.

mod page;

use std::collections::BTreeSet;

use super::any::ANY;
use super::kinds::{TABLES, table};
use super::{CHANGE, ChangeSeen, Comments, Elements, LANGUAGE};
use crate::cel::{Limits, ObjectType, Program, Type, Value};
use crate::finding::Finding;
use crate::rules::trees::Trees;
use crate::schema::tests::load::{accepted, load, schema_of};
use crate::schema::{Element, File, Schema};
use crate::source::{SourceFile, Sources};

/// Whether a value is of a type, or null where elements may be missing.
fn fits(value: &Value<'_>, of: &Type) -> bool {
    match (value, of) {
        (_, Type::Dyn) | (Value::Text(_), Type::Text) | (Value::Bool(_), Type::Bool) | (Value::Int(_), Type::Int) => {
            true
        }
        (Value::List(list), Type::List(element)) => list.iter().all(|value| fits(&value, element)),
        (Value::Map(map), Type::Map(entry)) => {
            map.iter().all(|(key, value)| fits(&key, &entry.0) && fits(&value, &entry.1))
        }
        (Value::Object(object), Type::Object(of)) => object.object_type() == *of,
        _ => false,
    }
}

/// All elements of a file that rules can be on.
fn elements(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    std::iter::once(file.into()).chain(file.imports().map(Element::from)).chain(file.elements())
}

/// Nothing of what is written.
struct NoTexts;

impl Comments for NoTexts {
    fn comments_on(&self, _: Element<'_>) -> Option<[String; 2]> {
        None
    }
}

#[test]
fn values_have_the_types_of_the_table_and_each_attribute_has_a_value_somewhere() {
    let mut missing: BTreeSet<(&str, &str)> = TABLES
        .iter()
        .flat_map(|table| table.object.attributes.iter().map(|attribute| (table.object.name, attribute.name)))
        .collect();
    for name in accepted() {
        let loaded = load("accepted", &name);
        let Ok(schema) = schema_of(&name) else { continue };
        let trees = Trees::new(&loaded.sources);
        for element in schema.files().flat_map(elements) {
            let context = Elements::new(&trees);
            let Value::Object(object) = context.value(element) else { panic!("elements are objects") };
            for (at, attribute) in object.object_type().attributes.iter().enumerate() {
                let Some(value) = object.get(at) else { continue };
                let of = (attribute.of)();
                assert!(fits(&value, &of), "{name}: {object:?}: `{}` is {value:?}, not {}", attribute.name, of.name());
                missing.remove(&(object.object_type().name, attribute.name));
            }
        }
    }
    // Those that no element of the kind can have.
    assert_eq!(missing, BTreeSet::from([("extension", "oneof"), ("file", "parent")]), "nowhere in testdata/protoc");
}

#[test]
fn an_element_of_any_kind_has_the_attributes_of_its_own() {
    let (schema, _sources) = schema("syntax = \"proto3\"; package a; message M { string s = 1; }");
    let field = schema.files().flat_map(File::all_fields).next().expect("one field");
    let context = Elements::new(&NoTexts);
    let Value::Object(parent) = gives(&context, field.into(), "this.parent") else { panic!("it has a parent") };
    assert_eq!(parent.object_type(), &*ANY);
    assert_eq!(text(&gives(&context, field.into(), "this.parent.kind + ' ' + this.parent.full_name")), "message a.M");
    assert!(matches!(gives(&context, field.into(), "this.parent.fields == [this]"), Value::Bool(true)));
    assert!(matches!(gives(&context, field.into(), "this.parent.number"), Value::Null));
}

fn schema(text: &str) -> (Schema, Sources) {
    let mut sources = Sources::new();
    let source = SourceFile::new("a.proto".to_owned(), text.to_owned());
    let (mut file, faults) = crate::schema::parse(&source);
    assert!(faults.is_empty(), "{text}");
    file.identify("a.proto".to_owned(), Some(sources.add(source)));
    (Schema::link_one_root(vec![file]), sources)
}

/// What an expression over `this` gives.
fn gives<'v>(elements: &'v Elements<'v>, element: Element<'v>, expression: &str) -> Value<'v> {
    let of: &'static ObjectType = table(element).object;
    let program = Box::leak(Box::new(compiled(expression, of)));
    match program.evaluate(&[elements.value(element)], Limits::DEFAULT) {
        Ok(value) => value,
        Err(failure) => panic!("{expression}: {failure:?}"),
    }
}

fn compiled(expression: &str, of: &'static ObjectType) -> Program {
    match Program::compile(expression, &LANGUAGE, None, &[("this", Type::Object(of))]) {
        Ok(program) => program,
        Err(faults) => panic!("{expression}: {faults:?}"),
    }
}

fn text(value: &Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        value => panic!("{value:?} is no text"),
    }
}

/// Options of all types, and messages that have them.
const OPTIONS: &str = r#"
syntax = "proto2";
package a;
import "google/protobuf/descriptor.proto";
enum Level { LOW = 0; HIGH = 7; }
message Rule {
  optional string permission = 1;
  optional Level level = 2 [default = HIGH];
  repeated string roles = 3;
  map<string, int32> limits = 4;
  optional Rule inner = 5;
  optional uint64 large = 6 [default = 18446744073709551615];
  optional bytes key = 7 [default = "\001a"];
  extensions 100 to max;
}
extend Rule { optional bool strict = 100; }
extend google.protobuf.MessageOptions {
  optional Rule rule = 50001;
  repeated Rule rules = 50002;
  optional float ratio = 50003;
}
message Braces {
  option deprecated = true;
  option (rule) = {
    permission: "read" level: 7 roles: ["x", "y"] limits: {key: "a" value: 1} inner {key: "k"} [a.strict]: true
  };
  option (rules) = {permission: "one"};
  option (rules) = {permission: "two"};
  option (ratio) = 0.5;
}
message Dots {
  option (a.rule).permission = "read";
  option (.a.rule).level = HIGH;
  option (rule).roles = "x";
  option (rule).roles = "y";
  option (rule).limits = {key: "a" value: 1};
  option (rule).inner.key = "k";
  option (rule).(strict) = true;
  option (ratio) = 5e-1;
}
message Bare {}
"#;

#[test]
fn options_are_as_they_are_declared_however_they_are_written() {
    let loaded =
        crate::schema::tests::load::load_from(&["a.proto"], &|path| (path == "a.proto").then(|| OPTIONS.to_owned()));
    let (schema, _sources) = loaded.link("a.proto");
    let message = |name: &str| {
        let mut messages = schema.files().flat_map(File::all_messages);
        Element::from(messages.find(|message| message.name() == name).expect("it is declared"))
    };
    let same = [
        r#"this.options["a.rule"].permission == "read""#,
        r#"this.options["a.rule"].level == "HIGH""#,
        r#"this.options["a.rule"].roles == ["x", "y"]"#,
        r#"this.options["a.rule"].limits == {"a": 1}"#,
        r#"this.options["a.rule"].inner.key == b"k""#,
        r#"this.options["a.rule"].inner.inner.inner.level == "HIGH""#,
        r#"this.options["a.rule"]["a.strict"]"#,
        r#"this.options["a.ratio"] == 0.5"#,
        r#""a.rule" in this.options && !("a.lost" in this.options)"#,
    ];
    let of = |name: &'static str, expressions: &[&'static str]| -> Vec<(&'static str, &'static str)> {
        expressions.iter().map(|expression| (name, *expression)).collect()
    };
    let mut cases = [of("Braces", &same), of("Dots", &same)].concat();
    cases.extend(of(
        "Braces",
        &["this.options.deprecated", r#"this.options["a.rules"].map(r, r.permission) == ["one", "two"]"#],
    ));
    cases.extend(of("Dots", &["!this.options.deprecated", "!has(this.options.deprecated)"]));
    cases.extend(of(
        "Bare",
        &[
            "size(this.options) == 0 && !this.options.deprecated",
            r#"this.options["a.rule"].permission == """#,
            r#"this.options["a.rule"].level == "HIGH" && this.options["a.rule"].roles == []"#,
            r#"this.options["a.rule"].large == 18446744073709551615u"#,
            r#"this.options["a.rule"].key == b"\x01a""#,
            r#"this.options["a.rule"].limits == {} && !this.options["a.rule"]["a.strict"]"#,
            r#"this.options["a.ratio"] == 0.0 && size(this.options["a.rules"]) == 0"#,
        ],
    ));
    let context = Elements::new(&NoTexts);
    for (name, expression) in cases {
        let value = gives(&context, message(name), expression);
        assert!(matches!(value, Value::Bool(true)), "{name}: {expression} is {value:?}");
    }
    let of = table(message("Bare")).object;
    let lost = compiled(r#"this.options["a.lost"]"#, of);
    assert!(lost.evaluate(&[context.value(message("Bare"))], Limits::DEFAULT).is_err());
}

#[test]
fn what_is_not_known_is_noted() {
    let (schema, _sources) =
        schema("syntax = \"proto3\"; message M { Lost l = 1; string s = 2; } service S { rpc R(Lost) returns (M); }");
    let context = Elements::new(&NoTexts);
    let [lost, known] = [0, 1].map(|at| schema.files().flat_map(File::all_fields).nth(at).expect("two fields"));
    let rpc = schema.files().flat_map(File::services).flat_map(|service| service.methods()).next().expect("one rpc");
    for (element, expression, is_known) in [
        (Element::from(known), "this.type == 'string'", true),
        (lost.into(), "this.name == 'l'", true),
        (lost.into(), "this.type_kind == 'message'", false),
        (lost.into(), "this.message_type == null", false),
        (rpc.into(), "this.request.name == 'Lost'", true),
        (rpc.into(), "this.request.fields == []", false),
    ] {
        let program = compiled(expression, table(element).object);
        let _ = program.evaluate(&[context.value(element)], Limits::DEFAULT);
        assert_eq!(!context.take_read_unknown(), is_known, "{expression}");
    }
}

#[test]
fn a_change_has_the_sides_that_there_are() {
    let (before, _sources) = schema("syntax = \"proto3\"; package a; message M { string s = 1; message N {} }");
    let (after, _sources) = schema("syntax = \"proto3\"; package a; message M { int32 t = 1; }");
    let message =
        |schema| Element::from(File::all_messages(Schema::files(schema).next().expect("a file")).next().expect("M"));
    let field = |schema| Element::from(Schema::files(schema).flat_map(File::all_fields).next().expect("a field"));
    let nested = before.files().flat_map(File::all_messages).last().expect("a message").into();
    let is_before = |element: Element<'_>| std::ptr::eq(element.file().schema, &before);
    let finding = Finding::nowhere("FIELD_SAME_TYPE", "a message");
    let context = Elements::new(&NoTexts);
    for (element, former, expected) in [
        (field(&after), Some(field(&before)), "field: a.M.s, a.M.t"),
        (message(&after), Some(nested), "message: a.M.N, null"),
        (field(&after), None, "field: null, a.M.t"),
        (message(&before), None, "message: a.M, null"),
    ] {
        let seen = ChangeSeen::new(element, former, is_before, &finding);
        let name = |side: &str| format!("(this.{side} == null ? 'null' : this.{side}.full_name)");
        let expression = format!("this.kind + ': ' + {} + ', ' + {}", name("before"), name("after"));
        let program = Box::leak(Box::new(compiled(&expression, &CHANGE)));
        let value = program.evaluate(&[context.change(seen)], Limits::DEFAULT).expect("it has a value");
        assert_eq!(text(&value), expected);
    }
}
