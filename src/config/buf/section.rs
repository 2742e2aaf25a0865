//! What the `lint` and `breaking` sections of a `buf.yaml` mean.

use super::source::Source;
use crate::config::breaking::BreakingConfig;
use crate::config::buf_version::BufVersion;
use crate::config::check::{CheckConfig, Ignore};
use crate::config::raw::{Entry, Value};
use crate::config::reader::{Fields, Section, Word};
use crate::config::sets::Sets;
use crate::nearest::nearest;
use crate::pattern::PathPatterns;
use crate::rules::{self, Family};

const LINT: usize = 0;
const LINT_V1: usize = 1;
const BREAKING: usize = 2;

const SECTIONS: [Section; 3] = [
    Section {
        path: "lint",
        keys: &[
            "use",
            "except",
            "ignore",
            "ignore_only",
            "disallow_comment_ignores",
            "enum_zero_value_suffix",
            "rpc_allow_same_request_response",
            "rpc_allow_google_protobuf_empty_requests",
            "rpc_allow_google_protobuf_empty_responses",
            "service_suffix",
            "disable_builtin",
        ],
    },
    Section {
        path: "lint",
        keys: &[
            "use",
            "except",
            "ignore",
            "ignore_only",
            "allow_comment_ignores",
            "enum_zero_value_suffix",
            "rpc_allow_same_request_response",
            "rpc_allow_google_protobuf_empty_requests",
            "rpc_allow_google_protobuf_empty_responses",
            "service_suffix",
            "disable_builtin",
        ],
    },
    Section {
        path: "breaking",
        keys: &["use", "except", "ignore", "ignore_only", "ignore_unstable_packages", "disable_builtin"],
    },
];

/// The keys of `lint` or `breaking`; none of other sections.
pub(super) fn keys(is_v2: bool, section: &str) -> &'static [&'static str] {
    match section {
        "lint" => SECTIONS[if is_v2 { LINT } else { LINT_V1 }].keys,
        "breaking" => SECTIONS[BREAKING].keys,
        _ => &[],
    }
}

/// Where the paths of a section count from, and where they have to lie.
pub(super) struct Bases<'b> {
    pub(super) from: &'b [String],
    pub(super) within: Option<&'b str>,
}

impl Source {
    pub(super) fn lint(&mut self, entry: Option<&Entry>, bases: &Bases<'_>) -> CheckConfig {
        let mut check = defaults(self.version).0;
        let Some(entry) = entry else { return check };
        let section = &SECTIONS[if self.version == BufVersion::V2 { LINT } else { LINT_V1 }];
        let fields = self.reader.fields(&entry.value, entry.key.span, section, &[]);
        self.selection(&fields, Family::Lint, (&mut check.uses, &mut check.except));
        check.ignore = self.ignores(&fields, Family::Lint, bases);
        for (key, allows) in [("allow_comment_ignores", true), ("disallow_comment_ignores", false)] {
            if let Some(on) = self.boolean(&fields, key) {
                check.buf_ignore_comments = on == allows;
            }
        }
        let mut text = |key: &str| fields.get(key).and_then(|entry| self.reader.word(entry));
        let given = |word: &Word| !word.text.is_empty();
        if let Some(suffix) = text("enum_zero_value_suffix").filter(given) {
            check.settings.enum_zero_value_suffix = vec![suffix.text];
        }
        if let Some(suffix) = text("service_suffix").filter(given) {
            check.settings.service_suffix = suffix.text;
        }
        let settings = &mut check.settings;
        for (key, switch) in [
            ("rpc_allow_same_request_response", &mut settings.rpc_allow_same_request_response),
            ("rpc_allow_google_protobuf_empty_requests", &mut settings.rpc_allow_google_protobuf_empty_requests),
            ("rpc_allow_google_protobuf_empty_responses", &mut settings.rpc_allow_google_protobuf_empty_responses),
        ] {
            *switch = self.boolean(&fields, key).unwrap_or(*switch);
        }
        check
    }

    pub(super) fn breaking(&mut self, entry: Option<&Entry>, bases: &Bases<'_>) -> BreakingConfig {
        let mut breaking = defaults(self.version).1;
        let Some(entry) = entry else { return breaking };
        let fields = self.reader.fields(&entry.value, entry.key.span, &SECTIONS[BREAKING], &[]);
        self.selection(&fields, Family::Breaking, (&mut breaking.uses, &mut breaking.except));
        if breaking.uses.is_empty() {
            // Where no name is listed, all rules would be meant.
            (breaking.uses, breaking.except) = (vec!["FILE".to_owned()], vec!["FILE".to_owned()]);
        }
        breaking.ignore = self.ignores(&fields, Family::Breaking, bases);
        breaking.ignore_unstable_packages = self.boolean(&fields, "ignore_unstable_packages").unwrap_or_default();
        breaking
    }

    fn boolean(&mut self, fields: &Fields<'_>, key: &str) -> Option<bool> {
        fields.get(key).and_then(|entry| self.reader.boolean(entry))
    }

    fn selection(&mut self, fields: &Fields<'_>, family: Family, (uses, except): (&mut Vec<String>, &mut Vec<String>)) {
        let is_empty = |entry: &&&Entry| matches!(&entry.value.value, Value::List(items) if items.is_empty());
        if let Some(entry) = fields.get("use").filter(|entry| !is_empty(entry)) {
            *uses = self.names(entry, family);
        }
        if let Some(entry) = fields.get("except") {
            *except = self.names(entry, family);
        }
        if let Some(entry) = fields.get("disable_builtin")
            && self.reader.boolean(entry) == Some(true)
        {
            let command = family.command();
            self.note(
                entry.key.span,
                format!(
                    "`disable_builtin` leaves only rules of plugins, which are not supported: no rule of `{command}` is on"
                ),
            );
            uses.clear();
        }
    }

    /// Names of rules and categories, those that buf has given up replaced.
    fn names(&mut self, entry: &Entry, family: Family) -> Vec<String> {
        let words = self.reader.words(entry);
        words.iter().flat_map(|word| self.name(word, family)).collect()
    }

    /// A name that is known to the version, or what took its place; none where there is nothing.
    fn name(&mut self, word: &Word, family: Family) -> Vec<String> {
        if self.version.named(family, &word.text).is_some() {
            return vec![word.text.clone()];
        }
        if let Some(successors) = self.version.successors(family, &word.text) {
            let instead = match successors.join(", ") {
                none if none.is_empty() => "it has no effect: remove it".to_owned(),
                names => format!("use {names}, which it stands for"),
            };
            self.note(word.span, format!("`{word}` is deprecated: {instead}"));
            return successors.into_iter().map(str::to_owned).collect();
        }
        if self.has_plugins {
            self.note(
                word.span,
                format!("`{word}` is not a rule of buf, and plugins are not supported: it is skipped"),
            );
            return Vec::new();
        }
        let version = self.version.name();
        let help = if BufVersion::V2.named(family, &word.text).is_some() {
            "v2 has it: `buf config migrate` converts this file".to_owned()
        } else if rules::find(&word.text).is_some() || family.groups().contains(&word.text.as_str()) {
            let message =
                "buf does not have it; to use it, convert this file to protolint.yaml: protolint init --from buf.yaml";
            message.to_owned()
        } else {
            match nearest(&word.text, self.version.names(family)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "protolint rules lists the rules".to_owned(),
            }
        };
        let command = if family == Family::Lint { "lint" } else { "breaking" };
        self.reader.fault(word.span, format!("`{command}` of {version} has no rule or category `{word}`"), help);
        Vec::new()
    }

    fn ignores(&mut self, fields: &Fields<'_>, family: Family, bases: &Bases<'_>) -> Vec<Ignore> {
        let mut ignores = Vec::new();
        if let Some(entry) = fields.get("ignore") {
            let mut all: Vec<&'static str> = self.all(family);
            all.sort_unstable();
            ignores.extend(self.ignored_paths(entry, &all, bases));
        }
        if let Some(entry) = fields.get("ignore_only") {
            let help = || "write a rule and the paths where it is ignored: FIELD_LOWER_SNAKE_CASE: [legacy]".to_owned();
            for (word, entry) in self.reader.entries(&entry.value, entry.key.span, "ignore_only", help) {
                let names = self.name(&word, family);
                let rules = names.iter().filter_map(|name| self.version.named(family, name)).flatten();
                let mut rules: Vec<&'static str> = rules.map(|rule| rule.id).collect();
                rules.sort_unstable();
                rules.dedup();
                ignores.extend(self.ignored_paths(entry, &rules, bases));
            }
        }
        ignores
    }

    /// Where the rules of a policy report nothing; names that are no rules here are those of plugins.
    pub(super) fn policy_ignores(&mut self, fields: &Fields<'_>, bases: &Bases<'_>) -> Vec<Ignore> {
        let families = [Family::Lint, Family::Breaking];
        let mut ignores = Vec::new();
        if let Some(entry) = fields.get("ignore") {
            let mut all: Vec<&'static str> = families.iter().flat_map(|family| self.all(*family)).collect();
            all.sort_unstable();
            ignores.extend(self.ignored_paths(entry, &all, bases));
        }
        if let Some(entry) = fields.get("ignore_only") {
            let help = || "write a rule and the paths where it is ignored: FIELD_LOWER_SNAKE_CASE: [legacy]".to_owned();
            for (word, entry) in self.reader.entries(&entry.value, entry.key.span, "ignore_only", help) {
                let named = families.iter().filter_map(|family| self.version.named(*family, &word.text)).flatten();
                let mut rules: Vec<&'static str> = named.map(|rule| rule.id).collect();
                rules.sort_unstable();
                rules.dedup();
                ignores.extend(self.ignored_paths(entry, &rules, bases));
            }
        }
        ignores
    }

    /// The rules that an ignored path suppresses, with the warnings about what may be missing there.
    fn all(&self, family: Family) -> Vec<&'static str> {
        let sets = defaults(self.version).0.sets;
        sets.all(family).into_iter().map(|rule| rule.id).collect()
    }

    fn ignored_paths(&mut self, entry: &Entry, rules: &[&'static str], bases: &Bases<'_>) -> Vec<Ignore> {
        let mut ignores = Vec::new();
        for word in self.reader.words(entry) {
            let paths: Vec<String> = bases.from.iter().map_while(|base| self.path(&word, base)).collect();
            if paths.is_empty() || paths.iter().any(|path| self.is_outside(path, &word, bases.within)) {
                continue;
            }
            let place = self.reader.place(word.span);
            ignores.push(Ignore { pattern: PathPatterns::literal(paths), rules: rules.to_vec(), place });
        }
        ignores
    }
}

/// What holds where a version's file says nothing.
pub(super) fn defaults(version: BufVersion) -> (CheckConfig, BreakingConfig) {
    let sets = Sets::Buf(version);
    let check = CheckConfig {
        sets,
        uses: vec!["STANDARD".to_owned()],
        buf_ignore_comments: version == BufVersion::V2,
        ..CheckConfig::default()
    };
    let breaking = BreakingConfig { sets, layers: None, uses: vec!["FILE".to_owned()], ..BreakingConfig::default() };
    (check, breaking)
}
