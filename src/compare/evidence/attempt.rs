//! One attempt at a payload: fields of the writer, fields of the reader that they meet, and the messages that both stand
//! in. It tries values until one is read as something else.

mod show;

use prost_reflect::{DynamicMessage, FieldDescriptor, MessageDescriptor, Value};

use super::candidates::{Writing, enum_numbers};
use super::field_shape::{FieldShape, Kind, Many};
use super::path::{descend, element, first_key};
use super::populate::{contents, populate};
use super::read::elements;
use super::schema_slice::{Focus, Role, SchemaSlice};
use crate::compare::pairing::is_moved;
use crate::finding::{Direction, Layer};
use crate::schema::Message;

/// A field on the way to those that differ: the same field on both sides.
#[derive(Clone)]
pub(super) struct Step<'s> {
    pub(super) writer: FieldShape<'s>,
    pub(super) reader: FieldShape<'s>,
}

/// What is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// A value that is read as another.
    Difference,
    /// Any value that is shown otherwise: what it means has changed.
    Meaning,
    /// The enum value of this number, whatever becomes of it.
    Number(i32),
    /// A field that is not written and reads as something else, or has to be there.
    Absence,
}

/// An attempt.
pub(super) struct Attempt<'t, 's> {
    pub(super) layer: Layer,
    pub(super) direction: Direction,
    pub(super) want: Want,
    /// The messages written and read, where their JSON form may be one of its own.
    pub(super) roots: (Option<Message<'s>>, Option<Message<'s>>),
    pub(super) steps: &'t [Step<'s>],
    pub(super) writers: Vec<FieldShape<'s>>,
    pub(super) readers: Vec<FieldShape<'s>>,
}

/// A payload that was found.
pub(super) struct Shown {
    /// Whether most would not mind.
    pub(super) is_weak: bool,
    pub(super) written: String,
    pub(super) payload: String,
    pub(super) read: String,
}

/// Both sides of an attempt, ready to write and read.
struct Sides<'s> {
    writer: SchemaSlice<'s>,
    reader: SchemaSlice<'s>,
    from: MessageDescriptor,
    to: MessageDescriptor,
}

impl<'s> Attempt<'_, 's> {
    /// The first value that shows a difference; a weak one where there is no better.
    pub(super) fn run(&self) -> Option<Shown> {
        let sides = self.prepare()?;
        let mut weak = None;
        for values in self.value_sets(&sides)? {
            let Some(written) = self.assemble(&sides.from, self.steps, &values) else { continue };
            let is_other = values.iter().any(|(number, value)| self.is_other_value(*number, value));
            match self.show(&sides, &written, is_other) {
                Some(shown) if !shown.is_weak => return Some(shown),
                Some(shown) => _ = weak.get_or_insert(shown),
                None => {}
            }
        }
        weak
    }

    /// Whether bytes hold an enum's number that means something else to the reader, or nothing. What is new to old code
    /// does not count.
    fn is_other_value(&self, field: u32, value: &Value) -> bool {
        let element =
            |shape: &FieldShape<'s>| if shape.many == Many::Map { shape.half(2) } else { Some(shape.clone()) };
        let Some(writer) = self.writers.iter().find(|shape| u32::try_from(shape.number) == Ok(field)) else {
            return false;
        };
        let (Some(one), Some(other)) = (element(writer), self.reader_of(writer).and_then(element)) else {
            return false;
        };
        let (Kind::Enum(one), Kind::Enum(other), Layer::Wire) = (one.kind, other.kind, self.layer) else {
            return false;
        };
        let is_other = |number: i32| match other.value_numbered(number) {
            Some(_) => is_moved(one, other, number),
            None => self.direction == Direction::Backward && one.value_numbered(number).is_some(),
        };
        elements(value).into_iter().filter_map(Value::as_enum_number).any(is_other)
    }

    fn prepare(&self) -> Option<Sides<'s>> {
        let role = match (self.layer, self.want) {
            (Layer::Wire, Want::Absence) => Role::TextWriter,
            (Layer::Wire, _) => Role::ByteWriter,
            _ => Role::TextWriter,
        };
        let focus = self.focus();
        let mut writer = SchemaSlice::new(self.roots.0, focus.clone(), role);
        let mut reader = SchemaSlice::new(self.roots.1, focus, Role::Reader);
        let (mut at_writer, mut at_reader) = (0, 0);
        for step in self.steps {
            writer.add(at_writer, &step.writer);
            reader.add(at_reader, &step.reader);
            at_writer = writer.inner(&step.writer)?;
            at_reader = reader.inner(&step.reader)?;
        }
        for shape in &self.writers {
            writer.add(at_writer, shape);
        }
        for shape in &self.readers {
            reader.add(at_reader, shape);
        }
        if let Some(shape) = self.writers.iter().find(|shape| self.reader_of(shape).is_none()) {
            reader.set_stranger(at_reader, shape);
        }
        for shape in &self.writers {
            if let Some((message, other)) = contents(shape, self.reader_of(shape)) {
                populate((&mut writer, message), (&mut reader, other), 0);
            }
        }
        reader.complete(&writer, self.layer);
        let (from, to) = (writer.compile()?, reader.compile()?);
        Some(Sides { writer, reader, from, to })
    }

    /// The values of enums that must not be left out.
    fn focus(&self) -> Focus<'s> {
        let mut focus = Focus::default();
        for shape in &self.writers {
            let Kind::Enum(enumeration) = shape.kind else { continue };
            let other = match self.reader_of(shape).map(|shape| shape.kind) {
                Some(Kind::Enum(reader)) => Some(reader),
                _ => None,
            };
            match self.want {
                Want::Number(number) => _ = focus.numbers.insert(number),
                _ => focus.numbers.extend(enum_numbers(enumeration, other, self.layer)),
            }
            let values = focus.numbers.iter().flat_map(|&number| enumeration.values_numbered(number));
            focus.names.extend(values.map(|value| value.name()));
        }
        focus
    }

    /// The field that reads a field of the writer: the one of its number, or the one that its key finds.
    fn reader_of(&self, writer: &FieldShape<'s>) -> Option<&FieldShape<'s>> {
        match self.layer {
            Layer::Json => self
                .readers
                .iter()
                .find(|reader| reader.json == writer.json)
                .or_else(|| self.readers.iter().find(|reader| reader.name == writer.json)),
            _ => self.readers.iter().find(|reader| reader.number == writer.number),
        }
    }

    /// The values to write, a set at a time.
    fn value_sets(&self, sides: &Sides<'s>) -> Option<Vec<Vec<(u32, Value)>>> {
        if self.want == Want::Absence {
            return Some(vec![Vec::new()]);
        }
        let leaf = descend(&sides.from, self.steps)?;
        let writing = Writing { slice: &sides.writer, layer: self.layer };
        let mut fields = self.writers.iter().map(|shape| {
            let descriptor: FieldDescriptor = leaf.get_field(u32::try_from(shape.number).ok()?)?;
            let values = match self.want {
                Want::Number(number) => vec![Value::EnumNumber(number)],
                _ => writing.values(shape, &descriptor, self.reader_of(shape)),
            };
            Some((descriptor.number(), values))
        });
        if self.writers.len() == 1 {
            let (number, values) = fields.next()??;
            return Some(values.into_iter().map(|value| vec![(number, value)]).collect());
        }
        let fields: Option<Vec<(u32, Vec<Value>)>> = fields.collect();
        // One that is not what an unset field reads as anyway.
        let telling = |(number, values): (u32, Vec<Value>)| {
            let descriptor = leaf.get_field(number)?;
            let at = values.iter().position(|value| !value.is_default_for_field(&descriptor)).unwrap_or_default();
            Some((number, values.into_iter().nth(at)?))
        };
        Some(vec![fields?.into_iter().map(telling).collect::<Option<_>>()?])
    }

    /// The message with these values where the steps lead.
    fn assemble(
        &self,
        from: &MessageDescriptor,
        steps: &[Step<'s>],
        values: &[(u32, Value)],
    ) -> Option<DynamicMessage> {
        let mut message = DynamicMessage::new(from.clone());
        let Some((step, rest)) = steps.split_first() else {
            for (number, value) in values {
                message.try_set_field_by_number(*number, value.clone()).ok()?;
            }
            return Some(message);
        };
        let field = from.get_field(u32::try_from(step.writer.number).ok()?)?;
        let inner = Value::Message(self.assemble(&element(&field)?, rest, values)?);
        let value = match step.writer.many {
            Many::One => inner,
            Many::List => Value::List(vec![inner]),
            Many::Map => Value::Map([(first_key(&field)?, inner)].into()),
        };
        message.try_set_field(&field, value).ok()?;
        Some(message)
    }
}
