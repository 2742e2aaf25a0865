//! Options: that they exist, and that their values fit, as `google/protobuf/descriptor.proto` and the extensions of its
//! messages declare them.

mod aggregate;
mod declaration;
mod place;
mod seen;
mod support;
mod value;

pub(super) use declaration::extensions_as_declared;
pub(super) use place::is_packable;
use support::OptionTarget;

use rustc_hash::FxHashMap;

use crate::nearest::nearest;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{
    Element, Enum, EnumValue, Field, FieldType, File, Label, Message, Method, NumberRange, Oneof, OptionEntry,
    OptionStep, Options, Part, Service, options_message,
};

pub(super) const RULES: &[&Rule] = &[&COMPILE_OPTION];

rule!(compile COMPILE_OPTION: Check::Each(&[
    Check::File(|file: File<'_>, cx| options(file.into(), file.options(), "FileOptions", cx)),
    Check::Message(|message: Message<'_>, cx| options_of_message(message, cx)),
    Check::Field(|field: Field<'_>, cx| options(field.into(), field.options(), "FieldOptions", cx)),
    Check::Oneof(|oneof: Oneof<'_>, cx| options(oneof.into(), oneof.options(), "OneofOptions", cx)),
    Check::Enum(|enumeration: Enum<'_>, cx| options(enumeration.into(), enumeration.options(), "EnumOptions", cx)),
    Check::EnumValue(|value: EnumValue<'_>, cx| options(value.into(), value.options(), "EnumValueOptions", cx)),
    Check::Service(|service: Service<'_>, cx| options(service.into(), service.options(), "ServiceOptions", cx)),
    Check::Method(|method: Method<'_>, cx| options(method.into(), method.options(), "MethodOptions", cx)),
    Check::Message(place::of_message),
    Check::Field(place::of_field),
    Check::File(place::of_file),
    Check::Enum(place::of_enum),
    Check::Message(declaration::of_message),
]));

fn options_of_message(message: Message<'_>, cx: &mut Cx<'_>) {
    options(message.into(), message.options(), "MessageOptions", cx);
    for options_of_ranges in options_of_ranges(message) {
        options(message.into(), options_of_ranges, "ExtensionRangeOptions", cx);
    }
}

/// The options of each `extensions` statement, which all its ranges share.
pub(super) fn options_of_ranges(message: Message<'_>) -> impl Iterator<Item = Options<'_>> {
    let mut before = None;
    message.extension_ranges().map(NumberRange::options).filter(move |options| {
        let first = options.iter().next().map(OptionEntry::span);
        let is_new = first.is_some() && first != before;
        before = first;
        is_new
    })
}

fn options(element: Element<'_>, options: Options<'_>, kind: &'static str, cx: &mut Cx<'_>) {
    if options.iter().next().is_none() {
        return;
    }
    let Some(known) = options_message(kind) else { return };
    let is_alone = options.iter().nth(1).is_none();
    let mut set = Set::default();
    let target = OptionTarget { file: element.file(), text: cx.text(element.file()), kind };
    for option in options.iter() {
        match lead(option, known, target) {
            Ok(Some(field)) => {
                if !is_alone {
                    set.note(element, option, field, cx);
                }
                if let Err(fault) = value::check(field, option.value(), target) {
                    let message = format!("option `{}` {fault}", option.name());
                    cx.report(element, Part::Exactly(option.span()), message);
                }
            }
            Ok(None) => {}
            Err(fault) => fault.report(element, option, cx),
        }
    }
}

/// The field that the name of an option leads to from the options message `known`; none where a part of the way is not
/// known.
fn lead<'s>(
    option: OptionEntry<'s>,
    known: Message<'s>,
    target: OptionTarget<'s>,
) -> Result<Option<Field<'s>>, Fault<'s>> {
    let mut holder = known;
    let mut found: Option<Field<'s>> = None;
    for step in option.steps() {
        if let Some(field) = found {
            holder = match field.field_type() {
                FieldType::Message(_) if field.label() == Label::Repeated => return Err(Fault::Repeated(field)),
                FieldType::Message(message) => message,
                FieldType::Unresolved => return Ok(None),
                FieldType::Scalar(_) | FieldType::Enum(_) => return Err(Fault::NoMessage(field)),
            };
        }
        found = match step {
            OptionStep::Unresolved => return Ok(None),
            OptionStep::Extension(field) => match field.holder() {
                Some(own) if own.full_name() != holder.full_name() => return Err(Fault::Elsewhere(field, holder)),
                Some(_) => Some(field),
                None => return Ok(None),
            },
            OptionStep::Field(name) => match holder.field_named(name) {
                Some(field) if name != "uninterpreted_option" => Some(field),
                _ => return Err(Fault::Unknown(name, holder)),
            },
        };
        if let Some((field, fault)) = found.and_then(|field| Some((field, target.refuses(field)?))) {
            return Err(Fault::Refused(field, fault));
        }
    }
    Ok(found)
}

/// Why the name of an option leads nowhere.
enum Fault<'s> {
    /// The message has no such field.
    Unknown(&'s str, Message<'s>),
    /// The field in parentheses is one of another message.
    Elsewhere(Field<'s>, Message<'s>),
    /// What is asked for a part of it is repeated.
    Repeated(Field<'s>),
    /// What is asked for a part of it has none.
    NoMessage(Field<'s>),
    /// The field's own declaration says that it cannot be set here, and why.
    Refused(Field<'s>, String),
}

impl Fault<'_> {
    fn report(self, element: Element<'_>, option: OptionEntry<'_>, cx: &mut Cx<'_>) {
        let part = Part::Exactly(option.span());
        match self {
            Fault::Unknown(name, holder) => {
                let is_first = option.parts().next() == Some((name, false));
                let message = if is_first {
                    format!("there is no option `{name}` here")
                } else {
                    format!("option `{}`: `{}` has no field `{name}`", option.name(), holder.full_name())
                };
                let report = cx.report(element, part, message);
                match nearest(name, holder.fields().map(Field::name)) {
                    Some(near) => report.help(format!("did you mean `{near}`?")),
                    None if is_first => report.help(format!("write custom options in parentheses: `({name})`")),
                    None => report,
                };
            }
            Fault::Elsewhere(field, holder) => {
                let (name, holder) = (field.full_name(), holder.full_name());
                let own = field.holder().map_or("", Message::full_name);
                if field.is_extension() {
                    let message = format!("`({name})` extends `{own}`, not `{holder}`");
                    cx.report(element, part, message).label(field, Part::Extendee, "declared here");
                } else {
                    let message =
                        format!("option `{}`: `{name}` is a field of `{own}`, not of `{holder}`", option.name());
                    cx.report(element, part, message)
                        .label(field, Part::Name, "declared here")
                        .help("the innermost element of that name is used: write the full name, with a leading dot");
                }
            }
            Fault::Repeated(field) => {
                let message =
                    format!("option `{}` sets a field of `{}`, which is repeated", option.name(), field.name());
                cx.report(element, part, message).help("write each value in braces");
            }
            Fault::NoMessage(field) => {
                let message =
                    format!("option `{}` sets a field of `{}`, which is not a message", option.name(), field.name());
                cx.report(element, part, message);
            }
            Fault::Refused(field, why) => {
                let message = if option.parts().len() == 1 {
                    format!("option `{}` {why}", option.name())
                } else {
                    format!("option `{}`: `{}` {why}", option.name(), field.name())
                };
                cx.report(element, part, message);
            }
        }
    }
}

/// What the options of one element have set so far.
#[derive(Default)]
struct Set<'s> {
    first: FxHashMap<String, OptionEntry<'s>>,
    /// The names of messages of which a part was set.
    parts: FxHashMap<String, OptionEntry<'s>>,
}

impl<'s> Set<'s> {
    /// Only repeated options may be set again, and no message as a whole after a part of it.
    fn note(&mut self, element: Element<'_>, option: OptionEntry<'s>, field: Field<'_>, cx: &mut Cx<'_>) {
        if field.label() == Label::Repeated && option.parts().len() == 1 {
            return;
        }
        let mut name = String::new();
        for step in option.steps() {
            if !name.is_empty() {
                self.parts.entry(name.clone()).or_insert(option);
                name.push('.');
            }
            match step {
                OptionStep::Field(part) => name.push_str(part),
                OptionStep::Extension(part) => name.push_str(&format!("({})", part.full_name())),
                OptionStep::Unresolved => {}
            }
        }
        if field.label() == Label::Repeated {
            return;
        }
        let whole = self.parts.get(&name).copied();
        let earlier = *self.first.entry(name).or_insert(option);
        let earlier = if earlier.span() == option.span() { whole } else { Some(earlier) };
        if let Some(earlier) = earlier {
            cx.report(element, Part::Exactly(option.span()), format!("option `{}` is set twice", option.name()))
                .label(element, Part::Exactly(earlier.span()), "first set here")
                .help("remove one of them");
        }
    }
}
