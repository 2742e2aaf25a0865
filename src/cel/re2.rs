//! Reads a pattern as RE2 does (<https://github.com/google/re2/wiki/Syntax>), with its limits, and rewrites it
//! for the `regex` crate, whose syntax accepts other things. It must not know where patterns come from.

use std::collections::HashMap;

mod automaton;
mod class;

pub(crate) use automaton::{includes, words};

/// RE2 takes no repetition beyond this, nested ones multiplied.
const MAX_REPEAT: u32 = 1000;

/// RE2 takes no deeper nesting of groups.
const MAX_DEPTH: usize = 1000;

/// Checks an RE2 pattern and rewrites it for `regex::Regex`. The error says what RE2 would refuse.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    let mut reader = Reader { rest: pattern, out: String::new(), properties: HashMap::new() };
    let mut groups = vec![Group::default()];
    let mut after_repeat = false;
    while let Some(next) = reader.rest.chars().next() {
        let repeat = match next {
            '*' | '+' | '?' => {
                reader.take_char();
                reader.out.push(next);
                Some(1)
            }
            '{' => reader.counted()?,
            _ => None,
        };
        if let Some(count) = repeat {
            let group = groups.last_mut().expect("the pattern itself is a group");
            repeat_last(group, count, after_repeat, next)?;
            reader.lazy();
            after_repeat = true;
            continue;
        }
        after_repeat = false;
        match next {
            '(' => open_group(&mut reader, &mut groups)?,
            ')' => close_group(&mut reader, &mut groups)?,
            '|' => {
                reader.keep_char();
                groups.last_mut().expect("the pattern itself is a group").end_branch();
            }
            _ => {
                reader.atom(next)?;
                groups.last_mut().expect("the pattern itself is a group").add_atom(1);
            }
        }
    }
    match groups.len() {
        1 => Ok(reader.out),
        _ => Err("a `)` is missing".to_owned()),
    }
}

/// An open group: whether something stands before the next repetition, and how often it repeats inside.
#[derive(Default)]
struct Group {
    has_atom: bool,
    last: u32,
    most: u32,
}

impl Group {
    fn add_atom(&mut self, repeats: u32) {
        self.has_atom = true;
        self.most = self.most.max(self.last);
        self.last = repeats;
    }

    fn end_branch(&mut self) {
        self.has_atom = false;
        self.most = self.most.max(self.last);
        self.last = 1;
    }
}

fn repeat_last(group: &mut Group, count: u32, after_repeat: bool, operator: char) -> Result<(), String> {
    if !group.has_atom {
        return Err(format!("nothing is before the repetition `{operator}`"));
    }
    if after_repeat {
        return Err(format!("the repetition `{operator}` follows another repetition"));
    }
    if count > 1 {
        group.last = group.last.max(1).saturating_mul(count);
        if group.last > MAX_REPEAT {
            return Err(format!("a repetition counts beyond {MAX_REPEAT}"));
        }
    }
    Ok(())
}

fn open_group(reader: &mut Reader<'_>, groups: &mut Vec<Group>) -> Result<(), String> {
    let Some(after) = reader.rest.strip_prefix("(?") else {
        reader.rest = &reader.rest[1..];
        return push_group(reader, groups, "(?:");
    };
    if let Some(named) = after.strip_prefix("P<").or_else(|| after.strip_prefix('<')) {
        let (name, rest) = named.split_once('>').ok_or("a group's name lacks its `>`")?;
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_word {
            return Err(format!("`{name}` cannot name a group"));
        }
        reader.rest = rest;
        return push_group(reader, groups, "(?:");
    }
    let end = after.find([')', ':']).ok_or("a `)` is missing")?;
    let flags = &after[..end];
    let (on, off) = flags.split_once('-').unwrap_or((flags, "i"));
    let is_known = on.chars().chain(off.chars()).all(|flag| "imsU".contains(flag));
    if !is_known || off.is_empty() {
        return Err(format!("`(?{flags}` is not supported"));
    }
    let is_group = after[end..].starts_with(':');
    reader.rest = &after[end + 1..];
    if is_group {
        return push_group(reader, groups, &format!("(?{flags}:"));
    }
    if !flags.is_empty() {
        reader.out.push_str(&format!("(?{flags})"));
    }
    Ok(())
}

fn push_group(reader: &mut Reader<'_>, groups: &mut Vec<Group>, opening: &str) -> Result<(), String> {
    if groups.len() > MAX_DEPTH {
        return Err("groups nest too deeply".to_owned());
    }
    reader.out.push_str(opening);
    groups.push(Group::default());
    Ok(())
}

fn close_group(reader: &mut Reader<'_>, groups: &mut Vec<Group>) -> Result<(), String> {
    reader.keep_char();
    let inner = groups.pop().expect("the pattern itself is a group");
    let outer = groups.last_mut().ok_or("a `)` has no `(`")?;
    outer.add_atom(inner.most.max(inner.last).max(1));
    Ok(())
}

/// The pattern still to read, and what was written of it.
struct Reader<'p> {
    rest: &'p str,
    out: String,
    /// Unicode properties met so far, and whether they exist.
    properties: HashMap<String, bool>,
}

impl Reader<'_> {
    fn take_char(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        Some(next)
    }

    fn keep_char(&mut self) {
        if let Some(next) = self.take_char() {
            self.out.push(next);
        }
    }

    /// A repetition may be lazy.
    fn lazy(&mut self) {
        if self.rest.starts_with('?') {
            self.keep_char();
        }
    }

    /// `{n}`, `{n,}` or `{n,m}`; None where the brace is an ordinary character.
    fn counted(&mut self) -> Result<Option<u32>, String> {
        let length = self.rest[1..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b',').count();
        let end = length + 1;
        if self.rest.as_bytes().get(end) != Some(&b'}') {
            return Ok(None);
        }
        let inner = &self.rest[1..end];
        let (least, most) = match inner.split_once(',') {
            None => (count(inner), count(inner)),
            Some((least, "")) => (count(least), count(least)),
            Some((least, most)) => (count(least), count(most)),
        };
        let (Some(least), Some(most)) = (least, most) else {
            return Ok(None);
        };
        if least > MAX_REPEAT || most > MAX_REPEAT || least > most {
            return Err(format!("`{{{inner}}}` is not a valid repetition"));
        }
        self.out.push_str(&self.rest[..=end]);
        self.rest = &self.rest[end + 1..];
        Ok(Some(most))
    }

    /// Anything but groups, branches and repetitions.
    fn atom(&mut self, next: char) -> Result<(), String> {
        match next {
            '^' | '$' | '.' => self.keep_char(),
            '[' => class::read(self)?,
            '\\' => self.escape()?,
            _ => {
                self.take_char();
                self.push_literal(next);
            }
        }
        Ok(())
    }

    fn push_literal(&mut self, literal: char) {
        self.out.push_str(&format!("\\x{{{:X}}}", u32::from(literal)));
    }

    fn escape(&mut self) -> Result<(), String> {
        let after = &self.rest[1..];
        match after.chars().next() {
            Some(anchor @ ('A' | 'z')) => {
                self.rest = &after[1..];
                self.out.extend(['\\', anchor]);
            }
            Some(boundary @ ('b' | 'B')) => {
                self.rest = &after[1..];
                self.out.push_str(&format!("(?-u:\\{boundary})"));
            }
            Some('Q') => {
                let quoted = &after[1..];
                let (literals, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                self.rest = rest;
                literals.chars().for_each(|literal| self.push_literal(literal));
            }
            _ => {
                if !class::read_escaped_class(self)? {
                    let literal = class::read_escaped_char(self)?;
                    self.push_literal(literal);
                }
            }
        }
        Ok(())
    }
}

/// A count as RE2 writes it: decimal, without leading zeros.
fn count(text: &str) -> Option<u32> {
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_decimal || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    Some(text.parse().unwrap_or(u32::MAX))
}
