//! What the place that text goes to can show: columns, colours, and characters beyond ASCII. Nothing else asks for these.

use std::ffi::OsString;
use std::io::IsTerminal;

use super::args::ColorArg;
use crate::report::paint::Paint;

/// What one place can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terminal {
    /// Whether people look at it now.
    pub(super) is_terminal: bool,
    /// Whether texts are in colours.
    pub(super) color: bool,
    /// Whether characters beyond ASCII may be drawn.
    pub(super) unicode: bool,
    /// Whether lines can be taken back, as progress has it.
    pub(super) is_dumb: bool,
    /// Its columns, or what most have.
    pub(super) width: usize,
}

/// The columns where nothing says how many there are.
const DEFAULT_WIDTH: usize = 100;

impl Terminal {
    /// Standard output.
    pub(super) fn stdout(color: ColorArg) -> Terminal {
        Terminal::new(std::io::stdout().is_terminal(), color, variable)
    }

    /// Standard error.
    pub(super) fn stderr(color: ColorArg) -> Terminal {
        Terminal::new(std::io::stderr().is_terminal(), color, variable)
    }

    /// A file: what the environment says of colours is for terminals.
    pub(super) fn file(color: ColorArg) -> Terminal {
        Terminal::new(false, color, |name| if name == "COLUMNS" { variable(name) } else { None })
    }

    /// In this order: what the arguments say, then <https://no-color.org>, then <https://bixense.com/clicolors>, as help
    /// has it.
    fn new(is_terminal: bool, color: ColorArg, variable: impl Fn(&str) -> Option<OsString>) -> Terminal {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let is_zero = |name: &str| variable(name).is_some_and(|value| value == "0");
        // A terminal of Windows has no name.
        let is_dumb = variable("TERM").map_or(cfg!(unix) && is_terminal, |name| name == "dumb");
        let color = match color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto if is_set("NO_COLOR") => false,
            ColorArg::Auto if is_set("CLICOLOR_FORCE") && !is_zero("CLICOLOR_FORCE") => true,
            ColorArg::Auto => is_terminal && !is_zero("CLICOLOR") && !is_dumb,
        };
        let columns = variable("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok()).filter(|&width| width > 0);
        let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        let unicode = (is_terminal || color) && !is_dumb;
        Terminal { is_terminal, color, unicode, is_dumb, width: width.unwrap_or(DEFAULT_WIDTH) }
    }

    pub(super) fn paint(self) -> Paint {
        Paint::new(self.color)
    }
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::{ColorArg, Terminal};

    /// Colours and characters beyond ASCII with these variables.
    fn shown(is_terminal: bool, color: ColorArg, variables: &[(&str, &str)]) -> (bool, bool) {
        let variable = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        let terminal = Terminal::new(is_terminal, color, variable);
        (terminal.color, terminal.unicode)
    }

    #[test]
    fn arguments_come_before_the_environment() {
        let term = ("TERM", "xterm");
        assert_eq!(shown(true, ColorArg::Auto, &[term]), (true, true));
        assert_eq!(shown(false, ColorArg::Auto, &[term]), (false, false));
        assert_eq!(shown(true, ColorArg::Never, &[term, ("CLICOLOR_FORCE", "1")]), (false, true));
        assert_eq!(shown(false, ColorArg::Always, &[term, ("NO_COLOR", "1")]), (true, true));
    }

    #[test]
    fn the_environment_chooses_colours() {
        let term = ("TERM", "xterm");
        assert_eq!(shown(true, ColorArg::Auto, &[term, ("NO_COLOR", "1")]), (false, true));
        assert_eq!(shown(true, ColorArg::Auto, &[term, ("NO_COLOR", "")]), (true, true));
        assert_eq!(shown(true, ColorArg::Auto, &[term, ("CLICOLOR", "0")]), (false, true));
        assert_eq!(shown(false, ColorArg::Auto, &[term, ("CLICOLOR_FORCE", "1")]), (true, true));
        assert_eq!(shown(false, ColorArg::Auto, &[term, ("CLICOLOR_FORCE", "0")]), (false, false));
        assert_eq!(shown(false, ColorArg::Auto, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]), (false, false));
    }

    #[test]
    fn a_dumb_terminal_gets_plain_ascii() {
        let term = ("TERM", "dumb");
        assert_eq!(shown(true, ColorArg::Auto, &[term]), (false, false));
        assert_eq!(shown(true, ColorArg::Always, &[term]), (true, false));
        assert_eq!(shown(false, ColorArg::Auto, &[term, ("CLICOLOR_FORCE", "1")]), (true, false));
    }

    #[test]
    fn columns_of_the_environment_win() {
        let width = |columns: &str| {
            let variable = |name: &str| (name == "COLUMNS").then(|| columns.into());
            Terminal::new(true, ColorArg::Auto, variable).width
        };
        assert_eq!(width("60"), 60);
        assert_eq!(width("0"), width("wide"));
    }
}
