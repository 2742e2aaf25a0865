//! Lowers messages and enums with what they reserve.

use super::fields::{Maker, Nested};
use super::{SetLowering, run_from};
use crate::schema::data::{
    Declared, EnumData, EnumValueData, FieldData, Label, MessageData, RangeData, Reserved, ReservedNameData, Run, Text,
    WrittenType,
};
use crate::schema::descriptor_set::decode::{Read, is_identifier, quoted};
use crate::schema::descriptor_set::model::{Enum, EnumValue, Field, Message};
use crate::schema::lower::{MAX_NUMBER, index, run_at};
use crate::source::Span;

/// What holds a type: the message it is declared in, if any, and its scope.
pub(super) type Holder = (Option<u32>, Text);

impl<'f> SetLowering<'_, 'f> {
    /// Siblings stand next to each other, so their places are taken before what is in them is lowered. `tag` is the
    /// field of the descriptor around them that holds them.
    pub(super) fn messages(
        &mut self,
        messages: &'f [Message<'f>],
        nested: &Nested<'f>,
        holder: Holder,
        tag: i32,
    ) -> Read<Run> {
        let run = run_at(&self.base.data.messages, messages.len());
        for (at, (message, maker)) in messages.iter().zip(&nested.makers).enumerate() {
            let place = match maker {
                Some(maker) if message.is_map_entry => {
                    let span = self.map_span(*maker, holder.0);
                    Declared { span, name: span, documented: true }
                }
                _ if message.is_map_entry => {
                    return Err(format!("message `{}` is a map entry without a map field", message.name));
                }
                _ => {
                    self.places.enter(tag, at);
                    let place = self.places.declared();
                    self.places.leave();
                    place
                }
            };
            let message = self.message_head(message, holder, place);
            self.base.data.messages.push(message);
        }
        for (at, (own, message)) in run.indexes().zip(messages).enumerate() {
            self.places.enter(tag, at);
            if message.is_map_entry {
                self.entry_body(own, message)?
            } else {
                self.message_body(own, message)?
            }
            self.places.leave();
        }
        Ok(run)
    }

    /// Where the map stands that makes an entry in `parent`: its type, or else all of it.
    fn map_span(&self, maker: Maker, parent: Option<u32>) -> Span {
        let (Maker::Field(at), Some(parent)) = (maker, parent) else { return Span::NONE };
        let fields = self.base.data.messages[parent as usize].fields;
        let field = &self.base.data.fields[fields.range()][at];
        field.type_span.or(field.place.span)
    }

    fn message_head(&mut self, message: &'f Message<'f>, (parent, scope): Holder, place: Declared) -> MessageData {
        let full_name = self.base.full_name(scope, message.name);
        let name = self.base.intern(message.name);
        let (map_entry, visibility) = (message.is_map_entry, message.visibility);
        MessageData { map_entry, visibility, place, ..MessageData::new(name, full_name, parent) }
    }

    fn message_body(&mut self, at: u32, message: &'f Message<'f>) -> Read<()> {
        let outer = self.scopes.len();
        self.enter_scope(message.name);
        let scope = self.base.data.messages[at as usize].full_name;
        let text = self.base.data.text(scope);
        let nested = Nested::new(text, &message.fields, &message.extensions, &message.messages, self.is_edition());
        let (fields, oneofs) = self.fields(message, &nested, at)?;
        // What maps make in it looks for them.
        self.base.data.messages[at as usize].fields = fields;
        let extensions = self.extensions(&message.extensions, &nested, Some(at), 6)?;
        let enums = self.enums(&message.enums, (Some(at), scope), 4)?;
        let messages = self.messages(&message.messages, &nested, (Some(at), scope), 3)?;
        let options = self.options("MessageOptions", &message.options, 7)?;
        let extension_ranges = self.extension_ranges(message, self.is_message_set(options))?;
        let ranges: Vec<(i32, i32)> =
            message.reserved_ranges.iter().map(|&(start, end)| (start, end.saturating_sub(1))).collect();
        if let Some(&(start, end)) = ranges.iter().find(|(start, end)| *start < 1 || *end < 1) {
            return Err(format!("message `{}` reserves the numbers {start} to {end}", message.name));
        }
        let reserved = self.reserved(&ranges, &message.reserved_names, (9, 10))?;
        self.scopes.truncate(outer);
        let data = &mut self.base.data.messages[at as usize];
        data.oneofs = oneofs;
        data.messages = messages;
        data.enums = enums;
        data.extensions = extensions;
        data.extension_ranges = extension_ranges;
        data.reserved = reserved;
        data.options = options;
        Ok(())
    }

    /// The key and the value of a map's entry.
    fn entry_body(&mut self, at: u32, message: &'f Message<'f>) -> Read<()> {
        let place = self.base.data.messages[at as usize].place;
        let run = run_at(&self.base.data.fields, message.fields.len());
        for field in &message.fields {
            let data = self.entry_field(field, at, place);
            self.base.data.fields.push(data);
        }
        self.base.data.messages[at as usize].fields = run;
        Ok(())
    }

    fn entry_field(&mut self, field: &'f Field<'f>, parent: u32, place: Declared) -> FieldData {
        let (written_type, type_name) = match field.kind.scalar() {
            Some(scalar) => (WrittenType::Scalar(scalar), Text::default()),
            None => (WrittenType::Named, self.base.intern(field.type_name)),
        };
        let name = self.base.intern(field.name);
        FieldData {
            name,
            number: field.number,
            label: Label::Optional,
            written_type,
            proto3_optional: false,
            type_name,
            parent: Some(parent),
            oneof: None,
            extendee: None,
            json_name: Some(name),
            default: None,
            options: Run::default(),
            place,
            number_span: place.span,
            type_span: place.span,
        }
    }

    /// In message sets `max` is more: protoc's `DescriptorBuilder::BuildMessage`.
    fn extension_ranges(&mut self, message: &'f Message<'f>, is_message_set: bool) -> Read<Run> {
        let run = run_at(&self.base.data.ranges, message.extension_ranges.len());
        for (at, range) in message.extension_ranges.iter().enumerate() {
            let (start, end) = (range.start, range.end.saturating_sub(1));
            if start < 1 || end < 1 {
                return Err(format!("message `{}` has the extension numbers {start} to {end}", message.name));
            }
            let end = match end {
                MAX_NUMBER if is_message_set => i32::MAX - 1,
                end if end == i32::MAX - 1 && !is_message_set => MAX_NUMBER,
                end => end,
            };
            self.places.enter(5, at);
            let options = self.options("ExtensionRangeOptions", &range.options, 3)?;
            let span = self.places.at(&[]);
            self.places.leave();
            self.base.data.ranges.push(RangeData { start, end, options, span });
        }
        Ok(run)
    }

    /// What a message or an enum reserves; `tags` are the fields of its descriptor that say so.
    fn reserved(&mut self, ranges: &[(i32, i32)], names: &[&'f str], tags: (i32, i32)) -> Read<Reserved> {
        let ranges_at = self.base.data.ranges.len();
        for (at, &(start, end)) in ranges.iter().enumerate() {
            let (options, span) = (Run::default(), self.places.entry(tags.0, at));
            self.base.data.ranges.push(RangeData { start, end, options, span });
        }
        let names_at = self.base.data.reserved_names.len();
        for (at, name) in names.iter().enumerate() {
            if self.is_edition() && !is_identifier(name) {
                return Err(format!("the reserved name {} is not a valid name", quoted(name)));
            }
            let (name, span) = (self.base.intern(name), self.places.entry(tags.1, at));
            self.base.data.reserved_names.push(ReservedNameData { name, span });
        }
        Ok(Reserved {
            ranges: run_from(&self.base.data.ranges, ranges_at),
            names: run_from(&self.base.data.reserved_names, names_at),
            span: self.places.at(&[tags.0]).min(self.places.at(&[tags.1])),
        })
    }

    pub(super) fn enums(&mut self, enums: &'f [Enum<'f>], holder: Holder, tag: i32) -> Read<Run> {
        let run = run_at(&self.base.data.enums, enums.len());
        for (at, of) in enums.iter().enumerate() {
            self.places.enter(tag, at);
            self.enumeration(of, holder)?;
            self.places.leave();
        }
        Ok(run)
    }

    fn enumeration(&mut self, of: &'f Enum<'f>, (parent, scope): Holder) -> Read<()> {
        let own = index(self.base.data.enums.len());
        let values = run_at(&self.base.data.values, of.values.len());
        for (at, value) in of.values.iter().enumerate() {
            self.places.enter(2, at);
            let value = self.value(value, own)?;
            self.base.data.values.push(value);
            self.places.leave();
        }
        let reserved = self.reserved(&of.reserved_ranges, &of.reserved_names, (4, 5))?;
        let full_name = self.base.full_name(scope, of.name);
        let name = self.base.intern(of.name);
        let options = self.options("EnumOptions", &of.options, 3)?;
        let (visibility, place) = (of.visibility, self.places.declared());
        self.base.data.enums.push(EnumData { name, full_name, parent, values, reserved, options, visibility, place });
        Ok(())
    }

    fn value(&mut self, value: &'f EnumValue<'f>, parent: u32) -> Read<EnumValueData> {
        Ok(EnumValueData {
            name: self.base.intern(value.name),
            number: value.number,
            parent,
            options: self.options("EnumValueOptions", &value.options, 3)?,
            place: self.places.declared(),
            number_span: self.places.at(&[2]),
        })
    }
}
