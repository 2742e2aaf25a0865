//! Writes messages in braces, in the text format.

use super::super::literal::{digits, integer, string};
use super::super::model::{Extendee, Field, Label, Type};
use super::{Printer, shuffle};

impl Printer<'_> {
    /// Whether nothing of a message is required.
    pub(super) fn is_plain(&self, message: usize) -> bool {
        let is_required = |field: &Field| field.label == Label::Required || field.presence == Some("LEGACY_REQUIRED");
        !self.world.messages[message].fields.iter().any(is_required)
    }

    /// A message in braces; `None` where it would lack what is required.
    pub(super) fn braces(&mut self, message: usize, depth: usize) -> Option<Vec<String>> {
        if !self.is_plain(message) || depth > 3 {
            return None;
        }
        let world = self.world;
        let mut set: Vec<Vec<String>> = Vec::new();
        let mut oneofs = Vec::new();
        for field in &world.messages[message].fields {
            if !self.random.chance(45) || field.oneof.is_some_and(|oneof| oneofs.contains(&oneof)) {
                continue;
            }
            let name = match field.of {
                Type::Group(at) => world.messages[at].name.clone(),
                _ => field.name.clone(),
            };
            let entries = self.entries(vec![name], field, depth);
            if !entries.is_empty() {
                oneofs.extend(field.oneof);
                set.extend(entries);
            }
        }
        let visible = world.visible(self.file, true);
        for one in world.extensions.iter().filter(|one| one.extendee == Extendee::Message(message)) {
            let is_usable = visible.contains(&one.file)
                && world.is_found(self.file, &world.messages[message].full_name, &one.full_name);
            if is_usable && self.random.chance(40) {
                let name = ["[", &one.full_name, "]"].map(str::to_owned).to_vec();
                set.extend(self.entries(name, &one.field, depth));
            }
        }
        shuffle(&mut set, self.random);
        let (open, close) = if depth > 0 && self.random.chance(20) { ("<", ">") } else { ("{", "}") };
        let mut tokens = vec![open.to_owned()];
        for entry in set {
            tokens.extend(entry);
            tokens.extend(self.random.pick(&[None, None, Some(","), Some(";")]).map(str::to_owned));
        }
        tokens.push(close.to_owned());
        Some(tokens)
    }

    /// What sets a field: once, or several times where it is repeated.
    fn entries(&mut self, name: Vec<String>, field: &Field, depth: usize) -> Vec<Vec<String>> {
        let is_message = matches!(field.of, Type::Message(_) | Type::Group(_) | Type::Map(..) | Type::Any);
        let count = match field {
            Field { of: Type::Map(..), .. } => 1 + self.random.below(2),
            Field { label: Label::Repeated, .. } => 1 + self.random.below(3),
            _ => 1,
        };
        let values: Vec<Vec<String>> = (0..count).filter_map(|at| self.text_value(&field.of, at, depth)).collect();
        let colon = if is_message && self.random.chance(60) { None } else { Some(":".to_owned()) };
        // protoc writes the entries of a map in order, so they stay together.
        let is_map = matches!(field.of, Type::Map(..));
        let is_list = is_map || field.label == Label::Repeated && self.random.chance(40);
        if is_list && !values.is_empty() {
            let list = [vec!["[".to_owned()], values.join(&",".to_owned()), vec!["]".to_owned()]].concat();
            return vec![name.into_iter().chain(colon).chain(list).collect()];
        }
        values.into_iter().map(|value| name.iter().cloned().chain(colon.clone()).chain(value).collect()).collect()
    }

    fn text_value(&mut self, of: &Type, at: usize, depth: usize) -> Option<Vec<String>> {
        let random = &mut *self.random;
        Some(match of {
            Type::Scalar("bool") => {
                vec![random.pick(&["true", "false", "t", "f", "1", "0", "True", "False"]).to_owned()]
            }
            Type::Scalar("string") => string(false, random),
            Type::Scalar("bytes") => string(true, random),
            Type::Scalar("float" | "double") => {
                let word = random.pick(&["1", "0", "1.5", ".5", "1.", "1e3", "2E-1", "inf", "infinity", "nan"]);
                let sign = random.chance(25).then(|| "-".to_owned());
                sign.into_iter().chain([word.to_owned()]).collect()
            }
            Type::Scalar(name) => integer(name, random),
            Type::Enum(which) => {
                let (name, number) = random.pick(&self.world.enums[*which].values);
                match number {
                    0.. if random.chance(30) => vec![digits(number as u64, random)],
                    _ => vec![name],
                }
            }
            Type::Message(message) | Type::Group(message) => self.braces(*message, depth + 1)?,
            Type::Map(key, value) => {
                let key = match *key {
                    "bool" => vec![if at == 0 { "false" } else { "true" }.to_owned()],
                    "string" => vec![format!("\"key{at}\"")],
                    _ => vec![at.to_string()],
                };
                let value = self.text_value(value, 0, depth + 1)?;
                let start = ["{", "key", ":"].map(str::to_owned).into_iter();
                let middle = ["value", ":"].map(str::to_owned);
                start.chain(key).chain(middle).chain(value).chain(["}".to_owned()]).collect()
            }
            Type::Any => return None,
        })
    }
}
