//! Lowers options, which the parser leaves uninterpreted.

use prost_reflect::prost_types::{MessageOptions, UninterpretedOption};

use crate::schema::data::{OptionData, OptionPartData, Run, ValueData};
use crate::schema::lower::{Lowering, index, run_at};
use crate::source::Span;
use crate::syntax::{self, NodeKind, ast};

/// Whether a message is a set of extensions; the parser leaves the option as it is written.
pub(super) fn is_message_set(options: &MessageOptions) -> bool {
    let is_set = |option: &UninterpretedOption| {
        matches!(&option.name[..], [only] if only.name_part == "message_set_wire_format" && !only.is_extension)
            && option.identifier_value() == "true"
    };
    options.uninterpreted_option.iter().any(is_set)
}

impl Lowering {
    pub(super) fn options(&mut self, protos: &[UninterpretedOption]) -> Run {
        let run = run_at(&self.data.options, protos.len());
        for proto in protos {
            let parts = run_at(&self.data.option_parts, proto.name.len());
            for part in &proto.name {
                let name = self.intern(&part.name_part);
                self.data.option_parts.push(OptionPartData { name, extension: part.is_extension, span: Span::NONE });
            }
            let value = self.uninterpreted(proto);
            self.data.options.push(OptionData { parts, value, span: Span::NONE, value_span: Span::NONE });
        }
        run
    }

    fn uninterpreted(&mut self, proto: &UninterpretedOption) -> ValueData {
        if let Some(identifier) = &proto.identifier_value {
            ValueData::Identifier(self.intern(identifier))
        } else if let Some(number) = proto.positive_int_value {
            ValueData::Positive(number)
        } else if let Some(number) = proto.negative_int_value {
            ValueData::Negative(number)
        } else if let Some(number) = proto.double_value {
            ValueData::Float(number)
        } else if let Some(aggregate) = &proto.aggregate_value {
            self.aggregate(aggregate)
        } else if let Ok(text) = std::str::from_utf8(proto.string_value()) {
            ValueData::String(self.intern(text))
        } else {
            self.data.byte_strings.push(proto.string_value().to_owned());
            ValueData::Bytes(index(self.data.byte_strings.len() - 1))
        }
    }

    /// A value in braces, of which the descriptor has the text between them.
    pub(in crate::schema::lower) fn aggregate(&mut self, text: &str) -> ValueData {
        let text = format!("option value = {{ {text} }};");
        let tree = syntax::parse(&text);
        let option = tree.root().child(NodeKind::OptionStatement).map(ast::OptionEntry);
        let value = option.and_then(ast::OptionEntry::value).and_then(|value| self.value(value));
        value.unwrap_or(ValueData::Message(Run::default()))
    }
}
