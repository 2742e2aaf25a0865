//! Ignore comments, at many places of one file.

use std::collections::BTreeSet;

use protolint::source::Place;

use super::library::{self, Checked, Files};
use super::places;

/// A file with something to find almost everywhere. `/*N*/` marks where comments go: on a line of its own or after
/// code.
const TEMPLATE: &str = "\
/*0*/
syntax = \"proto2\";
/*1*/
package Acme.v1; /*2*/
import \"google/protobuf/any.proto\"; /*3*/
/*4*/
message user_request { /*5*/
  /*6*/
  optional string User_name = 16; /*7*/
  oneof Choice { /*8*/
    int32 One = 2;
    /*9*/
  }
  optional group Body = 5 { /*10*/ optional int32 X = 1; }
  reserved 100; /*11*/
}
/*12*/

/*13*/
enum kind { A = 1 [deprecated = true /*14*/]; /*15*/ }
service thing {
  /*16*/
  rpc get(user_request) returns (user_request) { /*17*/ }
}
/*18*/";

/// The words that make a comment a directive, and a word as long that makes it none.
const WORDS: [(&str, &str); 2] = [("protolint:ignore", "protolint_ignore"), ("buf:lint:ignore", "buf_lint:ignore")];

/// A directive adds nothing but what is reported of directives, and takes nothing away that it does not name.
pub fn directives(bytes: &[u8]) {
    let Some((choice, text)) = bytes.split_first_chunk::<4>() else { return };
    let choice = u32::from_le_bytes(*choice);
    let text = String::from_utf8_lossy(text);
    let neutral = WORDS.iter().fold(text.clone().into_owned(), |text, (word, other)| text.replace(word, other));
    let with = checked(&text, choice);
    places::hold(with.findings(), with.sources());
    let without = checked(&neutral, choice);
    let found = |checked: &Checked| -> BTreeSet<(&'static str, Option<Place>)> {
        checked.findings().iter().map(|finding| (finding.rule, finding.place)).collect()
    };
    let (with, without) = (found(&with), found(&without));
    for (rule, place) in with.difference(&without) {
        // A directive explains nothing, so where it stands alone an explanation is missed.
        let is_its_own = matches!(*rule, "UNUSED_IGNORE" | "DEPRECATED_HAS_REASON") || rule.starts_with("COMMENT_");
        assert!(is_its_own, "a directive brings {rule} at {place:?}");
    }
    for (rule, place) in without.difference(&with) {
        // The line of a directive cannot be broken, and as no explanation it need not read like one.
        let is_its_own = matches!(*rule, "UNUSED_IGNORE" | "LINE_LENGTH" | "COMMENT_STARTS_WITH_NAME");
        let is_its_own = is_its_own || text.contains(rule);
        assert!(is_its_own, "{rule} at {place:?} is silenced, and nothing names it");
    }
}

fn checked(text: &str, choice: u32) -> Checked {
    let mut file = TEMPLATE.to_owned();
    for place in 0..=18 {
        let is_block = choice & (1 << 31) != 0;
        let comment = match choice & (1 << place) {
            0 => String::new(),
            _ if is_block => format!("/* {} */", text.replace("*/", "* ")),
            _ => text.lines().map(|line| format!("// {line}\n")).collect(),
        };
        file = file.replace(&format!("/*{place}*/"), &comment);
    }
    let files: Files = [("acme.proto".to_owned(), file.into_bytes())].into();
    library::check(&files)
}
