//! Bytes that are no set, or that mean harm.

use super::super::files;
use super::bytes::{field, file, message, number, part, set, text};
use super::linked;
use crate::schema::{OptionValue, Schema};

/// What is wrong with the only file of that content.
fn fault_of(records: &[Vec<u8>]) -> String {
    // A sound file beside it must still come.
    let all = files(&set(&[file("bad.proto", records), file("good.proto", &[])])).expect("a set with a sound file");
    assert_eq!((all[0].name.as_str(), all[1].read.is_ok()), ("bad.proto", true));
    all[0].read.as_ref().map_or_else(|fault| fault.message.clone(), |_| SOUND.to_owned())
}

/// What is wrong with a file that is not.
const SOUND: &str = "nothing";

/// The only file of that content, linked.
fn schema_of(records: &[Vec<u8>]) -> Schema {
    linked(&set(&[file("bad.proto", records)])).expect("a sound set")
}

#[test]
fn what_is_no_set_is_reported() {
    let rows: &[(&[u8], &str)] = &[
        (b"", "the descriptor set is empty"),
        (b"{\"file\": []}", "this is not a descriptor set: it looks like JSON"),
        (b"\n\n  {\"file\": []}", "this is not a descriptor set: it looks like JSON"),
        (b"file {\n  name: \"a.proto\"\n}\n", "this is not a descriptor set: it looks like the text form"),
        (b"# proto-file: x\nfile: {\n", "this is not a descriptor set: it looks like the text form"),
        (b"// A comment.\nsyntax = \"proto3\";\n", "this is not a descriptor set: it looks like a source file"),
        (b"\nsyntax = \"proto3\";\n", "this is not a descriptor set: it looks like a source file"),
        (b"edition = \"2023\";", "this is not a descriptor set: it looks like a source file"),
        (b"\x1f\x8b\x08\0\0\0", "this is not a descriptor set: it looks like gzip"),
        (b"version: v2\n", "this is not a descriptor set: it looks like a configuration file"),
        (b"\x0a\x05\x0a", "the descriptor set cannot be read: it is truncated: the record at byte 0 does not end"),
        (
            b"\x0a\xff\xff\xff\xff\x0f",
            "the descriptor set cannot be read: it is truncated: the record at byte 0 does not end",
        ),
        (b"\x0f\x01", "the descriptor set cannot be read: there is no protobuf record at byte 0"),
        (b"\x10\x01", "the descriptor set cannot be read: it contains no files"),
        (
            b"\x0a\x07x.proto",
            "the descriptor set cannot be read: none of its files can be read: of the first file, \
             there is no protobuf record at byte 6",
        ),
    ];
    for (bytes, wanted) in rows {
        let fault = files(bytes).expect_err(wanted);
        assert_eq!(fault.message, *wanted);
        assert!(fault.help.is_some());
    }
}

#[test]
fn what_no_source_can_say_is_a_fault_of_its_file() {
    let in_message = |records: &[Vec<u8>]| fault_of(&[message("M", records)]);
    let option = |bytes: &[u8]| part(8, bytes);
    let map = [text(1, "XEntry"), part(7, &number(7, 1))].concat();
    let rows = [
        (fault_of(&[message("a\nb", &[])]), r"`a\nb` is not a valid name of a message"),
        (fault_of(&[part(4, &part(1, &[0xFF]))]), "the name of a message at byte 17 is not UTF-8"),
        (fault_of(&[part(4, &[])]), "a message has no name"),
        (fault_of(&[text(2, "a..b")]), "its package `a..b` is not a valid name"),
        (fault_of(&[text(12, "proto4")]), "its syntax `proto4` is unknown"),
        (fault_of(&[text(12, "editions"), number(14, 7)]), "its edition, number 7, is not supported"),
        (fault_of(&[text(12, "editions")]), "it does not say its edition"),
        (in_message(&[field("x", 1, 11, &[])]), "field `x` has no type"),
        (in_message(&[field("x", 1, 99, &[])]), "the type of field `x`, number 99, is unknown"),
        (in_message(&[field("x", 1 << 31, 5, &[])]), "field `x` has the number -2147483648"),
        (in_message(&[part(2, &text(1, "x"))]), "field `x` has no number"),
        (in_message(&[field("x", 1, 5, &[number(9, 4)])]), "field `x` is in oneof 4, but its message has 0"),
        (in_message(&[part(8, &text(1, "o"))]), "oneof `o` has no fields"),
        (in_message(&[field("x", 1, 11, &[text(6, "a b")])]), "`a b` is not a valid name of a type"),
        (in_message(&[field("x", 1, 10, &[text(6, ".M")])]), "field `x` is a group without a message"),
        (in_message(&[field("x", 1, 5, &[text(7, "1; }")])]), "`1; }` is not a valid default of field `x`"),
        (in_message(&[field("x", 1, 12, &[text(7, "\\")])]), "`\\\\` is not a valid default of field `x`"),
        (
            in_message(&[field("x", 1, 5, &[option(b"\x0a\x09")])]),
            "it is truncated: the record at byte 29 does not end",
        ),
        (in_message(&[part(3, &map)]), "message `XEntry` is a map entry without a map field"),
        (
            fault_of(&[part(6, &[text(1, "S"), part(2, &text(1, "Get"))].concat())]),
            "rpc `Get` lacks its request or its response",
        ),
        (fault_of(&[part(7, &field("x", 1, 5, &[])[2..])]), "extension `x` does not say which message it extends"),
        (fault_of(&[text(2, &["p"; 102].join("."))]), "its package has 102 parts, but protobuf allows at most 101"),
        (in_message(&[field("x", 1 << 30, 5, &[])]), "field `x` has the number 1073741824"),
        (in_message(&[part(9, &number(2, 3))]), "message `M` reserves the numbers 0 to 2"),
        (in_message(&[part(5, &number(1, 3))]), "message `M` has the extension numbers 3 to -1"),
        (in_message(&[field("x", 1, 5, &[text(7, "3000000000")])]), "`3000000000` is not a valid default of field `x`"),
        (in_message(&[field("x", 1, 5, &[number(4, 3), text(7, "3")])]), "`3` is not a valid default of field `x`"),
    ];
    for (fault, wanted) in rows {
        assert_eq!(fault, wanted);
    }
    let unlabelled = in_message(&[field("x", 1, 5, &[])]);
    assert_eq!(unlabelled, SOUND);
}

#[test]
fn names_of_files_are_paths_below_a_root() {
    for name in
        ["", "/etc/passwd", "../up.proto", "a/../b.proto", "a//b.proto", "a\\b.proto", "c:/x.proto", "a\n.proto"]
    {
        let all = files(&set(&[file(name, &[]), file("good.proto", &[])])).expect("a set with a sound file");
        assert!(all[0].read.is_err() && all[1].read.is_ok(), "{name:?}");
        assert!(!all[0].name.is_empty() && !all[0].name.contains('\n'), "{name:?}");
    }
}

#[test]
fn truncated_and_flipped_bytes_do_no_harm() {
    let bytes = super::compiled(&[super::PROTO3, super::PROTO2, super::THING]);
    // The sources' own files come last.
    let own = bytes.len() - bytes.len().min(6000);
    for end in (0..bytes.len()).filter(|end| *end >= own || end % 97 == 0) {
        _ = files(&bytes[..end]);
    }
    for at in (own..bytes.len()).step_by(3) {
        let mut flipped = bytes[own..].to_vec();
        flipped[at - own] ^= 1 << (at % 8);
        _ = files(&[part(1, &text(1, "a.proto")), flipped].concat());
    }
}

#[test]
fn depth_is_bounded() {
    let mut nested = text(1, "M");
    for _ in 0..10_000 {
        nested = [text(1, "M"), part(3, &nested)].concat();
    }
    assert_eq!(fault_of(&[part(4, &nested)]), "its messages are nested more than 32 levels deep");
    let groups = [vec![0x0B; 10_000], vec![0x0C; 10_000]].concat();
    let fault = files(&groups).expect_err("a group is no file");
    assert!(fault.message.ends_with("nested more than 100 levels deep"), "{}", fault.message);
}

/// An option's value that is its own type, nested deeper than any reader goes.
#[test]
fn deep_options_are_left_out() {
    let mut value = Vec::new();
    for _ in 0..5_000 {
        value = part(1, &value);
    }
    let member = field("inner", 1, 11, &[text(6, ".T")]);
    let extension =
        [text(1, "ext"), number(3, 50_000), number(5, 11), text(6, ".T"), text(2, ".google.protobuf.FileOptions")];
    let records = [message("T", &[member]), part(7, &extension.concat()), part(8, &part(50_000, &value))];
    let schema = schema_of(&records);
    let file = schema.files().find(|file| file.name() == "bad.proto").expect("the file");
    let mut value = file.options().iter().next().expect("the option").value();
    let mut levels = 0;
    while let OptionValue::Message(message) = value {
        levels += 1;
        let Some(inner) = message.fields().next() else { break };
        value = inner.value();
    }
    assert_eq!(levels, 100);
}

/// A long name that a short record repeats.
#[test]
fn files_do_not_outgrow_their_sets() {
    let name = "x".repeat(100_000);
    let extension =
        [text(1, &name), number(3, 50_000), number(4, 3), number(5, 5), text(2, ".google.protobuf.FileOptions")];
    let uses = number(50_000, 1).repeat(1_000_000);
    let fault = fault_of(&[part(7, &extension.concat()), part(8, &uses)]);
    assert!(fault.starts_with("the names in its options are more than 64 times as long"), "{fault:.100}");
}

/// Many of everything: this ends at once unless something is quadratic.
#[test]
fn large_sets_take_linear_time() {
    let many = 50_000u64;
    let fields: Vec<u8> = (1..=many).flat_map(|at| field(&format!("f{at}"), at, 9, &[number(9, at - 1)])).collect();
    let oneofs: Vec<u8> = (1..=many).flat_map(|at| part(8, &text(1, &format!("o{at}")))).collect();
    let nested: Vec<u8> = (1..=many).flat_map(|at| part(3, &text(1, &format!("N{at}")))).collect();
    let values: Vec<u8> =
        (0..many).flat_map(|at| part(2, &[text(1, &format!("V{at}")), number(2, at)].concat())).collect();
    let extension = [
        text(1, "ext"),
        number(3, 50_000),
        number(4, 3),
        number(5, 14),
        text(6, ".E"),
        text(2, ".google.protobuf.FileOptions"),
    ];
    let uses: Vec<u8> = (0..many).flat_map(|_| number(50_000, many - 1)).collect();
    let records = [
        message("M", &[fields, oneofs, nested]),
        part(5, &[text(1, "E"), values].concat()),
        part(7, &extension.concat()),
        part(8, &uses),
    ];
    let schema = schema_of(&records);
    let bad = schema.files().find(|file| file.name() == "bad.proto").expect("the file");
    let is_last = |value: OptionValue<'_>| value == OptionValue::Identifier("V49999");
    assert_eq!(bad.options().iter().filter(|option| is_last(option.value())).count(), many as usize);
    let many_files: Vec<Vec<u8>> = (0..many).map(|at| file(&format!("{at}.proto"), &[text(2, "p.q")])).collect();
    assert_eq!(files(&set(&many_files)).expect("a sound set").len(), many as usize);
}
