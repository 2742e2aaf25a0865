//! Elements that were deleted, and whether they were deprecated for long enough. How long that was, is found by the
//! history of releases; here it is reported.

use super::{Body, deleted};
use crate::compare::impact::{self, Impact};
use crate::compare::pairing::{Comparison, Pair, nearest_survivor, nested_name, own_files, values};
use crate::rules::deprecation::{kind, short_name};
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Message, Part};

pub(super) const RULES: &[&Rule] = &[&DELETED_BEFORE_DEPRECATION_ENDS];

// More than two schemas are compared.
rule!(breaking DELETED_BEFORE_DEPRECATION_ENDS: Check::Elsewhere);

/// Something that was deleted, and nothing around it.
#[derive(Clone)]
pub(crate) struct Gone<'s> {
    /// Of values of one number the first.
    pub(crate) element: Element<'s>,
    from: From<'s>,
}

/// What it was deleted from.
#[derive(Clone)]
enum From<'s> {
    Message(Message<'s>),
    /// With all values of the number.
    Enum(Pair<Enum<'s>>, Vec<EnumValue<'s>>),
    Service(Element<'s>),
    /// None where the file is gone too.
    File(Option<File<'s>>),
}

/// All fields, enum values, rpcs, messages, enums and services that were deleted. What was only given another number was
/// not, nor what moved to another file.
pub(crate) fn gone<'s>(comparison: &'s Comparison<'s>) -> Vec<Gone<'s>> {
    let mut found = Vec::new();
    for pair in comparison.messages.iter().filter(|pair| !pair.before.is_map_entry()) {
        let is_gone = |field: &Field<'s>| {
            pair.after.field_numbered(field.number()).is_none()
                && impact::heir(*field, pair.after, comparison).is_none()
        };
        let fields = pair.before.fields().filter(is_gone);
        found.extend(fields.map(|field| Gone { element: field.into(), from: From::Message(pair.after) }));
    }
    for &pair in &comparison.enums {
        for (number, values) in values(pair.before) {
            let is_kept = pair.after.value_numbered(number).is_some()
                || values.iter().any(|value| pair.after.value_named(value.name()).is_some());
            if !is_kept {
                found.push(Gone { element: values[0].into(), from: From::Enum(pair, values) });
            }
        }
    }
    for pair in &comparison.services {
        let is_gone = |name: &str| !pair.after.methods().any(|after| after.name() == name);
        let methods = pair.before.methods().filter(|method| is_gone(method.name()));
        found.extend(methods.map(|method| Gone { element: method.into(), from: From::Service(pair.after.into()) }));
    }
    let files = own_files(comparison.before).map(|file| {
        let after = comparison.files.iter().find(|pair| pair.before == file).map(|pair| pair.after);
        (file, after)
    });
    for (file, after) in files {
        let gone = types(file).filter(|element| is_type_gone(*element, comparison));
        found.extend(gone.map(|element| Gone { element, from: From::File(after) }));
    }
    found
}

/// The messages, enums and services of a file, map entries left out.
fn types(file: File<'_>) -> impl Iterator<Item = Element<'_>> {
    let messages = file.all_messages().filter(|message| !message.is_map_entry()).map(Element::from);
    messages.chain(file.all_enums().map(Element::from)).chain(file.services().map(Element::from))
}

/// Whether a type is gone, and not because a message around it is.
fn is_type_gone<'s>(element: Element<'s>, comparison: &'s Comparison<'s>) -> bool {
    let is_gone = |element: Element<'s>| match element {
        Element::Message(message) => comparison.message(message).is_none(),
        Element::Enum(enumeration) => comparison.enumeration(enumeration).is_none(),
        Element::Service(service) => comparison.service(service).is_none(),
        _ => false,
    };
    is_gone(element) && !element.around().is_some_and(is_gone)
}

/// What of a file that is gone was deleted with it; `None` where that is not known of all that it declared.
pub(crate) fn gone_with<'s>(file: File<'s>, comparison: &'s Comparison<'s>) -> Option<Vec<Element<'s>>> {
    let has_lost_extension = file
        .all_fields()
        .any(|field| field.is_extension() && field.parent().is_none() && comparison.extension(field).is_none());
    let types: Vec<Element<'s>> = types(file).filter(|element| is_type_gone(*element, comparison)).collect();
    (!has_lost_extension && !types.is_empty()).then_some(types)
}

impl<'s> Gone<'s> {
    /// Whether what could be taken again is reserved.
    pub(crate) fn is_reserved(&self) -> bool {
        match (&self.from, self.element) {
            (From::Message(after), Element::Field(field)) => {
                Body::Message(*after).reservation(Some(field.number()), &[field.name()]).is_none()
            }
            (From::Enum(pair, values), Element::EnumValue(value)) => {
                let names: Vec<&str> = values.iter().map(|value| value.name()).collect();
                Body::Enum(pair.after).reservation(Some(value.number()), &names).is_none()
            }
            _ => true,
        }
    }

    fn impact(&self, comparison: &'s Comparison<'s>) -> Impact<'s> {
        match (&self.from, self.element) {
            (From::Message(after), Element::Field(field)) => impact::field_deleted(field, *after, comparison),
            (From::Enum(pair, values), Element::EnumValue(value)) => {
                let names: Vec<&str> = values.iter().map(|value| value.name()).collect();
                impact::value_deleted(*pair, value.number(), &names)
            }
            (From::Service(_), Element::Method(rpc)) => impact::rpc_deleted(rpc, comparison),
            _ => deleted::impact(self.element, comparison),
        }
    }

    /// Reports that it was deleted too early; `why` is what follows the name of the element.
    pub(crate) fn report(&self, why: &str, cx: &mut ChangeCx<'s>) {
        let (element, impact) = (self.element, self.impact(cx.comparison));
        let number = match element {
            Element::Field(field) => format!(" ({})", field.number()),
            Element::EnumValue(value) => format!(" ({})", value.number()),
            _ => String::new(),
        };
        let of: Option<Element<'s>> = match element {
            Element::Field(field) => field.parent().map(Element::from),
            Element::EnumValue(_) | Element::Method(_) => element.around(),
            _ => None,
        };
        let of = of.map(|of| format!(" of {} `{}`", kind(of), short_name(of))).unwrap_or_default();
        let message = format!("{} `{}`{number}{of} {why}", kind(element), short_name(element));
        let option = match element {
            Element::Field(_) | Element::EnumValue(_) => "[deprecated = true]",
            _ => "option deprecated = true;",
        };
        let place: Option<Element<'s>> = match &self.from {
            From::Message(after) => Some((*after).into()),
            From::Enum(pair, _) => Some(pair.after.into()),
            From::Service(service) => Some(*service),
            From::File(file) => {
                file.map(|file| nearest_survivor(nested_name(&element.full_name(), element.file()), file))
            }
        };
        let report = match place {
            Some(place) => cx.report(place, Part::Declaration, message).before(element, Part::Declaration),
            None => cx.report_gone(element.file(), message),
        };
        report.help(format!("keep it until then, with `{option}`")).by_policy().breaks(impact);
    }
}
