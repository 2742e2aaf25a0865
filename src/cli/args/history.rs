//! What `protolint history` takes.

use clap::{Args, ValueEnum};

use super::CommonArgs;

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// The full name of a message, enum or service, such as acme.v1.Order, or of what is in one: acme.v1.Order.note or
    /// acme.v1.Order.7; a package; or a .proto file [default: all messages, enums and services]
    pub symbol: Option<String>,
    /// List only numbers of fields and enum values, and names of rpcs, that were something else before
    #[arg(long, conflicts_with = "unreserved")]
    pub reused: bool,
    /// List only deleted fields and enum values of which the number or a name is not reserved
    #[arg(long)]
    pub unreserved: bool,
    /// Reserve these numbers and names
    #[arg(long, requires = "unreserved")]
    pub fix: bool,
    /// Print what --fix would change as a diff; exit with 1 if that is anything
    #[arg(long, requires = "unreserved")]
    pub diff: bool,
    /// Pattern of the tags that are releases. May be repeated [default: version tags, such as v1.2.0 and 1.2.0-rc.1]
    #[arg(long = "tags", value_name = "GLOB")]
    pub tags: Vec<String>,
    /// Count each commit of this branch as a release: HEAD and its first parents
    #[arg(long, conflicts_with_all = ["tags", "all_tags"])]
    pub commits: bool,
    /// Include tags that are not ancestors of HEAD
    #[arg(long)]
    pub all_tags: bool,
    /// Format of the list
    #[arg(long, value_enum, default_value = "human")]
    pub format: HistoryFormat,
    /// The configuration, and how much is printed.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Formats of what `history` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// A table for each message, enum and service
    Human,
    /// A JSON object on a line for each field number, enum value and rpc: container, kind, number, lives
    Json,
}
