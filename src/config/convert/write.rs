//! Writes a configuration as a `protolint.yaml`: what is not as by default, and what was left out as comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::compact;
use crate::config::breaking::BreakingConfig;
use crate::config::check::{CheckConfig, Ignore};
use crate::config::init::SCHEMA_URL;
use crate::config::model::Config;
use crate::config::sets::PRESETS;
use crate::config::validate::{MAX_PATTERN_BYTES, validate};
use crate::finding::Severity;
use crate::rules::{Family, Settings};
use crate::source::{SourceFile, Sources};

/// What is to be written.
pub(super) struct Draft {
    pub(super) config: Config,
    /// Options that are written as they stand: keys and values.
    pub(super) options: Vec<(String, String)>,
    /// What is not taken over, a line each.
    pub(super) remarks: Vec<String>,
}

/// The text; reading it gives a configuration that means the same.
pub(super) fn text(draft: &Draft, from: &str) -> String {
    let config = &draft.config;
    let mut text = format!("# yaml-language-server: $schema={SCHEMA_URL}\n# Converted from {}.\n", bare(from));
    if !draft.remarks.is_empty() {
        text.push_str("#\n# Without an equivalent here, or with another name:\n");
    }
    for remark in &draft.remarks {
        let _ = writeln!(text, "# - {}", bare(remark));
    }
    text.push_str("version: 1\n");
    if let Some(preset) = PRESETS.last() {
        let _ = writeln!(text, "preset: {}", preset.year);
    }
    lines(&mut text, "", "roots", &config.roots);
    for (key, patterns) in [("exclude", &config.exclude), ("only", &config.only)] {
        let (patterns, long) = short(&patterns.as_globs());
        left_out(&mut text, "", &long);
        lines(&mut text, "", key, &patterns);
    }
    check(&mut text, "", &config.check, &draft.options);
    if config.breaking != BreakingConfig::default() {
        breaking(&mut text, "", &config.breaking);
    }
    scopes(&mut text, config);
    text
}

fn scopes(text: &mut String, config: &Config) {
    if config.scopes.is_empty() {
        return;
    }
    text.push_str("scopes:\n");
    for scope in &config.scopes {
        let (paths, long) = short(&scope.paths.as_globs());
        left_out(text, "  ", &long);
        if paths.is_empty() {
            continue;
        }
        let _ = writeln!(text, "  - paths: {}", list(&paths));
        if let Some(own) = &scope.check {
            check(text, "    ", own, &[]);
        }
        if let Some(own) = &scope.breaking {
            breaking(text, "    ", own);
        }
    }
}

fn check(text: &mut String, indent: &str, check: &CheckConfig, more: &[(String, String)]) {
    let inner = format!("{indent}  ");
    let (uses, except) = compact::selection(check.sets, Family::Lint, &check.uses, &check.except);
    let _ = writeln!(text, "{indent}check:\n{inner}use: {}", list(&uses));
    if !except.is_empty() {
        let _ = writeln!(text, "{inner}except: {}", list(&except));
    }
    if !check.severity.is_empty() {
        let _ = writeln!(text, "{inner}severity:");
        for (rule, severity) in check.severity.iter().filter(|(_, severity)| **severity != Severity::Error) {
            let _ = writeln!(text, "{inner}  {rule}: {}", severity.name());
        }
    }
    ignores(text, &inner, &check.ignore, Family::Lint);
    if !check.buf_ignore_comments {
        let _ = writeln!(text, "{inner}buf_ignore_comments: false");
    }
    let mut options = settings(&check.settings);
    let (fit, unfit): (Vec<_>, Vec<_>) = more.iter().cloned().partition(is_option);
    options.extend(fit);
    if !options.is_empty() {
        let _ = writeln!(text, "{inner}options:");
    }
    for (key, value) in options {
        let _ = writeln!(text, "{inner}  {key}: {value}");
    }
    for (key, value) in unfit {
        let _ = writeln!(text, "{inner}# This version has no option for: {key}: {}", bare(&value));
    }
}

/// Whether this version reads an option.
fn is_option((key, value): &(String, String)) -> bool {
    let mut sources = Sources::new();
    let text = format!("version: 1\ncheck:\n  options:\n    {key}: {value}\n");
    let file = sources.add(SourceFile::new(String::new(), text.clone()));
    validate(&text, file, None).1.is_empty()
}

/// The options that are not as by default.
fn settings(settings: &Settings) -> Vec<(String, String)> {
    let usual = Settings::default();
    let mut options = Vec::new();
    let mut tell = |key: &str, value: String, usual: String| {
        if value != usual {
            options.push((key.to_owned(), value));
        }
    };
    tell("enum_zero_value_suffix", list(&settings.enum_zero_value_suffix), list(&usual.enum_zero_value_suffix));
    tell("service_suffix", scalar(&settings.service_suffix), scalar(&usual.service_suffix));
    for (key, on, usual) in [
        (
            "rpc_allow_same_request_response",
            settings.rpc_allow_same_request_response,
            usual.rpc_allow_same_request_response,
        ),
        (
            "rpc_allow_google_protobuf_empty_requests",
            settings.rpc_allow_google_protobuf_empty_requests,
            usual.rpc_allow_google_protobuf_empty_requests,
        ),
        (
            "rpc_allow_google_protobuf_empty_responses",
            settings.rpc_allow_google_protobuf_empty_responses,
            usual.rpc_allow_google_protobuf_empty_responses,
        ),
    ] {
        tell(key, on.to_string(), usual.to_string());
    }
    options
}

fn breaking(text: &mut String, indent: &str, breaking: &BreakingConfig) {
    let inner = format!("{indent}  ");
    let (uses, except) = compact::selection(breaking.sets, Family::Breaking, &breaking.uses, &breaking.except);
    let _ = writeln!(text, "{indent}breaking:\n{inner}use: {}", list(&uses));
    if !except.is_empty() {
        let _ = writeln!(text, "{inner}except: {}", list(&except));
    }
    ignores(text, &inner, &breaking.ignore, Family::Breaking);
    if !breaking.unchanged.is_empty() {
        let names: Vec<String> = breaking.unchanged.iter().map(|name| name.text.clone()).collect();
        let _ = writeln!(text, "{inner}options:\n{inner}  unchanged: {}", list(&names));
    }
    if breaking.ignore_unstable_packages {
        let _ = writeln!(text, "{inner}ignore_unstable_packages: true");
    }
}

/// A line for each path, though several entries may have named it.
fn ignores(text: &mut String, indent: &str, ignores: &[Ignore], family: Family) {
    let mut by_pattern: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for ignore in ignores.iter().filter(|ignore| !ignore.rules.is_empty()) {
        for pattern in ignore.pattern.as_globs() {
            by_pattern.entry(pattern).or_default().extend(&ignore.rules);
        }
    }
    let (_, long) = short(by_pattern.keys());
    left_out(text, indent, &long);
    by_pattern.retain(|pattern, _| pattern.len() <= MAX_PATTERN_BYTES);
    if !by_pattern.is_empty() {
        let _ = writeln!(text, "{indent}ignore:");
    }
    for (pattern, rules) in by_pattern {
        let _ = writeln!(text, "{indent}  {}: {}", scalar(&pattern), list(&compact::ignored(family, &rules)));
    }
}

/// Patterns that may be written, and those that are too long for that.
fn short<'p>(patterns: impl IntoIterator<Item = &'p String>) -> (Vec<String>, Vec<String>) {
    patterns.into_iter().cloned().partition(|pattern| pattern.len() <= MAX_PATTERN_BYTES)
}

/// Lists the patterns that are not written.
fn left_out(text: &mut String, indent: &str, patterns: &[String]) {
    for pattern in patterns {
        let _ = writeln!(
            text,
            "{indent}# Longer than the maximum of {MAX_PATTERN_BYTES} bytes for a pattern: {}",
            bare(pattern)
        );
    }
}

/// A key and a list, unless that is empty.
fn lines(text: &mut String, indent: &str, key: &str, values: &[String]) {
    if !values.is_empty() {
        let _ = writeln!(text, "{indent}{key}: {}", list(values));
    }
}

/// A list in brackets.
fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| scalar(value)).collect::<Vec<_>>().join(", "))
}

/// A string as YAML writes it.
pub(super) fn scalar(text: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '/' | '-');
    let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_other =
        matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off");
    if is_word && text.chars().all(is_plain) && !is_other || text == "." {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => drop(write!(quoted, "\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// A text that stays in its comment.
fn bare(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
