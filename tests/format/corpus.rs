//! The texts to format.

use std::path::Path;

use protolint::rules;

use super::support::pages;

type Texts = Vec<(String, String)>;

/// Makes another form of a text.
type Change = fn(&str) -> String;

/// The schemas of all pages and of test data, and of the tree that `FORMAT_TREE` names.
fn found() -> Texts {
    let mut texts = Texts::new();
    let rules = rules::lint_rules().into_iter().chain(rules::compile_rules()).chain(rules::breaking_rules());
    for rule in rules {
        for (index, tree) in pages::trees(rule.page.text).into_iter().enumerate() {
            let files = tree.files.into_iter().filter(|(path, _)| path.ends_with(".proto"));
            texts.extend(files.map(|(path, text)| (format!("{} {index} {path}", rule.id), text)));
        }
    }
    texts.extend(below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")));
    match std::env::var_os("FORMAT_TREE") {
        Some(tree) => texts.extend(below(Path::new(&tree))),
        None => eprintln!("FORMAT_TREE names no tree: only pages and test data are formatted"),
    }
    texts
}

/// The schemas below a directory.
pub fn below(directory: &Path) -> Texts {
    let walk = walkdir::WalkDir::new(directory).sort_by_file_name().into_iter().map(Result::unwrap);
    let schemas = walk.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "proto"));
    let text = |path: &Path| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    schemas.filter_map(|entry| text(entry.path())).collect()
}

/// All texts as they are, and some of them in each form that means the same.
pub fn texts() -> Texts {
    let forms: [(&str, Change); 7] = [
        ("as it is", str::to_owned),
        ("with CRLF", |text| text.replace("\r\n", "\n").replace('\n', "\r\n")),
        ("with a byte order mark", |text| format!("\u{feff}{}", text.trim_start_matches('\u{feff}'))),
        ("with tabs", |text| text.replace("  ", "\t")),
        ("without indentation", |text| text.lines().map(|line| format!("{}\n", line.trim_start())).collect()),
        ("with empty lines", |text| text.replace('\n', "\n\n\n")),
        ("partly off", |text| partly_off(text)),
    ];
    let found = found();
    let is_tried = |index: usize, form: usize| form == 0 || (index + form).is_multiple_of(3);
    let of = |(index, (name, text)): (usize, &(String, String))| {
        let forms = forms.iter().enumerate().filter(|(form, _)| is_tried(index, *form));
        forms.map(|(_, (form, change))| (format!("{name} {form}"), change(text))).collect::<Vec<_>>()
    };
    found.iter().enumerate().flat_map(of).collect()
}

/// A third of the lines between comments that turn formatting off and on.
fn partly_off(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (start, end) = (lines.len() / 3, lines.len() * 2 / 3);
    let (off, on) = ("// protolint:format off\n", "// protolint:format on\n");
    [&lines[..start].concat(), off, &lines[start..end].concat(), on, &lines[end..].concat()].concat()
}

/// Texts of which one word or sign is missing, a few of each.
pub fn with_a_token_less() -> Texts {
    let mut texts = Texts::new();
    for (name, text) in found() {
        let pieces = pieces(&text);
        let step = (pieces.len() / 12).max(1);
        for (at, piece) in pieces.iter().enumerate().skip(name.len() % step).step_by(step) {
            let before = piece.as_ptr() as usize - text.as_ptr() as usize;
            texts.push((
                format!("{name} without piece {at}"),
                format!("{}{}", &text[..before], &text[before + piece.len()..]),
            ));
        }
    }
    texts
}

/// Words and signs.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = Vec::new();
    for word in text.split(|letter: char| letter.is_whitespace()) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = match is_word(first) {
                true => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            pieces.push(&rest[..length]);
            rest = &rest[length..];
        }
    }
    pieces
}
