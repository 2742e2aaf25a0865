//! Extension declarations, <https://protobuf.dev/programming-guides/extension_declarations/>: that they are
//! well-formed, and that extensions are what they declare.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rules::Cx;
use crate::schema::{
    Element, Field, FieldType, File, Label, Message, MessageValue, NumberRange, OptionEntry, OptionValue, Part, Scalar,
};

/// One `declaration` of an extension range.
struct Declaration<'s> {
    number: i32,
    full_name: Option<&'s str>,
    /// A scalar, or the full name of a message or an enum.
    type_name: Option<&'s str>,
    repeated: bool,
    reserved: bool,
    option: OptionEntry<'s>,
}

/// What the options of a range say of its extensions.
struct Declarations<'s> {
    /// `verification` as written.
    verification: Option<OptionEntry<'s>>,
    all: Vec<Declaration<'s>>,
}

impl<'s> Declarations<'s> {
    fn of(range: NumberRange<'s>) -> Declarations<'s> {
        let mut found = Declarations { verification: None, all: Vec::new() };
        for option in range.options().iter() {
            match (option.parts().next(), option.value()) {
                (Some(("verification", false)), _) => found.verification = Some(option),
                (Some(("declaration", false)), OptionValue::Message(value)) => {
                    found.all.extend(Declaration::read(option, value));
                }
                _ => {}
            }
        }
        found
    }

    fn is_verified(&self, word: &str) -> bool {
        self.verification.is_some_and(|option| option.value() == OptionValue::Identifier(word))
    }
}

impl<'s> Declaration<'s> {
    /// None where it is no declaration at all, which is reported with the values of all options.
    fn read(option: OptionEntry<'s>, value: MessageValue<'s>) -> Option<Declaration<'s>> {
        let mut read =
            Declaration { number: 0, full_name: None, type_name: None, repeated: false, reserved: false, option };
        for field in value.fields() {
            match (field.name(), field.value()) {
                ("number", OptionValue::Positive(number)) => read.number = i32::try_from(number).ok()?,
                ("full_name", OptionValue::String(name)) => read.full_name = Some(name),
                ("type", OptionValue::String(name)) => read.type_name = Some(name),
                ("repeated", OptionValue::Identifier(word)) => read.repeated = word == "true",
                ("reserved", OptionValue::Identifier(word)) => read.reserved = word == "true",
                _ => return None,
            }
        }
        Some(read)
    }

    /// What is wrong with it on its own.
    fn fault(&self) -> Option<String> {
        let number = self.number;
        match (self.full_name, self.type_name) {
            (None, None) if self.reserved => None,
            (Some(full_name), Some(type_name)) => {
                if !full_name.starts_with('.') {
                    Some(format!("declaration {number} calls its extension `{full_name}`: full names begin with a dot"))
                } else if !type_name.starts_with('.') && !is_scalar(type_name) {
                    Some(format!("declaration {number} has type `{type_name}`: names of types begin with a dot"))
                } else {
                    let no_name = [full_name, type_name].into_iter().find(|name| !is_name(name))?;
                    Some(format!("declaration {number} has `{no_name}`, which is not a valid name"))
                }
            }
            _ => Some(format!("declaration {number} needs both `full_name` and `type`")),
        }
    }
}

/// Whether a text is letters, digits and `_`, in parts joined by dots; one dot may lead.
fn is_name(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.strip_prefix('.').unwrap_or(text).split('.').all(is_part)
}

fn is_scalar(name: &str) -> bool {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    let all = [
        Double, Float, Int32, Int64, Uint32, Uint64, Sint32, Sint64, Fixed32, Fixed64, Sfixed32, Sfixed64, Bool,
        String, Bytes,
    ];
    all.iter().any(|scalar| scalar.name() == name)
}

/// What is wrong with the declarations of a message.
pub(super) fn of_message(message: Message<'_>, cx: &mut Cx<'_>) {
    for range in message.extension_ranges() {
        let declarations = Declarations::of(range);
        if let Some(option) = declarations.verification
            && declarations.is_verified("UNVERIFIED")
            && !declarations.all.is_empty()
        {
            let fault = "a range with declarations is verified, so it cannot be UNVERIFIED";
            cx.report(message, Part::Exactly(option.span()), fault).help("remove `verification`, or the declarations");
        }
        let (mut numbers, mut names) = (FxHashSet::default(), FxHashSet::default());
        for declaration in &declarations.all {
            let number = declaration.number;
            let fault = if !range.contains(number) {
                Some(format!("declaration {number} is not in the range from {} to {}", range.start, range.end))
            } else if !numbers.insert(number) {
                Some(format!("number {number} is declared twice"))
            } else if let Some(name) = declaration.full_name.filter(|name| !names.insert(*name)) {
                Some(format!("extension `{name}` is declared twice"))
            } else {
                declaration.fault()
            };
            if let Some(fault) = fault {
                cx.report(message, Part::Exactly(declaration.option.span()), fault);
            }
        }
    }
}

/// The declarations of the ranges of one message, by number.
struct Known<'s> {
    by_number: FxHashMap<i32, Declaration<'s>>,
    /// The ranges in which every extension has to be declared.
    strict: Vec<NumberRange<'s>>,
}

impl<'s> Known<'s> {
    fn of(message: Message<'s>) -> Known<'s> {
        let mut known = Known { by_number: FxHashMap::default(), strict: Vec::new() };
        for range in message.extension_ranges() {
            let declarations = Declarations::of(range);
            if !declarations.all.is_empty() || declarations.is_verified("DECLARATION") {
                known.strict.push(range);
            }
            for declaration in declarations.all {
                known.by_number.entry(declaration.number).or_insert(declaration);
            }
        }
        known.strict.sort_by_key(|range| range.start);
        known
    }

    /// What is wrong with an extension: what declares it otherwise, if anything does, and the fault.
    fn fault(&self, extension: Field<'_>) -> Option<(String, &'static str)> {
        let (name, number) = (extension.full_name(), extension.number());
        let next = self.strict.partition_point(|range| range.start <= number);
        self.strict[..next].last().filter(|range| range.contains(number))?;
        let Some(declaration) = self.by_number.get(&number) else {
            let fault = format!("extension `{name}` has number {number}, which its extension range does not declare");
            return Some((fault, "declare it at its extension range, or use a number of a range without declarations"));
        };
        if declaration.reserved {
            let fault = format!("extension `{name}` has number {number}, which the declarations reserve");
            return Some((fault, "use another number"));
        }
        let (declared_name, declared_type) = (declaration.full_name?, declaration.type_name?);
        let own_type = type_name(extension)?;
        let fault = if declared_name.strip_prefix('.') != Some(&name) {
            format!("extension {number} is declared as `{declared_name}`, not `.{name}`")
        } else if declared_type != own_type {
            format!("extension `{name}` is declared to be of type `{declared_type}`, not `{own_type}`")
        } else if declaration.repeated != (extension.label() == Label::Repeated) {
            let label = if declaration.repeated { "repeated" } else { "singular" };
            format!("extension `{name}` is declared to be {label}")
        } else {
            return None;
        };
        Some((fault, "change the extension, or its declaration"))
    }
}

fn type_name(field: Field<'_>) -> Option<String> {
    match field.field_type() {
        FieldType::Scalar(scalar) => Some(scalar.name().to_owned()),
        FieldType::Message(message) => Some(format!(".{}", message.full_name())),
        FieldType::Enum(enumeration) => Some(format!(".{}", enumeration.full_name())),
        FieldType::Unresolved => None,
    }
}

/// Holds the extensions of a file to the declarations of what they extend.
pub(in crate::rules::compile) fn extensions_as_declared(file: File<'_>, cx: &mut Cx<'_>) {
    let mut known: FxHashMap<(u32, u32), Known<'_>> = FxHashMap::default();
    for extension in file.all_fields().filter(|field| field.is_extension()) {
        let Some(extendee) = extension.extendee() else { continue };
        let declared = known.entry((extendee.file().index, extendee.index)).or_insert_with(|| Known::of(extendee));
        if let Some((fault, help)) = declared.fault(extension) {
            cx.report(Element::from(extension), Part::Name, fault)
                .label(extendee, Part::Name, "declared here")
                .help(help);
        }
    }
}
