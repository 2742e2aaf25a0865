//! Shows how far a long run is, on terminals only: the only place that uses `indicatif`.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::ColorArg;
use super::terminal::Terminal;

/// A counter of files read; it shows nothing where stderr is no terminal, nor in a short run.
pub(super) struct Progress {
    bar: ProgressBar,
}

/// A run shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(400);

impl Progress {
    pub(super) fn new(quiet: bool) -> Progress {
        let stderr = Terminal::stderr(ColorArg::Auto);
        let target = if quiet || !stderr.is_terminal || stderr.is_dumb {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(8)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.set_style(
            ProgressStyle::with_template("read {pos} files ({elapsed})").expect("the template is well-formed"),
        );
        Progress { bar }
    }

    /// One more file was read.
    pub(super) fn advance(&self) {
        if self.bar.elapsed() > PATIENCE {
            self.bar.inc(1);
        }
    }

    /// Takes the counter off the screen.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
