//! What exit statuses mean, and the variables of the environment that runs use: for help and manual pages.

use std::fmt::Write;

use super::ci;

/// Each exit status, and what it means.
pub(super) const EXIT_STATUS: [(&str, &str); 3] = [
    ("0", "There are no findings at or above --fail-on."),
    ("1", "There are such findings or, with --diff, fixes."),
    ("2", "The run failed, for example because of an error in the command line or the configuration."),
];

/// Variables that belong together, and what they do.
pub(super) fn variables() -> [(String, &'static str); 10] {
    [
        ("NO_COLOR".to_owned(), "If it is not empty, output has no colours unless --color is always."),
        (
            "CLICOLOR, CLICOLOR_FORCE".to_owned(),
            "If the first is 0, output has no colours. If the second is set and not 0, it has colours everywhere.",
        ),
        ("TERM".to_owned(), "If it is dumb, output has no colours and is drawn in ASCII."),
        ("COLUMNS".to_owned(), "The width of the output, instead of that of the terminal."),
        (
            ci::variables().join(", "),
            "CI systems set them. Without a base in the command line and the configuration, they provide it.",
        ),
        ("GITHUB_STEP_SUMMARY".to_owned(), "A report for this file is added to it instead of replacing it."),
        (
            "GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR, GIT_CEILING_DIRECTORIES".to_owned(),
            "The repository and where to search for it, as in git.",
        ),
        ("GIT_INDEX_FILE".to_owned(), "The index with the staged files for --index, as in git."),
        ("GIT_PAGER_IN_USE".to_owned(), "Git sets it for git-diff-driver, which then prints colours for the pager."),
        ("RAYON_NUM_THREADS".to_owned(), "The number of threads. By default there is one for each core."),
    ]
}

/// The columns of a terminal that most have.
const WIDTH: usize = 80;

/// Both, as help shows them below the options.
pub(super) fn help() -> String {
    let mut text = "Exit status:\n".to_owned();
    for (status, meaning) in EXIT_STATUS {
        let _ = write!(text, "  {status}  ");
        fill(&mut text, 5, meaning);
    }
    text.push_str("\nEnvironment variables:\n");
    for (names, meaning) in variables() {
        text.push_str("  ");
        fill(&mut text, 2, &names);
        text.push_str("      ");
        fill(&mut text, 6, meaning);
    }
    text.trim_end().to_owned()
}

/// Adds words, in lines that are indented as the first one is.
fn fill(text: &mut String, indent: usize, words: &str) {
    let mut column = indent;
    for word in words.split(' ') {
        let space = usize::from(column > indent);
        if column + space + word.len() > WIDTH {
            let _ = write!(text, "\n{:indent$}", "");
            column = indent;
        } else if space > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += word.len();
    }
    text.push('\n');
}
