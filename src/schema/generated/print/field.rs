//! Writes fields and extensions with their brackets.

use super::super::literal::{fraction, integer, quoted, string};
use super::super::model::{Extendee, Field, Label, Language, Type, join};
use super::Printer;

impl Printer<'_> {
    pub(super) fn field(&mut self, message: usize, at: usize) {
        let world = self.world;
        let field = &world.messages[message].fields[at];
        let element = join(&world.messages[message].full_name, &field.name);
        self.field_line(field, &element, Some(message));
    }

    /// A field of a message, or an extension.
    pub(super) fn field_line(&mut self, field: &Field, element: &str, message: Option<usize>) {
        self.code.all(match field.label {
            Label::None => "",
            Label::Optional => "optional",
            Label::Required => "required",
            Label::Repeated => "repeated",
        });
        self.type_of(&field.of, element);
        if !matches!(field.of, Type::Group(_)) {
            self.code.put(&field.name);
        }
        self.code.put("=");
        self.number(field.number);
        let known = self.known(field, message);
        self.bracketed("FieldOptions", element, known);
        match field.of {
            Type::Group(at) => {
                self.code.put("{");
                self.message_body(at);
            }
            _ => _ = self.code.put(";"),
        }
    }

    fn number(&mut self, number: i32) {
        for token in super::signed(number.into(), self.random) {
            self.code.put(token);
        }
    }

    /// The options of a field that protobuf itself defines.
    fn known(&mut self, field: &Field, message: Option<usize>) -> Vec<Vec<String>> {
        let mut known: Vec<Vec<String>> = Vec::new();
        let mut word = |text: String| known.push(text.split(' ').map(str::to_owned).collect());
        let (language, random) = (self.world.files[self.file].language, &mut *self.random);
        let is_edition = language.is_edition();
        if let Some(key) = &field.json_name {
            let key = quoted(key, random);
            word(format!("json_name = {key}"));
        }
        if let Some(presence) = field.presence {
            word(format!("features.field_presence = {presence}"));
        }
        if random.chance(8) {
            word("deprecated = true".to_owned());
        }
        if random.chance(4) {
            word("debug_redact = false".to_owned());
        }
        let is_singular = field.label != Label::Repeated;
        match &field.of {
            Type::Scalar("string") if is_edition && random.chance(15) => {
                word("features.utf8_validation = NONE".to_owned());
            }
            Type::Scalar("string") | Type::Enum(_)
                if random.chance(4) && language != Language::Edition(2024) && message.is_some() =>
            {
                word(if matches!(field.of, Type::Enum(_)) {
                    "deprecated_legacy_json_field_conflicts".to_owned()
                } else {
                    "ctype = CORD".to_owned()
                });
            }
            Type::Scalar("int64" | "uint64" | "fixed64" | "sint64" | "sfixed64") if random.chance(15) => {
                word(format!("jstype = {}", random.pick(&["JS_STRING", "JS_NUMBER", "JS_NORMAL"])));
            }
            Type::Scalar(name) if !is_singular && !matches!(*name, "string" | "bytes") && random.chance(30) => {
                word(if is_edition {
                    format!("features.repeated_field_encoding = {}", random.pick(&["PACKED", "EXPANDED"]))
                } else {
                    format!("packed = {}", random.pick(&["true", "false"]))
                });
            }
            Type::Message(_) if !is_edition && random.chance(10) => word("lazy = true".to_owned()),
            Type::Message(_) if is_edition && random.chance(20) => {
                word("features.message_encoding = DELIMITED".to_owned());
            }
            _ => {}
        }
        if message.is_none() && random.chance(8) {
            word(format!("retention = {}", random.pick(&["RETENTION_RUNTIME", "RETENTION_UNKNOWN"])));
        }
        let is_implicit = language == Language::Proto3
            || message.is_some_and(|message| self.world.is_implicit(message, field))
            || message.is_some_and(|message| self.world.messages[message].is_message_set);
        if is_singular && !is_implicit && self.random.chance(40) {
            known.extend(self.default(&field.of));
        }
        known.retain(|tokens| tokens.len() > 1);
        known
    }

    fn default(&mut self, of: &Type) -> Option<Vec<String>> {
        let value = match of {
            Type::Scalar("double" | "float") => fraction(self.random),
            Type::Scalar("bool") => vec![self.random.pick(&["true", "false"]).to_owned()],
            Type::Scalar("string") => string(false, self.random),
            Type::Scalar("bytes") => string(true, self.random),
            Type::Scalar(name) => integer(name, self.random),
            Type::Enum(at) => vec![self.random.pick(&self.world.enums[*at].values).0],
            _ => return None,
        };
        Some(["default".to_owned(), "=".to_owned()].into_iter().chain(value).collect())
    }

    /// Whether an extension is one of these options and files see it.
    pub(super) fn custom(&self, kind: &str) -> Vec<usize> {
        let visible = self.world.visible(self.file, true);
        let all = self.world.extensions.iter().enumerate();
        let is_of = |extendee| matches!(extendee, Extendee::Options(name) if name == kind);
        all.filter(|(_, one)| is_of(one.extendee) && visible.contains(&one.file)).map(|(at, _)| at).collect()
    }
}
