//! What a file states about itself.

use crate::rules::edit::add_first;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{File, Part, Syntax};

pub(super) const RULES: &[&Rule] = &[&PACKAGE_DEFINED, &PACKAGE_DIRECTORY_MATCH, &SYNTAX_CONSISTENT, &SYNTAX_SPECIFIED];

rule!(lint PACKAGE_DEFINED: Check::File(package_defined));
rule!(lint PACKAGE_DIRECTORY_MATCH: Check::File(package_directory_match));
rule!(lint SYNTAX_CONSISTENT: Check::File(syntax_consistent));
rule!(lint SYNTAX_SPECIFIED: Check::File(syntax_specified));

fn package_defined(file: File<'_>, cx: &mut Cx<'_>) {
    if file.package().is_some_and(|package| !package.is_empty()) || !file.is_package_known() {
        return;
    }
    let package = file.directory().replace('/', ".");
    let report = cx.report(file, Part::Declaration, "file should have a package");
    if package != "." {
        report.help(format!("add `package {package};`"));
    }
}

fn package_directory_match(file: File<'_>, cx: &mut Cx<'_>) {
    let Some(package) = file.known_package() else { return };
    let wanted = package.replace('.', "/");
    let directory = file.directory();
    if directory != wanted {
        let message = format!("files of package `{package}` should be in directory `{wanted}`, not in `{directory}`");
        match file.inferred_root() {
            Some(root) => cx
                .report(file, Part::Package, format!("{message} (import root `{root}`, inferred)"))
                .help("directories count from the import root; `roots: [DIR]` in protolint.yaml sets it"),
            None => cx.report(file, Part::Package, message).help("directories count from the import root"),
        };
    }
}

fn syntax_consistent(file: File<'_>, cx: &mut Cx<'_>) {
    let wanted = cx.settings.syntax.as_str();
    let (spoken, found) = match file.syntax() {
        Syntax::Unspecified | Syntax::Proto2 => ("", "proto2".to_owned()),
        Syntax::Proto3 => ("", "proto3".to_owned()),
        Syntax::Edition(edition) => ("edition ", edition.to_string()),
    };
    if found != wanted {
        let keyword = if wanted.starts_with("proto") { "syntax" } else { "edition" };
        cx.report(file, Part::Syntax, format!("file should be written in `{wanted}`, not in {spoken}`{found}`")).help(
            format!(
                "write `{keyword} = \"{wanted}\";`, and run `protolint breaking`: it can change the meaning of fields"
            ),
        );
    }
}

fn syntax_specified(file: File<'_>, cx: &mut Cx<'_>) {
    if file.syntax() == Syntax::Unspecified {
        let tree = cx.tree(file);
        let statement = "syntax = \"proto2\";";
        cx.report(file, Part::Declaration, "file should state its syntax or edition; it is read as proto2")
            .help(format!("add `{statement}`"))
            .fix(|place| vec![add_first(&tree, place, statement)]);
    }
}
