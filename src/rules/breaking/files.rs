//! What a file states about itself, and the options that generators name things by.

use rustc_hash::FxHashSet;

use crate::compare::impact;
use crate::compare::pairing::Pair;
use crate::finding::{Layer, Verdict};
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{File, Import, ImportKind, OptionValue, Part, Syntax};

pub(super) const RULES: &[&Rule] = &[
    &FILE_SAME_CC_ENABLE_ARENAS,
    &FILE_SAME_CC_GENERIC_SERVICES,
    &FILE_SAME_CSHARP_NAMESPACE,
    &FILE_SAME_GO_PACKAGE,
    &FILE_SAME_JAVA_GENERIC_SERVICES,
    &FILE_SAME_JAVA_MULTIPLE_FILES,
    &FILE_SAME_JAVA_OUTER_CLASSNAME,
    &FILE_SAME_JAVA_PACKAGE,
    &FILE_SAME_OBJC_CLASS_PREFIX,
    &FILE_SAME_OPTIMIZE_FOR,
    &FILE_SAME_PACKAGE,
    &FILE_SAME_PHP_CLASS_PREFIX,
    &FILE_SAME_PHP_METADATA_NAMESPACE,
    &FILE_SAME_PHP_NAMESPACE,
    &FILE_SAME_PY_GENERIC_SERVICES,
    &FILE_SAME_RUBY_PACKAGE,
    &FILE_SAME_SWIFT_PREFIX,
    &FILE_SAME_SYNTAX,
    &IMPORT_PUBLIC_NO_DELETE,
];

/// A rule that compares an option, whose default counts as its value where it is not set.
macro_rules! same_option {
    ($ID:ident, $option:literal, $default:literal) => {
        rule!(breaking $ID: Check::FilePair(|pair, cx| same_option(pair, $option, $default, cx)));
    };
}

same_option!(FILE_SAME_CC_ENABLE_ARENAS, "cc_enable_arenas", "true");
same_option!(FILE_SAME_CC_GENERIC_SERVICES, "cc_generic_services", "false");
same_option!(FILE_SAME_CSHARP_NAMESPACE, "csharp_namespace", "");
same_option!(FILE_SAME_GO_PACKAGE, "go_package", "");
same_option!(FILE_SAME_JAVA_GENERIC_SERVICES, "java_generic_services", "false");
same_option!(FILE_SAME_JAVA_MULTIPLE_FILES, "java_multiple_files", "false");
same_option!(FILE_SAME_JAVA_OUTER_CLASSNAME, "java_outer_classname", "");
same_option!(FILE_SAME_JAVA_PACKAGE, "java_package", "");
same_option!(FILE_SAME_OBJC_CLASS_PREFIX, "objc_class_prefix", "");
same_option!(FILE_SAME_OPTIMIZE_FOR, "optimize_for", "SPEED");
same_option!(FILE_SAME_PHP_CLASS_PREFIX, "php_class_prefix", "");
same_option!(FILE_SAME_PHP_METADATA_NAMESPACE, "php_metadata_namespace", "");
same_option!(FILE_SAME_PHP_NAMESPACE, "php_namespace", "");
same_option!(FILE_SAME_PY_GENERIC_SERVICES, "py_generic_services", "false");
same_option!(FILE_SAME_RUBY_PACKAGE, "ruby_package", "");
same_option!(FILE_SAME_SWIFT_PREFIX, "swift_prefix", "");
rule!(breaking FILE_SAME_PACKAGE: Check::FilePair(file_same_package));
rule!(breaking FILE_SAME_SYNTAX: Check::FilePair(file_same_syntax));
rule!(breaking IMPORT_PUBLIC_NO_DELETE: Check::FilePair(import_public_no_delete));

fn same_option<'s>(pair: Pair<File<'s>>, option: &str, default: &'static str, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(|file| match file.options().get(option).map(|o| o.value()) {
        Some(OptionValue::String(value) | OptionValue::Identifier(value)) => value,
        _ => default,
    });
    if before != after {
        let shown = |value: &str| if value.is_empty() { "no value".to_owned() } else { format!("`{value}`") };
        cx.report(
            pair.after,
            Part::Option(option),
            format!("file option `{option}` changed from {} to {}", shown(before), shown(after)),
        )
        .before(pair.before, Part::Option(option))
        .breaks(Verdict::source());
    }
}

fn file_same_package<'s>(pair: Pair<File<'s>>, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(|file| file.package().unwrap_or_default());
    if before != after {
        let shown = |name: &str| if name.is_empty() { "no package".to_owned() } else { format!("`{name}`") };
        // The package is part of the path of an rpc, and of the name in an `Any`.
        let impact = match pair.before.services().len() {
            0 => impact::stored_data_lost(),
            _ => Verdict::both(Layer::Grpc).and(Verdict::source()).into(),
        };
        cx.report(pair.after, Part::Package, format!("package changed from {} to {}", shown(before), shown(after)))
            .before(pair.before, Part::Package)
            .help("add new files for the new package, and keep the old package until no code uses it")
            .breaks(impact);
    }
}

fn file_same_syntax<'s>(pair: Pair<File<'s>>, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(|file| match file.syntax() {
        Syntax::Unspecified | Syntax::Proto2 => "proto2",
        Syntax::Proto3 => "proto3",
        Syntax::Edition(_) => "editions",
    });
    if before != after {
        cx.report(pair.after, Part::Syntax, format!("syntax changed from {before} to {after}"))
            .before(pair.before, Part::Syntax)
            .breaks(Verdict::source());
    }
}

fn import_public_no_delete<'s>(pair: Pair<File<'s>>, cx: &mut ChangeCx<'s>) {
    let mut old = public(pair.before).peekable();
    if old.peek().is_none() {
        return;
    }
    let given = given_publicly(pair.after);
    for old in old.filter(|old| !given.contains(old.path())) {
        let message = format!("public import of `{}` was deleted", old.path());
        cx.report(pair.after, Part::Declaration, message)
            .before(old, Part::Declaration)
            .help(format!("keep `import public \"{}\";`, as importers of this file may use its types", old.path()))
            .breaks(Verdict::source());
    }
}

fn public(file: File<'_>) -> impl Iterator<Item = Import<'_>> {
    file.imports().filter(|import| import.kind() == ImportKind::Public)
}

/// The paths of the files that importers of a file see too.
fn given_publicly(file: File<'_>) -> FxHashSet<&str> {
    let (mut given, mut next) = (FxHashSet::default(), vec![file]);
    while let Some(file) = next.pop() {
        for import in public(file) {
            if given.insert(import.path()) {
                next.extend(import.target());
            }
        }
    }
    given
}
