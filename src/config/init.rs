//! The text of a new `protolint.yaml`: every key with its default and its meaning. Defaults and groups are taken from
//! where they are defined.

use std::fmt::Write;

use crate::finding::Layer;
use crate::rules::settings::{Commented, NameCase};
use crate::rules::{self, DEFAULT_USE, Family, Settings};

/// A configuration that says in full what an absent one means; reading it gives [`super::Config::default`].
pub fn init_text() -> String {
    let settings = Settings::default();
    format!(
        r#"# The configuration of protolint. Every key but `version` may be left out; the values below are the defaults.
# Paths and patterns are relative to the directory of this file. In patterns `*` stays within a directory, `**` does
# not, and a directory covers all that is in it.

# The version of this format.
version: 1

# The versions of the program that may read it; any other one stops.
# required-version: ">=0.1, <0.3"

# What groups and defaults stand for: the rules as they were in that year. Without it a new version may bring new ones.
preset: {preset}

# Directories that imports count from. None: they are found from the packages and imports of the files.
roots: []

# Directories that only supply imports, such as those of other projects. Nothing in them is reported.
includes: []

# Patterns of files and directories that are not looked at, such as "gen/**".
exclude: []

# Patterns of the files that are looked at; all where there are none.
only: []

check:
  # Rules and groups that are on. ALL stands for every rule that can be switched off. The groups are:
{groups}  # `protolint rules` lists the rules, `protolint explain RULE` prints all about one.
  use: [{uses}]

  # Rules and groups that are off nevertheless. Warnings that are on without being listed may be named too:
  # {warnings}.
  except: []

  # How much findings matter, by rule or group: `error` or `warning`. A rule's own entry counts before its group's.
  # COMMENT_FIELD: warning
  severity: {{}}

  # For patterns of files, the rules and groups that are not reported in them.
  # "legacy/**": [FIELD_LOWER_SNAKE_CASE]
  ignore: {{}}

  # Whether comments such as `buf:lint:ignore RULE` silence a rule, as `protolint:ignore RULE` does.
  buf_ignore_comments: true

  options:
    # What the value 0 of an enum ends with: one string, or a list of those that are allowed.
    enum_zero_value_suffix: [{zero_suffixes}]

    # What the names of services end with.
    service_suffix: {service_suffix}

    # Whether an rpc may have one message as both request and response.
    rpc_allow_same_request_response: {same}

    # Whether requests, or responses, may be google.protobuf.Empty.
    rpc_allow_google_protobuf_empty_requests: {empty_requests}
    rpc_allow_google_protobuf_empty_responses: {empty_responses}

    # Patterns over the full names of fields that are written often, such as acme.user.v1.User.*: they should have
    # the numbers that take one byte.
    hot_fields: [{hot_fields}]

    # The quotes of strings, `double` or `single`; what a level is indented by, a number of spaces or `tab`; the most
    # characters of a line, and how many of them a tab counts for.
    quote: {quote}
    indent: {indent}
    line_length: {line_length}
    tab_width: {tab_width}

    # Words that may end the name of a repeated field though they look like a singular.
    plurals: [{plurals}]

    # What files are written in: proto2, proto3, 2023 or 2024.
    syntax: {syntax}

    # Words that names should do without, and what may hold one all the same, such as end_of_life.
    prepositions: [{prepositions}]
    preposition_exceptions: [{preposition_exceptions}]

    # How rpcs are named: {name_cases}.
    rpc_name_case: {rpc_name_case}

    # Whose comments should start with the name: {commented}.
    comment_starts_with_name: [{starts_with_name}]

breaking:
  # What to compare with, as `--against` takes it. By default it is the branch that CI says this one will be merged into,
  # else the default branch of the repository.
  # against: main

  # What version tags look like, for `against: release`.
  # tag_pattern: v*

  # A change is told if it breaks one of these layers: `wire`, binary messages; `json`; `grpc`, paths and shapes of rpcs;
  # `source`, generated code.
  layers: [{layers}]

  # Rules and groups that are on, all where none is listed. Without `layers`, groups decide as they do in buf:
{breaking_groups}  use: []

  # Rules and groups that are off nevertheless.
  except: []

  # How much findings matter, and what is not reported in some files, as above.
  severity: {{}}
  ignore: {{}}

  # Packages whose changes are not reported: patterns such as acme.internal.**, and all with an alpha, beta or test
  # version.
  ignore_packages: []
  ignore_unstable_packages: false

  # Other layers for some packages, messages or services; the last that matches counts.
  # - {{match: acme.internal.**, layers: [wire]}}
  policies: []

# Other sections for some files; where a file is in several scopes, the last counts. A section stands for the whole of the
# one above, and where it is missing, the one above holds.
# - {{paths: [legacy], check: {{use: [MINIMAL]}}}}
scopes: []
"#,
        preset = super::PRESETS.last().map_or(0, |preset| preset.year),
        layers = rules::DEFAULT_LAYERS.map(Layer::name).join(", "),
        breaking_groups = groups(Family::Breaking),
        groups = groups(Family::Lint),
        uses = DEFAULT_USE.join(", "),
        warnings = super::Sets::default().warnings().map(|rule| rule.id).collect::<Vec<_>>().join(", "),
        zero_suffixes = settings.enum_zero_value_suffix.join(", "),
        service_suffix = settings.service_suffix,
        same = settings.rpc_allow_same_request_response,
        empty_requests = settings.rpc_allow_google_protobuf_empty_requests,
        empty_responses = settings.rpc_allow_google_protobuf_empty_responses,
        hot_fields = settings.hot_fields.patterns().join(", "),
        quote = settings.quote.name(),
        indent = settings.indent.name(),
        line_length = settings.line_length,
        tab_width = settings.tab_width,
        plurals = settings.plurals.join(", "),
        syntax = settings.syntax,
        prepositions = quoted(&settings.prepositions),
        preposition_exceptions = settings.preposition_exceptions.join(", "),
        name_cases = NameCase::ALL.map(NameCase::name).join(", "),
        rpc_name_case = settings.rpc_name_case.name(),
        commented = Commented::ALL.map(Commented::name).join(", "),
        starts_with_name =
            settings.comment_starts_with_name.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "),
    )
}

/// Words in quotes: `on` by itself is a switch in YAML.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ")
}

/// A comment line for each group, and one for the rules that are in none.
fn groups(family: Family) -> String {
    let mut text = String::new();
    for group in family.groups() {
        let _ = writeln!(text, "  #   {group} ({} rules)", family.named(group).len());
    }
    let alone: Vec<&str> =
        family.rules().iter().filter(|rule| rule.page.groups().next().is_none()).map(|rule| rule.id).collect();
    if !alone.is_empty() {
        let _ = writeln!(text, "  # In no group: {}", alone.join(", "));
    }
    text
}
