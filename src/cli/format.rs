//! `protolint format`: writes the texts that formatting makes, lists them, or shows how they differ.

use super::args::FormatArgs;
use super::check::{names_schemas_only, nothing_to};
use super::print::{invalid, left_out, print, say_to};
use super::progress::Progress;
use super::terminal::Terminal;
use super::{CLEAN, FAILED, FINDINGS, settings};
use crate::error::Error;
use crate::finding::Severity;
use crate::fix::{FormattedFiles, differences, write_texts};
use crate::report::{escape, summary};

/// Formats, writes or shows that, and says how it ended.
pub(super) fn run(args: &FormatArgs) -> Result<u8, Error> {
    let mut settings = settings::of_format(args)?;
    let choice = args.common.configuration();
    if let Err(report) = settings::configure(&mut settings, &choice) {
        return Ok(invalid(&report, args.common.color));
    }
    let progress = Progress::new(args.common.quiet);
    let files = FormattedFiles::of(&settings, &|| progress.advance())?;
    progress.finish();
    say(args, &left_out(&settings, files.left_out.iter()));
    if files.files() == 0 {
        return match names_schemas_only(&args.paths) {
            true => Ok(CLEAN),
            false => Err(nothing_to("format", &args.paths, !files.left_out.is_empty())),
        };
    }
    warn(args, &files);
    let is_stdin = settings.stdin.is_some();
    let has_changes = !files.texts.is_empty();
    if args.diff {
        print(&differences(&files.texts))?;
    } else if args.check {
        print(&files.texts.iter().map(|text| format!("{}\n", text.shown)).collect::<String>())?;
    } else if is_stdin {
        let text = files.texts.first().map(|text| text.new.as_str());
        let unchanged = settings.stdin.iter().map(|stdin| String::from_utf8_lossy(&stdin.bytes)).next();
        // What cannot be read is not printed in another form.
        if files.unread.is_empty() {
            print(text.unwrap_or(&unchanged.unwrap_or_default()))?;
        }
    } else {
        write_texts(&files.texts, false)?;
    }
    let is_shown_only = args.check || args.diff;
    if !is_stdin {
        say(args, &counted(&files, is_shown_only));
    }
    Ok(match (files.unread.is_empty(), is_shown_only && has_changes) {
        (false, _) => FAILED,
        (true, true) => FINDINGS,
        (true, false) => CLEAN,
    })
}

/// `formatted 3 files, 120 unchanged`.
fn counted(files: &FormattedFiles, is_shown_only: bool) -> String {
    let (changed, unchanged) = (summary::counted(files.texts.len(), "file"), summary::grouped(files.unchanged));
    match is_shown_only {
        true => format!("would format {changed}, {unchanged} unchanged\n"),
        false => format!("formatted {changed}, {unchanged} unchanged\n"),
    }
}

/// Says which files have errors, and which cannot be read.
fn warn(args: &FormatArgs, files: &FormattedFiles) {
    let paint = Terminal::stderr(args.common.color).paint();
    let mut text = String::new();
    for file in &files.damaged {
        let (line, column) = (file.position.line, file.position.column);
        let words = format!("{}:{line}:{column}: not formatted around this error: {}", file.shown, file.message);
        text.push_str(&format!("{} {}\n", paint.loud(Severity::Warning, "warning:"), escape(&words)));
    }
    for unread in &files.unread {
        text.push_str(&format!("{} {}\n", paint.loud(Severity::Error, "error:"), escape(unread)));
    }
    say_to(args.common.color, &text);
}

/// Says something on stderr, unless that is not wanted.
fn say(args: &FormatArgs, text: &str) {
    if !args.common.quiet {
        say_to(args.common.color, text);
    }
}
