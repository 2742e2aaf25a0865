//! Where an offset is in the text of a configuration, by lines and their indentation, so that it is known while the text
//! is no YAML yet: the keys above it, and the word at it. It does not know what keys mean.

use crate::source::Span;

/// Whether a key or a value stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Key,
    Value,
}

/// A place in a configuration.
#[derive(Debug)]
pub(super) struct ConfigPlace<'t> {
    /// The keys above, from the top; the last one is that whose value is here.
    pub(super) path: Vec<&'t str>,
    pub(super) role: Role,
    /// The word at the place, empty where there is none.
    pub(super) word: Span,
    /// Where the keys of the mapping at the place begin, in columns.
    pub(super) column: usize,
    /// Whether a colon follows the word.
    pub(super) has_colon: bool,
    /// Whether the place is an item of a list.
    pub(super) is_in_list: bool,
    /// The keys, or items of the list, beside it.
    pub(super) siblings: Vec<&'t str>,
}

/// A line, taken apart.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// The column of what stands behind the dashes, and that of the first dash.
    column: usize,
    dash: Option<usize>,
    key: Option<&'t str>,
    /// What follows the dashes, and the key with its colon.
    rest: &'t str,
}

impl<'t> Line<'t> {
    /// A line that says something; comments do not.
    fn new(text: &'t str) -> Option<Line<'t>> {
        let text = without_comment(text);
        let mut rest = text.trim_start();
        let mut column = text.len() - rest.len();
        let mut dash = None;
        while let Some(behind) = rest.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' ')) {
            dash = dash.or(Some(column));
            rest = behind.trim_start();
            column = text.len() - rest.len();
        }
        if rest.is_empty() && dash.is_none() {
            return None;
        }
        let (key, rest) = key(rest).map_or((None, rest), |(key, rest)| (Some(key), rest));
        Some(Line { column, dash, key, rest })
    }
}

/// A key and what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let is_end = |(at, _): &(usize, &str)| text[at + 1..].chars().next().is_none_or(char::is_whitespace);
    let (at, _) = text.match_indices(':').find(is_end)?;
    let name = text[..at].trim_end();
    let is_plain = !name.is_empty() && !name.contains(['[', '{', ',']);
    is_plain.then(|| (unquoted(name), &text[at + 1..]))
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}

fn without_comment(line: &str) -> &str {
    let start = line.match_indices('#').find(|(at, _)| *at == 0 || line[..*at].ends_with([' ', '\t']));
    start.map_or(line, |(at, _)| &line[..at])
}

impl<'t> ConfigPlace<'t> {
    /// What stands at an offset; none within a comment.
    pub(super) fn new(text: &'t str, offset: u32) -> Option<ConfigPlace<'t>> {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let before = &text[line_start..at];
        if without_comment(before).len() < before.len() {
            return None;
        }
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '/');
        let typed = before.len() - before.trim_end_matches(is_word).len();
        // The dash of a list is no word.
        let typed = if before[before.len() - typed..] == *"-" { 0 } else { typed };
        let behind = line.get(before.len()..).unwrap_or_default();
        let behind_word = behind.trim_start_matches(is_word);
        let word = Span::of(at - typed..at + behind.len() - behind_word.len());
        let has_colon = behind_word.trim_start_matches(['"', '\'']).starts_with(':');
        let lines: Vec<&str> = text[..line_start].lines().collect();
        let place = ConfigPlace {
            path: Vec::new(),
            role: Role::Key,
            word,
            column: 0,
            has_colon,
            is_in_list: false,
            siblings: Vec::new(),
        };
        Some(place.found(text, (&lines, &before[..before.len() - typed], line_start)))
    }

    /// Looks at the start of the line and the lines above.
    fn found(mut self, text: &'t str, (above, start, line_start): (&[&'t str], &'t str, usize)) -> ConfigPlace<'t> {
        let start_text = start.trim_end_matches(['"', '\'']);
        let own = Line::new(start_text);
        let flow = open_flow(text, line_start + start.len());
        let (column, mut is_value) = match own {
            Some(line) => {
                if let (Some(key), true) = (line.key, flow.is_none_or(|open| open >= line_start)) {
                    self.path.push(key);
                    is_value_of(&mut self, line.rest);
                    (line.column, true)
                } else {
                    (line.dash.map_or(line.column, |_| start_text.len()), false)
                }
            }
            None => (start_text.len(), false),
        };
        self.column = column;
        let dash = own.and_then(|line| line.dash);
        let mut limit = dash.map_or(column, |dash| dash.min(column));
        let mut may_be_at = dash.is_some();
        // In a list that began above, the key is the one of the line where it began.
        let above = match flow.filter(|open| *open < line_start) {
            Some(open) => {
                self.is_in_list = true;
                is_value = true;
                limit = usize::MAX;
                let lines = text[..open].lines().count();
                &above[..lines.min(above.len())]
            }
            None => above,
        };
        let mut path = Vec::new();
        let mut is_beside = !is_value && dash.is_none();
        for line in above.iter().rev().filter_map(|line| Line::new(line)) {
            let indent = line.dash.unwrap_or(line.column);
            if is_beside && line.column == limit {
                self.siblings.extend(line.key);
            }
            // Behind the dash of an item stand the keys of its mapping.
            is_beside &= line.column >= limit && !(line.column == limit && line.dash.is_some());
            if dash.is_some() && path.is_empty() && line.dash == dash && line.key.is_none() {
                self.siblings.push(line.rest.trim());
            }
            let is_parent = line.key.is_some()
                && (line.column < limit || (may_be_at && line.column == limit && line.dash.is_none()));
            if is_parent {
                path.extend(line.key);
                limit = indent.min(line.column);
                may_be_at = line.dash.is_some();
                if line.dash.is_some() && line.column > indent {
                    limit = indent;
                }
            } else if line.dash.is_some() && line.column <= limit && indent < limit {
                // The first key of the item that the place is in.
                limit = indent;
                may_be_at = true;
            }
            if limit == 0 && !may_be_at {
                break;
            }
        }
        path.reverse();
        path.append(&mut self.path);
        self.path = path;
        let is_item = dash.is_some() && own.is_none_or(|line| line.key.is_none());
        self.is_in_list |= is_item;
        // An item of a list may be a word, or the first key of a mapping.
        self.role = if is_value { Role::Value } else { Role::Key };
        if is_item && !is_mappings(&self.path) {
            self.role = Role::Value;
        }
        self
    }
}

/// Whether the items of the list at a path are mappings.
fn is_mappings(path: &[&str]) -> bool {
    path.last().is_some_and(|last| matches!(*last, "scopes" | "policies" | "modules"))
}

/// Takes in what stands between a key and the place.
fn is_value_of<'t>(place: &mut ConfigPlace<'t>, rest: &'t str) {
    let rest = rest.trim_start();
    if let Some(items) = rest.strip_prefix('[') {
        place.is_in_list = true;
        place.siblings.extend(items.split(',').map(|item| unquoted(item.trim())).filter(|item| !item.is_empty()));
    }
}

/// Where the last bracket of a list stands that is open at an offset.
fn open_flow(text: &str, at: usize) -> Option<usize> {
    let mut open = Vec::new();
    let mut start = 0;
    for line in text[..at].split_inclusive('\n') {
        for (index, c) in without_comment(line).char_indices() {
            match c {
                '[' => open.push(start + index),
                ']' => _ = open.pop(),
                _ => {}
            }
        }
        start += line.len();
    }
    open.last().copied()
}

/// The ids of rules that a text declares in lines of their own, each with whether it is on changes.
pub(super) fn declared_rules(text: &str) -> Vec<(&str, bool)> {
    let mut found: Vec<(&str, bool)> = Vec::new();
    // Where the key `rules` stands, and the ids below it.
    let (mut rules, mut ids): (Option<usize>, Option<usize>) = (None, None);
    for line in text.lines().filter_map(Line::new) {
        match (line.key, rules) {
            (_, Some(column)) if line.column <= column => (rules, ids) = (None, None),
            (Some(id), Some(_)) if ids.is_none_or(|column| column == line.column) => {
                ids = Some(line.column);
                found.push((id, line.rest.contains("on: change")));
            }
            (Some("on"), Some(_)) => {
                if let Some(last) = found.last_mut() {
                    last.1 = line.rest.trim() == "change";
                }
            }
            _ => {}
        }
        if line.key == Some("rules") && rules.is_none() {
            (rules, ids) = (Some(line.column), None);
        }
    }
    found
}
