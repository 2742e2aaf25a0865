//! Which rules each version of `buf.yaml` has, and in which categories: v2 as the pages say, the older ones by how they
//! differ from it. From what `buf config ls-lint-rules` and `ls-breaking-rules` of buf 1.75 print.

use crate::rules::{self, Family, Rule};

/// The versions of `buf.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BufVersion {
    /// `v1beta1`
    V1Beta1,
    /// `v1`
    V1,
    /// `v2`
    V2,
}

/// The categories of v2; the other groups are of this tool alone. `DEFAULT` is the old name of `STANDARD`.
const CATEGORIES: [&str; 10] =
    ["BASIC", "COMMENTS", "CSR", "FILE", "MINIMAL", "PACKAGE", "STANDARD", "UNARY_RPC", "WIRE", "WIRE_JSON"];
/// A rule of buf that is in no category, which those of this tool cannot be distinguished from by their groups.
const UNGROUPED: &str = "STABLE_PACKAGE_NO_IMPORT_UNSTABLE";

/// Rules that are there since a later version than the first.
const ADDED: [(&str, BufVersion); 11] = [
    ("IMPORT_USED", BufVersion::V1),
    ("PACKAGE_NO_IMPORT_CYCLE", BufVersion::V1),
    ("PROTOVALIDATE", BufVersion::V1),
    ("SYNTAX_SPECIFIED", BufVersion::V1),
    ("FIELD_WIRE_COMPATIBLE_TYPE", BufVersion::V1),
    ("FIELD_WIRE_JSON_COMPATIBLE_TYPE", BufVersion::V1),
    ("FIELD_NOT_REQUIRED", BufVersion::V2),
    (UNGROUPED, BufVersion::V2),
    ("EXTENSION_NO_DELETE", BufVersion::V2),
    ("FIELD_SAME_DEFAULT", BufVersion::V2),
    ("PACKAGE_EXTENSION_NO_DELETE", BufVersion::V2),
];

/// A rule that only v1beta1 has; protoc's C++ generator minds it.
pub(super) const NO_DESCRIPTOR: &str = "FIELD_NO_DESCRIPTOR";

const ALL_LINT: &str = "STANDARD DEFAULT BASIC MINIMAL";
const STYLE: &str = "STANDARD DEFAULT BASIC STYLE_STANDARD STYLE_DEFAULT STYLE_BASIC";
const STYLE_ONLY_STANDARD: &str = "STANDARD DEFAULT STYLE_STANDARD STYLE_DEFAULT";

/// The categories of v1beta1 that are not those of v1.
const FIRST_CATEGORIES: [(&str, &str, &str); 32] = [
    ("DIRECTORY_SAME_PACKAGE", ALL_LINT, "FILE_LAYOUT"),
    ("PACKAGE_DIRECTORY_MATCH", ALL_LINT, "FILE_LAYOUT"),
    ("PACKAGE_SAME_DIRECTORY", ALL_LINT, "FILE_LAYOUT"),
    ("PACKAGE_SAME_CSHARP_NAMESPACE", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_GO_PACKAGE", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_JAVA_MULTIPLE_FILES", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_JAVA_PACKAGE", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_PHP_NAMESPACE", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_RUBY_PACKAGE", ALL_LINT, "PACKAGE_AFFINITY"),
    ("PACKAGE_SAME_SWIFT_PREFIX", ALL_LINT, "PACKAGE_AFFINITY"),
    ("ENUM_NO_ALLOW_ALIAS", ALL_LINT, "SENSIBLE"),
    (NO_DESCRIPTOR, ALL_LINT, "SENSIBLE"),
    ("IMPORT_NO_PUBLIC", ALL_LINT, "SENSIBLE"),
    ("PACKAGE_DEFINED", ALL_LINT, "SENSIBLE"),
    ("ENUM_PASCAL_CASE", STYLE, ""),
    ("ENUM_VALUE_UPPER_SNAKE_CASE", STYLE, ""),
    ("FIELD_LOWER_SNAKE_CASE", STYLE, ""),
    ("MESSAGE_PASCAL_CASE", STYLE, ""),
    ("ONEOF_LOWER_SNAKE_CASE", STYLE, ""),
    ("PACKAGE_LOWER_SNAKE_CASE", STYLE, ""),
    ("RPC_PASCAL_CASE", STYLE, ""),
    ("SERVICE_PASCAL_CASE", STYLE, ""),
    ("ENUM_VALUE_PREFIX", STYLE_ONLY_STANDARD, ""),
    ("ENUM_ZERO_VALUE_SUFFIX", STYLE_ONLY_STANDARD, ""),
    ("FILE_LOWER_SNAKE_CASE", STYLE_ONLY_STANDARD, ""),
    ("PACKAGE_VERSION_SUFFIX", STYLE_ONLY_STANDARD, ""),
    ("RPC_REQUEST_RESPONSE_UNIQUE", STYLE_ONLY_STANDARD, ""),
    ("RPC_REQUEST_STANDARD_NAME", STYLE_ONLY_STANDARD, ""),
    ("RPC_RESPONSE_STANDARD_NAME", STYLE_ONLY_STANDARD, ""),
    ("SERVICE_SUFFIX", STYLE_ONLY_STANDARD, ""),
    ("ENUM_FIRST_VALUE_ZERO", "OTHER", ""),
    ("FILE_SAME_PACKAGE", "FILE", ""),
];
/// Rules that v1beta1 has in all four categories of changes.
const FIRST_IN_ALL: [&str; 2] = ["FIELD_SAME_CARDINALITY", "FIELD_SAME_TYPE"];

/// Rules that buf has given up, with those that took their place.
const RETIRED: [(&str, &[&str]); 6] = [
    ("IMPORT_NO_WEAK", &[]),
    ("FIELD_SAME_CTYPE", &["FIELD_SAME_CPP_STRING_TYPE"]),
    (
        "FIELD_SAME_LABEL",
        &["FIELD_SAME_CARDINALITY", "FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"],
    ),
    ("FILE_SAME_JAVA_STRING_CHECK_UTF8", &["FIELD_SAME_JAVA_UTF8_VALIDATION"]),
    ("FILE_SAME_PHP_GENERIC_SERVICES", &[]),
    ("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", &[]),
];

impl BufVersion {
    /// As a configuration names it.
    pub fn name(self) -> &'static str {
        match self {
            BufVersion::V1Beta1 => "v1beta1",
            BufVersion::V1 => "v1",
            BufVersion::V2 => "v2",
        }
    }

    /// The version of that name.
    pub(super) fn of(name: &str) -> Option<BufVersion> {
        [BufVersion::V1Beta1, BufVersion::V1, BufVersion::V2].into_iter().find(|version| version.name() == name)
    }

    /// Whether it has a rule.
    pub(super) fn has(self, rule: &Rule) -> bool {
        if rule.id == NO_DESCRIPTOR {
            return self == BufVersion::V1Beta1;
        }
        let is_of_buf = rule.id == UNGROUPED || rule.page.groups().any(|group| CATEGORIES.contains(&group));
        let added = ADDED.iter().find(|(id, _)| *id == rule.id);
        is_of_buf && added.is_none_or(|&(_, since)| since <= self)
    }

    /// The categories of a rule that it has.
    fn categories(self, rule: &Rule) -> Vec<&'static str> {
        if self == BufVersion::V1Beta1 {
            if let Some((_, names, one)) = FIRST_CATEGORIES.iter().find(|(id, ..)| *id == rule.id) {
                return names.split(' ').chain([*one]).filter(|name| !name.is_empty()).collect();
            }
            if FIRST_IN_ALL.contains(&rule.id) {
                return vec!["FILE", "PACKAGE", "WIRE_JSON", "WIRE"];
            }
        }
        if self < BufVersion::V2 && rule.id == "PACKAGE_NO_IMPORT_CYCLE" {
            return Vec::new();
        }
        let mut groups: Vec<&str> = rule.page.groups().filter(|group| CATEGORIES.contains(group)).collect();
        groups.retain(|group| self == BufVersion::V2 || *group != "CSR");
        if groups.contains(&"STANDARD") {
            groups.push("DEFAULT");
        }
        groups
    }

    fn rules(self, family: Family) -> impl Iterator<Item = &'static Rule> {
        family.rules().into_iter().filter(move |rule| self.has(rule))
    }

    /// The rules of a category; none where there is no such category.
    pub(crate) fn group(self, family: Family, name: &str) -> Option<Vec<&'static Rule>> {
        let rules: Vec<_> = self.rules(family).filter(|rule| self.categories(rule).contains(&name)).collect();
        (!rules.is_empty()).then_some(rules)
    }

    /// The rules that a rule's id or a category's name stands for; none where there is neither.
    pub(super) fn named(self, family: Family, name: &str) -> Option<Vec<&'static Rule>> {
        let own = rules::find(name).filter(|rule| Family::of(rule) == Some(family) && self.has(rule));
        own.map(|rule| vec![rule]).or_else(|| self.group(family, name))
    }

    /// All names of rules and categories.
    pub(super) fn names(self, family: Family) -> Vec<&'static str> {
        let mut names: Vec<&str> =
            self.rules(family).flat_map(|rule| self.categories(rule).into_iter().chain([rule.id])).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What took the place of a rule that buf has given up: those that this version has.
    pub(super) fn successors(self, family: Family, name: &str) -> Option<Vec<&'static str>> {
        let (id, successors) = RETIRED.iter().find(|(id, _)| *id == name)?;
        let is_lint = *id == "IMPORT_NO_WEAK";
        let has = |id: &&&'static str| rules::find(id).is_some_and(|rule| self.has(rule));
        (is_lint == (family == Family::Lint)).then(|| successors.iter().filter(has).copied().collect())
    }
}
