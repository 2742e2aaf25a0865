//! What a thing *is*, whatever the syntax that says so: presence, closedness. proto2 and proto3 are read as feature
//! sets too, <https://protobuf.dev/editions/features/>, so that rules never look at a keyword.

use super::data::{Label, Syntax, Visibility};
use super::element::{Enum, Field, FieldType, File, Message, Oneof};
use super::option::{MessageValue, OptionValue, Options};

/// Whether a field distinguishes "not set" from "set to the default",
/// <https://protobuf.dev/programming-guides/field_presence/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It does.
    Explicit,
    /// It does not.
    Implicit,
    /// It must be set.
    Required,
    /// Repeated fields and maps have none.
    Repeated,
}

/// The value of a `features.NAME` option set directly here. What a language declares is called `(pb.java).NAME`.
fn set<'s>(options: Options<'s>, name: &str) -> Option<&'s str> {
    let (language, word) = match name.strip_prefix('(').and_then(|rest| rest.split_once(").")) {
        Some((language, word)) => (Some(language), word),
        None => (None, name),
    };
    if let Some(option) = options.get(&format!("features.{name}")) {
        return match option.value() {
            OptionValue::Identifier(word) => Some(word),
            _ => None,
        };
    }
    let in_braces = |name: &str, language| match options.get(name)?.value() {
        OptionValue::Message(value) => in_message(value, language, word),
        _ => None,
    };
    let of_language = language.and_then(|language| in_braces(&format!("features.({language})"), None));
    of_language.or_else(|| in_braces("features", language))
}

/// `name: WORD` among the fields of a value in braces; those of a language stand in braces of their own after
/// `[LANGUAGE]`.
fn in_message<'s>(value: MessageValue<'s>, language: Option<&str>, name: &str) -> Option<&'s str> {
    let Some(language) = language else { return value.word(name) };
    let of_language = value.fields().filter(|field| field.is_bracketed() && field.name() == language);
    of_language
        .filter_map(|field| match field.value() {
            OptionValue::Message(inner) => inner.word(name),
            _ => None,
        })
        .next()
}

/// The value of a feature at a message, its own or inherited; `None` where the edition's default holds.
pub(super) fn of_message<'s>(message: Message<'s>, name: &str) -> Option<&'s str> {
    inherited(Some(message), message.file(), name)
}

fn inherited<'s>(mut message: Option<Message<'s>>, file: File<'s>, name: &str) -> Option<&'s str> {
    while let Some(here) = message {
        if let Some(value) = set(here.options(), name) {
            return Some(value);
        }
        message = here.parent();
    }
    of_file(file, name)
}

/// The features that are asked for.
const NAMES: [&str; 9] = [
    "(pb.cpp).string_type",
    "(pb.java).utf8_validation",
    "default_symbol_visibility",
    "enum_type",
    "field_presence",
    "json_format",
    "message_encoding",
    "repeated_field_encoding",
    "utf8_validation",
];

/// The value that a file sets for all that is in it: looked for once, since every element asks.
fn of_file<'s>(file: File<'s>, name: &str) -> Option<&'s str> {
    let find = |name: &'static str| Some((name, Box::from(set(file.options(), name)?)));
    let features = file.data().features.get_or_init(|| NAMES.into_iter().filter_map(find).collect());
    features.get(name).map(|value| &**value)
}

/// How much of JSON an element supports, <https://protobuf.dev/editions/features/#json_format>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonFormat {
    /// All of it.
    Allow,
    /// What happens to work, as in proto2.
    LegacyBestEffort,
}

fn json_format(syntax: Syntax, feature: Option<&str>) -> JsonFormat {
    match (syntax, feature) {
        (Syntax::Proto2 | Syntax::Unspecified, _) | (Syntax::Edition(_), Some("LEGACY_BEST_EFFORT")) => {
            JsonFormat::LegacyBestEffort
        }
        _ => JsonFormat::Allow,
    }
}

/// The map field that an entry was made for: it stands where the field's type is written.
fn map_field(entry: Message<'_>) -> Option<Field<'_>> {
    let place = entry.place().span;
    let run = entry.parent()?.data().fields;
    let fields = &entry.file().data().fields[run.range()];
    let after = fields.partition_point(|field| field.place.span.start <= place.start);
    let index = run.start + u32::try_from(after).ok()?.checked_sub(1)?;
    Some(entry.file().field_at(index)).filter(|field| field.is_map())
}

impl<'s> File<'s> {
    fn is_edition(self) -> bool {
        matches!(self.syntax(), Syntax::Edition(_))
    }
}

impl<'s> Field<'s> {
    /// The value of a feature of the field, its own or inherited; `None` where the default holds. Keys and values of a
    /// map have those of the map.
    fn feature(self, name: &str) -> Option<&'s str> {
        if let Some(map) = self.parent().filter(|_| self.is_in_map_entry()).and_then(map_field) {
            return map.feature(name);
        }
        let of_oneof = || self.oneof().and_then(|oneof| set(oneof.options(), name));
        set(self.options(), name).or_else(of_oneof).or_else(|| inherited(self.parent(), self.file(), name))
    }

    /// The value of a feature that a language declares, such as `utf8_validation` of `pb.java`.
    pub(crate) fn language_feature(self, language: &str, name: &str) -> Option<&'s str> {
        if self.file().is_edition() { self.feature(&format!("({language}).{name}")) } else { None }
    }

    /// Whether it is encoded between group tags, <https://protobuf.dev/programming-guides/encoding/#groups>.
    /// What a map holds never is.
    pub(crate) fn is_delimited(self) -> bool {
        if self.is_group() || self.is_in_map_entry() {
            return self.is_group();
        }
        let is_message = || matches!(self.field_type(), FieldType::Message(message) if !message.is_map_entry());
        self.file().is_edition() && is_message() && self.feature("message_encoding") == Some("DELIMITED")
    }

    /// Whether strings that are not UTF-8 are refused, <https://protobuf.dev/editions/features/#utf8_validation>.
    pub(crate) fn validates_utf8(self) -> bool {
        match self.file().syntax() {
            Syntax::Proto2 | Syntax::Unspecified => false,
            Syntax::Proto3 => true,
            Syntax::Edition(_) => self.feature("utf8_validation") != Some("NONE"),
        }
    }

    /// Whether its values can share one record, <https://protobuf.dev/programming-guides/encoding/#packed>.
    pub(crate) fn is_packable(self) -> bool {
        let is_short = match self.field_type() {
            FieldType::Scalar(scalar) => !matches!(scalar, super::Scalar::String | super::Scalar::Bytes),
            FieldType::Enum(_) => true,
            FieldType::Message(_) | FieldType::Unresolved => false,
        };
        self.label() == Label::Repeated && is_short
    }

    /// Whether its values share one record.
    pub(crate) fn is_packed(self) -> bool {
        self.is_packable() && self.packs_values()
    }

    /// Whether its values would share one record if their type allowed it.
    pub(crate) fn packs_values(self) -> bool {
        match self.file().syntax() {
            Syntax::Edition(_) => self.feature("repeated_field_encoding") != Some("EXPANDED"),
            syntax => self.options().boolean("packed").unwrap_or(syntax == Syntax::Proto3),
        }
    }
}

/// Where the value of a feature comes from.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum FeatureOrigin<'s> {
    /// It is set on the element itself.
    Own,
    /// On the oneof that the field is in.
    Oneof(Oneof<'s>),
    Message(Message<'s>),
    File,
    /// The syntax or edition has it so.
    Language,
}

fn origin<'s>(mut message: Option<Message<'s>>, file: File<'s>, name: &str) -> FeatureOrigin<'s> {
    while let Some(here) = message {
        if set(here.options(), name).is_some() {
            return FeatureOrigin::Message(here);
        }
        message = here.parent();
    }
    if of_file(file, name).is_some() { FeatureOrigin::File } else { FeatureOrigin::Language }
}

impl<'s> Field<'s> {
    /// Where the value of a feature comes from in editions.
    pub(crate) fn feature_origin(self, name: &str) -> FeatureOrigin<'s> {
        if !self.file().is_edition() {
            return FeatureOrigin::Language;
        }
        if set(self.options(), name).is_some() {
            return FeatureOrigin::Own;
        }
        match self.oneof().filter(|oneof| set(oneof.options(), name).is_some()) {
            Some(oneof) => FeatureOrigin::Oneof(oneof),
            None => origin(self.parent(), self.file(), name),
        }
    }
}

impl<'s> Enum<'s> {
    /// Where the value of a feature comes from in editions.
    pub(crate) fn feature_origin(self, name: &str) -> FeatureOrigin<'s> {
        match () {
            () if !self.file().is_edition() => FeatureOrigin::Language,
            () if set(self.options(), name).is_some() => FeatureOrigin::Own,
            () => origin(self.parent(), self.file(), name),
        }
    }
}

impl<'s> Message<'s> {
    /// Where the value of a feature comes from in editions.
    pub(crate) fn feature_origin(self, name: &str) -> FeatureOrigin<'s> {
        match () {
            () if !self.file().is_edition() => FeatureOrigin::Language,
            () if set(self.options(), name).is_some() => FeatureOrigin::Own,
            () => origin(self.parent(), self.file(), name),
        }
    }
}

impl Field<'_> {
    /// The resolved presence.
    pub fn presence(self) -> Presence {
        match self.label() {
            Label::Repeated => return Presence::Repeated,
            Label::Required => return Presence::Required,
            Label::Optional => {}
        }
        match self.file().syntax() {
            Syntax::Edition(_) => self.edition_presence(),
            Syntax::Proto3 => {
                let is_message = self.is_group() || matches!(self.field_type(), FieldType::Message(_));
                let explicit = self.is_proto3_optional() || self.is_extension() || self.oneof().is_some() || is_message;
                if explicit { Presence::Explicit } else { Presence::Implicit }
            }
            Syntax::Proto2 | Syntax::Unspecified => Presence::Explicit,
        }
    }

    /// Whether the presence can be known: whether a field of an unknown type distinguishes "not set" from zero depends
    /// on that type.
    pub(crate) fn is_presence_known(self) -> bool {
        self.field_type() != FieldType::Unresolved || self.presence() != Presence::Implicit
    }

    fn edition_presence(self) -> Presence {
        let parent = if self.is_extension() { None } else { self.parent() };
        let own = set(self.options(), "field_presence");
        match own.or_else(|| inherited(parent, self.file(), "field_presence")) {
            Some("LEGACY_REQUIRED") => Presence::Required,
            Some("IMPLICIT") if own.is_some() || self.can_be_implicit() => Presence::Implicit,
            _ => Presence::Explicit,
        }
    }

    /// An inherited `IMPLICIT` does not reach messages, oneofs and extensions.
    fn can_be_implicit(self) -> bool {
        self.oneof().is_none() && !self.is_extension() && !matches!(self.field_type(), FieldType::Message(_))
    }
}

impl File<'_> {
    /// Whether `default_symbol_visibility` is `STRICT`: then nested types cannot be exported.
    pub(crate) fn has_strict_visibility(self) -> bool {
        match (self.syntax(), of_file(self, "default_symbol_visibility")) {
            (Syntax::Edition(2024..), Some(visibility)) => visibility == "STRICT",
            (Syntax::Edition(2026..), None) => true,
            _ => false,
        }
    }
}

/// Whether other files cannot see a type, <https://protobuf.dev/programming-guides/symbol_visibility/>.
fn is_local(written: Visibility, is_nested: bool, file: File<'_>) -> bool {
    match written {
        Visibility::Export => false,
        Visibility::Local => true,
        Visibility::Default => {
            matches!(file.syntax(), Syntax::Edition(2024..))
                && match of_file(file, "default_symbol_visibility") {
                    Some("EXPORT_ALL") => false,
                    Some("LOCAL_ALL") => true,
                    _ => is_nested || file.has_strict_visibility(),
                }
        }
    }
}

impl Message<'_> {
    /// Whether only its own file can use it.
    pub(crate) fn is_local(self) -> bool {
        is_local(self.visibility(), self.parent().is_some(), self.file())
    }

    /// The resolved `json_format`.
    pub(crate) fn json_format(self) -> JsonFormat {
        json_format(self.file().syntax(), of_message(self, "json_format"))
    }
}

impl Enum<'_> {
    /// The resolved `json_format`.
    pub(crate) fn json_format(self) -> JsonFormat {
        let own = set(self.options(), "json_format");
        json_format(self.file().syntax(), own.or_else(|| inherited(self.parent(), self.file(), "json_format")))
    }

    /// Whether only its own file can use it.
    pub(crate) fn is_local(self) -> bool {
        is_local(self.visibility(), self.parent().is_some(), self.file())
    }

    /// Whether values that it does not list are kept out of it, <https://protobuf.dev/programming-guides/enum/>.
    pub fn is_closed(self) -> bool {
        if !self.file().is_edition() {
            return self.file().syntax() != Syntax::Proto3;
        }
        let own = set(self.options(), "enum_type");
        own.or_else(|| inherited(self.parent(), self.file(), "enum_type")) == Some("CLOSED")
    }
}
