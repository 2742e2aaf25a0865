//! `protolint lsp`.

use std::io::BufReader;

use super::{CLEAN, FINDINGS};

/// Serves an editor until it is gone. The status is what the protocol asks for: 1 where it went without a word.
pub(super) fn run() -> u8 {
    if crate::lsp::serve(BufReader::new(std::io::stdin()), std::io::stdout()) { CLEAN } else { FINDINGS }
}
