//! `protolint payload cost`.

use std::time::Instant;

use super::super::args::{PayloadCostArgs, PayloadCostFormat};
use super::super::print::{to_file, to_stdout};
use super::super::progress::Progress;
use super::super::terminal::Terminal;
use super::super::{CLEAN, FAILED};
use super::{check_type, inputs, note, note_unparsed, schema, settings_of};
use crate::error::Error;
use crate::payload::advice::Released;
use crate::payload::cost::{Costs, cost};
use crate::payload::types;
use crate::project::Project;
use crate::project::base::{Base, CompareRequest, FoundBase};
use crate::project::settings::Settings;
use crate::report::escape;
use crate::report::payload::cost::{Sheet, html, human, json, markdown};
use crate::report::summary::{counted, took};

/// Counts payloads.
pub(super) fn run(args: &PayloadCostArgs) -> Result<u8, Error> {
    let start = Instant::now();
    let base = CompareRequest {
        against: args.against.clone(),
        command: "protolint payload cost",
        ..CompareRequest::default()
    };
    let settings = match settings_of(&args.input, base)? {
        Ok(settings) => settings,
        Err(status) => return Ok(status),
    };
    let project = schema(&args.input, &settings)?;
    check_type(&args.input, &project)?;
    let inputs = inputs::inputs(&args.input, &project)?;
    let base = released(args, &settings)?;
    let has = |name: &str| base.as_ref().is_some_and(|base| types::find(base.schema(), name).is_ok());
    let released = match &base {
        _ if args.assume_unreleased => Released::Nothing,
        Some(_) => Released::By(&has),
        None => Released::Everything,
    };
    let progress = Progress::new(args.input.common.quiet);
    let costs = cost(project.schema(), &inputs, released, &|sources| (0..sources).for_each(|_| progress.advance()));
    progress.finish();
    note_unparsed(&args.input, &costs.unparsed);
    if costs.types.is_empty() {
        let read = counted(costs.unparsed.count as usize, "payload");
        let error = Error::new(format!("none of {read} could be read"));
        return Err(error.help("check the type and the format: --type TYPE --input-format FORMAT"));
    }
    write(args, &costs)?;
    notes(args, &costs, base.is_some());
    let all: u64 = costs.types.iter().map(|cost| cost.payloads).sum();
    let (payloads, took) = (counted(all as usize, "payload"), took(start.elapsed()));
    let unparsed = match costs.unparsed.count {
        0 => String::new(),
        count => format!(", {} not counted", counted(count as usize, "payload")),
    };
    note(&args.input, &format!("counted {payloads} in {took}{unparsed}\n"));
    let is_unread = costs.unparsed.listed.iter().any(|one| one.reason.starts_with("it cannot be read"));
    Ok(if is_unread { FAILED } else { CLEAN })
}

/// The schema that has the released messages, if there is one.
fn released(args: &PayloadCostArgs, settings: &Settings) -> Result<Option<Project>, Error> {
    if args.assume_unreleased {
        return Ok(None);
    }
    let found = match Base::find_published(settings) {
        // Advice is no reason to fail, unless a base was named.
        Err(_) if args.against.is_none() => return Ok(None),
        found => found?,
    };
    match found {
        FoundBase::Base(base) => Project::open_earlier(settings, *base).map(Some),
        FoundBase::Nothing(_) => Ok(None),
    }
}

fn write(args: &PayloadCostArgs, costs: &Costs) -> Result<(), Error> {
    let terminal = if args.output.is_some() {
        Terminal::file(args.input.common.color)
    } else {
        Terminal::stdout(args.input.common.color)
    };
    let sheet = Sheet { width: terminal.width, unicode: terminal.unicode, paint: terminal.paint() };
    let text = match args.format {
        PayloadCostFormat::Human => human(costs, sheet),
        PayloadCostFormat::Json => json(costs),
        PayloadCostFormat::Markdown => markdown(costs),
        PayloadCostFormat::Html => html(costs),
    };
    match &args.output {
        Some(file) => to_file(file, |out| out.write_all(text.as_bytes())),
        None => to_stdout(|out| out.write_all(text.as_bytes())),
    }
}

/// Says what is not counted as one would expect, and which advice is missing.
fn notes(args: &PayloadCostArgs, costs: &Costs, has_base: bool) {
    for text in costs.types.iter().flat_map(|cost| &cost.notes) {
        note(&args.input, &format!("note: {}\n", escape(text)));
    }
    if costs.types.iter().any(|cost| cost.advice.is_none()) {
        let text = "no advice, because the payloads cannot be read twice: write them to a file";
        note(&args.input, &format!("note: {text}\n"));
    } else if !has_base && !args.assume_unreleased {
        let text = "no swaps of numbers, because there is no base with the released messages: pass --against BASE or --assume-unreleased";
        note(&args.input, &format!("note: {text}\n"));
    }
}
