//! Options that a configuration protects: `testdata/options` has one of every kind of element, and marks what is found.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use support::tree;

#[test]
fn options_are_compared_by_value_wherever_they_are() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/options");
    let [before, after] = ["before", "after"].map(|side| tree::files(&top.join(side)));
    let directory = tempfile::tempdir().unwrap();
    support::write(&directory.path().join("before"), &before);
    support::write(&directory.path().join("after"), &after);
    let marks = support::marks(&after, "OPTION_UNCHANGED");
    let found = |arguments: &[&str]| {
        let arguments = [&["--against", "../before"], arguments].concat();
        support::breaking(&directory.path().join("after"), &arguments)
    };
    // The other changes are of a JSON name, and of the Java package.
    let expected = |layers: &str| marks.len() + usize::from(layers != "wire");
    for layers in ["json", "wire", "source"] {
        let mut findings = found(&["--layers", layers]);
        assert_eq!(findings.len(), expected(layers), "{layers}: {findings:?}");
        findings.retain(|finding| finding.rule == "OPTION_UNCHANGED");
        let differences = support::differences(&findings, &marks);
        assert!(differences.is_empty(), "{layers}\n{differences}");
    }
    let differences = support::differences(&found(&["--use", "OPTION_UNCHANGED"]), &marks);
    assert!(differences.is_empty(), "{differences}");
    assert_eq!(found(&["--layers", "wire", "--except", "OPTION_UNCHANGED"]).len(), 0);
    assert_eq!(found(&["--use", "WIRE"]).len(), 0);
}
