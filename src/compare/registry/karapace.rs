//! What Karapace rejects. It looks types up by the names that are written, from the message that it started at, also
//! within messages that fields led to; a name that it does not find is compared as text. Groups, extensions, enum
//! values, the package as such, services and options are not compared.

use rustc_hash::FxHashMap;

use super::Encoding;
use super::difference::{Change, Difference, Differences, Entry, Spot};
use super::type_names::{FoundType, Named, TypeNames};
use super::written::{
    Held, described, fields, held, label, label_change, map_with, message_text, oneof, oneofs, type_change, type_text,
};
use crate::compare::pairing::nested_name;
use crate::schema::{Element, Field, File, Message, Part};

/// How many pairs of messages are compared for each message that leads to them; after so many, once for all of them.
/// The registry itself takes too long for a schema that has more.
const MAX_STEPS: usize = 1 << 18;

/// How often two messages are compared again because names stand for other types than before.
const MAX_VISITS: u8 = 3;

pub(super) fn rejections<'s>(writer: File<'s>, reader: File<'s>) -> Vec<Difference<'s>> {
    let mut compare = Compare {
        names: (TypeNames::new(writer), TypeNames::new(reader)),
        files: (writer, reader),
        visits: FxHashMap::default(),
        found: Differences::new(writer, reader),
        waiting: Vec::new(),
    };
    let types = (compare.names.0.of_file(writer), compare.names.1.of_file(reader));
    compare.types(types, reader.into(), At { scope: "", is_direct: true, entry: None });
    // Depth first, as what names stand for depends on what was compared before.
    while let Some(task) = compare.waiting.pop() {
        match task {
            Task::Messages(from, to, at) => compare.messages(from, to, at),
            Task::Fields(from, to, at) => compare.fields(from, to, at),
            Task::Nested(from, to, at) => {
                let types = (compare.names.0.of_message(from), compare.names.1.of_message(to));
                compare.types(types, to.into(), at);
            }
        }
    }
    compare.found.into_vec()
}

/// From where two elements are compared.
#[derive(Clone, Copy)]
struct At<'s> {
    /// The message that names are looked up from, without its package.
    scope: &'s str,
    /// Whether no field led here.
    is_direct: bool,
    entry: Entry<'s>,
}

enum Task<'s> {
    Messages(Message<'s>, Message<'s>, At<'s>),
    Fields(Field<'s>, Field<'s>, At<'s>),
    /// The types nested in two messages.
    Nested(Message<'s>, Message<'s>, At<'s>),
}

/// Two messages, each by its file and its index there, compared from a scope.
type Visit<'s> = ([(u32, u32); 2], &'s str);

struct Compare<'s> {
    names: (TypeNames<'s>, TypeNames<'s>),
    files: (File<'s>, File<'s>),
    /// What was compared, with the versions of the names then, and how often.
    visits: FxHashMap<Visit<'s>, ((u32, u32), u8)>,
    found: Differences<'s>,
    /// The next is the last.
    waiting: Vec<Task<'s>>,
}

impl<'s> Compare<'s> {
    fn types(&mut self, (from, to): (Vec<Named<'s>>, Vec<Named<'s>>), reader: Element<'s>, at: At<'s>) {
        self.names.0.add_compared(&from);
        self.names.1.add_compared(&to);
        let others: FxHashMap<&str, Named<'s>> = to.into_iter().map(|other| (other.name(), other)).collect();
        let mut next = Vec::new();
        for named in from {
            let Named::Message(message) = named else { continue };
            match others.get(message.name()) {
                Some(&Named::Message(other)) => {
                    let scope = match at.is_direct {
                        true => nested_name(message.full_name(), message.file()),
                        false => at.scope,
                    };
                    next.push(Task::Messages(message, other, At { scope, ..at }));
                }
                Some(Named::Enum(_)) => {}
                None => {
                    let spots = (Spot::name(message), Spot::name(reader));
                    self.found.add("MESSAGE_DROP", spots, Change::Gone(message_text(message)), at.entry);
                }
            }
        }
        self.push(next);
    }

    /// Compares these next, in their order.
    fn push(&mut self, mut next: Vec<Task<'s>>) {
        next.reverse();
        self.waiting.extend(next);
    }

    /// Whether two messages were compared already.
    fn is_visited(&mut self, from: Message<'s>, to: Message<'s>, scope: &'s str) -> bool {
        let scope = if self.visits.len() < MAX_STEPS { scope } else { "" };
        let pair = [from, to].map(|message| (message.file().index, message.index));
        let versions = (self.names.0.version, self.names.1.version);
        match self.visits.get_mut(&(pair, scope)) {
            Some((known, count)) if *known == versions || *count == MAX_VISITS => true,
            Some((known, count)) => {
                (*known, *count) = (versions, *count + 1);
                false
            }
            None => {
                self.visits.insert((pair, scope), (versions, 1));
                false
            }
        }
    }

    fn messages(&mut self, from: Message<'s>, to: Message<'s>, at: At<'s>) {
        if self.is_visited(from, to, at.scope) {
            return;
        }
        let in_file = (from.file(), to.file()) == self.files;
        let at = if in_file { At { entry: None, ..at } } else { at };
        let mut alone: Vec<Field<'s>> = fields(from).filter(|field| oneof(*field).is_none()).collect();
        for now in oneofs(to) {
            let (joined, others): (Vec<Field<'s>>, Vec<Field<'s>>) = alone
                .into_iter()
                .partition(|field| now.fields().any(|member| !member.is_group() && member.number() == field.number()));
            alone = others;
            if joined.len() > 1 {
                let names: Vec<String> = joined.iter().map(|field| format!("`{}`", field.name())).collect();
                let what = format!("fields {} of {}", names.join(", "), message_text(to));
                let change = Change::Joined { what, is_one: false, oneof: now.name().to_owned() };
                let spots = (Spot::name(from), Spot::name(now));
                self.found.add("FEW_FIELDS_CONVERTED_TO_ONE_OF", spots, change, at.entry);
            }
        }
        let mut next = Vec::new();
        for field in alone {
            let others = || fields(to).filter(|other| oneof(*other).is_none());
            if let Some(other) = others().find(|other| other.name() == field.name() && other.number() != field.number())
            {
                let [writer, reader] = [field, other].map(|field| field.number().to_string());
                let what = format!("field `{}` of {}", field.name(), message_text(to));
                let change = Change::Differs { what, property: "number", writer, reader };
                let spots = (Spot::new(field, Part::Number), Spot::new(other, Part::Number));
                self.found.add("FIELD_TAG_ALTER", spots, change, at.entry);
            }
            let other = others().find(|other| other.number() == field.number());
            next.extend(other.map(|other| Task::Fields(field, other, at)));
        }
        self.oneofs(from, to, at, &mut next);
        next.push(Task::Nested(from, to, at));
        self.push(next);
    }

    fn oneofs(&mut self, from: Message<'s>, to: Message<'s>, at: At<'s>, next: &mut Vec<Task<'s>>) {
        for old in oneofs(from) {
            let Some(now) = oneofs(to).find(|now| now.name() == old.name()) else { continue };
            for field in old.fields().filter(|field| !field.is_group()) {
                let members = || now.fields().filter(|member| !member.is_group());
                if let Some(other) = members().find(|member| member.number() == field.number()) {
                    next.push(Task::Fields(field, other, at));
                    continue;
                }
                let moved = fields(to).find(|other| other.number() == field.number());
                let change = match moved {
                    Some(_) => Change::Left { what: described(field), oneof: old.name().to_owned() },
                    None => Change::Gone(described(field)),
                };
                let spots = (Spot::name(field), moved.map_or(Spot::name(now), Spot::name));
                self.found.add("ONE_OF_FIELD_DROP", spots, change, at.entry);
            }
        }
    }

    fn fields(&mut self, from: Field<'s>, to: Field<'s>, at: At<'s>) {
        if let (Held::Map(old_key, old_value), Held::Map(new_key, new_value)) = (held(from), held(to)) {
            self.fields(old_key, new_key, at);
            self.fields(old_value, new_value, at);
            return;
        }
        // The registry does not store what imports something that it has not.
        if matches!(held(from), Held::Unknown) || matches!(held(to), Held::Unknown) {
            return;
        }
        let (old, new) = (self.names.0.find(&type_text(from), at.scope), self.names.1.find(&type_text(to), at.scope));
        let spots = || (Spot::new(map_with(from), Part::Type), Spot::new(map_with(to), Part::Type));
        match (encoding(from, old.as_ref()), encoding(to, new.as_ref())) {
            (Some(one), Some(other)) => {
                let labels = [from, to].map(|field| label(field).filter(|_| !field.is_in_map_entry()));
                if labels[0] != labels[1] && one != Encoding::Bytes {
                    self.found.add("FIELD_LABEL_ALTER", spots(), label_change(from, to), at.entry);
                }
                if one != other {
                    self.found.add("FIELD_KIND_ALTER", spots(), type_change(from, to), at.entry);
                }
            }
            (None, None) if !from.is_map() && !to.is_map() => match (old, new) {
                (Some(old), Some(new)) => self.named((from, old), (to, new), at),
                _ if type_text(from) == type_text(to) => {}
                _ => self.found.add("FIELD_TYPE_ALTER", spots(), type_change(from, to), at.entry),
            },
            _ => self.found.add("FIELD_KIND_ALTER", spots(), type_change(from, to), at.entry),
        }
    }

    /// Compares the messages that two fields hold, if they have one name; another one is no difference.
    fn named(&mut self, (from, old): (Field<'s>, FoundType<'s>), (to, new): (Field<'s>, FoundType<'s>), at: At<'s>) {
        if let (Named::Message(old_message), Named::Message(new_message)) = (old.named, new.named)
            && old.short_name == new.short_name
        {
            let entry = at.entry.or(Some((from, to)));
            self.waiting.push(Task::Messages(old_message, new_message, At { is_direct: false, entry, ..at }));
        }
    }
}

/// How the values of a field are encoded that holds a scalar or, as far as the registry knows, an enum.
fn encoding(field: Field<'_>, found: Option<&FoundType<'_>>) -> Option<Encoding> {
    match (held(field), found.map(|found| found.named)) {
        (Held::Scalar(scalar), _) => Some(Encoding::of(scalar)),
        (Held::Map(..), _) => None,
        (_, Some(Named::Enum(_))) => Some(Encoding::Varint),
        _ => None,
    }
}
