//! Lowers fields, extensions and oneofs.

use rustc_hash::FxHashSet;

use super::TreeLowering;
use super::types::entry_name;
use crate::schema::data::{
    Declared, Detail, ExtendeeData, FieldData, Label, OneofData, Run, Scalar, Syntax, Text, ValueData, WrittenType,
};
use crate::schema::lower::{MAX_NUMBER, index, run_at};
use crate::source::Span;
use crate::syntax::ast::{self, FieldType, Statement};
use crate::syntax::{Fault, Node};

/// What holds a field.
#[derive(Clone, Copy)]
struct Holder {
    parent: Option<u32>,
    oneof: Option<u32>,
    extendee: Option<(Text, Span)>,
}

impl<'t> TreeLowering<'t> {
    /// The fields and oneofs of a message; first the oneofs that are written, then those of `optional` fields.
    pub(super) fn fields(&mut self, message: ast::Message<'t>, parent: u32) -> (Run, Run) {
        let written = message.members().filter_map(|member| match member {
            Statement::Oneof(oneof) if !oneof.0.is_damaged() => Some(oneof),
            _ => None,
        });
        let written: Vec<ast::Oneof<'t>> = written.collect();
        let oneofs_at = index(self.base.data.oneofs.len());
        for oneof in &written {
            let name = self.intern(oneof.name().map_or("", Node::text));
            let options = self.option_statements(oneof.0);
            let place = self.declared(oneof.0, oneof.name());
            self.base.data.oneofs.push(OneofData { name, parent, synthetic: false, options, place });
        }
        let fields_at = self.base.data.fields.len();
        let mut oneof = oneofs_at;
        let own = Holder { parent: Some(parent), oneof: None, extendee: None };
        for member in message.members() {
            match member {
                Statement::Field(field) => self.field(field, own),
                Statement::Group(group) => self.field(group.as_field(), own),
                Statement::Oneof(members) if !members.0.is_damaged() => {
                    self.members(members.0, Holder { oneof: Some(oneof), ..own });
                    oneof += 1;
                }
                _ => {}
            }
        }
        let run = Run { start: index(fields_at), len: index(self.base.data.fields.len() - fields_at) };
        self.synthetic_oneofs(run, oneofs_at, parent);
        let oneofs = Run { start: oneofs_at, len: index(self.base.data.oneofs.len()) - oneofs_at };
        (run, oneofs)
    }

    /// The fields of a oneof or an `extend` block.
    fn members(&mut self, node: Node<'t>, holder: Holder) {
        for member in ast::statements(node) {
            match member {
                Statement::Field(field) => self.field(field, holder),
                Statement::Group(group) => self.field(group.as_field(), holder),
                _ => {}
            }
        }
    }

    /// The oneofs of `optional` fields, <https://protobuf.dev/programming-guides/field_presence/>.
    fn synthetic_oneofs(&mut self, fields: Run, oneofs_at: u32, parent: u32) {
        if !self.has_synthetic {
            return;
        }
        let data = &self.base.data;
        let is_optional = |at: &usize| data.fields[*at].proto3_optional && data.fields[*at].oneof.is_none();
        let optional: Vec<usize> = fields.range().filter(is_optional).collect();
        if optional.is_empty() {
            return;
        }
        // Only what begins with `_` can have the name of such a oneof.
        let mut taken: FxHashSet<String> = FxHashSet::default();
        let fields_named = fields.range().map(|at| data.text(data.fields[at].name));
        let mut named = fields_named.chain(data.oneofs[oneofs_at as usize..].iter().map(|oneof| data.text(oneof.name)));
        let may_clash = named.clone().any(|name| name.starts_with('_'));
        if may_clash {
            taken.extend(named.by_ref().map(str::to_owned));
        }
        for at in optional {
            let field = self.base.data.text(self.base.data.fields[at].name);
            let mut name = if field.starts_with('_') { field.to_owned() } else { format!("_{field}") };
            while taken.contains(&name) {
                name.insert(0, 'X');
            }
            if may_clash {
                taken.insert(name.clone());
            }
            let name = self.intern(&name);
            self.base.data.fields[at].oneof = Some(index(self.base.data.oneofs.len()));
            let (options, place) = (Run::default(), Declared::NOWHERE);
            self.base.data.oneofs.push(OneofData { name, parent, synthetic: true, options, place });
        }
    }

    /// The extensions declared directly in a file or a message.
    pub(super) fn extensions(&mut self, holder: Node<'t>, parent: Option<u32>) -> Run {
        let start = self.base.data.fields.len();
        for member in ast::statements(holder) {
            let Statement::Extend(extend) = member else { continue };
            let Some(extendee) = extend.extendee().filter(|_| !extend.0.is_damaged()) else { continue };
            let name = self.intern(&ast::plain_text(extendee));
            let extendee = Some((name, extendee.span()));
            self.members(extend.0, Holder { parent, oneof: None, extendee });
        }
        Run { start: index(start), len: index(self.base.data.fields.len() - start) }
    }

    /// The number of a field, if it is one that fields may have.
    pub(super) fn number(&self, field: ast::Field<'t>) -> Option<i32> {
        // Extensions of message sets have larger ones.
        field.number()?.value().filter(|number| (1..i32::MAX).contains(number))
    }

    fn field(&mut self, field: ast::Field<'t>, holder: Holder) {
        if field.0.is_damaged() {
            return;
        }
        let most = if holder.extendee.is_some() { i32::MAX - 1 } else { MAX_NUMBER };
        let Some(number) = self.number(field).filter(|number| *number <= most) else {
            if let Some(number) = field.number() {
                let message = format!("field numbers must be between 1 and {MAX_NUMBER}");
                self.fault(Fault::syntax(number.0.span(), message));
            }
            return self.lose_names(field.0);
        };
        let Some(written) = field.field_type() else { return };
        let at = index(self.base.data.fields.len());
        let name = field.name().map_or("", Node::text);
        let (name, written_type, type_name, type_span) = self.typed(field, written, name);
        let extendee = holder.extendee.map(|(name, span)| {
            self.base.data.extendees.push(ExtendeeData { name, span });
            index(self.base.data.extendees.len() - 1)
        });
        let mut options: Vec<ast::OptionEntry<'t>> = field.options().filter(|option| !option.0.is_damaged()).collect();
        let default = take_option(&mut options, "default");
        let json_name = take_option(&mut options, "json_name");
        let place = self.declared(field.0, field.name());
        // Editions have no other label.
        let is_edition = matches!(self.base.data.syntax, Syntax::Edition(_));
        let label = field.label().filter(|label| *label == "repeated" || !is_edition);
        let data = FieldData {
            name,
            number,
            label: match (label, written_type) {
                (Some("repeated"), _) | (_, WrittenType::Map) => Label::Repeated,
                (Some("required"), _) => Label::Required,
                _ => Label::Optional,
            },
            written_type,
            proto3_optional: self.has_synthetic && label == Some("optional") && written_type != WrittenType::Map,
            type_name,
            parent: holder.parent,
            oneof: holder.oneof,
            extendee,
            json_name: None,
            default: None,
            options: self.listed_options(options.into_iter()),
            // The comment before a group is about its message.
            place: Declared { documented: place.documented && written_type != WrittenType::Group, ..place },
            number_span: field.number().map_or(Span::NONE, |number| number.0.span()),
            type_span,
        };
        self.base.data.fields.push(data);
        if let Some(option) = default {
            self.default(at, option);
        }
        if let Some(option) = json_name {
            self.json_name(at, option);
        }
    }

    /// The name of a field, and its type with the place of that.
    fn typed(&mut self, field: ast::Field<'t>, written: FieldType<'t>, name: &str) -> (Text, WrittenType, Text, Span) {
        match written {
            FieldType::Named(node) => {
                let text = ast::plain_text(node);
                match Scalar::find(&text) {
                    Some(scalar) => (self.intern(name), WrittenType::Scalar(scalar), Text::default(), node.span()),
                    None => (self.intern(name), WrittenType::Named, self.base.intern(&text), node.span()),
                }
            }
            FieldType::Map(map) => {
                let entry = entry_name(name);
                (self.intern(name), WrittenType::Map, self.base.intern(&entry), map.0.span())
            }
            FieldType::Group => {
                let lower = name.to_ascii_lowercase();
                (self.intern(&lower), WrittenType::Group, self.base.intern(name), ast::span(field.name()))
            }
        }
    }

    /// The key and the value of a map's entry.
    pub(super) fn entry_body(&mut self, at: u32, _: ast::Field<'t>, map: ast::MapType<'t>) {
        let span = map.0.span();
        let place = Declared { span, name: span, documented: true };
        let types = map.types();
        let run = run_at(&self.base.data.fields, 2);
        let parts = [("key", 1, types.map(|(key, _)| key)), ("value", 2, types.map(|(_, value)| value))];
        for (name, number, node) in parts {
            let text = node.map(ast::plain_text).unwrap_or_default();
            let (written_type, type_name) = match Scalar::find(&text) {
                Some(scalar) => (WrittenType::Scalar(scalar), Text::default()),
                None => (WrittenType::Named, self.intern(&text)),
            };
            let name = self.intern(name);
            self.base.data.fields.push(FieldData {
                name,
                number,
                label: Label::Optional,
                written_type,
                proto3_optional: false,
                type_name,
                parent: Some(at),
                oneof: None,
                extendee: None,
                json_name: Some(name),
                default: None,
                options: Run::default(),
                place,
                number_span: span,
                type_span: span,
            });
        }
        self.base.data.messages[at as usize].fields = run;
    }

    fn json_name(&mut self, at: u32, option: ast::OptionEntry<'t>) {
        let span = option.0.span();
        self.base.data.details.push((at, Detail::JsonName, span));
        match self.value_of(option) {
            Some((ValueData::String(text), _)) => self.base.data.fields[at as usize].json_name = Some(text),
            Some((ValueData::Bytes(_), span)) => self.fault(Fault::syntax(span, "the JSON name is not valid UTF-8")),
            Some((_, span)) => {
                let written = span.slice(self.tree.source());
                self.fault(Fault::syntax(span, format!("expected a string as the JSON name, found `{written}`")));
            }
            None => {}
        }
    }
}

/// Takes the first option of that plain name out of a list.
fn take_option<'t>(options: &mut Vec<ast::OptionEntry<'t>>, name: &str) -> Option<ast::OptionEntry<'t>> {
    let is_named = |option: &ast::OptionEntry<'t>| {
        option.name().is_some_and(|written| written.0.tokens().len() == 1 && written.0.text() == name)
    };
    options.iter().position(is_named).map(|at| options.remove(at))
}
