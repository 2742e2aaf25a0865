//! Opening a repository, and refusing one whose format this program cannot read.

use std::path::Path;

use gix::ThreadSafeRepository;
use gix::open::{Options, Permissions, permissions};

use super::fault::{self, GitFault, GitFaultKind};

/// The most bytes of one object or of the index: no schema may be larger, and no history object should be.
const MAX_BYTES: u32 = i32::MAX as u32;

/// Extensions of the format that change nothing about what is read here, or that `gix` reads. Others may change
/// anything, so a repository that names them is not to be read
/// (<https://git-scm.com/docs/repository-version>).
const KNOWN: [&str; 7] =
    ["noop", "noop-v1", "preciousobjects", "partialclone", "worktreeconfig", "relativeworktrees", "objectformat"];

/// Opens what is at `git`, a directory or a file that leads to one.
pub(super) fn open(git: &Path, top: &Path) -> Result<ThreadSafeRepository, GitFault> {
    if let Some(name) = irregular(git) {
        let shown = super::super::path::shown_from_here(&git.join(name));
        return Err(GitFault::new(
            GitFaultKind::Corrupt,
            format!("`{shown}` cannot be read: it is not a regular file"),
        ));
    }
    // The repository's own configuration and nothing else: no environment, and no includes.
    let alone = Permissions {
        env: permissions::Environment::isolated(),
        config: permissions::Config::isolated(),
        attributes: permissions::Attributes::isolated(),
    };
    let options = Options::default()
        .permissions(alone)
        .with(gix::sec::Trust::Full)
        .filter_config_section(|_| true)
        .open_path_as_is(true)
        .cli_overrides([format!("gitoxide.objects.allocLimit={MAX_BYTES}")]);
    options.open(git).map_err(|error| {
        let shown = super::super::path::shown_from_here(top);
        let why = fault::reason(fault::cause(&error));
        let kind = if error.is_unsupported() || error.is_validation() {
            GitFaultKind::Unsupported
        } else {
            GitFaultKind::Corrupt
        };
        GitFault::new(kind, format!("the git repository at `{shown}` cannot be read: {why}"))
    })
}

/// What git keeps in a regular file and is something else: a pipe or a device would be read without end.
fn irregular(git: &Path) -> Option<&'static str> {
    const REGULAR: [&str; 6] = ["HEAD", "config", "packed-refs", "index", "shallow", "objects/info/alternates"];
    REGULAR.into_iter().find(|name| git.join(name).metadata().is_ok_and(|metadata| !metadata.is_file()))
}

/// Whether the format is one whose meaning is known.
pub(super) fn check(repository: &gix::Repository, top: &Path) -> Result<(), GitFault> {
    let snapshot = repository.config_snapshot();
    let shown = super::super::path::shown_from_here(top);
    let unsupported = |what: String| {
        Err(GitFault::new(
            GitFaultKind::Unsupported,
            format!("the git repository at `{shown}` {what}, which is not supported"),
        ))
    };
    let version = snapshot.integer("core.repositoryFormatVersion").unwrap_or(0);
    if version > 1 {
        return unsupported(format!("has format version {version}"));
    }
    if version == 0 {
        return Ok(());
    }
    let storage = snapshot.string("extensions.refStorage").map(|storage| storage.to_string());
    if let Some(storage) = storage.filter(|storage| storage != "files") {
        let fault = unsupported(format!("keeps its references as `{storage}`"));
        let help = "git refs migrate --ref-format=files, or name a directory: --against DIRECTORY";
        return fault.map_err(|fault| fault.help(help));
    }
    let sections = snapshot.plumbing().sections_by_name("extensions").into_iter().flatten();
    let names = sections.flat_map(|section| section.value_names().collect::<Vec<_>>());
    let unknown = |name: &String| {
        let name = name.to_ascii_lowercase();
        name != "refstorage" && !KNOWN.contains(&name.as_str())
    };
    match names.into_iter().find(unknown) {
        Some(name) => unsupported(format!("uses the extension `{name}`")),
        None => Ok(()),
    }
}
