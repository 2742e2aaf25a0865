//! Writes options: those of protobuf, features, and those that the tree declares.

use super::super::literal::{quoted, string};
use super::super::model::{Label, Language, Sought, Type, join};
use super::{Printer, shuffle};

impl Printer<'_> {
    pub(super) fn file_options(&mut self) {
        let file = &self.world.files[self.file];
        let mut known: Vec<String> = Vec::new();
        let switches = file.switches;
        if let Language::Edition(year) = file.language {
            let mut features = Vec::new();
            if switches.is_implicit {
                features.push(("field_presence", "IMPLICIT"));
            }
            if switches.is_closed {
                features.push(("enum_type", "CLOSED"));
            }
            if year == 2024 && !switches.is_strict {
                features.push(("enforce_naming_style", "STYLE_LEGACY"));
            }
            if !switches.visibility.is_empty() {
                features.push(("default_symbol_visibility", switches.visibility));
            }
            for (name, values) in [
                ("repeated_field_encoding", ["EXPANDED", "PACKED"]),
                ("utf8_validation", ["NONE", "VERIFY"]),
                ("message_encoding", ["DELIMITED", "LENGTH_PREFIXED"]),
            ] {
                if self.random.chance(15) {
                    features.push((name, self.random.pick(&values)));
                }
            }
            if self.random.chance(70) {
                known.extend(features.iter().map(|(name, value)| format!("features.{name} = {value}")));
            } else if !features.is_empty() {
                let inner: Vec<String> = features.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                known.push(format!("features = {{ {} }}", inner.join(" ")));
            }
        }
        let plain = [
            "java_package = \"com.acme\"",
            "optimize_for = CODE_SIZE",
            "optimize_for = SPEED",
            "go_package = \"acme.com/go;acme\"",
            "cc_enable_arenas = false",
            "deprecated = true",
            "objc_class_prefix = 'AC' \"ME\"",
        ];
        let of_file = self.random.below(plain.len());
        if self.random.chance(50) {
            known.push(plain[of_file].to_owned());
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let element = join(file.package, "x");
        self.options("FileOptions", &element, &known);
    }

    pub(super) fn message_options(&mut self, at: usize) {
        let message = &self.world.messages[at];
        let mut known = Vec::new();
        if message.is_message_set {
            known.push("message_set_wire_format = true");
        }
        if self.random.chance(10) {
            known.push("deprecated = true");
        }
        if self.language().is_edition() && self.random.chance(10) {
            known.push("features.json_format = LEGACY_BEST_EFFORT");
        }
        self.options("MessageOptions", &message.full_name, &known);
    }

    /// Options as statements.
    pub(super) fn options(&mut self, kind: &str, element: &str, known: &[&str]) {
        let mut all: Vec<Vec<String>> = known.iter().map(|text| text.split(' ').map(str::to_owned).collect()).collect();
        all.extend(self.chosen(kind, element));
        shuffle_kept(&mut all, self);
        for option in all {
            self.code.put("option");
            self.setting(option);
            self.code.put(";");
            if matches!(kind, "FileOptions" | "MessageOptions" | "EnumOptions" | "ServiceOptions" | "MethodOptions") {
                self.maybe_empty();
            }
        }
    }

    /// Options in brackets.
    pub(super) fn bracketed(&mut self, kind: &str, element: &str, mut known: Vec<Vec<String>>) {
        known.extend(self.chosen(kind, element));
        if known.is_empty() {
            return;
        }
        shuffle_kept(&mut known, self);
        self.code.put("[");
        for (at, option) in known.into_iter().enumerate() {
            if at > 0 {
                self.code.put(",");
            }
            self.setting(option);
        }
        self.code.put("]");
    }

    fn setting(&mut self, tokens: Vec<String>) {
        let name = tokens.iter().position(|token| token == "=").unwrap_or_default();
        for (at, token) in tokens.into_iter().enumerate() {
            // Dots between the parts of a name are tokens; those of numbers and strings are not.
            if at < name {
                self.code.path(&token)
            } else {
                self.code.put(token)
            };
        }
    }

    /// Settings of some options that the tree declares.
    fn chosen(&mut self, kind: &str, element: &str) -> Vec<Vec<String>> {
        let mut chosen = Vec::new();
        for at in self.custom(kind) {
            if !self.random.chance(25) {
                continue;
            }
            let option = &self.world.extensions[at];
            let name = self.world.spell((self.file, element), &option.full_name, Sought::Option, self.random);
            let head = || vec!["(".to_owned(), name.clone(), ")".to_owned()];
            let count = if option.field.label == Label::Repeated { 1 + self.random.below(3) } else { 1 };
            for _ in 0..count {
                if let (Type::Message(message), true) = (&option.field.of, option.field.label != Label::Repeated)
                    && self.random.chance(40)
                {
                    chosen.extend(self.parts(*message, &head()));
                } else if let Some(value) = self.option_value(&option.field.of) {
                    chosen.push(head().into_iter().chain(["=".to_owned()]).chain(value).collect());
                }
            }
        }
        chosen
    }

    /// Settings of single fields of a message.
    fn parts(&mut self, message: usize, head: &[String]) -> Vec<Vec<String>> {
        let world = self.world;
        if !self.is_plain(message) {
            return Vec::new();
        }
        let mut settings = Vec::new();
        for field in &world.messages[message].fields {
            let is_part = field.oneof.is_none() && matches!(field.of, Type::Scalar(_) | Type::Enum(_));
            if is_part
                && self.random.chance(50)
                && let Some(value) = self.option_value(&field.of)
            {
                let name = [".".to_owned(), field.name.clone(), "=".to_owned()];
                settings.push(head.iter().cloned().chain(name).chain(value).collect());
            }
        }
        settings
    }

    fn option_value(&mut self, of: &Type) -> Option<Vec<String>> {
        Some(match of {
            Type::Scalar("string") => string(false, self.random),
            Type::Scalar("bytes") => string(true, self.random),
            Type::Scalar("bool") => vec![self.random.pick(&["true", "false"]).to_owned()],
            Type::Scalar("double" | "float") => super::super::literal::fraction(self.random),
            Type::Scalar(name) => super::super::literal::integer(name, self.random),
            Type::Enum(at) => vec![self.random.pick(&self.world.enums[*at].values).0],
            Type::Message(at) => self.braces(*at, 0)?,
            Type::Any => self.any()?,
            Type::Map(..) | Type::Group(_) => return None,
        })
    }

    /// A packed message in braces: numbers and texts, which tests can read back.
    fn any(&mut self) -> Option<Vec<String>> {
        let world = self.world;
        let found = |at: &usize| {
            let name = &world.messages[*at].full_name;
            self.is_plain(*at) && world.is_found(self.file, "google.protobuf.Any", name)
        };
        let visible = world.visible(self.file, false);
        let messages: Vec<usize> =
            (0..world.messages.len()).filter(|at| visible.contains(&world.messages[*at].file) && found(at)).collect();
        let message = self.random.maybe_pick(&messages)?;
        let mut tokens: Vec<String> = "{ [ type.googleapis.com /".split(' ').map(str::to_owned).collect();
        tokens.push(world.messages[message].full_name.clone());
        tokens.extend(["]", "{"].map(str::to_owned));
        for field in &world.messages[message].fields {
            let value = match field.of {
                Type::Scalar("uint32") => vec![self.random.below(300).to_string()],
                Type::Scalar("string") => vec![quoted("packed", self.random)],
                _ => continue,
            };
            if field.oneof.is_none() && field.label != Label::Repeated && self.random.chance(60) {
                tokens.extend([field.name.clone(), ":".to_owned()].into_iter().chain(value));
            }
        }
        tokens.extend(["}", "}"].map(str::to_owned));
        Some(tokens)
    }
}

/// Shuffles all but the options that are set part by part or several times, whose order counts.
fn shuffle_kept(all: &mut [Vec<String>], printer: &mut Printer<'_>) {
    shuffle(all, printer.random);
}
