//! `protolint lint`, as editors and pipelines call the Go tool of this name: its flags, and where its reports go. It
//! writes nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::args::CheckArgs;
use crate::error::Error;
use crate::report::GoReporter;

/// The subcommand of that tool.
const LINT: &str = "lint";

/// Its other subcommands, and what does the same here.
const SUBCOMMANDS: [(&str, &str); 2] = [("list", "rules"), ("version", "--version")];

/// The flags of that tool with more than one letter, which it takes with one dash or two.
const FLAGS: [&str; 10] = [
    "add-reporter",
    "auto_disable",
    "config_dir_path",
    "config_path",
    "fix",
    "no-error-on-unmatched-pattern",
    "output_file",
    "plugin",
    "reporter",
    "stdin_filename",
];

/// Names of the file that is looked for in a directory.
const CONFIG_NAMES: [&str; 4] = [".protolint.yaml", ".protolint.yml", "protolint.yaml", "protolint.yml"];

/// The command line with that tool's ways of writing it replaced: one dash before a long flag, and no subcommand.
pub(super) fn translated(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let Some(first) = arguments.get(1).and_then(|first| first.to_str()) else { return arguments };
    let is_flag = flag(first).is_some();
    if let Some((_, own)) = SUBCOMMANDS.iter().find(|(other, _)| *other == first) {
        arguments[1] = OsString::from(own);
        return arguments;
    }
    if is_flag || (first.ends_with(".proto") && !first.starts_with('-')) {
        arguments.insert(1, OsString::from(LINT));
    } else if first != LINT {
        return arguments;
    }
    for argument in &mut arguments[2..] {
        let Some(text) = argument.to_str() else { continue };
        match (text, flag(text)) {
            ("--", _) => break,
            ("-v", _) => *argument = OsString::from("--verbose"),
            (_, Some(long)) => *argument = OsString::from(format!("--{long}")),
            _ => {}
        }
    }
    arguments.insert(2, OsString::from("--as-lint"));
    arguments
}

/// A flag of that tool without its dashes, with its value.
fn flag(argument: &str) -> Option<&str> {
    let long = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
    FLAGS.contains(&long.split('=').next()?).then_some(long)
}

/// The arguments of `check` that those for `lint` stand for.
///
/// # Errors
///
/// A reporter that is unknown, or what is not done here.
pub(super) fn adapted(mut args: CheckArgs, is_terminal: bool) -> Result<CheckArgs, Error> {
    let lint = &args.lint;
    if lint.auto_disable.is_some() {
        let error = Error::new("`--auto_disable` is not supported");
        return Err(error.help("to suppress existing findings: protolint check --write-baseline"));
    }
    if !lint.plugins.is_empty() {
        let help =
            "to list the rules that are built in: protolint rules; for the rules of a plugin, also run the Go tool";
        return Err(Error::new("`--plugin` is not supported").help(help));
    }
    if let Some(name) = &lint.reporter {
        args.output.go_reports.push((reporter(name)?, args.output.output.take()));
        (args.output.quiet, args.output.go_reports_only) = (true, true);
    }
    for added in &lint.added_reporters {
        let Some((name, file)) = added.split_once(':').filter(|(_, file)| !file.is_empty()) else {
            let error = Error::new(format!("`--add-reporter {added}` names no file"));
            return Err(error.help("--add-reporter json:FILE"));
        };
        args.output.go_reports.push((reporter(name)?, Some(PathBuf::from(file))));
    }
    let is_silent = lint.reporter.is_none() && args.output.formats.is_empty() && args.output.output.is_none();
    if lint.as_lint && is_silent && !is_terminal {
        args.output.go_reports.push((GoReporter::Plain, None));
    }
    args.config.may_be_of_go_tool = lint.as_lint;
    if let Some(directory) = &lint.config_dir_path
        && args.config.config.is_none()
    {
        args.config.config = Some(config_in(directory)?);
    }
    Ok(args)
}

fn reporter(name: &str) -> Result<GoReporter, Error> {
    GoReporter::find(name).ok_or_else(|| {
        let known = GoReporter::ALL.map(GoReporter::name).join(", ");
        Error::new(format!("there is no reporter `{name}`")).help(format!("reporters are {known}"))
    })
}

fn config_in(directory: &Path) -> Result<PathBuf, Error> {
    let found = CONFIG_NAMES.iter().map(|name| directory.join(name)).find(|file| file.is_file());
    found.ok_or_else(|| {
        let shown = crate::project::path::shown(directory);
        Error::new(format!("there is no {} in `{shown}`", CONFIG_NAMES.join(" or ")))
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::translated;

    #[test]
    fn the_go_tools_command_lines_become_ours() {
        for (given, expected) in [
            ("lint a.proto", "lint --as-lint a.proto"),
            ("lint -reporter json -fix -v a.proto", "lint --as-lint --reporter json --fix --verbose a.proto"),
            ("lint -config_path=x.yaml a", "lint --as-lint --config_path=x.yaml a"),
            ("--reporter json a.proto", "lint --as-lint --reporter json a.proto"),
            ("--fix a.proto", "lint --as-lint --fix a.proto"),
            ("a.proto", "lint --as-lint a.proto"),
            ("version", "--version"),
            ("list", "rules"),
            ("check -I x a.proto", "check -I x a.proto"),
            ("check --fix", "check --fix"),
            ("--help", "--help"),
        ] {
            let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
            let with_name = |line: &str| [vec![OsString::from("protolint")], words(line)].concat();
            assert_eq!(translated(with_name(given)), with_name(expected));
        }
    }
}
