//! Laws of descriptor sets as input: a file of a set means what its source means, and no bytes do harm.

mod bytes;
mod hostile;

use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use super::files;
use crate::schema::Schema;
use crate::schema::tests::load::load_from;
use crate::schema::tests::sets::linked;
use crate::schema::tests::{difference_between, report};
use bytes::{file, flag, number, part, set, text};

/// Files by name.
struct Sources<'s>(&'s [(&'s str, &'s str)]);

impl FileResolver for Sources<'_> {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        let (_, text) = found.ok_or_else(|| protox::Error::file_not_found(name))?;
        File::from_source(name, text)
    }
}

fn compiled(sources: &'static [(&'static str, &'static str)]) -> Vec<u8> {
    compiled_with(Sources(sources), sources.iter().map(|(name, _)| *name))
}

fn compiled_with<'n>(sources: Sources<'static>, names: impl Iterator<Item = &'n str>) -> Vec<u8> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(sources);
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true);
    for name in names {
        compiler.open_file(name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
    compiler.encode_file_descriptor_set()
}

const PROTO2: (&str, &str) = (
    "acme/v1/all.proto",
    r#"syntax = "proto2";
package acme.v1;
import "google/protobuf/descriptor.proto";
import public "acme/v1/sub/thing.proto";
option (file) = { s: "a\001\"\\\né" n: -5 sub { x: 1.5 z: inf } sub { x: -inf } [acme.v1.inner]: 7
  G { a: 3 } m: { key: "k" value: 1 } e: B list: [1, 2] u: 18446744073709551615 };
option (number) = -9223372036854775808;
option (many) = "a";
option (many) = "b";
option (choice) = B;
option (raw) = "\000\377";
message Opt {
  optional string s = 1; optional int32 n = 2; repeated Sub sub = 3; optional group G = 4 { optional int32 a = 1; }
  map<string, int32> m = 5; optional E e = 6; repeated int32 list = 7 [packed = true]; optional uint64 u = 10;
  extensions 100 to 200;
}
message Sub { optional double x = 1; optional float z = 3; }
enum E { A = 0; B = 1; }
extend Opt { optional int32 inner = 100; }
extend google.protobuf.FileOptions {
  optional Opt file = 50001; optional int64 number = 50002; repeated string many = 50003; optional E choice = 50004;
  optional bytes raw = 50005;
}
extend google.protobuf.MethodOptions { optional string path = 50001; }
message M {
  option deprecated = true;
  message First { optional int32 x = 1; }
  map<int32, First> a = 1;
  message Second { required string User = 1; optional First up = 4; }
  optional group Grp = 2 [deprecated = true] { optional int32 y = 1; message InGroup {} }
  message C { message acme {} optional acme x = 1; optional .acme.v1.User y = 2; optional .acme.v1.sub.Thing z = 3; }
  oneof choice { string s1 = 3; group InOne = 4 { optional int32 q = 1; } E e1 = 5 [default = B]; }
  optional string text = 6 [default = "a\"b\\c\n\t\001é"];
  optional bytes raw = 7 [default = "a\"b\\c\n\001\377\303\251'"];
  optional double d1 = 8 [default = inf]; optional float d3 = 10 [default = 1e-7];
  optional int64 i1 = 13 [default = -9223372036854775808]; optional bool b = 15 [default = true];
  optional string js = 16 [json_name = "other"]; optional string un_der_ = 17 [jstype = JS_NORMAL, ctype = CORD];
  optional .acme.v1.M.stream st = 23; message stream {}
  reserved 1000, 1002 to 1005; reserved 2000 to max; reserved "foo", "bar";
  extensions 100 to 199, 300;
  extend Opt { optional group ExtGroup = 120 { optional int32 z = 1; } }
  enum Inner { option allow_alias = true; X = 0; Y = 0 [deprecated = true]; Z = -5; reserved 10 to max, -10 to -8; }
  optional Inner inn = 22 [default = Z];
}
message User { optional Missing.X q = 2; message Missing { message X {} } }
extend Opt { repeated group FileGroup = 130 { optional int32 k = 1; } }
message Last { optional .acme.v1.sub.Thing t = 1; optional User.Missing.X m = 2; message sub {} }
service Svc {
  rpc Get(User) returns (stream M.First) { option (path) = "x"; option idempotency_level = IDEMPOTENT; }
  rpc Two(stream User) returns (google.protobuf.FieldOptions);
}
"#,
);

const PROTO3: (&str, &str) = (
    "three.proto",
    r#"syntax = "proto3";
import "google/protobuf/any.proto";
message M {
  optional int32 a = 1; optional string b = 2 [json_name = "zz"]; oneof o { int32 c = 3; M d = 4; }
  map<string, M> e_f = 5; map<bool, google.protobuf.Any> g = 6; repeated int32 h = 7 [packed = false];
  message option {} .M.option x = 9; E v = 11; enum E { Z = 0; } oneof last { string end = 13; }
}
"#,
);

const THING: (&str, &str) =
    ("acme/v1/sub/thing.proto", "syntax = \"proto2\"; package acme.v1.sub; message Thing { extensions 1 to max; }");

/// The differences between what texts mean and what the files of a set mean.
fn differences(texts: &[(&str, &str)], set: &[u8]) -> Vec<String> {
    let names: Vec<&str> = texts.iter().map(|(name, _)| *name).collect();
    let read = |path: &str| texts.iter().find(|(name, _)| *name == path).map(|(_, text)| (*text).to_owned());
    let loaded = load_from(&names, &read);
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    let (of_texts, of_set) = (loaded.link_all(&names).0, linked(set).expect("a sound set"));
    let find =
        |schema: &'_ Schema, name: &str| schema.files().position(|file| file.name() == name).expect("it is there");
    let differs = |name: &&str| {
        let one = of_texts.files().nth(find(&of_texts, name)).expect("it was found");
        let other = of_set.files().nth(find(&of_set, name)).expect("it was found");
        difference_between(other, one).map(|difference| format!("{name}: {difference}"))
    };
    names.iter().filter_map(differs).collect()
}

#[test]
fn files_mean_what_their_sources_mean() {
    const SOURCES: &[(&str, &str)] = &[PROTO2, PROTO3, THING];
    let set = compiled(SOURCES);
    let names: Vec<String> = files(&set).expect("a sound set").into_iter().map(|file| file.name).collect();
    let wanted = ["google/protobuf/descriptor.proto", THING.0, PROTO2.0, "google/protobuf/any.proto", PROTO3.0];
    assert_eq!(names, wanted);
    report(&differences(SOURCES, &set));
}

#[test]
fn editions_keep_their_features() {
    const DELIMITED: [u8; 2] = [0x28, 2];
    let feature = |options: u64, bytes: &[u8]| part(8, &part(options, bytes));
    let fields = [
        part(2, &[text(1, "a"), number(3, 1), number(5, 9), feature(21, &[8, 3])].concat()),
        part(2, &[text(1, "d"), number(3, 2), number(5, 11), text(6, ".acme.M"), feature(21, &DELIMITED)].concat()),
        part(2, &[text(1, "g"), number(3, 3), number(5, 10), text(6, ".acme.M")].concat()),
        part(2, &[text(1, "r"), number(3, 4), number(4, 2), number(5, 5), text(7, "5")].concat()),
    ];
    let inner = part(3, &[text(1, "Inner"), number(11, 2)].concat());
    let ranges = [part(5, &[number(1, 10), number(2, 1 << 29), part(3, &number(3, 1))].concat()), text(10, "old")];
    let message = [text(1, "M"), fields.concat(), inner, ranges.concat(), number(11, 1)].concat();
    let language = part(50, &[number(1, 2), part(1002, &number(2, 3))].concat());
    let bytes = [
        file(
            "m.proto",
            &[
                text(2, "acme"),
                text(3, "a.proto"),
                text(3, "b.proto"),
                number(10, 1),
                text(15, "google/protobuf/go_features.proto"),
            ],
        ),
        part(1, &[text(1, "x.proto"), text(12, "editions"), number(14, 1000), part(8042, &flag(1))].concat()),
    ];
    let rest = [text(12, "editions"), number(14, 1001), part(4, &message), part(8, &language)].concat();
    let first = part(1, &[bytes[0][2..].to_vec(), rest].concat());
    let set = [first, bytes[1].clone()].concat();
    report(&differences(&[("m.proto", EDITION), ("x.proto", "edition = \"2023\";")], &set));
    let are_imports: Vec<bool> = files(&set).expect("a sound set").iter().map(|file| file.is_import).collect();
    assert_eq!(are_imports, [false, true]);
}

const EDITION: &str = r#"edition = "2024";

package acme;

import "a.proto";
import public "b.proto";
import option "google/protobuf/go_features.proto";

option features.field_presence = IMPLICIT;
option features.(pb.go).api_level = API_OPAQUE;

local message M {
  reserved old;
  extensions 10 to max [verification = UNVERIFIED];
  string a = 1 [features.field_presence = LEGACY_REQUIRED];
  M d = 2 [features.message_encoding = DELIMITED];
  M g = 3 [features.message_encoding = DELIMITED];
  int32 r = 4 [default = 5, features.field_presence = LEGACY_REQUIRED];

  export message Inner {}
}
"#;

#[test]
fn options_that_the_set_does_not_explain_are_left_out() {
    let unknown = [part(50000, &[0xFF]), number(50001, 1), number(1, 1), number(3, 1)].concat();
    let message = [text(1, "M"), part(7, &unknown)].concat();
    let schema = linked(&set(&[file("m.proto", &[part(4, &message)])])).expect("a sound set");
    let message = schema.files().flat_map(|file| file.messages()).next().expect("the message");
    let options: Vec<String> = message.options().iter().map(|option| option.name()).collect();
    assert_eq!(options, ["message_set_wire_format", "deprecated"]);
}

#[test]
fn options_that_are_not_interpreted_are_read() {
    let name = |name: &str, is_extension: u64| part(2, &[text(1, name), number(2, is_extension)].concat());
    let uninterpreted = |records: &[Vec<u8>]| part(999, &records.concat());
    let options = [
        uninterpreted(&[name("deprecated", 0), text(3, "true")]),
        uninterpreted(&[name("acme.opt", 1), name("sub", 0), text(8, "a: 1 b { c: \"x\" } list: [1, 2]")]),
        uninterpreted(&[name("java_package", 0), text(7, "com.acme")]),
    ];
    let schema = linked(&set(&[file("m.proto", &[part(8, &options.concat())])])).expect("a sound set");
    let file = schema.files().next().expect("the file");
    let names: Vec<String> = file.options().iter().map(|option| option.name()).collect();
    assert_eq!(names, ["deprecated", "(acme.opt).sub", "java_package"]);
    assert_eq!(file.options().boolean("deprecated"), Some(true));
}

#[test]
fn names_that_something_nearer_hides_are_absolute() {
    const SOURCES: &[(&str, &str)] = &[
        (
            "opt.proto",
            "syntax = \"proto2\"; package acme; import \"google/protobuf/descriptor.proto\"; \
             extend google.protobuf.FieldOptions { optional string opt = 50000; }",
        ),
        (
            "m.proto",
            "syntax = \"proto3\"; package acme.acme.v1; import \"opt.proto\"; \
             message M { string a = 1 [(.acme.opt) = \"x\"]; }",
        ),
    ];
    report(&differences(SOURCES, &compiled(SOURCES)));
}

#[test]
fn joined_sets_hold_a_file_once() {
    let one = set(&[file("a.proto", &[text(2, "p")]), file("b.proto", &[])]);
    let other = set(&[part(1, &[text(1, "a.proto"), text(2, "p"), part(8042, &flag(1))].concat())]);
    let joined = files(&[one.clone(), other].concat()).expect("a sound set");
    let names: Vec<(&str, bool)> = joined.iter().map(|file| (file.name.as_str(), file.is_import)).collect();
    assert_eq!(names, [("a.proto", false), ("b.proto", false)]);
    let different = set(&[file("a.proto", &[text(2, "q")])]);
    let joined = files(&[one, different].concat()).expect("a sound set");
    let fault = joined[2].read.as_ref().expect_err("another file of the name");
    assert_eq!(
        (joined[2].name.as_str(), fault.message.as_str()),
        ("a.proto", "the descriptor set contains another file of that name")
    );
}
