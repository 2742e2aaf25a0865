//! The files that are written and not yet in their place, so that a signal that ends the program leaves none of them
//! behind. It does not depend on what is written.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tempfile::{NamedTempFile, PathPersistError, TempPath};

/// The paths of all of them.
type Paths = std::collections::BTreeSet<std::path::PathBuf>;

/// Code that makes, moves or removes one holds this, so that a signal comes before or after.
static PATHS: Mutex<Paths> = Mutex::new(Paths::new());

fn paths() -> MutexGuard<'static, Paths> {
    PATHS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is not in its place yet. Dropped, it leaves nothing behind.
pub(super) struct Unfinished(Option<TempPath>);

impl Unfinished {
    /// Makes one, and what it is written through.
    ///
    /// # Errors
    ///
    /// Those of `make`.
    pub(super) fn new(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<(std::fs::File, Unfinished)> {
        static WATCHED: OnceLock<()> = OnceLock::new();
        WATCHED.get_or_init(watch);
        let mut paths = paths();
        let (file, path) = make()?.into_parts();
        paths.insert(path.to_path_buf());
        Ok((file, Unfinished(Some(path))))
    }

    /// Puts it in the place of `file`.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub(super) fn put(mut self, file: &Path) -> io::Result<()> {
        let Some(path) = self.0.take() else { return Ok(()) };
        let mut paths = paths();
        paths.remove::<Path>(&path);
        path.persist(file).map_err(|PathPersistError { error, .. }| error)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            let mut paths = paths();
            paths.remove::<Path>(&path);
            drop(path);
        }
    }
}

/// Removes what is unfinished when a signal comes that ends the program, which it then does. Where no thread can be
/// made to wait for signals, they end it as they always did.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let ignored = ignored();
    let ending = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let Ok(mut signals) = Signals::new(ending) else { return };
    let handle = signals.handle();
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            // Held to the end: nothing is made or moved any more.
            let paths = paths();
            for path in paths.iter() {
                let _ = std::fs::remove_file(path);
            }
            let _ = emulate_default_handler(signal);
        }
    };
    if std::thread::Builder::new().name("signals".to_owned()).spawn(wait).is_err() {
        handle.close();
    }
}

/// Elsewhere a file that was interrupted stays.
#[cfg(not(unix))]
fn watch() {}

/// The signals that the parent process made it ignore, as `nohup` does: a bit for each, the lowest for signal 1.
/// Only Linux reports it, <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>; elsewhere that is hanging up.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(1 << (signal_hook::consts::SIGHUP - 1))
}
