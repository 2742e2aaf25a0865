//! A law over generated releases: an element is as old as the unbroken run of releases that have it as deprecated, by
//! itself or by what it is in, whichever form the history is in.

use std::sync::Arc;

use super::{Age, Ages};
use crate::date::Date;
use crate::history::{Builder, FileOutline, Release, Stored};
use crate::project::Project;
use crate::schema::{Element, File, parse};
use crate::source::SourceFile;

/// What a release says of the field, its message and its file: whether each is deprecated. The field may be missing.
#[derive(Clone, Copy)]
struct State {
    field: Option<bool>,
    message: bool,
    file: bool,
    /// Whether the field has its other name.
    is_renamed: bool,
}

impl State {
    fn from_bits(bits: u32) -> State {
        // Most bits are rare, so that runs have some length.
        let is_set = |at: u32, of: u32| (bits >> at).is_multiple_of(of);
        let field = (!is_set(0, 8)).then(|| !is_set(3, 4));
        State { field, message: is_set(7, 8), file: is_set(11, 16), is_renamed: is_set(16, 2) }
    }

    fn text(self) -> String {
        let mark = |is_set: bool, text: &'static str| if is_set { text } else { "" };
        let name = if self.is_renamed { "new" } else { "old" };
        let field = self.field.map(|is| format!("string {name} = 1{};", mark(is, " [deprecated = true]")));
        format!(
            "syntax = \"proto3\";\npackage a.v1;\n{}\nmessage M {{ {} {} string other = 2; }}\n",
            mark(self.file, "option deprecated = true;"),
            mark(self.message, "option deprecated = true;"),
            field.unwrap_or_default(),
        )
    }

    /// Whether the field is deprecated by its own option, and whether its message is, by its own or that of the file.
    fn marks(self) -> [bool; 2] {
        [self.field == Some(true), self.message || self.file]
    }
}

/// The age of the field by looking at each state.
fn expected(states: &[State]) -> Option<Age> {
    let last = states.iter().rposition(|state| state.field.is_some())?;
    let start = |has: &dyn Fn(&State) -> bool| {
        let run = states[..=last].iter().rev().take_while(|state| has(state)).count();
        (run > 0).then(|| (last + 1 - run) as u32)
    };
    let own = start(&|state| state.marks()[0]);
    // The run of the message lasts to its own last state.
    let message = states.last().is_some_and(|state| state.marks()[1]).then(|| {
        let run = states.iter().rev().take_while(|state| state.marks()[1]).count();
        (states.len() - run) as u32
    });
    let message = message.filter(|since| *since <= last as u32);
    Some(Age { since: own.into_iter().chain(message).min(), last: last as u32 })
}

#[test]
fn ages_are_those_of_unbroken_runs() {
    let mut seed = 0x9e37_79b9_u32;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed
    };
    let whole = State { field: Some(false), message: false, file: false, is_renamed: false };
    let project = Project::in_memory([("a/v1/a.proto", whole.text())]);
    let mut fields = project.schema().files().flat_map(File::all_fields);
    let field: Element<'_> = fields.find(|field| field.number() == 1).expect("the field").into();
    let (mut known, mut deprecated) = (0, 0);
    for _ in 0..400 {
        let states: Vec<State> = (0..1 + random() % 9).map(|_| State::from_bits(random() >> 2)).collect();
        let changed = |state: &State| {
            let file = SourceFile::new("a.proto".to_owned(), state.text());
            vec![("a.proto".to_owned(), Some(Arc::new(FileOutline::new(&parse(&file).0))))]
        };
        let day = Date::parse("2026-01-01").expect("a day");
        let (mut released, mut present) = (Builder::default(), Builder::default());
        for (at, state) in states.iter().enumerate() {
            let release = Release { name: format!("v{at}"), others: Vec::new(), day };
            released.release(release.clone(), changed(state));
            if at + 1 < states.len() {
                present.release(release, changed(state));
            } else {
                present.present(changed(state));
            }
        }
        let stored = Stored::new(Stored::encode(&released.finish())).expect("what was written can be read");
        let history = present.finish();
        let expected = expected(&states);
        let found = [Ages::Released(&stored), Ages::Present(&history)].map(|ages| ages.of(field));
        let texts: Vec<String> = states.iter().map(|state| state.text()).collect();
        assert_eq!(found, [expected, expected], "{}", texts.join("\n"));
        known += usize::from(expected.is_some());
        deprecated += usize::from(expected.is_some_and(|age| age.since.is_some_and(|since| since < age.last)));
    }
    assert!(known > 300 && deprecated > 100, "{known} {deprecated}");
}
