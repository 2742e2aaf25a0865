//! `protolint payload`: what the bytes of messages mean, and what they cost.

mod cost;
mod explain;
mod inputs;

use super::args::{PayloadArgs, PayloadCommand, PayloadInputArgs};
use super::print::{built_in, invalid, say_to};
use super::progress::Progress;
use super::settings;
use crate::error::Error;
use crate::payload::input::AllUnparsed;
use crate::payload::types;
use crate::project::Project;
use crate::project::base::CompareRequest;
use crate::project::settings::Settings;
use crate::report::escape;
use crate::report::summary::counted;

/// Runs the command.
pub(super) fn run(args: &PayloadArgs) -> Result<u8, Error> {
    match &args.command {
        PayloadCommand::Explain(args) => explain::run(args),
        PayloadCommand::Cost(args) => cost::run(args),
    }
}

/// Where the schema is, and what to compare it with.
fn settings_of(args: &PayloadInputArgs, base: CompareRequest) -> Result<Result<Settings, u8>, Error> {
    let paths = args.schema.clone().into_iter().collect();
    let mut settings = Settings { paths, includes: args.includes.clone(), base, ..Settings::default() };
    let config = args.common.configuration();
    if let Err(report) = settings::configure(&mut settings, &config) {
        return Ok(Err(invalid(&report, args.common.color)));
    }
    settings.check_includes()?;
    Ok(Ok(settings))
}

/// Reads the schema; a well-known type that it does not have is built in.
fn schema(args: &PayloadInputArgs, settings: &Settings) -> Result<Project, Error> {
    let progress = Progress::new(args.common.quiet);
    let project = Project::open_watched(settings, &|| progress.advance())?;
    progress.finish();
    let is_missing = |name: &&str| types::find(project.schema(), name).is_err();
    if let Some(file) = args.type_name.as_deref().filter(is_missing).and_then(types::built_in_file) {
        let text = format!("edition = \"2023\";\nimport \"{file}\";\n");
        return Ok(Project::in_memory([("payload.proto".to_owned(), text.into_bytes())]));
    }
    if project.target_files() == 0 {
        let error = Error::new("there are no .proto files to read payloads by");
        return Err(error.help("pass the schema: protolint payload explain FILE --type TYPE --schema DIR"));
    }
    note(args, &built_in(&project.schema().common_built_in()));
    let unparsed = project.unparsed().len();
    if unparsed > 0 {
        let files = counted(unparsed, "file");
        note(args, &format!("note: {files} with errors may have types that are not found: protolint check\n"));
    }
    Ok(project)
}

/// Says that a type is not in the schema.
fn unknown_type(name: &str, near: Option<&str>) -> Error {
    let error = Error::new(format!("the schema has no message `{name}`"));
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("pass the schema that has it: --schema DIR"),
    }
}

/// Checks the type that was given.
fn check_type(args: &PayloadInputArgs, project: &Project) -> Result<(), Error> {
    let Some(name) = &args.type_name else { return Ok(()) };
    types::find(project.schema(), name).map(drop).map_err(|near| unknown_type(name, near))
}

/// Says which payloads could not be read.
fn note_unparsed(args: &PayloadInputArgs, unparsed: &AllUnparsed) {
    for one in &unparsed.listed {
        let place = one.byte.map_or(String::new(), |byte| format!("byte {byte}: "));
        let text = format!("{}: message {}: {place}{}", one.source, one.index, one.reason);
        note(args, &format!("note: not counted: {}\n", escape(&text)));
    }
    let rest = unparsed.count - unparsed.listed.len() as u64;
    if rest > 0 {
        note(args, &format!("note: {} more could not be read\n", counted(rest as usize, "payload")));
    }
}

/// Says something on stderr unless that is not wanted.
fn note(args: &PayloadInputArgs, text: &str) {
    if !args.common.quiet && !text.is_empty() {
        say_to(args.common.color, text);
    }
}
