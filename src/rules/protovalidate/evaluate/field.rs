//! Fields against their rules: presence, then the value, with the items of lists, the entries of maps and the messages
//! within.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, FieldDescriptor, MapKey, Value};

use super::message::Evaluator;
use super::{IGNORE_ALWAYS, IGNORE_IF_ZERO_VALUE, Outcome, is_zero};
use crate::rules::protovalidate::element::Element;
use crate::rules::protovalidate::field::{fits, is_wrapper};
use crate::rules::protovalidate::lookup::View;
use crate::rules::protovalidate::numeric::show;

/// What a rule of older versions said of values that are skipped: those equal to the default.
const IGNORE_IF_DEFAULT_VALUE: i32 = 2;

/// Where a value is that a field has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules::protovalidate) enum Place {
    Item,
    Key,
    Value,
}

/// Which values rules do not look at.
fn ignored(rules: View<'_>) -> i32 {
    let flag = |name: &str| rules.flag(name) == Some(true);
    match rules.enum_number("ignore") {
        Some((_, ignore)) => ignore,
        None if flag("skipped") => IGNORE_ALWAYS,
        None if flag("ignore_empty") => IGNORE_IF_ZERO_VALUE,
        None => 0,
    }
}

impl Evaluator {
    /// What the rules of a field make of it; `in_oneof` says whether a rule of the message lets only one of several
    /// fields be set, this one among them.
    pub(super) fn field(
        &self,
        message: &DynamicMessage,
        field: &FieldDescriptor,
        in_oneof: bool,
        depth: usize,
    ) -> Outcome {
        let mut out = Outcome::default();
        let rules = self.rules_of(field);
        let is_set = message.has_field(field);
        if let Some(rules) = rules.as_deref().map(View) {
            let ignore = ignored(rules);
            let skips_zero = ignore != 0 || in_oneof;
            if ignore == IGNORE_ALWAYS {
                return out;
            }
            if !is_set && rules.flag("required") == Some(true) {
                out.breaks("required", "be set");
            }
            if !is_set && (field.supports_presence() || skips_zero) {
                return out.named(field.name());
            }
            if ignore == IGNORE_IF_DEFAULT_VALUE && is_zero(&message.get_field(field)) {
                return out;
            }
        }
        if is_set || !field.supports_presence() {
            let element = Element::from_field(field, &FieldDescriptor::supports_presence);
            out.add(self.value(&element, rules.as_deref().map(View), &message.get_field(field), depth), "", "");
        }
        out.named(field.name())
    }

    fn value(&self, element: &Element, rules: Option<View<'_>>, value: &Value, depth: usize) -> Outcome {
        match value {
            Value::List(items) if element.is_list => self.list(element, rules, value, items, depth),
            Value::Map(entries) if element.is_map => self.map(element, rules, value, entries, depth),
            _ => self.single(element, rules, value, depth),
        }
    }

    fn list(
        &self,
        element: &Element,
        rules: Option<View<'_>>,
        value: &Value,
        items: &[Value],
        depth: usize,
    ) -> Outcome {
        let mut out = Outcome::default();
        let typed = rules.and_then(View::type_rules);
        let mut nested = None;
        if let Some((_, name, typed)) = &typed {
            let typed = View(typed);
            if name != "repeated" {
                out.is_undecided = true;
                return out;
            }
            let mut own = Outcome::default();
            count(items.len(), ["min_items", "max_items"], "items", typed, &mut own);
            if typed.flag("unique") == Some(true) {
                unique(items, &mut own);
            }
            self.programs.predefined(value, typed, &mut own);
            out.add(own, "", "repeated");
            nested = typed.message("items");
        }
        if let Some(rules) = rules {
            self.programs.expressions(value, rules, &mut out);
        }
        let nested = nested.as_ref().map(|(_, nested)| View(nested));
        for (at, item) in items.iter().enumerate() {
            out.add(self.element(element, nested, item, depth), &format!("[{at}]"), "repeated.items");
        }
        out
    }

    fn map(
        &self,
        element: &Element,
        rules: Option<View<'_>>,
        value: &Value,
        entries: &HashMap<MapKey, Value>,
        depth: usize,
    ) -> Outcome {
        let mut out = Outcome::default();
        let (Some(key_element), Some(value_element)) = (element.map_key(), element.map_value()) else { return out };
        let typed = rules.and_then(View::type_rules);
        let mut nested = (None, None);
        if let Some((_, name, typed)) = &typed {
            let typed = View(typed);
            if name != "map" {
                out.is_undecided = true;
                return out;
            }
            let mut own = Outcome::default();
            count(entries.len(), ["min_pairs", "max_pairs"], "entries", typed, &mut own);
            self.programs.predefined(value, typed, &mut own);
            out.add(own, "", "map");
            nested = (typed.message("keys"), typed.message("values"));
        }
        if let Some(rules) = rules {
            self.programs.expressions(value, rules, &mut out);
        }
        let [keys, values] = [&nested.0, &nested.1].map(|nested| nested.as_ref().map(|(_, nested)| View(nested)));
        let mut entries: Vec<(&MapKey, &Value)> = entries.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        for (key, value) in entries {
            let key = Value::from(key.clone());
            let path = format!("[{}]", show(&key));
            out.add(self.element(key_element, keys, &key, depth), &path, "map.keys");
            out.add(self.element(value_element, values, value, depth), &path, "map.values");
        }
        out
    }

    /// What the rules for items, keys or values of a field make of one.
    pub(in crate::rules::protovalidate) fn element_of(
        &self,
        field: &FieldDescriptor,
        place: Place,
        value: &Value,
    ) -> Outcome {
        let whole = Element::from_field(field, &FieldDescriptor::supports_presence);
        let rules = self.rules_of(field);
        let typed = rules.as_deref().and_then(|rules| View(rules).type_rules());
        let (element, name) = match place {
            Place::Item => (Some(&whole), "items"),
            Place::Key => (whole.map_key(), "keys"),
            Place::Value => (whole.map_value(), "values"),
        };
        let nested = typed.as_ref().and_then(|(_, _, typed)| View(typed).message(name));
        let nested = nested.as_ref().map(|(_, nested)| View(nested));
        element.map(|element| self.element(element, nested, value, 0)).unwrap_or_default()
    }

    /// An item of a list, or a key or value of a map: always set.
    fn element(&self, element: &Element, rules: Option<View<'_>>, value: &Value, depth: usize) -> Outcome {
        match rules.map_or(0, ignored) {
            IGNORE_ALWAYS => Outcome::default(),
            ignore if ignore != 0 && is_empty(value) => Outcome::default(),
            _ => self.single(element, rules, value, depth),
        }
    }

    fn single(&self, element: &Element, rules: Option<View<'_>>, value: &Value, depth: usize) -> Outcome {
        let mut out = Outcome::default();
        if let Some(rules) = rules {
            match rules.type_rules() {
                None => self.programs.expressions(value, rules, &mut out),
                Some((_, name, typed)) if fits(element, &name) => {
                    let value = unwrapped(element, value);
                    out.add(self.programs.value(element, rules, (View(&typed), &name), &value), "", "");
                }
                // Such rules do not compile.
                Some(_) => out.is_undecided = true,
            }
        }
        if let Value::Message(message) = value {
            let within = self.message_within(message, depth);
            // What is within has rules of its own.
            out.is_undecided |= within.is_undecided;
            out.broken.extend(within.broken);
        }
        out
    }
}

/// Whether an element that is always set has the zero value of its type.
fn is_empty(value: &Value) -> bool {
    is_zero(value) || value.as_message().is_some_and(|message| message.fields().next().is_none())
}

/// What a wrapper such as `google.protobuf.StringValue` holds; else the value itself.
fn unwrapped(element: &Element, value: &Value) -> Value {
    let wrapper = value.as_message().filter(|_| element.message().is_some_and(|of| is_wrapper(of.full_name())));
    let held = wrapper.and_then(|wrapper| wrapper.get_field_by_name("value").map(std::borrow::Cow::into_owned));
    held.unwrap_or_else(|| value.clone())
}

fn count(given: usize, [least, most]: [&'static str; 2], unit: &str, rules: View<'_>, out: &mut Outcome) {
    let given = given as u64;
    if let Some((_, wanted)) = rules.uint(least).filter(|(_, wanted)| given < *wanted) {
        out.breaks(least, format!("have at least {wanted} {unit}, not {given}"));
    }
    if let Some((_, wanted)) = rules.uint(most).filter(|(_, wanted)| given > *wanted) {
        out.breaks(most, format!("have at most {wanted} {unit}, not {given}"));
    }
}

/// How many items are compared with each other.
const MAX_UNIQUE: usize = 500;

fn unique(items: &[Value], out: &mut Outcome) {
    let is_comparable = |item: &Value| match item.as_message() {
        Some(message) => is_wrapper(prost_reflect::ReflectMessage::descriptor(message).full_name()),
        None => true,
    };
    if items.len() > MAX_UNIQUE || !items.iter().all(is_comparable) {
        out.is_undecided = true;
        return;
    }
    // A wrapper whose value is set to zero is the same as an empty one.
    let held = |item: &Value| match item.as_message().and_then(|wrapper| wrapper.get_field_by_name("value")) {
        Some(value) => value.into_owned(),
        None => item.clone(),
    };
    let values: Vec<Value> = items.iter().map(held).collect();
    if values.iter().enumerate().any(|(at, value)| values[..at].contains(value)) {
        out.breaks("unique", "have no item twice");
    }
}
