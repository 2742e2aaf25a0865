//! The sections of a configuration: their keys, and what they mean where they say nothing.

use crate::config::breaking::BreakingConfig;
use crate::config::check::CheckConfig;
use crate::config::reader::Section;
use crate::config::sets::Sets;

pub(super) const FILE: usize = 0;
pub(super) const CHECK: usize = 1;
pub(super) const OPTIONS: usize = 2;
pub(super) const BREAKING: usize = 3;
pub(super) const POLICY: usize = 4;
pub(super) const SCOPE: usize = 5;

pub(super) const SECTIONS: [Section; 6] = [
    Section {
        path: "",
        keys: &[
            "version",
            "required-version",
            "preset",
            "roots",
            "includes",
            "exclude",
            "only",
            "check",
            "breaking",
            "scopes",
        ],
    },
    Section {
        path: "check",
        keys: &["use", "except", "severity", "ignore", "ignore_comments", "buf_ignore_comments", "options"],
    },
    Section {
        path: "check.options",
        keys: &[
            "enum_zero_value_suffix",
            "service_suffix",
            "rpc_allow_same_request_response",
            "rpc_allow_google_protobuf_empty_requests",
            "rpc_allow_google_protobuf_empty_responses",
            "hot_fields",
            "quote",
            "indent",
            "line_length",
            "tab_width",
            "plurals",
            "syntax",
            "prepositions",
            "preposition_exceptions",
            "rpc_name_case",
            "comment_exempt_requests_and_responses",
            "comment_starts_with_name",
        ],
    },
    Section {
        path: "breaking",
        keys: &[
            "against",
            "tag_pattern",
            "layers",
            "use",
            "except",
            "severity",
            "ignore",
            "ignore_comments",
            "ignore_packages",
            "ignore_unstable_packages",
            "policies",
        ],
    },
    Section { path: "breaking.policies", keys: &["match", "layers"] },
    Section { path: "scopes", keys: &["paths", "check", "breaking"] },
];

/// Sections that say nothing.
pub(super) fn defaults(sets: Sets) -> (CheckConfig, BreakingConfig) {
    let check = CheckConfig { sets, uses: sets.default_use(), ..CheckConfig::default() };
    (check, BreakingConfig { sets, ..BreakingConfig::default() })
}
