//! Lowers messages and enums with what they reserve.

use super::TreeLowering;
use crate::schema::data::{
    Declared, EnumData, EnumValueData, MessageData, RangeData, Reserved, ReservedNameData, Run, Text, Visibility,
};
use crate::schema::lower::{MAX_NUMBER, index, run_at};
use crate::source::Span;
use crate::syntax::ast::{self, FieldType, Statement};
use crate::syntax::{Fault, Node, NodeKind};

/// Where a message comes from.
#[derive(Clone, Copy)]
enum Source<'t> {
    /// A message, or a group.
    Declared(ast::Message<'t>),
    /// The entry of a map.
    Entry(ast::Field<'t>, ast::MapType<'t>),
}

/// Options may be shared by extension ranges so often, in bytes: without a limit, rules would look at them without end.
const MAX_SHARED_OPTIONS: usize = 1 << 20;

impl<'t> TreeLowering<'t> {
    /// The messages that the members of `holder` make, in the order protoc gives them. Siblings stand next to each
    /// other, so their places are taken before what is in them is lowered.
    pub(super) fn messages(&mut self, holder: Node<'t>, parent: Option<u32>, scope: Text) -> Run {
        let mut sources = Vec::new();
        self.message_sources(holder, &mut sources);
        let run = run_at(&self.base.data.messages, sources.len());
        for source in &sources {
            let message = self.message_head(*source, parent, scope);
            self.base.data.messages.push(message);
        }
        for (at, source) in run.indexes().zip(sources) {
            match source {
                Source::Declared(message) => self.message_body(at, message),
                Source::Entry(field, map) => self.entry_body(at, field, map),
            }
        }
        run
    }

    fn message_sources(&mut self, holder: Node<'t>, sources: &mut Vec<Source<'t>>) {
        for member in ast::statements(holder) {
            let node = member.node();
            match member {
                _ if node.is_damaged() => {}
                Statement::Message(message) | Statement::Group(message) => sources.push(Source::Declared(message)),
                Statement::Extend(_) | Statement::Oneof(_) => self.message_sources(node, sources),
                Statement::Field(field) if self.number(field).is_some() => {
                    if let Some(FieldType::Map(map)) = field.field_type() {
                        sources.push(Source::Entry(field, map));
                    }
                }
                _ => {}
            }
        }
    }

    fn message_head(&mut self, source: Source<'t>, parent: Option<u32>, scope: Text) -> MessageData {
        let (name, place, visibility, map_entry) = match source {
            Source::Declared(message) => {
                let (name, place) = self.named(message.0, message.name());
                (name, place, visibility(message.0), false)
            }
            Source::Entry(field, map) => {
                let span = map.0.span();
                let name = entry_name(field.name().map_or("", Node::text)).into();
                (name, Declared { span, name: span, documented: true }, Visibility::Default, true)
            }
        };
        let full_name = self.base.full_name(scope, &name);
        let name = self.intern(&name);
        MessageData { map_entry, visibility, place, ..MessageData::new(name, full_name, parent) }
    }

    fn message_body(&mut self, at: u32, message: ast::Message<'t>) {
        let scope = self.base.data.messages[at as usize].full_name;
        let (fields, oneofs) = self.fields(message, at);
        let extensions = self.extensions(message.0, Some(at));
        let enums = self.enums(message.0, Some(at), scope);
        let messages = self.messages(message.0, Some(at), scope);
        let options = self.option_statements(message.0);
        let is_message_set = self.is_message_set(options);
        let extension_ranges = self.extension_ranges(message, is_message_set);
        let most = if is_message_set { i32::MAX - 1 } else { MAX_NUMBER };
        let reserved = self.reserved(message.0, 1..=i32::MAX - 1, most);
        let data = &mut self.base.data.messages[at as usize];
        data.fields = fields;
        data.oneofs = oneofs;
        data.messages = messages;
        data.enums = enums;
        data.extensions = extensions;
        data.extension_ranges = extension_ranges;
        data.reserved = reserved;
        data.options = options;
    }

    fn extension_ranges(&mut self, message: ast::Message<'t>, is_message_set: bool) -> Run {
        let most = if is_message_set { i32::MAX - 1 } else { MAX_NUMBER };
        let mut lowered = Vec::new();
        for member in message.members() {
            let Statement::Extensions(statement) = member else { continue };
            if statement.0.is_damaged() {
                continue;
            }
            let options = self.listed_options(statement.options());
            self.note_shared(statement);
            for range in statement.ranges() {
                if let Some((start, end)) = self.range(range, &(1..=i32::MAX - 1), most) {
                    lowered.push(RangeData { start, end, options, span: range.0.span() });
                }
            }
        }
        let run = run_at(&self.base.data.ranges, lowered.len());
        self.base.data.ranges.append(&mut lowered);
        run
    }

    fn note_shared(&mut self, statement: ast::Ranges<'t>) {
        let Some(list) = statement.0.child(NodeKind::OptionList) else { return };
        let (length, before) = (list.span().range().len(), self.shared_options);
        let times = statement.ranges().count().saturating_sub(1);
        self.shared_options = before.saturating_add(length.saturating_mul(times));
        if before <= MAX_SHARED_OPTIONS && self.shared_options > MAX_SHARED_OPTIONS {
            let open = list.tokens()[0].span();
            let fault = Fault::nesting(open, "too many extension ranges share too many options");
            self.fault(fault.help("give the options to fewer ranges"));
        }
    }

    /// The ends of a range, both included; `most` is what `max` stands for.
    fn range(&mut self, range: ast::Range<'t>, takes: &std::ops::RangeInclusive<i32>, most: i32) -> Option<(i32, i32)> {
        let mut value = |number: ast::Number<'t>| {
            let value = number.value().filter(|value| takes.contains(value));
            if value.is_none() {
                let message =
                    format!("`{}` is not a number from {} to {}", number.0.text(), takes.start(), takes.end());
                self.fault(Fault::syntax(number.0.span(), message));
            }
            value
        };
        let start = value(range.start()?)?;
        let end = match range.end() {
            Some(end) => value(end)?,
            None if range.is_to_max() => most,
            None => start,
        };
        Some((start, end))
    }

    /// What the `reserved` statements of a message or an enum say.
    fn reserved(&mut self, holder: Node<'t>, takes: std::ops::RangeInclusive<i32>, most: i32) -> Reserved {
        let statements = || {
            ast::statements(holder).filter_map(|member| match member {
                Statement::Reserved(statement) if !statement.0.is_damaged() => Some(statement),
                _ => None,
            })
        };
        let (ranges_at, mut span) = (self.base.data.ranges.len(), Span::NONE);
        for statement in statements() {
            span = span.or(statement.0.span());
            for range in statement.ranges() {
                if let Some((start, end)) = self.range(range, &takes, most) {
                    let options = Run::default();
                    self.base.data.ranges.push(RangeData { start, end, options, span: range.0.span() });
                }
            }
        }
        let names_at = self.base.data.reserved_names.len();
        for name in statements().flat_map(ast::Ranges::names) {
            let text = ast::strings(name);
            let data = ReservedNameData { name: self.intern(&text), span: name.span() };
            self.base.data.reserved_names.push(data);
        }
        let run = |start: usize, end: usize| Run { start: index(start), len: index(end - start) };
        Reserved {
            ranges: run(ranges_at, self.base.data.ranges.len()),
            names: run(names_at, self.base.data.reserved_names.len()),
            span,
        }
    }

    pub(super) fn enums(&mut self, holder: Node<'t>, parent: Option<u32>, scope: Text) -> Run {
        let start = self.base.data.enums.len();
        for member in ast::statements(holder) {
            match member {
                Statement::Enum(declared) if !declared.0.is_damaged() => self.enumeration(declared, parent, scope),
                _ => {}
            }
        }
        Run { start: index(start), len: index(self.base.data.enums.len() - start) }
    }

    fn enumeration(&mut self, declared: ast::Enum<'t>, parent: Option<u32>, scope: Text) {
        let at = index(self.base.data.enums.len());
        let values = self.values(declared, at);
        let reserved = self.reserved(declared.0, i32::MIN..=i32::MAX, i32::MAX);
        let (name, place) = self.named(declared.0, declared.name());
        let full_name = self.base.full_name(scope, &name);
        let name = self.intern(&name);
        let options = self.option_statements(declared.0);
        let visibility = visibility(declared.0);
        self.base.data.enums.push(EnumData { name, full_name, parent, values, reserved, options, visibility, place });
    }

    fn values(&mut self, declared: ast::Enum<'t>, parent: u32) -> Run {
        let start = self.base.data.values.len();
        for member in declared.members() {
            let Statement::EnumValue(value) = member else { continue };
            let Some(written) = value.number().filter(|_| !value.0.is_damaged()) else { continue };
            let Some(number) = written.value() else {
                let message = format!("the numbers of enum values must be between {} and {}", i32::MIN, i32::MAX);
                self.fault(Fault::syntax(written.0.span(), message));
                self.lose_names(value.0);
                continue;
            };
            let name = self.intern(value.name().map_or("", Node::text));
            let options = self.listed_options(value.options());
            let (place, number_span) = (self.declared(value.0, value.name()), written.0.span());
            self.base.data.values.push(EnumValueData { name, number, parent, options, place, number_span });
        }
        Run { start: index(start), len: index(self.base.data.values.len() - start) }
    }
}

fn visibility(node: Node<'_>) -> Visibility {
    match (node.begins_with("export"), node.begins_with("local")) {
        (true, _) => Visibility::Export,
        (_, true) => Visibility::Local,
        _ => Visibility::Default,
    }
}

/// What protoc calls the entry of a map field: `MapEntryName` of its `parser.cc`.
pub(super) fn entry_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + "Entry".len());
    let mut is_first = true;
    for letter in field.chars() {
        match letter {
            '_' => is_first = true,
            _ if is_first => {
                name.push(letter.to_ascii_uppercase());
                is_first = false;
            }
            _ => name.push(letter),
        }
    }
    name.push_str("Entry");
    name
}
