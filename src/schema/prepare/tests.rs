//! Laws of the prepare step: what protoc takes becomes readable, every place maps back, and no text does harm.

use super::{FaultKind, MAX_OPTION_DEPTH, Prepared, STAND_IN_MAP, prepare};
use crate::schema::lexer;
use crate::source::line_starts;

const PROTO2: &str = r#"syntax = "proto2"; import "google/protobuf/descriptor.proto";
message M { reserved "_a", "b-c" /* x */ ""; reserved 900 to 536870912; extensions 100 /* y */ [verification = UNVERIFIED];
  extensions 200, 0x12c [verification = UNVERIFIED]; optional map n = 1; map<string, map> m = 2;
  optional double d = 3 [default = -inf]; optional double e = 4 [default = 99999999999999999999];
  optional bytes f = 6 [default = "\777\ud83d\ude00\ud83d\U0000dc00\n"]; oneof o { map p = 7; } repeated .map q = 8; }
message map {} enum E { A = -12; reserved -9 to 2147483647; reserved "_Z"; }
extend google.protobuf.FileOptions { optional double x = 50000; optional M y = 50001; }
option (x) = - /* z */ inf; option (y) = { d: -nan, e: 18446744073709551616 };"#;
const EDITION_2023: &str = "\u{FEFF}// é\r\nedition /* a */ = '20' // b\n \"23\";\r\nmessage local {} message export { message T {} }
message M { reserved foo, _bar, enum; reserved 7 to max; local message = 1; export.T a = 2; int32 b = 6 [default = 5]; string default = 3;
  oneof o { reserved x = 4 [deprecated = true, default = A]; float y = 5 [ default = -inf, json_name = 'z' ]; } }
enum E { l = 0; default = 1 [deprecated = true]; reserved import, _x; } enum reserved { A = 0; }";
const EDITION_2024: &str = r#"edition = "2024"; package p; import "q.proto"; import option "o.proto";
export /* c */ message M { local enum E { A = 0; } M local = 1; int32 export = 2 [features.field_presence = IMPLICIT];
  extensions 9 [verification = UNVERIFIED]; } local enum F { B = 0; }"#;

/// Prepares and parses, a second time where that fails; gives the path, the start and the end of each place as well.
fn parsed(text: &str) -> (Prepared<'_>, Vec<(Vec<i32>, usize, usize)>) {
    let mut prepared = prepare(text);
    let parse = |prepared: &Prepared<'_>| protox::file::File::from_source("t.proto", &prepared.text);
    let mut file = parse(&prepared);
    if let (Err(_), Some(second)) = (&file, prepared.retry()) {
        (file, prepared) = (parse(&second), second);
    }
    let file = file.unwrap_or_else(|error| panic!("{error:?}: {}", prepared.text));
    let starts = line_starts(&prepared.text);
    let info = file.file_descriptor_proto().source_code_info.clone().unwrap_or_default();
    let place = |location: protox::prost_reflect::prost_types::source_code_info::Location| {
        let [first, from, .., to] = location.span[..] else { panic!("a span has three or four numbers") };
        let last = if location.span.len() == 4 { location.span[2] } else { first };
        (location.path, (starts[first as usize] + from as u32) as usize, (starts[last as usize] + to as u32) as usize)
    };
    (prepared, info.location.into_iter().map(place).collect())
}

#[test]
fn what_protoc_takes_parses_and_maps_back() {
    for (text, wanted) in [(PROTO2, [1, 1, 2, 0]), (EDITION_2023, [1, 3, 0, 0]), (EDITION_2024, [0, 0, 0, 1])] {
        let (prepared, places) = parsed(text);
        let at = |offset: &u32| &text[prepared.original(*offset) as usize..];
        for (path, start, end) in places {
            let seen = &prepared.text[start..end];
            let user = &text[prepared.original(start as u32) as usize..prepared.original(end as u32) as usize];
            let is_word = seen.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            match (&path[..], seen) {
                ([12], _) => assert!(user.ends_with(';') && user.starts_with(['e', 's']), "{user}"),
                (_, "536870911" | STAND_IN_MAP) => assert!(["map", "536870911", "536870912"].contains(&user), "{user}"),
                _ if is_word => assert_eq!(seen, user, "{path:?}"),
                _ => assert!(!user.is_empty() && user.trim() == user, "{path:?} {seen} {user}"),
            }
        }
        assert_eq!(prepared.original(prepared.text.len() as u32) as usize, text.len());
        let Prepared { negated, defaults, map_types, option_imports, .. } = &prepared;
        let noted = [(negated, "inf"), (defaults, "default"), (map_types, "map "), (option_imports, "import option")];
        for ((offsets, word), count) in noted.into_iter().zip(wanted) {
            assert!(offsets.len() == count && offsets.iter().all(|offset| at(offset).starts_with(word)), "{word}");
        }
        let is_there = |(offset, name): &(u32, String)| at(offset).trim_start_matches('"').starts_with(name.as_str());
        assert!(prepared.reserved_names.iter().all(is_there));
        assert!(prepared.visibility.iter().all(|mark| at(&mark.keyword).starts_with(['m', 'e'])));
    }
}

#[test]
fn other_texts_are_borrowed() {
    for text in ["syntax = \"proto3\"; message export {}", "\u{FEFF}// edition\n", "option a = {b: [<c: \"{\">]};"] {
        let prepared = prepare(text);
        assert!(matches!(prepared.text, std::borrow::Cow::Borrowed(_)) && prepared.faults.is_empty());
        assert_eq!(prepared.original(2) as usize, 2 + text.len() - prepared.text.len());
    }
}

#[test]
fn faults_name_the_users_text() {
    let deep = |open: &str, times: u32| format!("option a = /* }} */ {{ # }}\n{}", open.repeat(times as usize));
    let (ranges, options) = ("1,".repeat(900), "a=1,".repeat(900));
    let faults = [
        ("edition = \"2077\"; message M { int32 a = 1; }", "\"2077\"", FaultKind::Edition),
        ("\u{FEFF}edition = 2023;", "edition", FaultKind::Syntax),
        ("edition = '2023'; export message M {}", "export", FaultKind::Edition),
        ("edition = '2024'; message M { reserved a, 'b', 'c'; }", "'b'", FaultKind::Edition),
        ("edition = '2024'; message M { optional int32 a = 1; }", "optional", FaultKind::Edition),
        (&deep("a: {", MAX_OPTION_DEPTH), "{", FaultKind::Nesting),
        (&deep("a: [<", MAX_OPTION_DEPTH), "<", FaultKind::Nesting),
        (&format!("message M {{ extensions {ranges} 9 [{options} b=1]; }}"), "[", FaultKind::Nesting),
    ];
    for (text, place, kind) in faults {
        let prepared = prepare(text);
        let [fault] = &prepared.faults[..] else { panic!("{text}: {:?}", prepared.faults) };
        assert_eq!((&text[fault.start as usize..fault.end as usize], fault.kind), (place, kind));
        assert_eq!(prepared.is_parsable(), kind == FaultKind::Edition);
    }
    assert!(prepare(&deep("a: {", MAX_OPTION_DEPTH - 1)).is_parsable());
}

#[test]
fn no_text_does_harm() {
    let pieces: Vec<&str> = "edition|=|'2024'|;|{|}|[|]|<|>|,|\"|'|\\|\\7|é|\u{FEFF}|//|/*|*/|\n|#|-|inf|99999999999999999999|extensions|5|to|reserved|_a
        |default|export|local|message|enum|optional|repeated|group|map|option|import|weak|M| |.|0x|1e|\\ud83d|\r|\0".split('|').collect();
    let mut state = 1u64;
    for round in 0..20_000 {
        let mut text = String::from(if round % 2 == 0 { "edition='2024';" } else { "" });
        for _ in 0..round % 40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let ends = lexer::tokens(&text).flat_map(|token| [token.start, token.end]);
        assert!(ends.clone().is_sorted() && ends.into_iter().all(|end| text.is_char_boundary(end as usize)));
        let first = prepare(&text);
        for prepared in [first.retry(), Some(first)].into_iter().flatten() {
            assert_eq!(prepared.original(prepared.text.len() as u32) as usize, text.len());
        }
    }
}
