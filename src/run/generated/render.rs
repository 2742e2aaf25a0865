//! Writes a model as the text of its files.

use std::fmt::Write;

use super::model::{EnumModel, FieldModel, Home, Label, Language, MessageModel, Model, Reserved, Type, Value};
use crate::schema::Scalar;

/// The paths of files, in the order of the model's.
pub(super) const PATHS: [&str; 2] = ["one.proto", "two.proto"];

/// The texts of all files.
pub(super) fn texts(model: &Model) -> Vec<String> {
    (0..model.files.len()).map(|file| Writer { model, file, out: String::new() }.text()).collect()
}

struct Writer<'m> {
    model: &'m Model,
    file: usize,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a string cannot fail.
        _ = writeln!(self.out, "{:depth$}{text}", "", depth = depth * 2);
    }

    fn text(mut self) -> String {
        let (model, here) = (self.model, self.file);
        let file = &model.files[here];
        self.line(
            0,
            match file.language {
                Language::Proto2 => "syntax = \"proto2\";",
                Language::Proto3 => "syntax = \"proto3\";",
                Language::Edition => "edition = \"2023\";",
            },
        );
        if !file.package.is_empty() {
            self.line(0, &format!("package {};", file.package));
        }
        let imports: Vec<usize> = (0..model.files.len()).filter(|&other| other != here && self.needs(other)).collect();
        for other in imports {
            self.line(0, &format!("import \"{}\";", PATHS[other]));
        }
        self.types(0, Home::File(here));
        for extension in model.extensions.iter().filter(|extension| extension.file == here) {
            let extendee = &model.messages[extension.extendee];
            let name = model.full_name(extendee.home, &extendee.name);
            self.line(0, &format!("extend {name} {{"));
            self.field(1, &extension.field, false);
            self.line(0, "}");
        }
        self.out
    }

    /// Whether something here is declared in the other file.
    fn needs(&self, other: usize) -> bool {
        let model = self.model;
        let is_there = |field: &FieldModel| match field.target() {
            Some(Type::Message(at)) => model.file_of(model.messages[at].home) == other,
            Some(Type::Enum(at)) => model.file_of(model.enums[at].home) == other,
            _ => false,
        };
        let here = model.living().into_iter().map(|at| &model.messages[at]);
        let mut here = here.filter(|message| model.file_of(message.home) == self.file);
        here.any(|message| message.fields.iter().any(is_there))
            || model.extensions.iter().filter(|extension| extension.file == self.file).any(|extension| {
                is_there(&extension.field) || model.file_of(model.messages[extension.extendee].home) == other
            })
    }

    fn types(&mut self, depth: usize, home: Home) {
        let model = self.model;
        for enumeration in model.enums.iter().filter(|found| found.home == home && !found.is_gone) {
            self.enumeration(depth, enumeration);
        }
        for (at, message) in model.messages.iter().enumerate() {
            if message.home == home && !message.is_gone && !self.is_group(at) {
                self.line(depth, &format!("message {} {{", message.name));
                self.message(depth + 1, at, message);
                self.line(depth, "}");
            }
        }
    }

    /// Whether a message is declared by the field that holds it.
    fn is_group(&self, at: usize) -> bool {
        let Home::Message(parent) = self.model.messages[at].home else { return false };
        let is_group = |field: &FieldModel| field.is_delimited && field.of == Type::Message(at);
        self.language() == Language::Proto2 && self.model.messages[parent].fields.iter().any(is_group)
    }

    fn language(&self) -> Language {
        self.model.files[self.file].language
    }

    fn message(&mut self, depth: usize, at: usize, message: &MessageModel) {
        self.reserved(depth, &message.reserved);
        if message.is_extensible {
            self.line(depth, "extensions 100 to 199;");
        }
        self.types(depth, Home::Message(at));
        let mut oneofs: Vec<&str> = Vec::new();
        for field in &message.fields {
            let Some(oneof) = field.oneof.as_deref() else {
                self.field(depth, field, false);
                continue;
            };
            if oneofs.contains(&oneof) {
                continue;
            }
            oneofs.push(oneof);
            self.line(depth, &format!("oneof {oneof} {{"));
            for member in message.fields.iter().filter(|member| member.oneof.as_deref() == Some(oneof)) {
                self.field(depth + 1, member, true);
            }
            self.line(depth, "}");
        }
    }

    fn reserved(&mut self, depth: usize, reserved: &Reserved) {
        let numbers: Vec<String> = reserved.numbers.iter().map(i32::to_string).collect();
        if !numbers.is_empty() {
            self.line(depth, &format!("reserved {};", numbers.join(", ")));
        }
        let quote = if self.language() == Language::Edition { "" } else { "\"" };
        let names: Vec<String> = reserved.names.iter().map(|name| format!("{quote}{name}{quote}")).collect();
        if !names.is_empty() {
            self.line(depth, &format!("reserved {};", names.join(", ")));
        }
    }

    fn enumeration(&mut self, depth: usize, enumeration: &EnumModel) {
        self.line(depth, &format!("enum {} {{", enumeration.name));
        if self.language() == Language::Edition && enumeration.is_closed {
            self.line(depth + 1, "option features.enum_type = CLOSED;");
        }
        let is_alias =
            |at: usize| enumeration.values[..at].iter().any(|(_, number)| *number == enumeration.values[at].1);
        if (0..enumeration.values.len()).any(is_alias) {
            self.line(depth + 1, "option allow_alias = true;");
        }
        self.reserved(depth + 1, &enumeration.reserved);
        for (name, number) in &enumeration.values {
            self.line(depth + 1, &format!("{name} = {number};"));
        }
        self.line(depth, "}");
    }

    fn field(&mut self, depth: usize, field: &FieldModel, in_oneof: bool) {
        let label = match (self.language(), field.label) {
            _ if in_oneof || field.is_map() => "",
            (_, Label::Repeated) => "repeated ",
            (Language::Proto2, Label::Required) => "required ",
            (Language::Proto2, _) | (Language::Proto3, Label::Optional) => "optional ",
            _ => "",
        };
        let options = self.options(field, in_oneof);
        let FieldModel { name, number, .. } = field;
        match field.of {
            Type::Message(at) if field.is_delimited && self.language() == Language::Proto2 => {
                let message = &self.model.messages[at];
                self.line(depth, &format!("{label}group {} = {number}{options} {{", message.name));
                self.message(depth + 1, at, message);
                self.line(depth, "}");
            }
            of => self.line(depth, &format!("{label}{} {name} = {number}{options};", self.type_name(of))),
        }
    }

    fn type_name(&self, of: Type) -> String {
        let model = self.model;
        match of {
            Type::Scalar(scalar) => scalar.name().to_owned(),
            Type::Message(at) => model.full_name(model.messages[at].home, &model.messages[at].name),
            Type::Enum(at) => model.full_name(model.enums[at].home, &model.enums[at].name),
            Type::Map(key, value) => {
                let value = match value {
                    Value::Scalar(scalar) => Type::Scalar(scalar),
                    Value::Message(at) => Type::Message(at),
                    Value::Enum(at) => Type::Enum(at),
                };
                format!("map<{}, {}>", key.name(), self.type_name(value))
            }
        }
    }

    fn options(&self, field: &FieldModel, in_oneof: bool) -> String {
        let mut options = Vec::new();
        let is_edition = self.language() == Language::Edition;
        let is_single = field.label != Label::Repeated && !field.is_map() && !in_oneof;
        match field.label {
            Label::Plain if is_edition && is_single && self.can_be_implicit(field) => {
                options.push("features.field_presence = IMPLICIT".to_owned());
            }
            Label::Required if is_edition && is_single => {
                options.push("features.field_presence = LEGACY_REQUIRED".to_owned());
            }
            _ => {}
        }
        match field.packed {
            Some(packed) if is_edition => {
                let encoding = if packed { "PACKED" } else { "EXPANDED" };
                options.push(format!("features.repeated_field_encoding = {encoding}"));
            }
            Some(packed) => options.push(format!("packed = {packed}")),
            None => {}
        }
        if is_edition && field.is_delimited {
            options.push("features.message_encoding = DELIMITED".to_owned());
        }
        if is_edition && field.is_unchecked {
            options.push("features.utf8_validation = NONE".to_owned());
        }
        options.extend(field.json_name.iter().map(|name| format!("json_name = \"{name}\"")));
        options.extend(field.default.iter().map(|default| format!("default = {default}")));
        if options.is_empty() { String::new() } else { format!(" [{}]", options.join(", ")) }
    }

    fn can_be_implicit(&self, field: &FieldModel) -> bool {
        let is_extension = self.model.extensions.iter().any(|extension| extension.field.name == field.name);
        match field.of {
            _ if is_extension || field.default.is_some() => false,
            Type::Scalar(_) => true,
            Type::Enum(at) => !self.model.is_closed(at),
            Type::Message(_) | Type::Map(..) => false,
        }
    }
}

/// Whether a type can be packed.
pub(super) fn is_packable(of: Type) -> bool {
    match of {
        Type::Scalar(scalar) => !matches!(scalar, Scalar::String | Scalar::Bytes),
        Type::Enum(_) => true,
        Type::Message(_) | Type::Map(..) => false,
    }
}
