//! `protolint payload explain`.

use std::io::Write;

use super::super::args::{PayloadExplainArgs, PayloadExplainFormat};
use super::super::print::to_stdout;
use super::super::terminal::Terminal;
use super::super::{CLEAN, FAILED};
use super::{check_type, inputs, note, note_unparsed, schema, settings_of};
use crate::error::Error;
use crate::payload::explain::explain;
use crate::payload::input::{AllUnparsed, Input};
use crate::payload::{read, types};
use crate::project::Project;
use crate::project::base::{Base, CompareRequest, FoundBase};
use crate::project::settings::Settings;
use crate::report::payload::explain::{Payload, Sheet, human, json};

/// The schemas that payloads are read by.
struct Schemas {
    now: Project,
    /// Those of the base, with its name.
    base: Option<(String, Project)>,
}

/// Explains payloads.
pub(super) fn run(args: &PayloadExplainArgs) -> Result<u8, Error> {
    let base = CompareRequest {
        against: args.against.clone(),
        command: "protolint payload explain",
        ..CompareRequest::default()
    };
    let settings = match settings_of(&args.input, base)? {
        Ok(settings) => settings,
        Err(status) => return Ok(status),
    };
    let now = schema(&args.input, &settings)?;
    check_type(&args.input, &now)?;
    let base = if args.against.is_some() { open_base(args, &settings)? } else { None };
    let inputs = inputs::inputs(&args.input, &now)?;
    let schemas = Schemas { now, base };
    let mut unparsed = AllUnparsed::default();
    let mut count = 0;
    to_stdout(|out| {
        for input in &inputs {
            count += schemas.explain(args, input, &mut unparsed, out)?;
        }
        Ok(())
    })?;
    note_unparsed(&args.input, &unparsed);
    if count == 0 && unparsed.count == 0 {
        note(&args.input, "there are no payloads\n");
    }
    Ok(if unparsed.count > 0 { FAILED } else { CLEAN })
}

fn open_base(args: &PayloadExplainArgs, settings: &Settings) -> Result<Option<(String, Project)>, Error> {
    match Base::find(settings)? {
        FoundBase::Base(base) => {
            for text in base.notes() {
                note(&args.input, &format!("note: {text}\n"));
            }
            let name = base.described().to_owned();
            Ok(Some((name, Project::open_earlier(settings, *base)?)))
        }
        FoundBase::Nothing(why) => {
            note(&args.input, &format!("note: {why}: nothing to compare with\n"));
            Ok(None)
        }
    }
}

impl Schemas {
    /// Explains the payloads of a source; how many there were.
    fn explain(
        &self,
        args: &PayloadExplainArgs,
        input: &Input,
        unparsed: &mut AllUnparsed,
        out: &mut dyn Write,
    ) -> std::io::Result<u64> {
        let terminal = Terminal::stdout(args.input.common.color);
        let sheet = Sheet { width: terminal.width, paint: terminal.paint() };
        let (schema, mut count) = (self.now.schema(), 0);
        read::each(&read::Types::new(schema), std::slice::from_ref(input), unparsed, |message, index, bytes| {
            let explained = explain(schema, message, bytes);
            let name = message.full_name();
            let old = self.base.as_ref().map(|(base, project)| {
                let of = types::find(project.schema(), name).ok();
                (base.as_str(), of.map(|of| explain(project.schema(), of, bytes)))
            });
            let payload = Payload {
                source: input.source.name(),
                index,
                type_name: name,
                bytes,
                explained: &explained,
                base: old.as_ref().map(|(base, old)| (*base, old.as_ref())),
            };
            let text = match args.format {
                PayloadExplainFormat::Human => {
                    let gap = if count > 0 { "\n" } else { "" };
                    gap.to_owned() + &human(&payload, sheet)
                }
                PayloadExplainFormat::Json => json(&payload),
            };
            count += 1;
            out.write_all(text.as_bytes())
        })?;
        Ok(count)
    }
}
