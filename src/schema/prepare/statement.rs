//! The statements that need edits, most of them those that only editions have. Each function starts at the statement's
//! first token and gives where the next one starts; what does not have the expected shape is left to the parser.

use std::ops::Range;

use super::edit::Edit;
use super::literal;
use super::walk::{Place, Rules, Walk};
use super::{EDITIONS, FaultKind, STAND_IN_MAP, VisibilityMark};
use crate::schema::data::Visibility;
use crate::schema::lexer::TokenKind;

/// A reserved name the parser takes, for one it refuses.
const STAND_IN_NAME: &str = "\"reserved\"";

/// The largest field number, <https://protobuf.dev/programming-guides/proto3/#assigning>.
const MAX_FIELD_NUMBER: u64 = (1 << 29) - 1;

impl Walk<'_> {
    /// The `edition` statement, if there is one.
    pub(super) fn edition(&mut self) -> usize {
        if self.word(0) != "edition" {
            return 0;
        }
        let end = (2..).find(|&at| !self.is(at, TokenKind::Str)).unwrap_or_default();
        if self.punct(1) != b'=' || end == 2 || self.punct(end) != b';' {
            let message = "malformed `edition` statement".to_owned();
            let help = "write `edition = \"2023\";`".to_owned();
            self.fault(self.range(0), FaultKind::Syntax, message, help);
            return self.tokens.len();
        }
        let value: String = (2..end).map(|at| literal::unquoted(self.slice(at))).collect();
        let literals = self.tokens[2].start..self.tokens[end - 1].end;
        if !EDITIONS.contains(&value.as_str()) {
            let message = format!("edition `{value}` is not known");
            let [others @ .., last] = &EDITIONS;
            let help = format!("this version reads editions {} and {last}", others.join(", "));
            self.fault(literals.clone(), FaultKind::Edition, message, help);
        }
        self.rules = if value == "2023" { Rules::Edition2023 } else { Rules::Edition2024 };
        self.edits.push(Edit::replace(self.range(0), "syntax"));
        self.edits.push(Edit::replace(self.range(2), "\"proto3\""));
        (3..end).for_each(|at| self.blank(at));
        self.note_edition(value, self.tokens[0].start..self.tokens[end].end, literals);
        end + 1
    }

    /// Any other statement; gives where it ends, or where its body starts.
    pub(super) fn statement(&mut self, at: usize) -> usize {
        let is_label = matches!(self.word(at), "optional" | "required" | "repeated")
            && (self.is(at + 1, TokenKind::Ident) || self.punct(at + 1) == b'.');
        let has_visibility = matches!(self.word(at), "export" | "local")
            && matches!(self.word(at + 1), "message" | "enum")
            && self.is(at + 2, TokenKind::Ident)
            && self.punct(at + 3) == b'{';
        let end = match self.word(at) {
            "import" => self.import(at),
            "option" => self.option(at),
            "reserved" => self.reserved(at),
            "extensions" => self.extensions(at),
            _ if has_visibility && self.rules != Rules::Syntax => {
                self.visibility(at);
                self.rest(at + 1, Place::Elsewhere)
            }
            label if is_label => self.labelled(at, label),
            _ => self.field(at, false),
        };
        if self.punct(end - 1) == b'{' {
            self.in_enum = self.word(at + usize::from(has_visibility)) == "enum";
            self.in_extend = self.word(at) == "extend";
        }
        end
    }

    fn edition_fault(&mut self, at: usize, message: &str, help: &str) {
        self.fault(self.range(at), FaultKind::Edition, message.to_owned(), help.to_owned());
    }

    fn import(&mut self, at: usize) -> usize {
        let word = if self.is(at + 2, TokenKind::Str) { self.word(at + 1) } else { "" };
        match (word, self.rules) {
            ("option", Rules::Edition2023) => {
                let help = "write `edition = \"2024\";`, or remove `option`";
                self.edition_fault(at + 1, "`import option` needs edition 2024", help);
                self.blank(at + 1);
            }
            ("option", Rules::Edition2024) => {
                self.found.option_imports.push(self.tokens[at].start);
                self.blank(at + 1);
            }
            ("weak", Rules::Edition2024) => {
                let help = "remove `weak`, or write `option` where only options of that file are used";
                self.edition_fault(at + 1, "edition 2024 has no `import weak`", help);
            }
            // <https://protobuf.dev/programming-guides/editions/#import-option>
            // Without a path it is a name that begins a statement, as enum values may.
            _ if !self.found.option_imports.is_empty() && (self.is(at + 1, TokenKind::Str) || !word.is_empty()) => {
                let help = "move it above the first `import option`";
                self.edition_fault(at, "an import stands after `import option`", help);
            }
            _ => {}
        }
        self.field(at, false)
    }

    fn visibility(&mut self, at: usize) {
        let word = self.word(at);
        if self.rules == Rules::Edition2023 {
            let help = format!("write `edition = \"2024\";`, or remove `{word}`");
            self.edition_fault(at, &format!("`{word}` needs edition 2024"), &help);
        } else {
            let visibility = if word == "export" { Visibility::Export } else { Visibility::Local };
            let start = self.user_offset(self.tokens[at].start);
            self.found.visibility.push(VisibilityMark { keyword: self.tokens[at + 1].start, visibility, start });
        }
        self.blank(at);
    }

    /// A field behind its label.
    fn labelled(&mut self, at: usize, label: &str) -> usize {
        if self.rules != Rules::Syntax && label != "repeated" {
            let help = if label == "optional" {
                "remove it, and add `[features.field_presence = EXPLICIT]` where the file's default is another"
            } else {
                "remove it, and add `[features.field_presence = LEGACY_REQUIRED]`"
            };
            self.edition_fault(at, &format!("editions have no label `{label}`"), help);
            self.blank(at);
        }
        self.field(at + 1, label == "repeated")
    }

    /// A field from its type on, or whatever else starts at `at`.
    fn field(&mut self, at: usize, is_repeated: bool) -> usize {
        let is_named = self.is(at + 1, TokenKind::Ident) && self.punct(at + 2) == b'=';
        match self.word(at) {
            "group" if is_named && self.rules != Rules::Syntax => {
                let help = "declare a message, and a field of it with `[features.message_encoding = DELIMITED]`";
                self.edition_fault(at, "editions have no groups", help);
            }
            "map" if is_named => {
                self.edits.push(Edit::replace(self.range(at), STAND_IN_MAP));
                self.found.map_types.push(self.tokens[at].start);
            }
            _ => {}
        }
        if self.in_extend {
            self.number_beyond(self.equals(at) + 1);
        }
        // The parser tells rightly that lists and maps have no defaults; a `=` comes first in the value of an enum.
        let is_list = is_repeated || self.word(at) == "map" && self.punct(at + 1) == b'<';
        let is_singular = !is_list && self.punct(at + 1) != b'=';
        self.rest(at, if is_singular { Place::SingularField } else { Place::Elsewhere })
    }

    /// Whether a number, signed or not, stands at `at`; behind `reserved` and `extensions`, which are names elsewhere.
    fn is_number(&self, at: usize) -> bool {
        self.is(at + usize::from(self.punct(at) == b'-'), TokenKind::Number)
    }

    fn reserved(&mut self, at: usize) -> usize {
        if let Some(names) = self.reserved_names(at + 1) {
            self.mend_reserved_names(&names);
        } else if !self.is_number(at + 1) {
            return self.field(at, false);
        } else if !self.in_enum {
            self.ranges_beyond(at + 1);
        }
        self.rest(at + 1, Place::Elsewhere)
    }

    /// protoc takes ranges of messages that lie beyond the largest field number: reserved ones, and those that message
    /// sets leave to extensions.
    fn ranges_beyond(&mut self, mut at: usize) {
        while at < self.tokens.len() && !matches!(self.punct(at), b';' | b'{' | b'}' | b'[') {
            self.number_beyond(at);
            at += 1;
        }
    }

    /// Notes the number at `at` if it is one that the parser takes nowhere, and has it read the largest it takes.
    fn number_beyond(&mut self, at: usize) {
        let number = if self.is(at, TokenKind::Number) { literal::integer(self.slice(at)) } else { None };
        let beyond = number
            .and_then(|number| i32::try_from(number).ok())
            .filter(|&number| u64::try_from(number).is_ok_and(|number| MAX_FIELD_NUMBER < number) && number < i32::MAX);
        if let Some(number) = beyond {
            self.edits.push(Edit::replace(self.range(at), MAX_FIELD_NUMBER.to_string()));
            self.found.numbers.push((self.tokens[at].start, number, self.word(at + 1) == "to"));
        }
    }

    /// The names of a well-formed list, each by its tokens: an identifier, or string literals to be joined.
    fn reserved_names(&self, mut at: usize) -> Option<Vec<Range<usize>>> {
        let mut names = Vec::new();
        loop {
            let start = at;
            while self.is(at, TokenKind::Str) {
                at += 1;
            }
            at += usize::from(at == start && self.is(at, TokenKind::Ident));
            names.push(start..at);
            match self.punct(at) {
                _ if at == start => return None,
                b',' => at += 1,
                b';' => return Some(names),
                _ => return None,
            }
        }
    }

    fn mend_reserved_names(&mut self, names: &[Range<usize>]) {
        let is_edition = self.rules != Rules::Syntax;
        let mut values = Vec::new();
        let mut first_literal = None;
        for name in names {
            let is_literal = self.is(name.start, TokenKind::Str);
            let value: String = match is_literal {
                true => name.clone().map(|at| literal::unquoted(self.slice(at))).collect(),
                false => self.word(name.start).to_owned(),
            };
            if is_literal || is_edition {
                self.mend_reserved_name(name, &value, is_literal);
            }
            if is_literal && first_literal.is_none() {
                first_literal = Some(name.start);
            }
            values.push(value);
        }
        if let (true, Some(at)) = (is_edition, first_literal) {
            let help = format!("write `reserved {};`", values.join(", "));
            self.edition_fault(at, "reserved names are identifiers in editions", &help);
        }
    }

    fn mend_reserved_name(&mut self, name: &Range<usize>, value: &str, is_literal: bool) {
        let range = self.range(name.start);
        if !literal::is_readable_name(value) {
            self.found.reserved_names.push((range.start, value.to_owned()));
            self.edits.push(Edit::replace(range, STAND_IN_NAME));
            (name.start + 1..name.end).for_each(|at| self.blank(at));
        } else if !is_literal {
            self.edits.push(Edit::insert(range.start, "\""));
            self.edits.push(Edit::insert(range.end, "\""));
        }
    }

    /// The parser cannot read a single number before options: `5 [..]` becomes `5 to 5 [..]`.
    fn extensions(&mut self, at: usize) -> usize {
        if !self.is_number(at + 1) {
            return self.field(at, false);
        }
        self.ranges_beyond(at + 1);
        let mut open = at + 1;
        let mut ranges = 1usize;
        while self.punct(open) != b'[' {
            if open >= self.tokens.len() || matches!(self.punct(open), b';' | b'{' | b'}') {
                return self.rest(open, Place::Elsewhere);
            }
            ranges += usize::from(self.punct(open) == b',');
            open += 1;
        }
        let is_single = open == at + 2 || open > at + 2 && self.punct(open - 2) == b',';
        if is_single && self.is(open - 1, TokenKind::Number) {
            let number = self.range(open - 1);
            self.edits.push(Edit::insert(number.end, " to "));
            self.edits.push(Edit::copy(number.end, self.slice(open - 1), number));
        }
        let close = self.option_list(open, Place::Elsewhere);
        self.count_copies(open, close, ranges - 1);
        self.rest(close, Place::Elsewhere)
    }
}
