//! Writes one value as a source says it. What no source could say is dropped.

use std::fmt::Write;

use super::Options;
use super::values::{FieldValue, Scalar, grouped, values};
use crate::project::image::literal;
use crate::project::image::model::Kind;
use crate::project::image::symbols::{Meaning, Member, Node};
use crate::project::image::wire::Part;

/// Values may nest this deep: who interprets options recurses that far.
const MOST_LEVELS: usize = 100;

/// The value cannot be written.
#[derive(Debug)]
pub(super) struct Dropped;

/// Writes one value.
pub(super) struct Writer<'w, 's, 'f> {
    pub(super) options: &'w Options<'s, 'f>,
    pub(super) out: &'w mut String,
    /// `None` writes all on one line; else each field stands on a line of its own, below a line so many levels deep.
    pub(super) indent: Option<usize>,
}

impl<'f> Writer<'_, '_, 'f> {
    /// `is_option` says that the value stands behind the `=` of an option, not in a message.
    pub(super) fn value(
        &mut self,
        member: &Member<'_>,
        value: &FieldValue<'f>,
        level: usize,
        is_option: bool,
    ) -> Result<(), Dropped> {
        if self.out.len() > self.options.most {
            return Err(Dropped);
        }
        match value {
            FieldValue::Message(parts) => return self.message(member.target.ok_or(Dropped)?, parts, level),
            FieldValue::Scalar(Scalar::Enum(number)) => {
                return self.enum_value(member.target.ok_or(Dropped)?, *number, is_option);
            }
            FieldValue::Scalar(Scalar::Number(number)) => write!(self.out, "{number}").expect("a string takes all"),
            FieldValue::Scalar(Scalar::Double(number)) => literal::write_double(*number, self.out),
            FieldValue::Scalar(Scalar::Float(number)) => literal::write_float(*number, self.out),
            FieldValue::Scalar(Scalar::Bool(flag)) => self.out.push_str(if *flag { "true" } else { "false" }),
            FieldValue::Scalar(Scalar::Bytes(bytes)) => literal::write_string(bytes, self.out),
        }
        Ok(())
    }

    fn enum_value(&mut self, of: Node, number: i32, is_option: bool) -> Result<(), Dropped> {
        let Meaning::Enum(_, is_open) = self.options.symbols.meaning(of) else { return Err(Dropped) };
        match self.options.symbols.value(of, number) {
            Some(name) => self.out.push_str(name),
            None if is_open && !is_option => write!(self.out, "{number}").expect("a string takes all"),
            None => return Err(Dropped),
        }
        Ok(())
    }

    pub(super) fn message(&mut self, node: Node, parts: &[Part<'f>], level: usize) -> Result<(), Dropped> {
        if level >= MOST_LEVELS || !matches!(self.options.symbols.meaning(node), Meaning::Message(_)) {
            return Err(Dropped);
        }
        let groups = grouped(parts).map_err(|_| Dropped)?;
        self.out.push('{');
        let mut is_empty = true;
        for records in &groups {
            let Some(member) = self.options.symbols.member(node, records.number) else { continue };
            for value in values(&member, &records.values) {
                let before = self.out.len();
                self.separate(is_empty, level);
                self.name(&member);
                self.out.push_str(": ");
                match self.value(&member, &value, level + 1, false) {
                    Ok(()) => is_empty = false,
                    Err(Dropped) if self.out.len() > self.options.most => return Err(Dropped),
                    Err(Dropped) => self.out.truncate(before),
                }
            }
        }
        if let (Some(indent), false) = (self.indent, is_empty) {
            self.new_line(indent + level);
        }
        self.out.push('}');
        Ok(())
    }

    fn separate(&mut self, is_first: bool, level: usize) {
        match self.indent {
            Some(indent) => self.new_line(indent + level + 1),
            None if is_first => {}
            None => self.out.push_str(", "),
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        (0..indent).for_each(|_| self.out.push_str("  "));
    }

    /// The name of a field within a value, <https://protobuf.dev/reference/protobuf/textformat-spec/#fields>.
    fn name(&mut self, member: &Member<'_>) {
        let symbols = self.options.symbols;
        match (member.extension_of, member.target.map(|node| symbols.meaning(node))) {
            (Some(scope), _) => {
                self.out.push('[');
                symbols.write_full_name(scope, member.field.name, self.out);
                self.out.push(']');
            }
            (None, Some(Meaning::Message(group))) if member.kind == Kind::Group => self.out.push_str(group.name),
            (None, _) => self.out.push_str(member.field.name),
        }
    }
}
