//! Lives over states that are written out.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use super::{Builder, Changed, ContainerKind, FileOutline, History, Key, Release, Stored};
use crate::date::Date;
use crate::schema::parse;
use crate::source::SourceFile;

/// A file of a state; an empty text removes it.
type Texts<'t> = &'t [(&'t str, &'t str)];

fn changed(texts: Texts<'_>) -> Vec<Changed> {
    let outline = |(path, text): &(&str, &str)| {
        let source = SourceFile::new(path.to_string(), text.to_string());
        let outline = || Arc::new(FileOutline::new(&parse(&source).0));
        (path.to_string(), (!text.is_empty()).then(outline))
    };
    texts.iter().map(outline).collect()
}

fn history(states: &[Texts<'_>]) -> History {
    let mut builder = Builder::default();
    for (index, texts) in states.iter().enumerate() {
        let day = Date::parse("2026-01-01").unwrap();
        builder.release(Release { name: format!("v{index}"), others: Vec::new(), day }, changed(texts));
    }
    builder.finish()
}

/// `note string 0-1, paid bool 3-3`.
fn lives(history: &History, name: &str, key: Key) -> String {
    let kinds = [ContainerKind::Message, ContainerKind::Enum, ContainerKind::Service];
    let container =
        kinds.iter().find_map(|kind| history.container(*kind, name, None)).expect("there is such a container");
    let life = |life: &super::Life| format!("{} {} {}-{}", life.name, life.type_text, life.first, life.last);
    let slot = container.slot(&key).expect("there is such an element");
    slot.lives.iter().map(life).collect::<Vec<_>>().join(", ")
}

fn number(number: i32) -> Key {
    Key::Number(number)
}

#[test]
fn a_number_that_comes_back_has_two_lives() {
    let with = |field: &str| format!("syntax = \"proto3\"; package a.v1; message Order {{ string id = 1; {field} }}");
    let (one, none, two) = (with("string note = 7;"), with(""), with("bool paid = 7;"));
    let history = history(&[&[("o.proto", &one)], &[], &[("o.proto", &none)], &[("o.proto", &two)]]);
    assert_eq!(lives(&history, "a.v1.Order", number(7)), "note string 0-1, paid bool 3-3");
    assert_eq!(lives(&history, "a.v1.Order", number(1)), "id string 0-3");
    let container = history.container(ContainerKind::Message, "a.v1.Order", None).unwrap();
    assert!(container.slot(&number(7)).unwrap().is_after_gap(1));
}

#[test]
fn names_are_resolved_over_files_and_followed_through_packages() {
    let order = "syntax = \"proto3\"; package a.v1; import \"i.proto\"; message Order { repeated Item items = 1; map<string, Item> by = 2; }";
    let item = "syntax = \"proto3\"; package a.v1; message Item { int32 n = 1; }";
    let history_of =
        history(&[&[("p/o.proto", order)], &[("p/i.proto", item)], &[("p/i.proto", ""), ("q/i.proto", item)]]);
    assert_eq!(lives(&history_of, "a.v1.Order", number(1)), "items repeated Item 0-2");
    assert_eq!(lives(&history_of, "a.v1.Item", number(1)), "n int32 1-2");
    let history_of = history(&[
        &[("p/o.proto", order), ("p/i.proto", item)],
        &[("p/o.proto", &order.replace("a.v1", "b.v1")), ("p/i.proto", &item.replace("a.v1", "b.v1"))],
    ]);
    assert_eq!(lives(&history_of, "b.v1.Item", number(1)), "n int32 0-1");
    let container = history_of.container(ContainerKind::Message, "b.v1.Item", None).unwrap();
    assert_eq!(container.lives.len(), 2);
    assert_eq!(
        lives(&history_of, "b.v1.Order", number(2)),
        "by map<string, a.v1.Item> 0-0, by map<string, b.v1.Item> 1-1"
    );
}

#[test]
fn rpcs_and_values_have_lives_too() {
    let with = |value: &str, rpc: &str| {
        format!(
            "syntax = \"proto3\"; package a.v1; enum E {{ ZERO = 0; {value} }} message M {{}} message N {{}} service S {{ {rpc} }}"
        )
    };
    let one = with("A = 1;", "rpc Get(M) returns (stream N);");
    let two = with("B = 1;", "rpc Get(N) returns (stream N);");
    let history = history(&[&[("s.proto", &one)], &[("s.proto", &two)]]);
    assert_eq!(lives(&history, "a.v1.E", number(1)), "A  0-0, B  1-1");
    let get = Key::Name("Get".into());
    assert_eq!(
        lives(&history, "a.v1.S", get),
        "Get (a.v1.M) returns (stream a.v1.N) 0-0, Get (a.v1.N) returns (stream a.v1.N) 1-1"
    );
}

#[test]
fn names_that_two_files_declare_are_two_containers() {
    let of = |field: &str| format!("syntax = \"proto3\"; package a; message M {{ {field} }}");
    let (one, two) = (of("int32 a = 1;"), of("string b = 1;"));
    let history = history(&[&[("x/m.proto", &one), ("y/m.proto", &two)], &[("y/m.proto", "")], &[("y/m.proto", &two)]]);
    let at = |path| history.container(ContainerKind::Message, "a.M", Some(path)).unwrap().slots[0].lives.clone();
    assert_eq!(
        at("x/m.proto").iter().map(|life| (&*life.name, life.first, life.last)).collect::<Vec<_>>(),
        [("a", 0, 2)]
    );
    assert_eq!(
        at("y/m.proto").iter().map(|life| (&*life.name, life.first, life.last)).collect::<Vec<_>>(),
        [("b", 0, 0), ("b", 2, 2)]
    );
}

#[test]
fn deprecation_counts_from_its_present_run() {
    let with = |option: &str| format!("syntax = \"proto3\"; package a; message M {{ int32 a = 1{option}; }}");
    let (off, on) = (with(""), with(" [deprecated = true]"));
    let renamed = with(" [deprecated = true]").replace(" a ", " z ");
    let history =
        history(&[&[("m.proto", &on)], &[("m.proto", &off)], &[("m.proto", &on)], &[("m.proto", &renamed)], &[]]);
    let container = history.container(ContainerKind::Message, "a.M", None).unwrap();
    assert_eq!(container.slots[0].deprecated_since, Some(2));
    assert_eq!(container.slots[0].lives.len(), 2);
}

/// Some states with all that can happen between them.
fn eventful() -> Vec<Vec<(&'static str, String)>> {
    let with = |package: &str, body: &str| format!("syntax = \"proto3\"; package {package}; {body}");
    let order = "message Order { string id = 1 [json_name = \"ID\"]; Item item = 2 [deprecated = true]; } enum E { Z = 0; A = -1; }";
    let item = "message Item { int32 n = 1; } service S { rpc Get(Item) returns (stream Order); }";
    vec![
        vec![("o.proto", with("a.v1", order)), ("i.proto", with("a.v1", item))],
        vec![("o.proto", with("a.v1", &order.replace("item = 2", "item = 3")))],
        vec![("o.proto", with("b.v1", order)), ("i.proto", with("b.v1", item))],
        vec![("o.proto", String::new()), ("moved.proto", with("b.v1", order))],
        vec![("moved.proto", String::new())],
        vec![("moved.proto", with("b.v1", &order.replace("string id", "bool done")))],
    ]
}

fn borrowed<'t>(states: &'t [Vec<(&'static str, String)>]) -> Vec<Vec<(&'static str, &'t str)>> {
    states.iter().map(|state| state.iter().map(|(path, text)| (*path, text.as_str())).collect()).collect()
}

#[test]
fn what_is_stored_is_read_as_it_was() {
    let states = eventful();
    let states = borrowed(&states);
    let states: Vec<Texts<'_>> = states.iter().map(Vec::as_slice).collect();
    let history = history(&states);
    let bytes = Stored::encode(&history);
    let stored = Stored::new(bytes.clone()).unwrap();
    assert_eq!(stored.history().unwrap(), history);
    for container in &history.containers {
        let path = container.lives.last().map(|life| &*life.path);
        assert_eq!(stored.container(container.kind, container.name(), path).as_ref(), Some(container));
    }
    assert_eq!(stored.container(ContainerKind::Message, "b.v1.Nothing", None), None);
    for length in 0..bytes.len() {
        let cut = Stored::new(bytes[..length].to_vec());
        assert!(cut.is_none_or(|cut| cut.history().is_none()), "{length} bytes");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        let _ = Stored::new(damaged).and_then(|stored| stored.history());
    }
}

#[test]
fn a_history_that_is_resumed_is_the_same_history() {
    let states = eventful();
    let states = borrowed(&states);
    let texts: Vec<Texts<'_>> = states.iter().map(Vec::as_slice).collect();
    let whole = history(&texts);
    for known in 0..texts.len() {
        let mut builder = Builder::resume(history(&texts[..known]));
        let mut files = std::collections::BTreeMap::new();
        for (path, text) in states[..=known].iter().flatten() {
            files.insert(*path, *text);
        }
        let all: Vec<(&str, &str)> = files.into_iter().collect();
        let day = Date::parse("2026-01-01").unwrap();
        builder.release(Release { name: format!("v{known}"), others: Vec::new(), day }, changed(&all));
        for (index, texts) in texts.iter().enumerate().skip(known + 1) {
            builder.release(Release { name: format!("v{index}"), others: Vec::new(), day }, changed(texts));
        }
        assert_eq!(builder.finish(), whole, "after {known} states");
    }
}
