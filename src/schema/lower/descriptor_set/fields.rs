//! Lowers fields, extensions and oneofs, and finds the messages that maps and groups made beside them.

use rustc_hash::FxHashMap;

use super::{SetLowering, run_from};
use crate::schema::data::derived_json_name;
use crate::schema::data::{
    Declared, Detail, ExtendeeData, FieldData, Label, OneofData, Run, Syntax, Text, WrittenType,
};
use crate::schema::descriptor_set::decode::Read;
use crate::schema::descriptor_set::model::{Field, Kind, Message};
use crate::schema::lower::{MAX_NUMBER, index};

/// What a field makes of a message beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    Map,
    Group,
}

impl Made {
    /// What `field` makes of the message that its type names.
    fn by(field: &Field<'_>, message: &Message<'_>, is_edition: bool) -> Option<Made> {
        if message.is_map_entry {
            let member = |number: i32| message.fields.iter().find(|field| field.number == number);
            let is_map = field.label == Label::Repeated && field.kind == Kind::Message && message.fields.len() == 2;
            let (key, _) = (member(1)?, member(2)?);
            return (is_map && key.kind.scalar().is_some()).then_some(Made::Map);
        }
        let is_group = field.kind == Kind::Group && !is_edition && field.name == message.name.to_ascii_lowercase();
        is_group.then_some(Made::Group)
    }
}

/// The field that makes a message beside it.
#[derive(Clone, Copy)]
pub(super) enum Maker {
    Field(usize),
    Extension,
}

/// What the fields and extensions of one scope make of the messages in it.
pub(super) struct Nested<'f> {
    /// What makes each message, if a field does.
    pub(super) makers: Vec<Option<Maker>>,
    /// What each field makes, with the name of the message.
    fields: Vec<Option<(Made, &'f str)>>,
    extensions: Vec<Option<(Made, &'f str)>>,
}

impl<'f> Nested<'f> {
    pub(super) fn new(
        scope: &str,
        fields: &'f [Field<'f>],
        extensions: &'f [Field<'f>],
        messages: &'f [Message<'f>],
        is_edition: bool,
    ) -> Nested<'f> {
        let by_name: FxHashMap<&str, (usize, &Message<'f>)> =
            messages.iter().enumerate().rev().map(|(at, message)| (message.name, (at, message))).collect();
        let mut makers = vec![None; messages.len()];
        let mut made_by = |field: &'f Field<'f>, maker: Maker| {
            let own = declared_in(scope, field)?;
            let &(at, message) = by_name.get(own)?;
            let made = Made::by(field, message, is_edition)?;
            makers[at] = Some(maker);
            Some((made, own))
        };
        let fields = fields.iter().enumerate().map(|(at, field)| made_by(field, Maker::Field(at))).collect();
        let extensions = extensions.iter().map(|field| made_by(field, Maker::Extension)).collect();
        Nested { makers, fields, extensions }
    }
}

/// The name of a field's type, where the scope of the field declares it: tools that leave names unresolved give it
/// alone.
fn declared_in<'f>(scope: &str, field: &'f Field<'f>) -> Option<&'f str> {
    if !matches!(field.kind, Kind::Group | Kind::Message) {
        return None;
    }
    let name = match field.type_name.strip_prefix('.') {
        Some(full_name) if scope.is_empty() => full_name,
        Some(full_name) => full_name.strip_prefix(scope)?.strip_prefix('.')?,
        None => field.type_name,
    };
    (!name.contains('.')).then_some(name)
}

/// What holds a field.
#[derive(Clone, Copy)]
struct Holder {
    parent: Option<u32>,
    oneof: Option<u32>,
}

impl<'f> SetLowering<'_, 'f> {
    /// The fields and oneofs of a message.
    pub(super) fn fields(&mut self, message: &'f Message<'f>, nested: &Nested<'f>, parent: u32) -> Read<(Run, Run)> {
        let oneofs_at = self.base.data.oneofs.len();
        let oneofs = self.oneofs(message, parent)?;
        let fields_at = self.base.data.fields.len();
        for ((at, field), made) in message.fields.iter().enumerate().zip(&nested.fields) {
            let oneof = field.oneof.and_then(|at| oneofs[at]);
            let is_member = |&(_, is_synthetic): &(u32, bool)| is_synthetic == field.is_proto3_optional;
            let oneof = oneof.filter(is_member).map(|(index, _)| index);
            self.places.enter(2, at);
            self.field(field, *made, Holder { parent: Some(parent), oneof })?;
            self.places.leave();
        }
        Ok((run_from(&self.base.data.fields, fields_at), run_from(&self.base.data.oneofs, oneofs_at)))
    }

    /// Lowers the oneofs of a message: for each, where it is now and whether it stands for `optional`. Only proto3 has
    /// those that do.
    fn oneofs(&mut self, message: &'f Message<'f>, parent: u32) -> Read<Vec<Option<(u32, bool)>>> {
        let count = message.oneofs.len();
        let (mut has_members, mut is_optional) = (vec![false; count], vec![false; count]);
        for field in &message.fields {
            match field.oneof {
                Some(oneof) if oneof >= count => {
                    let name = field.name;
                    return Err(format!("field `{name}` is in oneof {oneof}, but its message has {count}"));
                }
                Some(oneof) if field.is_proto3_optional => is_optional[oneof] = true,
                Some(oneof) => has_members[oneof] = true,
                None => {}
            }
        }
        let mut kept = Vec::with_capacity(count);
        for (at, oneof) in message.oneofs.iter().enumerate() {
            let synthetic = !has_members[at];
            if synthetic && !is_optional[at] {
                return Err(format!("oneof `{}` has no fields", oneof.name));
            }
            if synthetic && self.file.syntax != Syntax::Proto3 {
                kept.push(None);
                continue;
            }
            self.places.enter(8, at);
            let options = self.options("OneofOptions", &oneof.options, 2)?;
            let place = if synthetic { Declared::NOWHERE } else { self.places.declared() };
            self.places.leave();
            let name = self.base.intern(oneof.name);
            kept.push(Some((index(self.base.data.oneofs.len()), synthetic)));
            self.base.data.oneofs.push(OneofData { name, parent, synthetic, options, place });
        }
        Ok(kept)
    }

    /// The extensions declared directly in a file or a message; `tag` is the field of its descriptor that holds them.
    pub(super) fn extensions(
        &mut self,
        extensions: &'f [Field<'f>],
        nested: &Nested<'f>,
        parent: Option<u32>,
        tag: i32,
    ) -> Read<Run> {
        let start = self.base.data.fields.len();
        for ((at, extension), made) in extensions.iter().enumerate().zip(&nested.extensions) {
            self.places.enter(tag, at);
            self.field(extension, *made, Holder { parent, oneof: None })?;
            self.places.leave();
        }
        Ok(run_from(&self.base.data.fields, start))
    }

    fn field(&mut self, field: &'f Field<'f>, made: Option<(Made, &'f str)>, holder: Holder) -> Read<()> {
        let most = if field.extendee.is_empty() { MAX_NUMBER } else { i32::MAX - 1 };
        if field.number > most {
            return Err(format!("field `{}` has the number {}", field.name, field.number));
        }
        let at = index(self.base.data.fields.len());
        let (written_type, type_name) = self.written_type(field, made)?;
        let is_map = written_type == WrittenType::Map;
        let label = match field.label {
            _ if is_map => Label::Repeated,
            _ if holder.oneof.is_some() => Label::Optional,
            // Sets that were resolved for a runtime say by label what sources say by features.
            Label::Required if self.is_edition() => Label::Optional,
            label => label,
        };
        let is_optional = field.is_proto3_optional && label == Label::Optional && !is_map;
        let place = self.places.declared();
        let data = FieldData {
            name: self.base.intern(field.name),
            number: field.number,
            label,
            written_type,
            proto3_optional: is_optional && self.file.syntax == Syntax::Proto3,
            type_name,
            parent: holder.parent,
            oneof: holder.oneof,
            extendee: self.extendee(field),
            json_name: self.json_name(field)?,
            default: self.default(at, field)?,
            options: self.field_options(field)?,
            // The comment before a group is about its message.
            place: Declared { documented: place.documented && written_type != WrittenType::Group, ..place },
            number_span: self.places.at(&[3]),
            type_span: self.places.at(&[6]).or(self.places.at(&[5])),
        };
        for (detail, tag) in [(Detail::Default, 7), (Detail::DefaultValue, 7), (Detail::JsonName, 10)] {
            let span = self.places.at(&[tag]);
            if !span.is_none() {
                self.base.data.details.push((at, detail, span));
            }
        }
        self.base.data.fields.push(data);
        Ok(())
    }

    fn written_type(&mut self, field: &'f Field<'f>, made: Option<(Made, &'f str)>) -> Read<(WrittenType, Text)> {
        Ok(match (field.kind, made) {
            (Kind::Scalar(scalar), _) => (WrittenType::Scalar(scalar), Text::default()),
            (_, Some((Made::Map, entry))) => (WrittenType::Map, self.base.intern(entry)),
            (Kind::Group, Some((Made::Group, _))) => (WrittenType::Group, self.base.intern(field.type_name)),
            (Kind::Group, _) if !self.is_edition() => {
                return Err(format!("field `{}` is a group without a message", field.name));
            }
            _ => (WrittenType::Named, self.base.intern(field.type_name)),
        })
    }

    fn extendee(&mut self, field: &'f Field<'f>) -> Option<u32> {
        if field.extendee.is_empty() {
            return None;
        }
        // The extensions of one `extend` repeat its name.
        let last = self.base.data.extendees.last().map(|last| last.name);
        let known = last.filter(|&last| self.base.data.text(last) == field.extendee);
        let name = known.unwrap_or_else(|| self.base.intern(field.extendee));
        let span = self.places.at(&[2]);
        self.base.data.extendees.push(ExtendeeData { name, span });
        Some(index(self.base.data.extendees.len() - 1))
    }

    /// Compilers write the name of every field. The source says it where it is not the derived one, or has a place.
    fn json_name(&mut self, field: &'f Field<'f>) -> Read<Option<Text>> {
        let Some(bytes) = field.json_name.filter(|_| field.extendee.is_empty()) else { return Ok(None) };
        let Ok(name) = std::str::from_utf8(bytes) else {
            return Err(format!("the JSON name of field `{}` is not UTF-8", field.name));
        };
        let is_written = !derived_json_name(field.name).eq(name.chars()) || !self.places.at(&[10]).is_none();
        Ok(is_written.then(|| self.base.intern(name)))
    }

    /// What sets that were resolved for a runtime say by type and label, sources say by features.
    fn field_options(&mut self, field: &'f Field<'f>) -> Read<Run> {
        let start = self.base.data.options.len();
        if self.is_edition() {
            if field.kind == Kind::Group {
                self.feature("message_encoding", "DELIMITED");
            }
            if field.label == Label::Required {
                self.feature("field_presence", "LEGACY_REQUIRED");
            }
        }
        self.options("FieldOptions", &field.options, 8)?;
        Ok(run_from(&self.base.data.options, start))
    }
}
