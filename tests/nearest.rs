//! The name that was probably meant.

use std::time::{Duration, Instant};

use protolint::nearest::nearest;

#[test]
fn finds_what_was_meant() {
    let names =
        ["FIELD_LOWER_SNAKE_CASE", "FILE_LOWER_SNAKE_CASE", "COMMENT_FIELD", "COMMENTS", "BASIC", "error", "warning"];
    let near = |wanted| nearest(wanted, names);
    assert_eq!(near("FIELD_LOWER_SNAKE"), Some("FIELD_LOWER_SNAKE_CASE"));
    assert_eq!(near("field_snake"), Some("FIELD_LOWER_SNAKE_CASE"));
    assert_eq!(near("comments"), Some("COMMENTS"));
    assert_eq!(near("COMENT"), Some("COMMENTS"));
    assert_eq!(near("warn"), Some("warning"));
    assert_eq!(near("BAISC"), Some("BASIC"));
    assert_eq!(near("off"), None);
    assert_eq!(near(""), None);
    assert_eq!(near("größe"), None);
    assert_eq!(nearest("größe", ["größen", "GRÖSSE"]), Some("größen"));
    assert_eq!(nearest("x", []), None);
}

#[test]
fn case_alone_comes_before_likeness() {
    assert_eq!(nearest("user", ["users", "User"]), Some("User"));
    assert_eq!(nearest("abcd", ["abce", "abcf"]), Some("abce"));
}

#[test]
fn many_names_and_long_ones_take_little_time() {
    let names: Vec<String> = (0..10_000).map(|number| format!("acme.user.v1.SomeRequest{number:05}")).collect();
    let start = Instant::now();
    for _ in 0..10 {
        assert!(nearest("acme.user.v1.SomeReqeust00700", names.iter().map(String::as_str)).is_some());
    }
    let long = "ab".repeat(1 << 20);
    assert_eq!(nearest(&long, [&*"ba".repeat(1 << 20)]), None);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}
