//! Where and since when an option may be set, as its own declaration says: `targets` and `feature_support`,
//! <https://protobuf.dev/programming-guides/proto3/#option-targets>. The options that the language itself brings are
//! looked at elsewhere.

use crate::schema::{EnumValue, Field, File, OptionValue, Options, Syntax};

/// What an option is set on.
#[derive(Clone, Copy)]
pub(super) struct OptionTarget<'s> {
    pub(super) file: File<'s>,
    /// The text of the file; empty where it has none.
    pub(super) text: &'s str,
    /// The message that holds options of this kind of element, such as `FieldOptions`.
    pub(super) kind: &'static str,
}

impl OptionTarget<'_> {
    /// The word for it in `targets`, and in messages.
    fn words(self) -> (&'static str, &'static str) {
        match self.kind {
            "FileOptions" => ("TARGET_TYPE_FILE", "files"),
            "ExtensionRangeOptions" => ("TARGET_TYPE_EXTENSION_RANGE", "extension ranges"),
            "MessageOptions" => ("TARGET_TYPE_MESSAGE", "messages"),
            "FieldOptions" => ("TARGET_TYPE_FIELD", "fields"),
            "OneofOptions" => ("TARGET_TYPE_ONEOF", "oneofs"),
            "EnumOptions" => ("TARGET_TYPE_ENUM", "enums"),
            "EnumValueOptions" => ("TARGET_TYPE_ENUM_ENTRY", "enum values"),
            "ServiceOptions" => ("TARGET_TYPE_SERVICE", "services"),
            _ => ("TARGET_TYPE_METHOD", "rpcs"),
        }
    }

    /// Why `field` cannot be set here, in words that follow its name.
    pub(super) fn refuses(self, field: Field<'_>) -> Option<String> {
        let options = field.options();
        let mut targets = options.iter().filter(|option| option.name() == "targets").map(|option| option.value());
        let (own, what) = self.words();
        let is_own = |target: OptionValue<'_>| target == OptionValue::Identifier(own);
        if targets.next().is_some_and(|first| !is_own(first)) && !targets.any(is_own) {
            return Some(format!("cannot be set on {what}"));
        }
        self.is_out_of_time(options)
    }

    /// Why an enum's value cannot be used here.
    pub(super) fn refuses_value(self, value: EnumValue<'_>) -> Option<String> {
        self.is_out_of_time(value.options())
    }

    fn is_out_of_time(self, options: Options<'_>) -> Option<String> {
        let now = match self.file.syntax() {
            Syntax::Proto2 | Syntax::Unspecified => 1,
            Syntax::Proto3 => 2,
            Syntax::Edition(edition) => edition,
        };
        for (word, edition) in options.iter().flat_map(|option| support(option.value(), &option.name())) {
            let name = edition.strip_prefix("EDITION_").unwrap_or(edition);
            match (word.as_str(), time(name)) {
                ("edition_introduced", Some(since)) if now < since => return Some(format!("came with edition {name}")),
                ("edition_removed", Some(until)) if until <= now => {
                    return Some(format!("ended before edition {name}"));
                }
                _ => {}
            }
        }
        None
    }
}

/// The order of editions.
fn time(edition: &str) -> Option<u16> {
    match edition {
        "LEGACY" => Some(0),
        "PROTO2" => Some(1),
        "PROTO3" => Some(2),
        "UNSTABLE" => Some(9999),
        year => year.parse().ok(),
    }
}

/// The words that an option of `feature_support` sets, or one of its parts.
fn support<'s>(value: OptionValue<'s>, name: &str) -> Vec<(String, &'s str)> {
    match (name.strip_prefix("feature_support"), value) {
        (Some(part), OptionValue::Identifier(edition)) => {
            vec![(part.trim_start_matches('.').to_owned(), edition)]
        }
        (Some(""), OptionValue::Message(message)) => {
            let words = message.fields().filter_map(|field| match field.value() {
                OptionValue::Identifier(word) => Some((field.name().to_owned(), word)),
                _ => None,
            });
            words.collect()
        }
        _ => Vec::new(),
    }
}
