//! `protolint git-diff-driver`: what git calls for a file instead of its own diff. Changes of the schema are printed, and
//! where a side cannot be parsed, or nothing of the schema changed, lines.

use std::ffi::OsStr;
use std::path::Path;

use super::CLEAN;
use super::args::{ColorArg, GitDiffDriverArgs};
use super::print::to_stdout;
use super::terminal::Terminal;
use crate::changelog::FileChange;
use crate::error::Error;
use crate::fix::unified;
use crate::report::changelog::{ChangelogFormat, ChangelogStyle};
use crate::report::escape;

/// What git passes in the place of a side that is not there.
const NOTHING: &str = "/dev/null";
/// The mode of a regular file that is not executable.
const REGULAR: [&str; 2] = ["100644", "100755"];

/// A file on one side.
struct Side<'a> {
    /// None where it is not there.
    file: Option<&'a Path>,
    hash: &'a str,
    mode: &'a str,
}

impl<'a> Side<'a> {
    fn new(file: &'a OsStr, hash: &'a OsStr, mode: &'a OsStr) -> Side<'a> {
        let file = (file != NOTHING).then_some(Path::new(file));
        Side { file, hash: hash.to_str().unwrap_or("."), mode: mode.to_str().unwrap_or(".") }
    }

    /// Its bytes; none where it is not there.
    fn bytes(&self) -> Result<Vec<u8>, Error> {
        let read = |file: &Path| {
            std::fs::read(file).map_err(|error| {
                let reason = crate::source::reason(&error);
                Error::new(format!("`{}` cannot be read: {reason}", crate::project::path::shown(file)))
            })
        };
        self.file.map_or(Ok(Vec::new()), read)
    }

    fn is_regular(&self) -> bool {
        self.file.is_none() || REGULAR.contains(&self.mode)
    }
}

/// Prints what git asks for. Any other status than 0 would end git.
pub(super) fn run(args: &GitDiffDriverArgs) -> Result<u8, Error> {
    let shown = |path: &OsStr| escape(&path.to_string_lossy()).to_string();
    let (path, before, after, new_path, renamed) = match &args.arguments[..] {
        // Of a file with conflicts, there is nothing else.
        [path] => return to_stdout(|out| writeln!(out, "* Unmerged path {}", shown(path))).map(|()| CLEAN),
        [path, old, old_hash, old_mode, new, new_hash, new_mode, rest @ ..] => {
            let (before, after) = (Side::new(old, old_hash, old_mode), Side::new(new, new_hash, new_mode));
            (path, before, after, rest.first().unwrap_or(path), rest.get(1))
        }
        _ => {
            let error = Error::new("git passes 1, 7 or 9 arguments to a diff driver");
            return Err(error.help("git config diff.protolint.command 'protolint git-diff-driver'"));
        }
    };
    let names = (shown(path), shown(new_path));
    let mut text = header(&names, &before, &after, renamed.map(|about| shown_lines(about)));
    text.push_str(&body(&names, &before, &after)?);
    to_stdout(|out| out.write_all(text.as_bytes()))?;
    Ok(CLEAN)
}

/// What git says of a renamed file, a line each.
fn shown_lines(about: &OsStr) -> String {
    about.to_string_lossy().lines().map(|line| format!("{}\n", escape(line))).collect()
}

/// The lines that git begins a patch with.
fn header((old, new): &(String, String), before: &Side<'_>, after: &Side<'_>, renamed: Option<String>) -> String {
    let mut text = format!("diff --protolint a/{old} b/{new}\n");
    match (before.file, after.file) {
        (None, _) => text.push_str(&format!("new file mode {}\n", after.mode)),
        (_, None) => text.push_str(&format!("deleted file mode {}\n", before.mode)),
        _ if before.mode != after.mode => {
            text.push_str(&format!("old mode {}\nnew mode {}\n", before.mode, after.mode));
        }
        _ => {}
    }
    if let Some(renamed) = renamed {
        return text + &renamed;
    }
    if let (Some(old), Some(new)) = (before.hash.get(..7), after.hash.get(..7)) {
        text.push_str(&format!("index {old}..{new}\n"));
    }
    text
}

fn body((old_name, new_name): &(String, String), before: &Side<'_>, after: &Side<'_>) -> Result<String, Error> {
    let (old, new) = (before.bytes()?, after.bytes()?);
    let (Ok(old), Ok(new)) = (String::from_utf8(old), String::from_utf8(new)) else {
        return Ok(format!("Binary files a/{old_name} and b/{new_name} differ\n"));
    };
    let name = if after.file.is_some() { new_name } else { old_name };
    if before.is_regular() && after.is_regular() {
        let is_there = |side: &Side<'_>, text: &str| side.file.map(|_| text.to_owned());
        let change = FileChange::new(name, is_there(before, &old), is_there(after, &new));
        if let FileChange::Schema(changelog) = change {
            let Terminal { color, width, .. } = Terminal::stdout(ColorArg::Auto);
            // Git shows colours in its pager.
            let style = ChangelogStyle { color: color || is_in_pager(), width };
            let mut out = Vec::new();
            let _ = changelog.write(ChangelogFormat::Human, style, &mut out);
            return Ok(String::from_utf8_lossy(&out).into_owned());
        }
    }
    Ok(unified(name, &old, &new))
}

/// Whether git has a pager for what is printed, and nothing says that colours are not wanted.
fn is_in_pager() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("GIT_PAGER_IN_USE") && !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
