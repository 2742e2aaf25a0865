//! Lowers options and their values.

use super::TreeLowering;
use crate::schema::data::{OptionData, OptionPartData, Run, ValueData};
use crate::schema::lower::index;
use crate::source::Span;
use crate::syntax::Node;
use crate::syntax::ast::{self, Statement};

impl<'t> TreeLowering<'t> {
    /// The `option` statements directly in a file or a body.
    pub(super) fn option_statements(&mut self, holder: Node<'t>) -> Run {
        let options = ast::statements(holder).filter_map(|member| match member {
            Statement::Option(option) => Some(option),
            _ => None,
        });
        self.listed_options(options)
    }

    /// Options side by side, the damaged ones left out.
    pub(super) fn listed_options(&mut self, options: impl Iterator<Item = ast::OptionEntry<'t>>) -> Run {
        let start = self.base.data.options.len();
        for option in options.filter(|option| !option.0.is_damaged()) {
            let (Some(name), Some((value, value_span))) = (option.name(), self.value_of(option)) else { continue };
            let parts_at = self.base.data.option_parts.len();
            for part in name.parts() {
                let (name, span) = (self.intern(&part.name()), part.span());
                self.base.data.option_parts.push(OptionPartData { name, extension: part.is_extension(), span });
            }
            let parts = Run { start: index(parts_at), len: index(self.base.data.option_parts.len() - parts_at) };
            self.base.data.options.push(OptionData { parts, value, span: option.0.span(), value_span });
        }
        Run { start: index(start), len: index(self.base.data.options.len() - start) }
    }

    /// The value of an option, and where it stands.
    pub(super) fn value_of(&mut self, option: ast::OptionEntry<'t>) -> Option<(ValueData, Span)> {
        let value = option.value()?;
        Some((self.base.value(value)?, value.node().span()))
    }

    /// Whether a message is a set of extensions.
    pub(super) fn is_message_set(&self, options: Run) -> bool {
        let data = &self.base.data;
        let is_set = |option: &&OptionData| {
            let parts = &data.option_parts[option.parts.range()];
            matches!(parts, [only] if !only.extension && data.text(only.name) == "message_set_wire_format")
        };
        let found = data.options[options.range()].iter().find(is_set);
        found.is_some_and(|option| matches!(option.value, ValueData::Identifier(word) if data.text(word) == "true"))
    }
}
