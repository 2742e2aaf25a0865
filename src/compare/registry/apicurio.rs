//! What Apicurio's registry rejects. It compares one file without its imports, as text: messages and enums by their
//! names, fields, values and rpcs by theirs. Groups, extensions, options and what enums reserve are not compared, nor is
//! which oneof a field is in.

use rustc_hash::{FxHashMap, FxHashSet};

use super::difference::{Change, Difference, Differences, Spot};
use super::written::{
    Held, described, fields, group_messages, held, label, label_change, message_text, type_change, type_text,
};
use crate::compare::pairing::{nearest_survivor, nested_name};
use crate::schema::{Enum, Field, File, Label, Message, Part, Service, Syntax};

const REMOVED: &str = "fields removed without reservation";
const NAME_CHANGED: &str = "Field name changed";
const ID_CHANGED: &str = "Conflict, field id changed";
const TYPE_CHANGED: &str = "Field type changed";
const LABEL_CHANGED: &str = "Field label changed";
const RESERVED_USED: &str = "Conflict of reserved fields";
const RESERVED_REMOVED: &str = "reserved fields were removed";
const REQUIRED_ADDED: &str = "required field added in new version";
const RPC_REMOVED: &str = "rpc services removed";
const RPC_CHANGED: &str = "rpc service signature changed";

pub(super) fn rejections<'s>(writer: File<'s>, reader: File<'s>) -> Vec<Difference<'s>> {
    let (from, to) = (View::new(writer), View::new(reader));
    let mut compare = Compare { from, to, found: Differences::new(writer, reader) };
    compare.messages();
    compare.enums();
    compare.services();
    compare.found.into_vec()
}

/// What the registry reads of a file, by names without the package.
struct View<'s> {
    file: File<'s>,
    order: Vec<(&'s str, Message<'s>)>,
    messages: FxHashMap<&'s str, Message<'s>>,
    enums: FxHashMap<&'s str, Enum<'s>>,
}

impl<'s> View<'s> {
    fn new(file: File<'s>) -> View<'s> {
        let groups = group_messages(file);
        // What is nested in a group is not read either.
        let in_group = |message: Message<'s>| {
            std::iter::successors(Some(message), |message| message.parent()).any(|m| groups.contains(&m.index))
        };
        let messages = file.all_messages().filter(|message| !message.is_map_entry() && !in_group(*message));
        let order: Vec<(&str, Message<'s>)> =
            messages.map(|message| (nested_name(message.full_name(), file), message)).collect();
        let enums = file.all_enums().filter(|found| !found.parent().is_some_and(in_group));
        let enums = enums.map(|found| (nested_name(found.full_name(), file), found)).collect();
        View { file, messages: order.iter().copied().collect(), order, enums }
    }

    /// The type of a field of the message called `scope` as the registry completes it: with a dot before it, and with
    /// the package if the file has it or if it is written without one.
    fn full_type(&self, field: Field<'s>, scope: &str) -> String {
        let written = type_text(field);
        let is_scalar = matches!(held(field), Held::Scalar(_) | Held::Map(..));
        if is_scalar || written.starts_with('.') {
            return written;
        }
        if written.contains('.') {
            return format!(".{written}");
        }
        let scopes = std::iter::once(scope).chain(scope.rmatch_indices('.').map(|(dot, _)| &scope[..dot]));
        let candidates = scopes.map(|scope| format!("{scope}.{written}"));
        let is_there = |name: &String| {
            let has_values = |found: &Enum<'_>| found.values().next().is_some();
            self.messages.contains_key(name.as_str()) || self.enums.get(name.as_str()).is_some_and(has_values)
        };
        let path = candidates.into_iter().find(is_there).unwrap_or(written);
        match self.file.package() {
            Some(package) if !package.is_empty() => format!(".{package}.{path}"),
            _ => format!(".{path}"),
        }
    }

    fn reserves_number(message: Message<'s>, number: i32) -> bool {
        message.reserved().ranges().any(|range| range.contains(number))
    }

    fn reserves_name(message: Message<'s>, name: &str) -> bool {
        message.reserved().names().any(|(reserved, _)| reserved == name)
    }
}

struct Compare<'s> {
    from: View<'s>,
    to: View<'s>,
    found: Differences<'s>,
}

impl<'s> Compare<'s> {
    fn add(&mut self, code: &'static str, spots: (Spot<'s>, Spot<'s>), change: Change) {
        self.found.add(code, spots, change, None);
    }

    fn messages(&mut self) {
        for (name, from) in self.from.order.clone() {
            match self.to.messages.get(name) {
                Some(&to) => {
                    self.fields(name, from, to);
                    self.reserved(from, to);
                }
                None => self.gone(name, from),
            }
        }
    }

    fn gone(&mut self, name: &'s str, from: Message<'s>) {
        let has_reserved = from.reserved().ranges().next().is_some() || from.reserved().names().next().is_some();
        let code = match fields(from).next() {
            Some(_) => REMOVED,
            None if has_reserved => RESERVED_REMOVED,
            None => return,
        };
        let spots = (Spot::name(from), Spot::name(nearest_survivor(name, self.to.file)));
        self.add(code, spots, Change::Gone(message_text(from)));
    }

    fn fields(&mut self, scope: &'s str, from: Message<'s>, to: Message<'s>) {
        let by_name: FxHashMap<&str, Field<'s>> = fields(to).map(|field| (field.name(), field)).collect();
        let by_number: FxHashMap<i32, Field<'s>> = fields(to).map(|field| (field.number(), field)).collect();
        for field in fields(from) {
            let spots = |part, other: Field<'s>| (Spot::new(field, part), Spot::new(other, part));
            match (by_name.get(field.name()), by_number.get(&field.number())) {
                (Some(&other), _) => {
                    if field.number() != other.number() {
                        self.add(ID_CHANGED, spots(Part::Number, other), number_change(field, other));
                    }
                    if self.from.full_type(field, scope) != self.to.full_type(other, scope) {
                        self.add(TYPE_CHANGED, spots(Part::Type, other), type_change(field, other));
                    }
                    if label(field) != label(other) {
                        self.add(LABEL_CHANGED, spots(Part::Declaration, other), label_change(field, other));
                    }
                }
                (None, Some(&other)) => {
                    let what = format!("field {} of {}", field.number(), message_text(to));
                    let change = name_change(what, field.name(), other.name());
                    self.add(NAME_CHANGED, spots(Part::Name, other), change);
                }
                (None, None) if View::reserves_name(to, field.name()) && View::reserves_number(to, field.number()) => {}
                (None, None) => {
                    let spots = (Spot::name(field), Spot::name(to));
                    self.add(REMOVED, spots, Change::Gone(described(field)));
                }
            }
        }
        let old: FxHashSet<&str> = fields(from).map(|field| field.name()).collect();
        for field in fields(to) {
            let spots = (Spot::name(from), Spot::name(field));
            if View::reserves_number(from, field.number()) || View::reserves_name(from, field.name()) {
                self.add(RESERVED_USED, spots, Change::Taken(described(field)));
            }
            let is_proto2 = matches!(self.from.file.syntax(), Syntax::Proto2 | Syntax::Unspecified);
            if is_proto2 && label(field) == Some(Label::Required) && !old.contains(field.name()) {
                let change = Change::New(format!("required {}", described(field)));
                self.add(REQUIRED_ADDED, spots, change);
            }
        }
    }

    /// Numbers and names that are reserved no longer.
    fn reserved(&mut self, from: Message<'s>, to: Message<'s>) {
        let mut released: Vec<String> = Vec::new();
        for range in from.reserved().ranges() {
            let mut kept: Vec<(i32, i32)> = to.reserved().ranges().map(|range| (range.start, range.end)).collect();
            kept.sort_unstable();
            let mut next = i64::from(range.start);
            for (start, end) in kept {
                if i64::from(start) <= next {
                    next = next.max(i64::from(end) + 1);
                }
            }
            if next <= i64::from(range.end) {
                released.push(match range.start == range.end {
                    true => range.start.to_string(),
                    false => format!("{} to {}", range.start, range.end),
                });
            }
        }
        let names = from.reserved().names().filter(|(name, _)| !View::reserves_name(to, name));
        released.extend(names.map(|(name, _)| format!("`{name}`")));
        if !released.is_empty() {
            let spots = (Spot::new(from, Part::Reserved), Spot::new(to, Part::Reserved));
            let change = Change::Released { message: message_text(from), what: released.join(", ") };
            self.add(RESERVED_REMOVED, spots, change);
        }
    }

    /// Values by name and number. Where a message has the name of an enum, its fields are compared with the values.
    fn enums(&mut self) {
        let mut names: Vec<&'s str> = self.from.enums.keys().copied().collect();
        names.sort_unstable_by_key(|name| self.from.enums[name].index);
        for name in names {
            let from = self.from.enums[name];
            if let Some(&to) = self.to.enums.get(name) {
                self.values(from, to);
            } else if let Some(&to) = self.to.messages.get(name) {
                let by_number: FxHashMap<i32, &str> = fields(to).map(|field| (field.number(), field.name())).collect();
                let is_other = |number: i32, value: &str| by_number.get(&number) != Some(&value);
                if !by_number.is_empty() && last_names(from).iter().any(|(number, value)| is_other(*number, value)) {
                    let what = format!("enum `{}`", from.name());
                    let change = Change::Differs {
                        what,
                        property: "kind",
                        writer: "enum".to_owned(),
                        reader: "message".to_owned(),
                    };
                    self.add(NAME_CHANGED, (Spot::name(from), Spot::name(to)), change);
                }
            }
        }
    }

    fn values(&mut self, from: Enum<'s>, to: Enum<'s>) {
        let of = format!("of enum `{}`", to.name());
        let numbers: FxHashMap<&str, i32> = to.values().map(|value| (value.name(), value.number())).collect();
        let (old, new) = (last_names(from), last_names(to));
        for value in from.values() {
            let moved = numbers.get(value.name()).copied().filter(|number| *number != value.number());
            if let Some(number) = moved {
                let what = format!("enum value `{}` {of}", value.name());
                let change = Change::Differs {
                    what,
                    property: "number",
                    writer: value.number().to_string(),
                    reader: number.to_string(),
                };
                let now = to.values().find(|other| other.name() == value.name());
                let spot = now.map_or(Spot::name(to), |now| Spot::new(now, Part::Number));
                self.add(ID_CHANGED, (Spot::new(value, Part::Number), spot), change);
            } else if old.get(&value.number()) == Some(&value.name()) {
                match new.get(&value.number()) {
                    Some(name) if *name == value.name() => {}
                    Some(name) => {
                        let what = format!("enum value {} {of}", value.number());
                        let now = to.values().find(|other| other.name() == *name);
                        let spot = now.map_or(Spot::name(to), Spot::name);
                        let change = name_change(what, value.name(), name);
                        self.add(NAME_CHANGED, (Spot::name(value), spot), change);
                    }
                    None => {
                        let what = format!("enum value `{}` ({}) {of}", value.name(), value.number());
                        self.add(NAME_CHANGED, (Spot::name(value), Spot::name(to)), Change::Gone(what));
                    }
                }
            }
        }
    }

    fn services(&mut self) {
        let services: FxHashMap<&str, Service<'s>> =
            self.to.file.services().map(|service| (service.name(), service)).collect();
        for from in self.from.file.services() {
            let Some(&to) = services.get(from.name()) else {
                if from.methods().next().is_some() {
                    let spots = (Spot::name(from), Spot::name(self.to.file));
                    self.add(RPC_REMOVED, spots, Change::Gone(format!("service `{}`", from.name())));
                }
                continue;
            };
            for method in from.methods() {
                let what = format!("rpc `{}` of service `{}`", method.name(), to.name());
                let Some(other) = to.methods().find(|other| other.name() == method.name()) else {
                    self.add(RPC_REMOVED, (Spot::name(method), Spot::name(to)), Change::Gone(what));
                    continue;
                };
                let [writer, reader] = [method, other].map(|method| {
                    let stream = |is_streaming| if is_streaming { "stream " } else { "" };
                    let (request, response) = (method.written_input(), method.written_output());
                    let (client, server) = (method.is_client_streaming(), method.is_server_streaming());
                    format!("`({}{request}) returns ({}{response})`", stream(client), stream(server))
                });
                if writer != reader {
                    let change = Change::Differs { what, property: "signature", writer, reader };
                    self.add(RPC_CHANGED, (Spot::name(method), Spot::name(other)), change);
                }
            }
        }
    }
}

/// The names of an enum's values by number; of aliases, the last counts.
fn last_names(found: Enum<'_>) -> FxHashMap<i32, &str> {
    found.values().map(|value| (value.number(), value.name())).collect()
}

fn number_change(from: Field<'_>, to: Field<'_>) -> Change {
    let of = to.parent().map_or(String::new(), |message| format!(" of {}", message_text(message)));
    let [writer, reader] = [from, to].map(|field| field.number().to_string());
    Change::Differs { what: format!("field `{}`{of}", to.name()), property: "number", writer, reader }
}

fn name_change(what: String, from: &str, to: &str) -> Change {
    let [writer, reader] = [from, to].map(|name| format!("`{name}`"));
    Change::Differs { what, property: "name", writer, reader }
}
