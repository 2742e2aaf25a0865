//! Laws of descriptor sets as input: a text means what its file in the set means, it reads well, and no bytes do harm.

mod bytes;
mod hostile;

use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use super::{ImageFault, files, parts};
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

#[test]
fn texts_mean_what_the_set_means() {
    const SOURCES: &[(&str, &str)] = &[PROTO2, PROTO3, THING];
    let before = compiled(SOURCES);
    let printed = files(&before).expect("a sound set");
    let texts: Vec<(String, String)> = printed
        .into_iter()
        .map(|file| (file.name.clone(), file.text.unwrap_or_else(|fault| panic!("{}: {}", file.name, fault.message))))
        .collect();
    let names = ["google/protobuf/descriptor.proto", THING.0, PROTO2.0, "google/protobuf/any.proto", PROTO3.0];
    assert_eq!(texts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    let texts: &'static [(String, String)] = texts.leak();
    let sources: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let after = compiled_with(Sources(sources.leak()), SOURCES.iter().map(|(name, _)| *name));
    let (before, after) = (parts(&before).expect("a set"), parts(&after).expect("a set"));
    assert_eq!(before.len(), after.len());
    // The first is protobuf's own, of which the compiler at hand holds only a part, with options that say nothing.
    for ((part, again), (name, text)) in before.iter().zip(&after).zip(texts).skip(1) {
        assert!(part.bytes == again.bytes, "{name} means something else:\n{text}");
    }
}

#[test]
fn texts_read_well() {
    const SOURCES: &[(&str, &str)] = &[(
        "acme/v1/user.proto",
        r#"syntax = "proto3"; package acme.v1; import "google/protobuf/descriptor.proto";
import "google/protobuf/any.proto"; option java_package = "com.acme.v1";
message Rule { string pattern = 1; Rule not = 2; int32 most = 3; }
extend google.protobuf.FieldOptions { repeated Rule rule = 50000; }
message User { option deprecated = true; reserved 7, 9 to 11; reserved "old"; User.Role role = 1;
  map<string, google.protobuf.Any> extras = 2; repeated User friends = 3 [deprecated = true];
  string name = 4 [(acme.v1.rule) = {pattern: "^[a-z]+$" most: 5},
    (rule) = {pattern: "a rather long pattern" not: {pattern: "one that makes it necessary to break lines" not {}}}];
  oneof contact { string email = 5; string phone = 6; } enum Role { NONE = 0; ADMIN = 1; } message Inner {} }
service Users { rpc Get(User) returns (stream User); rpc Put(stream User) returns (User) { option deprecated = true; } }"#,
    )];
    let all = files(&compiled(SOURCES)).expect("a sound set");
    let user = all.into_iter().find(|file| file.name == SOURCES[0].0).expect("the file that was compiled");
    let wanted = r#"syntax = "proto3";

package acme.v1;

import "google/protobuf/descriptor.proto";
import "google/protobuf/any.proto";

option java_package = "com.acme.v1";

message Rule {
  string pattern = 1;
  Rule not = 2;
  int32 most = 3;
}

message User {
  option deprecated = true;
  reserved 7, 9 to 11;
  reserved "old";

  enum Role {
    NONE = 0;
    ADMIN = 1;
  }

  Role role = 1;
  map<string, google.protobuf.Any> extras = 2;
  repeated User friends = 3 [deprecated = true];
  string name = 4 [
    (acme.v1.rule) = {pattern: "^[a-z]+$", most: 5},
    (acme.v1.rule) = {
      pattern: "a rather long pattern"
      not: {
        pattern: "one that makes it necessary to break lines"
        not: {}
      }
    }
  ];

  oneof contact {
    string email = 5;
    string phone = 6;
  }

  message Inner {}
}

extend google.protobuf.FieldOptions {
  repeated Rule rule = 50000;
}

service Users {
  rpc Get(User) returns (stream User);
  rpc Put(stream User) returns (User) {
    option deprecated = true;
  }
}
"#;
    assert_eq!(user.text.as_deref(), Ok(wanted));
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
        file("m.proto", &[text(2, "acme"), text(3, "a.proto"), text(3, "b.proto"), number(10, 1), text(15, "o.proto")]),
        part(1, &[text(1, "x.proto"), text(12, "editions"), number(14, 1000), part(8042, &flag(1))].concat()),
    ];
    let rest = [text(12, "editions"), number(14, 1001), part(4, &message), part(8, &language)].concat();
    let first = part(1, &[bytes[0][2..].to_vec(), rest].concat());
    let all = files(&[first, bytes[1].clone()].concat()).expect("a sound set");
    assert_eq!(all[0].text.as_deref(), Ok(EDITION));
    assert_eq!((all[1].text.as_deref(), all[1].is_import), (Ok("edition = \"2023\";\n"), true));
    assert!(!all[0].is_import);
}

const EDITION: &str = r#"edition = "2024";

package acme;

import "a.proto";
import public "b.proto";
import option "o.proto";

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
    let bytes = set(&[file("m.proto", &[part(4, &message)])]);
    let all = files(&bytes).expect("a sound set");
    let wanted = "syntax = \"proto2\";\n\nmessage M {\n  option message_set_wire_format = true;\n  \
                  option deprecated = true;\n}\n";
    assert_eq!(all[0].text.as_deref(), Ok(wanted));
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
    let ImageFault { message, .. } = joined[2].text.clone().expect_err("another file of the name");
    assert_eq!((joined[2].name.as_str(), message.as_str()), ("a.proto", "the set holds another file of that name"));
}
