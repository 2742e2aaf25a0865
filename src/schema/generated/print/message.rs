//! Writes messages, with what stands in them in any order.

use super::super::literal::digits;
use super::super::model::Declared;
use super::{Printer, Statement, shuffle};

impl Printer<'_> {
    pub(super) fn message(&mut self, at: usize) {
        let message = &self.world.messages[at];
        self.code.all(message.visibility).put("message").put(&message.name).put("{");
        self.message_body(at);
    }

    pub(super) fn message_body(&mut self, at: usize) {
        let world = self.world;
        let message = &world.messages[at];
        let mut statements = vec![Statement::Options, Statement::Ranges, Statement::Reserved];
        let nested = |inner: &usize| world.messages[*inner].parent == Some(at) && !world.messages[*inner].is_group;
        statements.extend((0..world.messages.len()).filter(nested).map(Statement::Message));
        let nested = |inner: &usize| world.enums[*inner].parent == Some(at);
        statements.extend((0..world.enums.len()).filter(nested).map(Statement::Enum));
        let fields = message.fields.iter().enumerate().filter(|(_, field)| field.oneof.is_none());
        statements.extend(fields.map(|(field, _)| Statement::Field(field)));
        statements.extend((0..message.oneofs.len()).map(Statement::Oneof));
        statements.extend(self.extends(Some(at)));
        shuffle(&mut statements, self.random);
        for statement in statements {
            self.statement(Some(at), statement);
            self.maybe_empty();
        }
        self.code.put("}");
    }

    pub(super) fn oneof(&mut self, at: usize, oneof: usize) {
        let message = &self.world.messages[at];
        let name = &message.oneofs[oneof];
        self.code.put("oneof").put(name).put("{");
        let fields = message.fields.iter().enumerate().filter(|(_, field)| field.oneof == Some(oneof));
        let fields: Vec<usize> = fields.map(|(field, _)| field).collect();
        let options_at = self.random.below(fields.len() + 1);
        for (index, field) in fields.into_iter().enumerate() {
            if index == options_at {
                self.options("OneofOptions", &format!("{}.{name}", message.full_name), &[]);
            }
            self.field(at, field);
        }
        self.code.put("}");
    }

    pub(super) fn ranges(&mut self, at: usize) {
        let message = &self.world.messages[at];
        let most = if message.is_message_set { i32::MAX - 1 } else { 536_870_911 };
        for (index, range) in message.extensible.iter().enumerate() {
            self.code.put("extensions");
            self.numbers(&[*range], most);
            let mut known: Vec<Vec<String>> = Vec::new();
            if index == 0 {
                known.extend(message.declared.iter().map(|declared| self.declaration(declared)));
                if !known.is_empty() && self.random.chance(50) {
                    known.push("verification = DECLARATION".split(' ').map(str::to_owned).collect());
                }
            }
            self.bracketed("ExtensionRangeOptions", &message.full_name, known);
            self.code.put(";");
        }
    }

    fn declaration(&mut self, declared: &Declared) -> Vec<String> {
        let mut tokens = format!(
            "declaration = {{ number: {} full_name: \".{}\" type: \"int32\"",
            digits(declared.number as u64, self.random),
            declared.full_name
        );
        if declared.is_repeated {
            tokens.push_str(" , repeated: true");
        }
        if declared.is_reserved {
            tokens.push_str(" ; reserved: true");
        }
        tokens.push_str(" }");
        tokens.split(' ').map(str::to_owned).collect()
    }
}
