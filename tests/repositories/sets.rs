//! Directories and descriptor sets in the place of a commit, and descriptor sets in the place of the work tree.

use protolint_set::{file, set};

use crate::support::repository::{BROKEN, BROKEN_ORDER, ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

/// Descriptor sets, written by hand: what a serializer makes of two messages of scalar fields.
mod protolint_set {
    /// A record of bytes.
    fn bytes(number: u8, content: &[u8]) -> Vec<u8> {
        assert!(content.len() < 1 << 14);
        let (low, high) = (content.len() & 0x7f, content.len() >> 7);
        let length = if high == 0 { vec![low as u8] } else { vec![low as u8 | 0x80, high as u8] };
        [&[number << 3 | 2], &length[..], content].concat()
    }

    /// A `FieldDescriptorProto`: optional, of the type with that number.
    fn field((name, number, kind): (&str, u8, u8)) -> Vec<u8> {
        let json = bytes(10, name.as_bytes());
        bytes(2, &[bytes(1, name.as_bytes()), vec![3 << 3, number, 4 << 3, 1, 5 << 3, kind], json].concat())
    }

    /// A file of `shop.v1` with a message of fields.
    pub(super) fn file(path: &str, message: &str, fields: &[(&str, u8, u8)]) -> Vec<u8> {
        let fields: Vec<u8> = fields.iter().flat_map(|&of| field(of)).collect();
        let message = bytes(4, &[bytes(1, message.as_bytes()), fields].concat());
        let content = [bytes(1, path.as_bytes()), bytes(2, b"shop.v1"), message, bytes(12, b"proto3")].concat();
        bytes(1, &content)
    }

    /// The type numbers of `FieldDescriptorProto`.
    pub(super) const INT32: u8 = 5;
    pub(super) const STRING: u8 = 9;

    /// A set of the file `shop/v1/order.proto`, whose second field has the type given.
    pub(super) fn set(kind: u8) -> Vec<u8> {
        file("shop/v1/order.proto", "Order", &[("id", 1, STRING), ("count", 2, kind)])
    }
}

use protolint_set::{INT32, STRING};

/// Two directories `old` and `new`, the second of which breaks [`BROKEN`].
fn directories() -> Option<Scratch> {
    let scratch = Scratch::new()?;
    for (at, order) in [("old", ORDER), ("new", BROKEN_ORDER)] {
        scratch.write(&format!("{at}/{ORDER_PATH}"), &schema(order));
        scratch.write(&format!("{at}/{ITEM_PATH}"), &schema(ITEM));
    }
    Some(scratch)
}

#[test]
fn directories_are_compared_without_git() {
    let Some(scratch) = directories() else { return };
    scratch.breaking("new", "--against ../old").is(
        1,
        BROKEN,
        "compared 2 files with `../old` for wire, json, grpc: 1 breaking\n",
    );
    scratch.breaking("new", "--against ../old/").is(1, BROKEN, "compared 2 files with `../old");
    scratch.breaking("new", "--against ../old proto").is(1, BROKEN, "compared 2 files");
    scratch.breaking("new", "--against ../old/proto proto").is(1, BROKEN, "compared 2 files");
    scratch.breaking("", "--against old new").is(
        1,
        &["FIELD_SAME_TYPE new/proto/shop/v1/order.proto:5"],
        "compared 2 files",
    );
    scratch.breaking("new", "--against ../old proto/shop/v1/order.proto").is(1, BROKEN, "compared 1 file");
    scratch.breaking("new", "--against ../old proto/shop/v1/item.proto").is_silent("compared 1 file");
    scratch.breaking("new", "--against .").is_silent("compared 2 files");
    // What is only on one side can be a target too.
    scratch.write("new/proto/shop/v1/more.proto", &schema("message More {}"));
    scratch.breaking("new", "--against ../old proto/shop/v1/more.proto").is_silent("compared 1 file");
    scratch.write("old/proto/shop/v1/less.proto", &schema("message Less {}"));
    let gone = ["FILE_NO_DELETE ../old/proto/shop/v1/less.proto:1"];
    scratch.breaking("new", "--against ../old proto/shop/v1/less.proto").is(1, &gone, "compared 0 files");
    scratch.breaking("new", "--against ../older").is(
        2,
        &[],
        "error: `../older` cannot be read: no such file or directory\n",
    );
    // In a repository too, where a name can be that of a branch.
    scratch.git("new", "init -q");
    scratch.commit("new", &[]);
    scratch.breaking("new", "--against ../old").is(1, &[gone[0], BROKEN[0]], "compared 3 files with `../old`");
}

#[test]
fn a_descriptor_set_can_be_either_side() {
    let Some(scratch) = Scratch::shop() else { return };
    std::fs::write(scratch.path("r/old.binpb"), set(INT32)).unwrap();
    std::fs::write(scratch.path("r/new.binpb"), set(STRING)).unwrap();
    scratch
        .breaking("r", "--against old.binpb")
        .is_silent("compared 2 files with `old.binpb` for wire, json, grpc: 0 breaking\n");
    scratch.breaking("r", "--against new.binpb").is(1, BROKEN, "1 breaking");
    scratch.breaking("r", "--against old.binpb proto").is_silent("compared 2 files");
    scratch.breaking("", "--against r/new.binpb r").is(
        1,
        &["FIELD_SAME_TYPE r/proto/shop/v1/order.proto:5"],
        "1 breaking",
    );
    // These sets do not say where anything stands.
    let told = ["FIELD_SAME_TYPE shop/v1/order.proto:1"];
    scratch.breaking("r", "--against old.binpb new.binpb").is(1, &told, "compared 1 file with `old.binpb`");
    scratch.breaking("r", "--against old.binpb old.binpb").is_silent("compared 1 file with `old.binpb`");
    let told = ["FILE_NO_DELETE proto/shop/v1/item.proto:1", "FIELD_SAME_TYPE shop/v1/order.proto:1"];
    scratch.breaking("r", "--against proto new.binpb").is(1, &told, "compared 1 file with `proto`");
    scratch.breaking("r", "--against . new.binpb").is(1, &told, "compared 1 file with `.`");
    scratch.breaking("r", "--against main new.binpb").is(1, &told, "compared 1 file");
}

/// Of two sets, the file that is last by name is compared like the others.
#[test]
fn descriptor_sets_are_compared_file_by_file() {
    let Some(scratch) = Scratch::shop() else { return };
    let item = |kind| file("shop/v1/item.proto", "Item", &[("id", 1, kind)]);
    std::fs::write(scratch.path("r/old.binpb"), [item(STRING), set(INT32)].concat()).unwrap();
    std::fs::write(scratch.path("r/new.binpb"), [set(STRING), item(INT32)].concat()).unwrap();
    let is_whole = "compared 2 files with `old.binpb` by FILE: 0 breaking\n";
    scratch.breaking("r", "--against old.binpb old.binpb --use FILE").is_silent(is_whole);
    let told = ["FIELD_SAME_TYPE shop/v1/item.proto:1", "FIELD_SAME_TYPE shop/v1/order.proto:1"];
    scratch.breaking("r", "--against old.binpb new.binpb").is(1, &told, "compared 2 files with `old.binpb`");
}

#[test]
fn a_broken_descriptor_set_is_reported() {
    let Some(scratch) = Scratch::shop() else { return };
    let whole = set(INT32);
    let deep = (0..10_000).fold(Vec::new(), |inner: Vec<u8>, _| {
        let length = inner.len().min(100);
        [&[3 << 3 | 2, length as u8], &inner[..length]].concat()
    });
    let huge = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00];
    let yaml = b"version: v2\nmodules:\n  - path: proto\n";
    let sets = [&whole[..whole.len() - 3], &whole[..1], b"", &huge, &deep, yaml, schema(ORDER).as_bytes(), &[0xff; 64]]
        .map(<[u8]>::to_vec);
    for bytes in sets {
        std::fs::write(scratch.path("r/set.binpb"), &bytes).unwrap();
        for line in ["--against set.binpb", "--against old.binpb set.binpb"] {
            std::fs::write(scratch.path("r/old.binpb"), &whole).unwrap();
            scratch.breaking("r", line).is(2, &[], "error: `set.binpb` cannot be read: ");
        }
    }
    // One file of several.
    let bad = file("../escape.proto", "Order", &[("id", 1, STRING)]);
    std::fs::write(scratch.path("r/set.binpb"), [whole, bad].concat()).unwrap();
    std::fs::write(scratch.path("escape.proto"), schema("message Escaped {}")).unwrap();
    let run = scratch.breaking("r", "--against set.binpb");
    run.is(
        2,
        &["INPUT_UNREADABLE .._escape.proto:1"],
        "compared 2 files with `set.binpb` for wire, json, grpc: 0 breaking, 1 error\n",
    );
    assert!(run.findings[0].message.starts_with("in the base, `../escape.proto` is not a path"), "{:?}", run.findings);
}

/// What protoc makes of a file in a directory, with or without what it imports, with or without places.
fn compiled(directory: &std::path::Path, file: &str, has_imports: bool, has_places: bool) -> Vec<u8> {
    let mut compiler = protox::Compiler::new([directory]).unwrap();
    compiler.include_imports(has_imports).include_source_info(has_places).open_file(file).unwrap();
    compiler.encode_file_descriptor_set()
}

/// A set holds one file of a tree, and what that imports or not: types are compared by their names.
#[test]
fn sets_with_and_without_imports_are_compared_by_names() {
    let Some(scratch) = Scratch::new() else { return };
    let order = |of: &str| {
        format!(
            "syntax = \"proto3\";\npackage far.shop;\nimport \"far/shop/item.proto\";\nmessage Order {{\n  {of} item = 1;\n}}\n"
        )
    };
    let item = "syntax = \"proto3\";\npackage far.shop;\nmessage Item {\n  string id = 1;\n}\nmessage Card {\n  int32 id = 1;\n}\n";
    for (at, of) in [("old", "Item"), ("new", "Card")] {
        scratch.write(&format!("{at}/far/shop/order.proto"), &order(of));
        scratch.write(&format!("{at}/far/shop/item.proto"), item);
    }
    let sets = [(true, true), (true, false), (false, true), (false, false)];
    for at in ["old", "new"] {
        for (index, (has_imports, has_places)) in sets.into_iter().enumerate() {
            let set = compiled(&scratch.path(at), "far/shop/order.proto", has_imports, has_places);
            std::fs::write(scratch.path(&format!("{at}{index}.binpb")), set).unwrap();
        }
    }
    for set in 0..sets.len() {
        // The tree has more files than the set, and nothing of them changed.
        for path in [".", "far"] {
            let line = format!("{path} --no-config --layers wire,json,source --against ../old{set}.binpb");
            scratch.breaking("old", &line).is_silent("compared 2 files");
        }
        for other in 0..sets.len() {
            for use_of in ["", "--use FILE", "--use PACKAGE"] {
                let line = format!("old{other}.binpb --no-config --against old{set}.binpb {use_of}");
                let run = scratch.breaking("", &line);
                let told = run.told();
                // What is only in the base was not compared, and that is said.
                let is_partial = sets[set].0 && !sets[other].0;
                let (partial, rest): (Vec<_>, Vec<_>) = told.iter().partition(|line| line.starts_with("NOT_COMPARED"));
                let is_warned = rest.iter().all(|line| line.starts_with("COMPILE_IMPORT_NOT_FOUND"));
                let is_right = is_warned && partial.len() == usize::from(is_partial);
                assert!(run.status == 0 && is_right, "{line}: {told:?} {}", run.stderr);
                let strict = scratch.breaking("", &format!("{line} --strict"));
                assert_eq!(strict.status, i32::from(is_partial), "{line}: {}", strict.stderr);
            }
            let line = format!("new{other}.binpb --no-config --against old{set}.binpb");
            let run = scratch.breaking("", &line);
            // Of a type that is in no set, no more than the name is known.
            let are_known = sets[set].0 && sets[other].0;
            let rule = if are_known { "FIELD_SAME_TYPE" } else { "NOT_COMPARED" };
            let told = format!("{rule} far/shop/order.proto");
            assert!(run.told().iter().any(|line| line.starts_with(&told)), "{line}: {:?} {}", run.told(), run.stderr);
        }
    }
}
