//! What should stand before the tokens of options: lists in brackets, and messages, lists and strings as values.

use super::layout::{Blank, Gap, Layout, Want};
use crate::syntax::{Node, NodeKind, TokenKind, ast};

impl<'t> Layout<'t, '_> {
    /// Options in brackets that begin at a column of a line of a level; so many characters stand `after` them.
    pub(super) fn option_list(&mut self, list: Node<'t>, level: u32, column: usize, after: usize) {
        let entries: Vec<Node<'t>> = list.children().collect();
        let width = self.width(list.first(), list.end());
        if self.is_flat_list(list, &entries) && column + width + after <= self.style.line_length {
            return;
        }
        let close = list.end() - 1;
        if let [entry] = entries[..]
            && let Some(value) = entry.children().find(|part| ast::Value::cast(*part).is_some())
            && self.stays_in_brackets(value)
            && !self.has_comments(list.first(), value.first())
            && self.tree.comments_before(close).is_empty()
        {
            let column = column + self.width(list.first(), value.first()) + 1;
            return self.value(value, level, column, 1 + after);
        }
        for (at, entry) in entries.iter().enumerate() {
            let blank = if at == 0 { Blank::Never } else { Blank::Kept };
            self.gaps[entry.first() as usize] = Gap::line(level + 1, blank);
            self.relevel(*entry, level + 1);
            self.option(*entry, level + 1);
        }
        self.gaps[close as usize] = Gap::closing(level);
    }

    /// Whether options may stand on one line: one simple option, or several that do so.
    fn is_flat_list(&self, list: Node<'t>, entries: &[Node<'t>]) -> bool {
        let is_flat = |entry: &Node<'t>| {
            entry.children().filter(|part| ast::Value::cast(*part).is_some()).all(|value| self.is_flat(value))
        };
        !self.has_comments(list.first(), list.end())
            && entries.iter().all(is_flat)
            && (entries.len() < 2 || !self.is_broken(list))
    }

    /// Whether the value of the only option of a list gets lines while the brackets stay beside it.
    fn stays_in_brackets(&self, value: Node<'t>) -> bool {
        match value.kind() {
            NodeKind::MessageValue => {
                value.children().next().is_some() || self.has_comments(value.first(), value.end())
            }
            NodeKind::ListValue => true,
            _ => literals(value).count() > 1,
        }
    }

    /// `option name = value;` or `name = value`, at the start of a line.
    pub(super) fn option(&mut self, node: Node<'t>, level: u32) {
        let Some(value) = node.children().find(|part| ast::Value::cast(*part).is_some()) else { return };
        let column = self.indent(level) + self.width(node.first(), value.first()) + 1;
        self.value(value, level, column, 1);
    }

    /// A value that begins at a column of a line of a level.
    fn value(&mut self, value: Node<'t>, level: u32, column: usize, after: usize) {
        match value.kind() {
            NodeKind::Scalar => return self.strings(value, level, column, after),
            _ if value.children().next().is_none() && !self.has_comments(value.first(), value.end()) => return,
            _ => {}
        }
        let width = self.width(value.first(), value.end());
        if self.is_flat(value) && column + width + after <= self.style.line_length {
            return;
        }
        match value.kind() {
            NodeKind::MessageValue => self.message(value, level),
            _ => self.list(value, level),
        }
        self.gaps[value.end() as usize - 1] = Gap::closing(level);
    }

    /// Whether a value may stand on one line: a scalar, a message of one, or a list that does so or has one.
    fn is_flat(&self, value: Node<'t>) -> bool {
        if self.has_comments(value.first(), value.end()) {
            return false;
        }
        let mut parts = value.children().filter_map(|part| match part.kind() {
            NodeKind::ValueField => part.children().find(|part| ast::Value::cast(*part).is_some()),
            _ => Some(part),
        });
        match value.kind() {
            NodeKind::Scalar => literals(value).count() < 2 || !self.is_broken(value),
            NodeKind::MessageValue => match (parts.next(), parts.next()) {
                (None, _) => true,
                (Some(only), None) => only.kind() == NodeKind::Scalar && self.is_flat(only),
                _ => false,
            },
            _ => {
                let count = parts.clone().count();
                parts.all(|part| part.kind() == NodeKind::Scalar && self.is_flat(part))
                    && (count < 2 || !self.is_broken(value))
            }
        }
    }

    /// The fields of a message, a line each.
    fn message(&mut self, value: Node<'t>, level: u32) {
        for (at, field) in value.children().enumerate() {
            let blank = if at == 0 { Blank::Never } else { Blank::Kept };
            self.gaps[field.first() as usize] = Gap::line(level + 1, blank);
            self.relevel(field, level + 1);
            if let Some(value) = field.children().find(|part| ast::Value::cast(*part).is_some()) {
                let before = self.width(field.first(), value.first());
                self.value(value, level + 1, self.indent(level + 1) + before + 1, 0);
            }
        }
    }

    /// The elements of a list: a line each, or in rows where they stood so.
    fn list(&mut self, value: Node<'t>, level: u32) {
        let has_rows = self.is_broken(value);
        let (mut column, mut before): (usize, Option<Node<'t>>) = (0, None);
        for element in value.children() {
            let is_message = |element: Node<'t>| element.kind() != NodeKind::Scalar;
            let width = self.width(element.first(), element.end()) + 1;
            let is_row = has_rows
                && !is_message(element)
                && before.is_some_and(|before| !is_message(before))
                && !self.is_broken_before(element.first())
                && column + 1 + width <= self.style.line_length;
            if is_row {
                column += 1 + width;
                self.gaps[element.first() as usize].want = Want::Space;
            } else {
                let blank = if before.is_none() { Blank::Never } else { Blank::Kept };
                self.gaps[element.first() as usize] = Gap::line(level + 1, blank);
                column = self.indent(level + 1) + width;
            }
            self.relevel(element, level + 1);
            match element.kind() {
                NodeKind::Scalar => _ = self.rows_of_strings(element, level, column - width, 1),
                _ => self.value(element, level + 1, self.indent(level + 1), 1),
            }
            before = Some(element);
        }
    }

    /// String literals side by side, of which each gets a line below the name where they were broken or are too long. One
    /// alone stays there where it is too long beside the name.
    fn strings(&mut self, value: Node<'t>, level: u32, column: usize, after: usize) {
        let width = self.width(value.first(), value.end()) + after;
        let is_too_long = column + width > self.style.line_length;
        match literals(value).count() {
            0 | 1 if is_too_long && self.is_broken_before(value.first()) => {
                self.gaps[value.first() as usize] = Gap::line(level + 1, Blank::Never);
            }
            0 | 1 => {}
            _ if self.rows_of_strings(value, level, column, after) => {
                self.gaps[value.first() as usize] = Gap::line(level + 1, Blank::Never);
            }
            _ => {}
        }
    }

    /// Breaks lines between literals where they were broken, or all where they are too long; whether any was broken.
    fn rows_of_strings(&mut self, value: Node<'t>, level: u32, column: usize, after: usize) -> bool {
        let is_broken = self.is_broken(value) || self.has_comments(value.first(), value.end());
        let width = self.width(value.first(), value.end()) + after;
        let is_too_long = !is_broken && column + width > self.style.line_length;
        for at in value.first() + 1..value.end() {
            if is_too_long || self.is_broken_before(at) {
                self.gaps[at as usize] = Gap::line(level + 1, Blank::Never);
            }
        }
        is_broken || is_too_long
    }
}

/// The string literals of a scalar.
fn literals(value: Node<'_>) -> impl Iterator<Item = ()> {
    value.tokens().iter().filter(|token| token.kind == TokenKind::Str).map(|_| ())
}
