//! What `protolint payload` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::CommonArgs;

/// Arguments of `payload`.
#[derive(Debug, Args)]
pub struct PayloadArgs {
    /// What to do with payloads.
    #[command(subcommand)]
    pub command: PayloadCommand,
}

/// What can be done with payloads.
#[derive(Debug, Subcommand)]
pub enum PayloadCommand {
    /// Shows what each byte of a payload means
    Explain(PayloadExplainArgs),
    /// Counts the bytes of payloads by field, and lists what would make them smaller
    Cost(PayloadCostArgs),
}

/// Payloads, and the schema that they are read by.
#[derive(Debug, Args)]
pub struct PayloadInputArgs {
    /// Files with payloads, directories of them, or `-` for standard input
    #[arg(required = true, value_name = "PAYLOADS")]
    pub paths: Vec<PathBuf>,
    /// The message type, such as acme.v1.Order [default: the name of the folder that a file is in, or else the type that
    /// a payload names as a google.protobuf.Any]
    #[arg(long = "type", value_name = "TYPE")]
    pub type_name: Option<String>,
    /// How payloads are written [default: by the end of the file's name, such as .json or .hex, or else binary]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormatArg>,
    /// The schema: a directory, a .proto file or a descriptor set [default: what `check` reads]
    #[arg(long, value_name = "PATH")]
    pub schema: Option<PathBuf>,
    /// Also resolve imports in this directory. May be repeated
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub includes: Vec<PathBuf>,
    /// The configuration, and how much is printed.
    #[command(flatten)]
    pub common: CommonArgs,
}

/// How payloads are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormatArg {
    /// A file for each message
    Binary,
    /// Messages with their lengths before them, as varints
    Delimited,
    /// Messages in frames of gRPC, compressed by gzip or not
    Grpc,
    /// JSON, a message on each line
    Json,
    /// Hexadecimal, a message on each line
    Hex,
    /// Base64, a message on each line
    Base64,
}

/// Arguments of `payload explain`.
#[derive(Debug, Args)]
pub struct PayloadExplainArgs {
    /// What is explained.
    #[command(flatten)]
    pub input: PayloadInputArgs,
    /// Also show what this base makes of the same bytes: a branch, tag or commit, `release`, a directory, or a descriptor
    /// set, as for `breaking`
    #[arg(long, value_name = "BASE")]
    pub against: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    pub format: PayloadExplainFormat,
}

/// How explained payloads are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PayloadExplainFormat {
    /// Text
    Human,
    /// A JSON object on a line for each payload
    Json,
}

/// Arguments of `payload cost`.
#[derive(Debug, Args)]
pub struct PayloadCostArgs {
    /// What is counted.
    #[command(flatten)]
    pub input: PayloadInputArgs,
    /// The base with the released messages, whose numbers cannot be swapped, as for `breaking`
    #[arg(long, value_name = "BASE", conflicts_with = "assume_unreleased")]
    pub against: Option<String>,
    /// Assume that no message is released, so that all numbers can be swapped
    #[arg(long)]
    pub assume_unreleased: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    pub format: PayloadCostFormat,
    /// Write the output to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How costs are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PayloadCostFormat {
    /// Text
    Human,
    /// A JSON object on a line for each message type
    Json,
    /// Markdown
    Markdown,
    /// One HTML page
    Html,
}
