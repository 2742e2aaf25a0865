//! Writes messages and extensions so that their types come in the order of the set: a map or a group makes a nested
//! message where it stands.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::super::model::{Enum, Field, Kind, Label, Message};
use super::field::Made;
use super::{Printed, Printer, visibility};

/// What is written in one go.
enum Unit {
    Field(usize),
    Oneof(usize),
}

/// The order in which fields are written.
struct Units {
    list: Vec<Unit>,
    /// The unit of each field.
    of_field: Vec<usize>,
    /// The fields of each oneof; none of those that stand for a proto3 `optional`.
    members: Vec<Vec<usize>>,
}

/// What makes the nested messages that maps and groups stand for.
#[derive(Clone, Copy)]
enum Maker {
    Field(usize),
    Extension(usize),
}

impl<'f> Printer<'_, 'f> {
    pub(super) fn message(&mut self, message: &'f Message<'f>) -> Printed {
        if message.is_map_entry {
            return Err(format!("message `{}` is the entry of a map, and no map beside it has it", message.name));
        }
        self.blank_line();
        let head = format!("{}message {}", visibility(message.visibility), message.name);
        self.message_body(&head, message)?;
        Ok(())
    }

    /// A message, or a group with its field as the head.
    pub(super) fn message_body(&mut self, head: &str, message: &'f Message<'f>) -> Printed {
        self.check_size()?;
        let opened = self.open(head);
        self.scopes.enter(message.name, self.symbols);
        self.option_statements("MessageOptions", &message.options)?;
        self.reserved_ranges(&message.reserved_ranges);
        self.reserved_names(&message.reserved_names)?;
        self.extension_ranges(&message.extension_ranges)?;
        if !message.options.is_empty() {
            self.blank_line();
        }
        self.members(message)?;
        self.scopes.leave();
        self.close(opened);
        Ok(())
    }

    /// What a file declares besides services.
    pub(super) fn types_and_extensions(
        &mut self,
        messages: &'f [Message<'f>],
        enums: &'f [Enum<'f>],
        extensions: &'f [Field<'f>],
    ) -> Printed {
        for of in enums {
            self.enumeration(of)?;
        }
        let nested = Nested::of(self, &[], extensions, messages);
        let mut written = 0;
        for (message, maker) in messages.iter().zip(&nested.makers) {
            match maker {
                None => self.message(message)?,
                Some(Maker::Extension(at)) => written = self.extensions(extensions, written, at + 1, &nested)?,
                Some(Maker::Field(_)) => {}
            }
        }
        self.extensions(extensions, written, extensions.len(), &nested)?;
        Ok(())
    }

    fn members(&mut self, message: &'f Message<'f>) -> Printed {
        for of in &message.enums {
            self.enumeration(of)?;
        }
        if !message.enums.is_empty() {
            self.blank_line();
        }
        let units = units(message)?;
        let nested = Nested::of(self, &message.fields, &message.extensions, &message.messages);
        let (mut unit, mut extension) = (0, 0);
        // What comes behind the last map or group may as well come behind all fields, where it reads better.
        let last = nested.makers.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        for (inner, maker) in message.messages.iter().zip(&nested.makers).take(last) {
            match *maker {
                None => {
                    self.message(inner)?;
                    self.blank_line();
                }
                Some(Maker::Field(at)) => {
                    let end = units.of_field[at] + 1;
                    self.units(message, &units, unit..end, &nested)?;
                    unit = unit.max(end);
                }
                Some(Maker::Extension(at)) => {
                    extension = self.extensions(&message.extensions, extension, at + 1, &nested)?;
                    self.blank_line();
                }
            }
        }
        self.units(message, &units, unit..units.list.len(), &nested)?;
        for inner in &message.messages[last..] {
            self.message(inner)?;
        }
        self.extensions(&message.extensions, extension, message.extensions.len(), &nested)?;
        Ok(())
    }

    fn units(&mut self, message: &'f Message<'f>, units: &Units, range: Range<usize>, nested: &Nested<'f>) -> Printed {
        for unit in units.list.get(range).unwrap_or_default() {
            match unit {
                Unit::Field(at) => self.field(&message.fields[*at], nested, false)?,
                Unit::Oneof(at) => {
                    let oneof = &message.oneofs[*at];
                    self.blank_line();
                    let opened = self.open(&format!("oneof {}", oneof.name));
                    self.option_statements("OneofOptions", &oneof.options)?;
                    for member in &units.members[*at] {
                        self.field(&message.fields[*member], nested, true)?;
                    }
                    self.close(opened);
                    self.blank_line();
                }
            }
        }
        Ok(())
    }

    /// Those from `from` to before `to`, each run of one type in an `extend`. Gives how many are written.
    fn extensions(
        &mut self,
        all: &'f [Field<'f>],
        from: usize,
        to: usize,
        nested: &Nested<'f>,
    ) -> Result<usize, super::Fault> {
        for run in all.get(from..to).unwrap_or_default().chunk_by(|one, next| one.extendee == next.extendee) {
            self.blank_line();
            let head = format!("extend {}", self.scopes.reference(run[0].extendee, self.symbols));
            let opened = self.open(&head);
            for extension in run {
                self.field(extension, nested, false)?;
            }
            self.close(opened);
        }
        Ok(from.max(to))
    }
}

/// The nested messages by name, and what makes those of maps and groups.
pub(super) struct Nested<'f> {
    made: FxHashMap<&'f str, Made<'f>>,
    makers: Vec<Option<Maker>>,
}

impl<'f> Nested<'f> {
    fn of(
        printer: &Printer<'_, 'f>,
        fields: &'f [Field<'f>],
        extensions: &'f [Field<'f>],
        messages: &'f [Message<'f>],
    ) -> Nested<'f> {
        let mut nested = Nested { made: FxHashMap::default(), makers: vec![None; messages.len()] };
        let is_maker = |field: &Field<'_>| {
            field.kind == Kind::Group || field.kind == Kind::Message && field.label == Label::Repeated
        };
        let of_fields = fields.iter().enumerate().map(|(at, field)| (Maker::Field(at), field));
        let of_extensions = extensions.iter().enumerate().map(|(at, field)| (Maker::Extension(at), field));
        let makers: FxHashMap<&str, (Maker, &Field<'_>)> = of_fields
            .chain(of_extensions)
            .filter(|(_, field)| is_maker(field))
            .filter_map(|(maker, field)| Some((printer.scopes.own(field.type_name)?, (maker, field))))
            .collect();
        for (message, slot) in messages.iter().zip(&mut nested.makers) {
            let Some((maker, field)) = makers.get(message.name) else { continue };
            if let Some(made) = Made::by(field, message, printer.is_edition()) {
                nested.made.insert(message.name, made);
                *slot = Some(*maker);
            }
        }
        nested
    }

    /// What `field` makes.
    pub(super) fn made_by(&self, printer: &Printer<'_, 'f>, field: &Field<'_>) -> Option<Made<'f>> {
        if !matches!(field.kind, Kind::Group | Kind::Message) {
            return None;
        }
        let made = self.made.get(printer.scopes.own(field.type_name)?)?;
        made.is_by(field).then_some(*made)
    }
}

fn units(message: &Message<'_>) -> Result<Units, super::Fault> {
    let mut units = Units { list: Vec::new(), of_field: Vec::new(), members: vec![Vec::new(); message.oneofs.len()] };
    let mut unit_of_oneof = vec![None; message.oneofs.len()];
    let mut is_synthetic = vec![false; message.oneofs.len()];
    for (at, field) in message.fields.iter().enumerate() {
        let oneof = match field.oneof {
            Some(oneof) if oneof >= message.oneofs.len() => {
                let count = message.oneofs.len();
                return Err(format!("field `{}` is in oneof {oneof} of the {count} that its message has", field.name));
            }
            oneof => oneof,
        };
        match oneof {
            Some(oneof) if !field.is_proto3_optional => {
                let unit = *unit_of_oneof[oneof].get_or_insert(units.list.len());
                if unit == units.list.len() {
                    units.list.push(Unit::Oneof(oneof));
                }
                units.of_field.push(unit);
                units.members[oneof].push(at);
            }
            _ => {
                if let Some(oneof) = oneof {
                    is_synthetic[oneof] = true;
                }
                units.of_field.push(units.list.len());
                units.list.push(Unit::Field(at));
            }
        }
    }
    let empty = (0..message.oneofs.len()).find(|&at| units.members[at].is_empty() && !is_synthetic[at]);
    match empty {
        Some(at) => Err(format!("oneof `{}` has no fields", message.oneofs[at].name)),
        None => Ok(units),
    }
}
