//! Writes fields: their types, defaults and JSON names, and the maps and groups they stand for.

use super::super::decode::{Fault, is_identifier, quoted};
use super::super::literal;
use super::super::model::{Field, Kind, Label, Message, Syntax};
use super::message::Nested;
use super::{Printed, Printer};

/// What a field makes of a message beside it.
#[derive(Clone, Copy)]
pub(super) enum Made<'f> {
    /// Its key and its value.
    Map(&'f Field<'f>, &'f Field<'f>),
    Group(&'f Message<'f>),
}

impl<'f> Made<'f> {
    /// What `field` makes of the message that its type names.
    pub(super) fn by(field: &Field<'_>, message: &'f Message<'f>, is_edition: bool) -> Option<Made<'f>> {
        if message.is_map_entry {
            let member = |number: i32| message.fields.iter().find(|field| field.number == number);
            let is_map = field.label == Label::Repeated && field.kind == Kind::Message && message.fields.len() == 2;
            let (key, value) = (member(1)?, member(2)?);
            return (is_map && key.kind.keyword().is_some()).then_some(Made::Map(key, value));
        }
        let is_group = field.kind == Kind::Group && !is_edition && is_name_of_group(field.name, message.name);
        is_group.then_some(Made::Group(message))
    }

    /// Whether `field`, whose type is the message, is what makes it.
    pub(super) fn is_by(self, field: &Field<'_>) -> bool {
        match self {
            Made::Map(..) => field.kind == Kind::Message,
            Made::Group(message) => field.kind == Kind::Group && is_name_of_group(field.name, message.name),
        }
    }
}

fn is_name_of_group(field: &str, message: &str) -> bool {
    field.len() == message.len() && message.bytes().zip(field.bytes()).all(|(of, name)| of.to_ascii_lowercase() == name)
}

impl<'f> Printer<'_, 'f> {
    pub(super) fn field(&mut self, field: &Field<'f>, nested: &Nested<'f>, in_oneof: bool) -> Printed {
        let made = nested.made_by(self, field);
        let label = self.label(field, in_oneof || matches!(made, Some(Made::Map(..))));
        let line = self.out.len();
        if let Some(Made::Group(message)) = made {
            let head = format!("{label}group {} = {}", message.name, field.number);
            self.start_line();
            self.out.push_str(&head);
            self.field_options(line, field)?;
            // The head stands already; the body goes on behind it.
            let head = self.out.split_off(line);
            return self.message_body(head.trim_start(), message);
        }
        if field.kind == Kind::Group && !self.is_edition() {
            return Err(format!("field `{}` is a group, and no message beside it is the group's", field.name));
        }
        self.start_line();
        self.out.push_str(label);
        match made {
            Some(Made::Map(key, value)) => {
                let value = self.type_of(value).to_owned();
                self.out.push_str(&format!("map<{}, {value}>", key.kind.keyword().unwrap_or_default()));
            }
            _ => {
                let name = self.type_of(field);
                self.out.push_str(name);
            }
        }
        self.out.push_str(&format!(" {} = {}", field.name, field.number));
        self.field_options(line, field)?;
        self.out.push_str(";\n");
        Ok(())
    }

    fn label(&self, field: &Field<'_>, needs_none: bool) -> &'static str {
        match (field.label, self.file.syntax) {
            _ if needs_none => "",
            (Label::Repeated, _) => "repeated ",
            (Label::Optional, Syntax::Proto2) => "optional ",
            (Label::Required, Syntax::Proto2 | Syntax::Proto3) => "required ",
            (Label::Optional, Syntax::Proto3) if field.is_proto3_optional => "optional ",
            _ => "",
        }
    }

    fn type_of<'n>(&self, field: &Field<'n>) -> &'n str {
        match field.kind.keyword() {
            Some(keyword) => keyword,
            None => self.scopes.reference(field.type_name, self.symbols),
        }
    }

    fn field_options(&mut self, line: usize, field: &Field<'f>) -> Printed {
        let mut extra = Vec::new();
        if let Some(bytes) = field.default {
            extra.push(format!("default = {}", default(field, bytes)?));
        }
        if let Some(name) = field.json_name.filter(|name| field.extendee.is_empty() && !is_derived(name, field.name)) {
            if std::str::from_utf8(name).is_err() {
                return Err(format!("the JSON name of field `{}` is no UTF-8", field.name));
            }
            let mut literal = String::from("json_name = ");
            literal::write_string(name, &mut literal);
            extra.push(literal);
        }
        if self.is_edition() {
            // What sets resolved for a runtime say by type and label, sources say by features.
            if field.kind == Kind::Group {
                extra.push("features.message_encoding = DELIMITED".to_owned());
            }
            if field.label == Label::Required {
                extra.push("features.field_presence = LEGACY_REQUIRED".to_owned());
            }
        }
        self.option_list(line, extra, "FieldOptions", &field.options)
    }
}

/// A default as a source says it, from how `FieldDescriptorProto.default_value` says it.
fn default(field: &Field<'_>, bytes: &[u8]) -> Result<String, Fault> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut out = String::new();
    let is_right = match field.kind {
        Kind::String => {
            literal::write_string(bytes, &mut out);
            std::str::from_utf8(bytes).is_ok()
        }
        Kind::Bytes => literal::write_escaped(bytes, &mut out),
        Kind::Bool => matches!(text, "true" | "false"),
        Kind::Float | Kind::Double => literal::is_float(text),
        Kind::Enum | Kind::Unsaid => is_identifier(text),
        Kind::Message | Kind::Group => false,
        _ => text.parse::<i128>().is_ok_and(|number| number.to_string() == text),
    };
    if !is_right {
        let shown = quoted(&String::from_utf8_lossy(bytes));
        return Err(format!("{shown} is no default for field `{}`", field.name));
    }
    Ok(if out.is_empty() { text.to_owned() } else { out })
}

/// Whether `name` is the JSON name that compilers derive: without underscores, the letter behind one in upper case.
fn is_derived(name: &[u8], field: &str) -> bool {
    let mut after_underscore = false;
    let letters = field.bytes().filter_map(|byte| {
        if byte == b'_' {
            after_underscore = true;
            return None;
        }
        Some(if std::mem::take(&mut after_underscore) { byte.to_ascii_uppercase() } else { byte })
    });
    letters.eq(name.iter().copied())
}
