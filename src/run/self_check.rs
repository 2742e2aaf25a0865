//! Reads the files of a schema by a second parser, and reports what differs: that is a fault of this program, not of
//! the files. It depends on neither parser.

use rayon::prelude::*;

use crate::finding::Finding;
use crate::report::SelfCheck;
use crate::rules::compile::SELF_CHECK;
use crate::schema::{Difference, Judgement, Schema, judge};
use crate::source::{FILES_OF_A_TASK, FileId, Place, Sources};

/// What to do about it.
const HELP: &str =
    "this is a bug of protolint: please report it with the declaration, see `protolint explain SELF_CHECK`";

/// Reads all files that have a text, imports included, and adds what differs to the findings.
pub(super) fn run(schema: &Schema, sources: &Sources, findings: &mut Vec<Finding>) -> SelfCheck {
    let files = schema.files().filter_map(|file| file.source());
    // The files of descriptor sets have none.
    let files: Vec<FileId> = files.filter(|file| !sources.get(*file).text().is_empty()).collect();
    let read = |file: FileId| (file, judge(sources.get(file).text()));
    let judged: Vec<(FileId, Judgement)> = files.into_par_iter().with_max_len(FILES_OF_A_TASK).map(read).collect();
    let mut counts = SelfCheck::default();
    for (file, judgement) in judged {
        match judgement {
            Judgement::Same => counts.by_both += 1,
            Judgement::OnlyOurs => counts.by_ours += 1,
            Judgement::Refused => {}
            Judgement::Differs(difference) => findings.push(finding(file, difference)),
        }
    }
    counts
}

fn finding(file: FileId, difference: Difference) -> Finding {
    Finding::error(SELF_CHECK.id, Place { file, span: difference.span }, difference.message).help(HELP)
}

#[cfg(test)]
mod tests {
    use super::finding;
    use crate::schema::Difference;
    use crate::source::{SourceFile, Sources, Span};

    #[test]
    fn a_difference_is_an_error_that_says_where_to_report_it() {
        let file = Sources::new().add(SourceFile::new("a.proto".to_owned(), "message M {}".to_owned()));
        let message = "the kind `message` of `M` is read only by protolint".to_owned();
        let found = finding(file, Difference { span: Span::new(8, 9), message });
        assert_eq!(found.rule, "SELF_CHECK");
        assert!(found.help.is_some_and(|help| help.contains("report")));
    }
}
