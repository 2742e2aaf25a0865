//! What `.editorconfig` files say of files.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use super::{EditorConfigs, EditorStyle, UNLIMITED};
use crate::format::{Indent, LineEnd};
use crate::rules::Settings;

/// The style of a file in a directory with these other files.
fn style(files: &[(&str, &str)], file: &str) -> EditorStyle {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    EditorConfigs::default().style_of(&directory.path().join(file))
}

fn indent(text: &str, file: &str) -> Option<Indent> {
    style(&[(".editorconfig", text)], file).indent
}

#[test]
fn the_nearest_file_and_the_last_section_win() {
    let top = "[*]\nindent_size = 3\nmax_line_length = 100\n[*.proto]\nIndent_Size=4\nend_of_line = CRLF\n";
    let near = "[*.proto]\nindent_style = tab\ntab_width = 8\nmax_line_length = unset\n";
    let files = [(".editorconfig", top), ("a/.editorconfig", near), ("b/.editorconfig", "root = true\n")];
    let above = style(&files, "x.proto");
    assert_eq!((above.indent, above.line_length), (Some(Indent::Spaces(4)), Some(100)));
    assert_eq!((above.tab_width, above.line_end), (Some(4), Some(LineEnd::CrLf)));
    let below = style(&files, "a/v1/x.proto");
    assert_eq!((below.indent, below.line_length, below.tab_width), (Some(Indent::Tab), None, Some(8)));
    assert_eq!(style(&files, "b/x.proto"), EditorStyle::default());
}

#[test]
fn globs_mean_what_they_mean_to_editors() {
    for (glob, file, is_meant) in [
        ("*", "a/b.proto", true),
        ("*.proto", "a/b.proto", true),
        ("*.{yaml,proto}", "b.proto", true),
        ("*.yaml", "b.proto", false),
        ("a/*.proto", "a/b.proto", true),
        ("/*.proto", "a/b.proto", false),
        ("a/**.proto", "a/b/c.proto", false),
        ("a/**/*.proto", "a/b/c.proto", true),
        ("[!a].proto", "b.proto", true),
        ("b?.proto", "b.proto", false),
        ("v{1..3}.proto", "v2.proto", true),
        ("v{1..3}.proto", "v4.proto", false),
        ("{", "b.proto", false),
    ] {
        let found = indent(&format!("[{glob}]\nindent_size = 3\n"), file);
        assert_eq!(found.is_some(), is_meant, "{glob} {file}");
    }
}

#[test]
fn what_cannot_be_read_has_no_effect() {
    for text in ["indent_size = 3", "[*]\nindent_size = 99", "[*\nindent_size = 3", "[*]\nindent_size", "[*]\n= 3\n"] {
        assert_eq!(indent(text, "a.proto"), None, "{text}");
    }
    assert_eq!(style(&[(".editorconfig/x", "")], "a.proto"), EditorStyle::default());
    assert_eq!(EditorConfigs::default().style_of(Path::new("/")), EditorStyle::default());
}

#[test]
fn the_configuration_wins() {
    let style = style(&[(".editorconfig", "[*]\nindent_size = 4\nmax_line_length = off\n")], "a.proto");
    let mut settings = Settings::default();
    let filled = style.fill_in(&settings);
    assert_eq!((filled.indent, filled.line_length), (Indent::Spaces(4), UNLIMITED));
    settings.given.indent = true;
    assert_eq!(style.fill_in(&settings).indent, Indent::Spaces(2));
}
