//! Settings of arguments, environment and configuration, made once.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::{BreakingArgs, CheckArgs, ConfigArgs, DeprecatedArgs, DirectionArg, FormatArgs, LayerArg};
use super::ci;
use crate::config::RuleNames;
use crate::error::Error;
use crate::finding::{DirectionFilter, Layer};
use crate::project::base::CompareRequest;
use crate::project::settings::{ConfigChoice, Settings, StdinText};
use crate::report::Report;
use crate::run::suppress::baseline_file::BaselineUse;

/// What `check` works on.
pub(super) fn of_check(args: &CheckArgs) -> Result<Settings, Error> {
    let stdin = stdin("check", &args.paths, args.stdin_file_path.as_ref())?;
    let (against, tag_pattern, pre_releases) = (args.against.clone(), args.tag_pattern.clone(), args.pre_releases);
    let command = "protolint check --new-only";
    Ok(Settings {
        paths: if stdin.is_some() { Vec::new() } else { args.paths.clone() },
        stdin,
        includes: args.includes.clone(),
        rule_names: names(&args.config),
        strict_imports: args.strict_imports,
        self_check: args.self_check,
        base: CompareRequest { against, tag_pattern, pre_releases, command, ..CompareRequest::default() },
        ..Settings::default()
    })
}

/// What `format` works on.
pub(super) fn of_format(args: &FormatArgs) -> Result<Settings, Error> {
    let stdin = stdin("format", &args.paths, args.stdin_file_path.as_ref())?;
    let paths = if stdin.is_some() { Vec::new() } else { args.paths.clone() };
    Ok(Settings { paths, stdin, ..Settings::default() })
}

/// What `deprecated` works on.
pub(super) fn of_deprecated(args: &DeprecatedArgs) -> Settings {
    Settings { paths: args.paths.clone(), ..Settings::default() }
}

/// What `breaking` works on.
pub(super) fn of_breaking(args: &BreakingArgs) -> Settings {
    let layer = |layer: &LayerArg| match layer {
        LayerArg::Wire => Layer::Wire,
        LayerArg::Json => Layer::Json,
        LayerArg::Grpc => Layer::Grpc,
        LayerArg::Rest => Layer::Rest,
        LayerArg::Validation => Layer::Validation,
        LayerArg::Source => Layer::Source,
    };
    let direction = |direction: DirectionArg| match direction {
        DirectionArg::Backward => DirectionFilter::Backward,
        DirectionArg::Forward => DirectionFilter::Forward,
        DirectionArg::Full => DirectionFilter::Full,
    };
    let (against, tag_pattern, pre_releases) = (args.against.clone(), args.tag_pattern.clone(), args.pre_releases);
    Settings {
        paths: args.paths.clone(),
        includes: args.includes.clone(),
        rule_names: names(&args.config),
        layers: args.layers.iter().map(layer).collect(),
        direction: args.direction.map(direction),
        strict: args.strict,
        fail_on_inherited: args.fail_on_inherited,
        base: CompareRequest { against, tag_pattern, pre_releases, index: args.index, ..CompareRequest::default() },
        ..Settings::default()
    }
}

/// Names of rules given as arguments.
pub(super) fn names(args: &ConfigArgs) -> RuleNames {
    RuleNames { uses: args.uses.clone(), except: args.except.clone() }
}

/// Reads the configuration, and what CI says that the branch will be merged into.
pub(super) fn configure(settings: &mut Settings, args: &ConfigArgs) -> Result<(), Box<Report>> {
    settings.configure(&match &args.config {
        Some(file) if args.may_be_of_go_tool => ConfigChoice::OfGoTool(file.clone()),
        Some(file) => ConfigChoice::File(file.clone()),
        None if args.no_config => ConfigChoice::Default,
        None => ConfigChoice::Nearest,
    })?;
    settings.base.by_ci = ci::base();
    Ok(())
}

/// Takes away the effect of ignore comments, whatever the configuration says.
pub(super) fn without_comments(settings: &mut Settings) {
    let config = Arc::make_mut(&mut settings.config);
    let scopes = config.scopes.iter_mut();
    let (checks, breakings): (Vec<_>, Vec<_>) = scopes.map(|scope| (&mut scope.check, &mut scope.breaking)).unzip();
    for check in checks.into_iter().flatten().chain([&mut config.check]) {
        check.ignore_comments = false;
    }
    for breaking in breakings.into_iter().flatten().chain([&mut config.breaking]) {
        breaking.ignore_comments = false;
    }
}

/// What becomes of the baseline file.
pub(super) fn baseline_use(args: &CheckArgs) -> BaselineUse {
    match &args.write_baseline {
        _ if args.no_baseline => BaselineUse::Ignore,
        Some(file) => BaselineUse::Write { file: file.clone(), grow: args.grow },
        None => BaselineUse::Apply(args.baseline.clone()),
    }
}

/// The bytes on standard input, and the path it stands for, where `-` is the path.
fn stdin(command: &str, paths: &[PathBuf], file_path: Option<&PathBuf>) -> Result<Option<StdinText>, Error> {
    if !paths.iter().any(|path| path.as_os_str() == "-") {
        return match file_path {
            Some(_) => {
                let error = Error::new("--stdin-file-path needs `-` as the path");
                Err(error.help(format!("protolint {command} - --stdin-file-path FILE")))
            }
            None => Ok(None),
        };
    }
    if paths.len() > 1 {
        return Err(Error::new("`-` cannot be combined with other paths"));
    }
    let path = file_path.cloned().unwrap_or_else(|| PathBuf::from("stdin.proto"));
    StdinText::read(path).map(Some)
}
