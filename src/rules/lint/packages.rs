//! What the files of one package, or of one directory, must agree on.

use crate::rules::{Check, Cx, Reach, Rule, rule, version};
use crate::schema::{File, Part, Root};

pub(super) const RULES: &[&Rule] = &[
    &DIRECTORY_SAME_PACKAGE,
    &PACKAGE_SAME_CSHARP_NAMESPACE,
    &PACKAGE_SAME_DIRECTORY,
    &PACKAGE_SAME_GO_PACKAGE,
    &PACKAGE_SAME_JAVA_MULTIPLE_FILES,
    &PACKAGE_SAME_JAVA_PACKAGE,
    &PACKAGE_SAME_PHP_NAMESPACE,
    &PACKAGE_SAME_RUBY_PACKAGE,
    &PACKAGE_SAME_SWIFT_PREFIX,
    &PACKAGE_VERSION_SUFFIX,
];

rule!(lint DIRECTORY_SAME_PACKAGE: Check::Root(Reach::Packages, directory_same_package));
rule!(lint PACKAGE_SAME_CSHARP_NAMESPACE: Check::Root(Reach::Packages, |root, cx| same_option(root, "csharp_namespace", cx)));
rule!(lint PACKAGE_SAME_DIRECTORY: Check::Root(Reach::Packages, package_same_directory));
rule!(lint PACKAGE_SAME_GO_PACKAGE: Check::Root(Reach::Packages, |root, cx| same_option(root, "go_package", cx)));
rule!(lint PACKAGE_SAME_JAVA_MULTIPLE_FILES: Check::Root(Reach::Packages, |root, cx| same_option(root, "java_multiple_files", cx)));
rule!(lint PACKAGE_SAME_JAVA_PACKAGE: Check::Root(Reach::Packages, |root, cx| same_option(root, "java_package", cx)));
rule!(lint PACKAGE_SAME_PHP_NAMESPACE: Check::Root(Reach::Packages, |root, cx| same_option(root, "php_namespace", cx)));
rule!(lint PACKAGE_SAME_RUBY_PACKAGE: Check::Root(Reach::Packages, |root, cx| same_option(root, "ruby_package", cx)));
rule!(lint PACKAGE_SAME_SWIFT_PREFIX: Check::Root(Reach::Packages, |root, cx| same_option(root, "swift_prefix", cx)));
rule!(lint PACKAGE_VERSION_SUFFIX: Check::File(package_version_suffix));

fn package_version_suffix(file: File<'_>, cx: &mut Cx<'_>) {
    let Some(package) = file.known_package() else { return };
    if version::stability(package).is_none() {
        let versioned = version::versioned(package);
        let message = format!("package `{package}` should end with a version, such as `{versioned}`");
        cx.report(file, Part::Package, message);
    }
}

fn directory_same_package(root: &Root<'_>, cx: &mut Cx<'_>) {
    for (directory, files) in &root.directories {
        let package =
            |file: File<'_>| file.package().map_or_else(|| "no package".to_owned(), |name| format!("`{name}`"));
        disagreement(files, package, Part::Package, cx, |values| {
            format!("files in directory `{directory}` should have one package, but have {values}")
        });
    }
}

fn package_same_directory(root: &Root<'_>, cx: &mut Cx<'_>) {
    for (package, files) in &root.packages {
        let directory = |file: File<'_>| format!("`{}`", file.directory());
        disagreement(files, directory, Part::Package, cx, |values| {
            format!("files of {} should be in one directory, but are in {values}", name_of(package))
        });
    }
}

fn name_of(package: &str) -> String {
    if package.is_empty() { "no package".to_owned() } else { format!("package `{package}`") }
}

fn same_option(root: &Root<'_>, option: &str, cx: &mut Cx<'_>) {
    // Where no file has a value, all agree.
    let Some(values) = root.files_with_option(option) else { return };
    for (package, files) in &root.packages {
        let value_of = |file: &File<'_>| values.get(&file.index);
        let mut known = files.iter().filter(|file| file.are_options_known());
        let Some(first) = known.next() else { continue };
        if known.all(|file| value_of(file) == value_of(first)) {
            continue;
        }
        let files: Vec<File<'_>> = files.iter().copied().filter(|file| file.are_options_known()).collect();
        let value = |file: File<'_>| match value_of(&file) {
            Some(value) => format!("`{value}`"),
            None => "no value".to_owned(),
        };
        disagreement(&files, value, Part::Option(option), cx, |values| {
            format!("files of {} should have one value of `{option}`, but have {values}", name_of(package))
        });
    }
}

/// Reports every file of a group whose members do not all have the same value.
fn disagreement(
    files: &[File<'_>],
    value: impl Fn(File<'_>) -> String,
    part: Part<'_>,
    cx: &mut Cx<'_>,
    message: impl Fn(&str) -> String,
) {
    let values: Vec<String> = files.iter().map(|&file| value(file)).collect();
    let Some(first) = values.first() else { return };
    if values.iter().all(|value| value == first) {
        return;
    }
    let message = message(&listed(&values));
    for (file, own) in files.iter().zip(&values) {
        let report = cx.report(*file, part, message.clone());
        if let Some(at) = values.iter().position(|value| value != own) {
            report.label(files[at], part, format!("{} here", values[at]));
        }
    }
}

/// The distinct values, in order, at most five of them.
fn listed(values: &[String]) -> String {
    let mut distinct: Vec<&str> = values.iter().map(String::as_str).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let rest = distinct.len().saturating_sub(5);
    distinct.truncate(5);
    let list = distinct.join(", ");
    if rest > 0 { format!("{list} and {rest} more") } else { list }
}
