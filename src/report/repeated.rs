//! Joins findings that many files share, so that each is reported once: an import that is not there is one fault, however
//! many files import it, and comments for another linter are one remark.

use rustc_hash::FxHashMap;

use super::explain::counted;
use crate::finding::{Finding, Label, Severity};
use crate::rules::compile::{COMPILE_IMPORT_NOT_FOUND, UNUSED_IGNORE};
use crate::source::FileId;

/// How many of the files that share a finding are named: the first at the finding's place, the others at labels.
const MAX_NAMED: usize = 3;

/// What a remark on comments for another linter starts with.
const OTHER_LINTER: &str = "comments for `";

/// Up to so many of these remarks are reported one by one.
const MAX_REMARKS: usize = 10;

/// What findings have in common that are one. The directories that were searched may differ.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    rule: &'static str,
    severity: Severity,
    /// The text up to the path, the path, and the text up to the next name in backticks.
    fault: [String; 3],
}

/// The findings that share a key.
struct Group {
    /// Where the first of them is among those that are kept.
    first: usize,
    last_file: Option<FileId>,
    files: usize,
}

/// Keeps the first of findings that are about one import, with the number of files and the places in the next two.
pub(super) fn join(findings: &mut Vec<Finding>) {
    let joined = |test: fn(&Finding) -> bool| findings.iter().filter(|finding| test(finding)).count();
    let with_remarks = joined(is_remark) > MAX_REMARKS;
    if joined(is_import) < 2 && !with_remarks {
        return;
    }
    let mut groups: FxHashMap<Key, Group> = FxHashMap::default();
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in std::mem::take(findings) {
        let Some(key) = key(&finding).filter(|_| with_remarks || !is_remark(&finding)) else {
            kept.push(finding);
            continue;
        };
        let file = finding.place.map(|place| place.file);
        match groups.get_mut(&key) {
            Some(group) => {
                let is_same_file = group.last_file == file;
                group.last_file = file;
                group.files += usize::from(!is_same_file);
                let first = &mut kept[group.first];
                if let Some(place) = finding.place.filter(|_| !is_same_file && group.files <= MAX_NAMED) {
                    first
                        .labels
                        .push(Label::new(place, if is_import(first) { "also imported here" } else { "also here" }));
                }
            }
            None => {
                groups.insert(key, Group { first: kept.len(), last_file: file, files: 1 });
                kept.push(finding);
            }
        }
    }
    for group in groups.values().filter(|group| group.files > 1) {
        let (first, files) = (&mut kept[group.first], counted(group.files, "file"));
        let text = if is_import(first) { format!("; {files} import it") } else { format!("; {files} have some") };
        first.message.push_str(&text);
    }
    *findings = kept;
}

fn is_joined(finding: &Finding) -> bool {
    is_import(finding) || is_remark(finding)
}

fn is_remark(finding: &Finding) -> bool {
    finding.rule == UNUSED_IGNORE.id && finding.message.starts_with(OTHER_LINTER)
}

fn is_import(finding: &Finding) -> bool {
    finding.rule == COMPILE_IMPORT_NOT_FOUND.id
}

fn key(finding: &Finding) -> Option<Key> {
    let mut parts = finding.message.splitn(4, '`').map(str::to_owned);
    let fault = is_joined(finding).then(|| [parts.next(), parts.next(), parts.next()])?;
    let [Some(before), Some(path), Some(after)] = fault else { return None };
    Some(Key { rule: finding.rule, severity: finding.severity, fault: [before, path, after] })
}

#[cfg(test)]
mod tests {
    use super::join;
    use crate::finding::Finding;
    use crate::rules::compile::COMPILE_IMPORT_NOT_FOUND;
    use crate::source::{Place, SourceFile, Sources, Span};

    #[test]
    fn one_import_is_one_finding_with_its_files() {
        let mut sources = Sources::new();
        let mut findings = Vec::new();
        for at in 0..5 {
            let file = sources.add(SourceFile::new(format!("{at}.proto"), "import \"x.proto\";\n".to_owned()));
            let place = Place { file, span: Span::new(0, 17) };
            for (rule, path) in [
                (COMPILE_IMPORT_NOT_FOUND.id, "x.proto"),
                (COMPILE_IMPORT_NOT_FOUND.id, if at == 4 { "y.proto" } else { "x.proto" }),
                ("OTHER", "x.proto"),
            ] {
                let message = format!("import `{path}` was not found in `{at}`");
                findings.push(Finding::warning(rule, place, message));
            }
        }
        join(&mut findings);
        let joined: Vec<(&str, usize)> = findings
            .iter()
            .filter(|finding| finding.rule != "OTHER")
            .map(|finding| (finding.message.as_str(), finding.labels.len()))
            .collect();
        assert_eq!(
            joined,
            [
                ("import `x.proto` was not found in `0`; 5 files import it", 2),
                ("import `y.proto` was not found in `4`", 0)
            ]
        );
        assert_eq!(findings.len(), 7);
    }
}
