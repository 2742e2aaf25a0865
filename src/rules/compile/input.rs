//! Rules that other parts of the tool report: the parser, the configuration, the reader, the suppression of
//! findings, the baseline file.

use crate::rules::{Check, Rule, rule};

pub(super) const RULES: &[&Rule] = &[
    &ACCEPTED_EXPIRED,
    &ACCEPTED_STALE,
    &BASELINE_STALE,
    &COMPILE_EDITION,
    &COMPILE_ENCODING,
    &COMPILE_NESTING,
    &COMPILE_SYNTAX,
    &CONFIG_INVALID,
    &CONFIG_UNUSED_IGNORE,
    &INPUT_UNREADABLE,
    &NOT_COMPARED,
    &SELF_CHECK,
    &UNUSED_IGNORE,
];

rule!(compile ACCEPTED_EXPIRED: Check::Elsewhere);
rule!(compile ACCEPTED_STALE: Check::Elsewhere);
rule!(compile BASELINE_STALE: Check::Elsewhere);
rule!(compile COMPILE_EDITION: Check::Elsewhere);
rule!(compile COMPILE_ENCODING: Check::Elsewhere);
rule!(compile COMPILE_NESTING: Check::Elsewhere);
rule!(compile COMPILE_SYNTAX: Check::Elsewhere);
rule!(compile CONFIG_INVALID: Check::Elsewhere);
rule!(compile CONFIG_UNUSED_IGNORE: Check::Elsewhere);
rule!(compile INPUT_UNREADABLE: Check::Elsewhere);
rule!(compile NOT_COMPARED: Check::Elsewhere);
rule!(compile SELF_CHECK: Check::Elsewhere);
rule!(compile UNUSED_IGNORE: Check::Elsewhere);
