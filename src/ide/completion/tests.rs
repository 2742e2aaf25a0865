//! Completions at the places that files below `testdata/ide/completion` mark with `$0`, and laws over all test data.
//! `UPDATE_EXPECT=1` writes what is found.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Completion, CompletionKind, Completions, Insert, completion};
use crate::finding::Edit;
use crate::project::Project;
use crate::project::settings::Settings;
use crate::schema::{Field, FieldType};
use crate::source::{FileId, Place, Span};
use crate::syntax::{self, NodeKind, TokenKind};

/// So many completions of a case are written down.
const MAX_SHOWN: usize = 14;

/// What begins the part of a case that is found.
const FOUND: &str = "-- found\n";

/// A case of a file of test data.
pub(in crate::ide) struct Case {
    pub(in crate::ide) title: String,
    /// Path and text; in one of them stands `$0`.
    pub(in crate::ide) files: Vec<(String, String)>,
    found: String,
}

pub(in crate::ide) fn testdata(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(path)
}

/// The cases of a file: a title after `# `, files after `-- path`, and what is found.
pub(in crate::ide) fn cases(text: &str) -> Vec<Case> {
    let of = |case: &str| {
        let (title, rest) = case.split_once('\n').expect("a title");
        let (files, found) = rest.split_once(FOUND).unwrap_or((rest, ""));
        let files = files.split("-- ").skip(1).map(|file| file.split_once('\n').expect("a path"));
        Case {
            title: title.to_owned(),
            files: files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect(),
            found: found.trim_end().to_owned() + "\n",
        }
    };
    format!("\n{text}").split("\n# ").skip(1).map(of).collect()
}

/// Checks, or writes, what is found in the cases of all files of a folder.
pub(in crate::ide) fn check_cases(folder: &str, find: &dyn Fn(&Case) -> String) {
    let mut paths: Vec<PathBuf> =
        testdata(folder).read_dir().expect("a folder").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    let mut faults = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut written = String::new();
        for case in cases(&text) {
            let found = find(&case);
            if found != case.found {
                faults.push(format!("{}: {}\nexpected:\n{}found:\n{found}", path.display(), case.title, case.found));
            }
            let _ = writeln!(written, "# {}", case.title);
            for (path, text) in &case.files {
                let _ = write!(written, "-- {path}\n{text}");
            }
            let _ = writeln!(written, "{FOUND}{found}");
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, written.trim_end().to_owned() + "\n").expect("writable");
        }
    }
    assert!(faults.is_empty() || std::env::var_os("UPDATE_EXPECT").is_some(), "\n{}", faults.join("\n"));
}

/// The project of a case, the file with the mark, and where that is.
pub(in crate::ide) fn opened(case: &Case) -> (Project, FileId, u32) {
    let plain = case.files.iter().map(|(path, text)| (path.clone(), text.replacen("$0", "", 1)));
    let project = Project::in_memory(plain);
    let (path, text) = case.files.iter().find(|(_, text)| text.contains("$0")).expect("a mark");
    let offset = text.find("$0").expect("a mark") as u32;
    let (file, _) = project.sources().iter().find(|(_, file)| file.path() == path).expect("the file");
    (project, file, offset)
}

/// A text after edits that do not overlap.
pub(in crate::ide) fn edited(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.place.span.range(), &edit.text);
    }
    text
}

fn shown(case: &Case) -> String {
    let (project, file, offset) = opened(case);
    let Completions { items, is_incomplete } = completion(&project, file, offset);
    let text = project.sources().get(file).text();
    let mut found = String::new();
    for item in items.iter().take(MAX_SHOWN) {
        let Completion { label, kind, detail, insert, replaced, more_edits, is_deprecated, .. } = item;
        let insert = match insert {
            Insert::Text(text) if text == label => String::new(),
            Insert::Text(text) => format!(" text {text:?}"),
            Insert::Snippet(text) => format!(" snippet {text:?}"),
        };
        let replaced = match replaced.slice(text) {
            "" => String::new(),
            replaced => format!(" for {replaced:?}"),
        };
        let detail = detail.as_ref().map_or(String::new(), |detail| format!(" ({detail})"));
        let deprecated = if *is_deprecated { " deprecated" } else { "" };
        let _ = writeln!(found, "{label} {kind:?}{detail}{insert}{replaced}{deprecated}");
        for edit in more_edits {
            let line = text[..edit.place.span.start as usize].matches('\n').count() + 1;
            let _ = writeln!(found, "    with line {line} {:?}", edit.text);
        }
    }
    if items.len() > MAX_SHOWN {
        let _ = writeln!(found, "and {} more", items.len() - MAX_SHOWN);
    }
    if is_incomplete {
        found.push_str("more once more is typed\n");
    }
    if found.is_empty() { "nothing\n".to_owned() } else { found }
}

#[test]
fn marked_places_have_their_completions() {
    check_cases("ide/completion", &shown);
}

/// All schemas below a folder of test data, by their paths in it.
pub(in crate::ide) fn schemas(folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = testdata(folder);
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(|entry| entry.expect("readable"));
    let schemas = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto"));
    schemas
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).expect("below it").to_string_lossy().replace('\\', "/");
            (path, std::fs::read(entry.path()).expect("readable"))
        })
        .collect()
}

/// The offsets of a text that a test looks at: all of a short one, some of a long one, in a fixed order.
pub(in crate::ide) fn sampled(length: usize, most: usize) -> impl Iterator<Item = u32> {
    let step = length.div_ceil(most).max(1);
    (0..=length).step_by(step).map(|offset| offset as u32)
}

#[test]
fn every_place_of_every_schema_has_an_answer() {
    schemas("").par_iter().for_each(|(path, text)| {
        let project = Project::in_memory([(path.as_str(), text.clone())]);
        for (file, source) in project.sources().iter() {
            for offset in sampled(source.text().len() + 1, 20) {
                let found = completion(&project, file, offset);
                let text = source.text();
                for Completion { replaced, more_edits, label, .. } in &found.items {
                    assert!(text.get(replaced.range()).is_some(), "{path}:{offset}: {label}");
                    let is_beside = |edit: &Edit| {
                        text.get(edit.place.span.range()).is_some()
                            && (edit.place.span.end <= replaced.start || replaced.end <= edit.place.span.start)
                    };
                    assert!(more_edits.iter().all(is_beside), "{path}:{offset}: {label}");
                }
            }
        }
    });
}

#[test]
fn what_is_cut_off_anywhere_has_an_answer() {
    schemas("protoc/accepted").par_iter().for_each(|(path, text)| {
        let Ok(text) = std::str::from_utf8(text) else { return };
        for offset in sampled(text.len(), 20).filter_map(|offset| text.get(..offset as usize)) {
            let project = Project::in_memory([(path.as_str(), offset)]);
            for (file, source) in project.sources().iter() {
                completion(&project, file, source.text().len() as u32);
            }
        }
    });
}

/// The fields of a file whose types are names, each with the place of its type.
fn named_types<'p>(project: &'p Project, file: FileId) -> Vec<(Field<'p>, Place)> {
    let own = project.schema().files().filter(|own| own.source() == Some(file));
    let fields = own.flat_map(|own| own.all_fields()).filter(|field| !field.is_in_map_entry() && !field.is_group());
    let named = fields.filter(|field| !field.is_map() && !matches!(field.field_type(), FieldType::Scalar(_)));
    named.map(|field| (field, Place { file, span: field.data().type_span })).collect()
}

/// What stands between the project and a completion: all types that are offered for the first letter of a type lead,
/// once inserted with their import, to what they are said to stand for.
fn check_types_of(project: &Project, file: FileId, most: usize) -> usize {
    let (text, path) = (project.sources().get(file).text(), project.absolute(file).expect("a schema").to_owned());
    let mut checked = 0;
    for (field, Place { span, .. }) in named_types(project, file).into_iter().take(most) {
        let name = span.slice(text).rsplit('.').next().unwrap_or_default();
        let Some(letter) = name.get(..1) else { continue };
        let mut typed = text.to_owned();
        typed.replace_range(span.range(), letter);
        let half = project.with_texts([(path.clone(), typed.clone())]).expect("in memory");
        let found = completion(&half, file, span.start + 1);
        let types = found.items.iter();
        let types = types
            .filter(|item| matches!(item.kind, CompletionKind::Message | CompletionKind::Enum))
            .collect::<Vec<_>>();
        for item in types.into_iter().step_by(3) {
            let Insert::Text(insert) = &item.insert else { panic!("types are no snippets") };
            let place = Place { file, span: item.replaced };
            let edits: Vec<Edit> =
                item.more_edits.iter().cloned().chain([Edit { place, text: insert.clone() }]).collect();
            let whole = half.with_texts([(path.clone(), edited(&typed, &edits))]).expect("in memory");
            let mut files = whole.schema().files();
            let own = files.find(|own| own.source().is_some_and(|own| whole.absolute(own) == Some(&path)));
            let after = own.expect("the file").field_at(field.index);
            let full_name = match after.field_type() {
                FieldType::Message(message) => message.full_name(),
                FieldType::Enum(enumeration) => enumeration.full_name(),
                _ => "nothing",
            };
            let expected = item.detail.as_deref().unwrap_or_default().split(' ').next().unwrap_or_default();
            assert_eq!(full_name, expected, "{} in {}: {insert}", field.full_name(), path.display());
            checked += 1;
        }
    }
    checked
}

#[test]
fn types_lead_to_what_they_are_said_to_stand_for() {
    let mut checked = 0;
    for folder in ["shop/after", "blog", "protoc/accepted"] {
        let project = Project::in_memory(schemas(folder));
        let files: Vec<FileId> = project.sources().iter().map(|(file, _)| file).collect();
        let whole = |file: &&FileId| !project.unparsed().contains(*file);
        checked += files.par_iter().filter(whole).map(|file| check_types_of(&project, *file, 2)).sum::<usize>();
    }
    assert!(checked > 100, "{checked}");
}

/// Whether a word is offered once the rest of its line is gone and only its first letters are typed.
fn is_offered(project: &Project, file: FileId, word: Span) -> bool {
    let text = project.sources().get(file).text();
    let path = project.absolute(file).expect("a schema").to_owned();
    let typed = word.start as usize + 2.min(word.range().len());
    let rest = text[typed..].find('\n').map_or("", |newline| &text[typed + newline..]);
    let half = format!("{}{rest}", &text[..typed]);
    let half = project.with_texts([(path.clone(), half)]).expect("in memory");
    let Some((file, _)) = half.sources().iter().find(|(id, _)| half.absolute(*id) == Some(&path)) else { return true };
    let found = completion(&half, file, typed as u32);
    let word = word.slice(text);
    found.items.iter().any(|item| {
        let label = item.label.trim_matches(['(', ')', '[', ']']);
        label == word || label.rsplit('.').next() == Some(word)
    })
}

/// Of so many words in a hundred that are written somewhere the completion is offered; the rest are words that it never
/// offers, such as `t` for `true` and entries of maps.
const OFFERED: usize = 97;

#[test]
fn what_is_written_is_offered_once_its_line_is_half_typed() {
    let project = match std::env::var("PROTOLINT_TREE") {
        Ok(path) => {
            Project::open(&Settings { paths: vec![PathBuf::from(path)], ..Settings::default() }).expect("a tree")
        }
        Err(_) => Project::in_memory(schemas("protoc/accepted")),
    };
    let files: Vec<FileId> = project.sources().iter().map(|(file, _)| file).collect();
    let step = files.len().div_ceil(300);
    let missed_in = |file: &FileId| {
        let source = project.sources().get(*file);
        let tree = syntax::parse(source.text());
        let kinds = [NodeKind::TypeName, NodeKind::OptionPart, NodeKind::Scalar, NodeKind::ValueName];
        let words = tree.nodes().filter(|node| kinds.contains(&node.kind()) && tree.faults().is_empty());
        let words = words.filter_map(|node| node.tokens().iter().rev().find(|token| token.kind == TokenKind::Ident));
        let words: Vec<Span> = words.map(|token| token.span()).step_by(step).collect();
        let missed = words.iter().filter(|word| !is_offered(&project, *file, **word)).map(|word| {
            let position = source.position(word.start);
            format!("{}:{}:{} {}", source.path(), position.line, position.column, word.slice(source.text()))
        });
        (words.len(), missed.collect::<Vec<String>>())
    };
    let found: Vec<(usize, Vec<String>)> = files.par_iter().step_by(step).map(missed_in).collect();
    let count: usize = found.iter().map(|(count, _)| count).sum();
    let missed: Vec<String> = found.into_iter().flat_map(|(_, missed)| missed).collect();
    assert!(missed.len() * 100 < count * (100 - OFFERED), "{} of {count}\n{}", missed.len(), missed.join("\n"));
    assert!(count > 1000, "{count}");
}
