//! Much that changed at once: each type is compared with another one once, whatever refers to it.

use super::*;

/// The findings between two texts.
fn changes(before: &str, after: &str) -> Vec<Finding> {
    let directory = TempDir::new().unwrap();
    for (name, text) in [("before", before), ("after", after)] {
        let root = directory.path().join(name);
        std::fs::create_dir_all(root.join("a")).unwrap();
        std::fs::write(root.join("protolint.yaml"), "version: 1\nroots: [.]\n").unwrap();
        std::fs::write(root.join("a/m.proto"), format!("{HEAD}{text}")).unwrap();
    }
    let arguments = ["breaking", "--against", "../before", "--format", "json", "--layers", "wire,json,grpc,source"];
    let output = protolint(&directory.path().join("after"), &arguments);
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn count_of(findings: &[Finding], rule: &str) -> usize {
    findings.iter().filter(|finding| finding.rule == rule).count()
}

/// `M1` to `Mn`, each of which holds the next one, and the last one the first.
fn ring(name: &str, most: usize, last: &str) -> String {
    let of = |n: usize| if n == most { last } else { "string" };
    lines(most, |n| format!("message {name}{n} {{ {name}{} next = 1; {} text = 2; }}", n % most + 1, of(n)))
}

#[test]
fn circles_of_types_are_walked_once() {
    let most = 2_000;
    let user = |name: &str| format!("message User {{\n{}}}\n", lines(most, |n| format!("  {name}{n} f{n} = {n};")));
    for (last, is_lost) in [("string", false), ("int32", true)] {
        let types = ring("M", most, "string") + &ring("N", most, last);
        let found = changes(&(user("M") + &types), &(user("N") + &types));
        assert_eq!(count_of(&found, "FIELD_SAME_TYPE"), most);
        // What differs in one of them differs in all.
        assert!(found.iter().all(|finding| finding.layers.iter().any(|layer| layer == "wire") == is_lost), "{last}");
    }
    let found = changes(&ring("M", most, "string"), &ring("N", most, "string"));
    assert_eq!(count_of(&found, "MESSAGE_NO_DELETE"), most);
    assert!(found.iter().all(|finding| finding.layers == ["source"]));
}

#[test]
fn one_of_many_types_alike_is_found_again_by_its_name() {
    let most = 150;
    let pair = |n| format!("  message Own{n} {{ int32 own = {n}; }}\n  message M{n} {{ Own{n} own = 1; }}");
    let outer = |name: &str| format!("message {name} {{\n  Own1 first = 1000;\n{}}}\n", lines(most, pair));
    let found = changes(&outer("Old"), &outer("New"));
    // What is in a message goes with it.
    assert_eq!(count_of(&found, "MESSAGE_NO_DELETE"), 1);
    assert!(found.iter().all(|finding| finding.layers == ["source"]));
}

#[test]
fn each_of_many_members_is_proven_without_its_siblings() {
    let most = 4_000;
    let values = |letter: char| lines(most, |n| format!("  E_{letter}{n} = {n};"));
    let of_enum = |values: &str| format!("enum E {{\n  E_NONE = 0;\n{values}}}\nmessage M {{\n  E e = 1;\n}}\n");
    let fields = |letter: char| {
        let line = |n| format!("  string f{n} = {} [json_name = \"{letter}{n}\"];", n + 20_000);
        format!("message M {{\n{}}}\n", lines(most, line))
    };
    let cases = [
        ("ENUM_VALUE_NO_DELETE", of_enum(&values('V')), of_enum("")),
        ("ENUM_VALUE_SAME_NAME", of_enum(&values('V')), of_enum(&values('W'))),
        ("FIELD_SAME_JSON_NAME", fields('x'), fields('y')),
    ];
    for (rule, before, after) in cases {
        let found = changes(&before, &after);
        assert_eq!(count_of(&found, rule), most, "{rule}");
        assert!(found.iter().all(|finding| !finding.evidence.is_empty()), "{rule}");
    }
}
