//! Options as a source writes them: their records, read by the fields and extensions that the set defines. What these
//! do not explain is left out.

mod values;
mod write;

use super::model::Kind;
use super::symbols::{Member, Node, Symbols};
use super::wire::{Part, WireFault};
use values::{FieldRecords, FieldValue, Scalar, grouped, values};
use write::Writer;

/// The field of all options messages for what a parser could not interpret.
const UNINTERPRETED: u32 = 999;

/// The field of `MessageOptions` that texts say as `map<…>`.
const MAP_ENTRY: (&str, u32) = ("MessageOptions", 7);

/// One option to be written.
pub(super) struct Item<'f> {
    /// `deprecated`, `(acme.v1.sensitive)`, `features.(pb.go).api_level`.
    pub(super) name: String,
    /// The value on one line.
    pub(super) compact: String,
    /// The type and the parts of a message.
    message: Option<(Node, Vec<Part<'f>>)>,
}

/// Why the options of an element cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OptionsFault {
    Wire(WireFault),
    /// The value of the option of that name, one of the language's own, is a string and no UTF-8.
    NotUtf8(String),
    /// Together they are longer than [`Options::most`].
    TooLong,
}

/// The options of one element as they are found.
struct Gathered<'f> {
    items: Vec<Item<'f>>,
    /// How many bytes more they may have.
    left: usize,
    is_too_long: bool,
    /// The first option of the language whose string is none.
    not_utf8: Option<String>,
}

impl<'f> Gathered<'f> {
    /// Takes so many bytes from what is left.
    fn spend(&mut self, bytes: usize) -> bool {
        self.is_too_long |= bytes > self.left;
        self.left = self.left.saturating_sub(bytes);
        !self.is_too_long
    }
}

/// What interpreting options takes.
pub(super) struct Options<'s, 'f> {
    pub(super) symbols: &'s Symbols<'f>,
    /// Gives the name of an extension so that it resolves where it is to stand.
    pub(super) extension_name: &'s dyn Fn(Node, &str) -> String,
    /// All options of an element may be so long, in bytes.
    pub(super) most: usize,
}

/// How far an option is within `features`, which read best one a statement, those of a language too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Options,
    Features,
    LanguageFeatures,
}

impl<'f> Options<'_, 'f> {
    /// The options of an element, `message` being `FieldOptions` or the like.
    pub(super) fn items(&self, message: &'static str, parts: &[Part<'f>]) -> Result<Vec<Item<'f>>, OptionsFault> {
        let mut found = Gathered { items: Vec::new(), left: self.most, is_too_long: false, not_utf8: None };
        if parts.is_empty() {
            return Ok(found.items);
        }
        let google = self.symbols.find("google.protobuf");
        let Some(node) = google.and_then(|google| self.symbols.child(google, message)) else { return Ok(found.items) };
        for records in grouped(parts).map_err(OptionsFault::Wire)? {
            let is_said_elsewhere = records.number == UNINTERPRETED || (message, records.number) == MAP_ENTRY;
            if !is_said_elsewhere && let Some(member) = self.symbols.member(node, records.number) {
                self.items_of(&member, &records, ("", Within::Options), &mut found);
            }
        }
        match found.not_utf8 {
            _ if found.is_too_long => Err(OptionsFault::TooLong),
            Some(name) => Err(OptionsFault::NotUtf8(name)),
            None => Ok(found.items),
        }
    }

    fn items_of(
        &self,
        member: &Member<'f>,
        records: &FieldRecords<'f>,
        (prefix, within): (&str, Within),
        found: &mut Gathered<'f>,
    ) {
        let own = match member.extension_of {
            Some(scope) => (self.extension_name)(scope, member.field.name),
            None => member.field.name.to_owned(),
        };
        let name = format!("{prefix}{own}");
        let is_features = member.field.type_name == ".google.protobuf.FeatureSet" && member.extension_of.is_none();
        let inner = match within {
            Within::Options if is_features => Some(Within::Features),
            Within::Features => Some(Within::LanguageFeatures),
            _ => None,
        };
        for value in values(member, &records.values) {
            if !found.spend(name.len()) {
                return;
            }
            match (value, inner, member.target) {
                (FieldValue::Message(parts), Some(inner), Some(node)) => {
                    let prefix = format!("{name}.");
                    for records in grouped(&parts).unwrap_or_default() {
                        if let Some(member) = self.symbols.member(node, records.number) {
                            self.items_of(&member, &records, (&prefix, inner), found);
                        }
                    }
                }
                (FieldValue::Scalar(Scalar::Bytes(bytes)), ..)
                    if member.kind == Kind::String
                        && member.extension_of.is_none()
                        && str::from_utf8(bytes).is_err() =>
                {
                    found.not_utf8.get_or_insert(name.clone());
                }
                (value, ..) => {
                    let item = self.item(member, name.clone(), value);
                    found.spend(item.as_ref().map_or(0, |item| item.compact.len()));
                    found.items.extend(item);
                }
            }
        }
    }

    fn item(&self, member: &Member<'f>, name: String, value: FieldValue<'f>) -> Option<Item<'f>> {
        let mut compact = String::new();
        let mut writer = Writer { options: self, out: &mut compact, indent: None };
        if writer.value(member, &value, 0, true).is_err() && compact.len() <= self.most {
            return None;
        }
        let message = match value {
            FieldValue::Message(parts) => member.target.map(|node| (node, parts)),
            FieldValue::Scalar(_) => None,
        };
        Some(Item { name, compact, message })
    }

    /// The value of a message with one field a line; it starts on a line that stands `indent` levels deep.
    pub(super) fn expanded(&self, item: &Item<'f>, indent: usize) -> Option<String> {
        let (node, parts) = item.message.as_ref()?;
        let mut out = String::new();
        let mut writer = Writer { options: self, out: &mut out, indent: Some(indent) };
        writer.message(*node, parts, 0).ok()?;
        Some(out)
    }
}
