//! Numbers, names and symbols that two branches use for different things since their common commit.

use rustc_hash::FxHashMap;

use super::field_types::type_name;
use crate::compare::impact;
use crate::compare::pairing::{Comparison, own_files};
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Message, Method, Part, Schema, Service};

pub(super) const RULES: &[&Rule] = &[&BASE_COLLISION];

// Two branches are compared, not two schemas.
rule!(breaking BASE_COLLISION: Check::Elsewhere);

/// Reports what is new both in `ours` and in `theirs`, at our declaration; `branch` is the name of theirs.
pub(crate) fn collisions<'s>(
    ours: &'s Comparison<'s>,
    theirs: &'s Comparison<'s>,
    branch: &str,
    cx: &mut ChangeCx<'s>,
) {
    let [our_base, our_tip, their_base, their_tip] =
        [ours.before, ours.after, theirs.before, theirs.after].map(Symbols::new);
    let mut new: Vec<&Declared<'s>> = our_tip.by_name.values().collect();
    new.sort_by(|one, other| one.name.cmp(&other.name));
    for our in new {
        let Some(their) = their_tip.by_name.get(&our.name) else { continue };
        let is_new = !our_base.by_name.contains_key(&our.name) && !their_base.by_name.contains_key(&our.name);
        let is_apart = our.element.file().name() != their.element.file().name();
        if is_new && (is_apart || std::mem::discriminant(&our.element) != std::mem::discriminant(&their.element)) {
            let file = their.element.file().name();
            let message = format!("`{}` is also declared in `{file}` on `{branch}`", our.name);
            cx.report(our.element, Part::Name, message)
                .beside(their.element, Part::Name, format!("on `{branch}`"))
                .help("rename one of the two, or delete one")
                .breaks(impact::symbol_collision());
            continue;
        }
        let olds = (our_base.by_name.get(&our.name), their_base.by_name.get(&our.name));
        within((our.element, their.element), (olds.0.map(|d| d.element), olds.1.map(|d| d.element)), branch, cx);
    }
    extensions(ours, theirs, branch, cx);
}

/// A message, enum or service with its full name.
struct Declared<'s> {
    name: String,
    element: Element<'s>,
}

/// What a schema declares at any depth.
struct Symbols<'s> {
    by_name: FxHashMap<String, Declared<'s>>,
}

impl<'s> Symbols<'s> {
    fn new(schema: &'s Schema) -> Symbols<'s> {
        let in_file = |file: File<'s>| {
            let messages = file.all_messages().filter(|message| !message.is_map_entry()).map(Element::from);
            messages.chain(file.all_enums().map(Element::from)).chain(file.services().map(Element::from))
        };
        let elements = own_files(schema).flat_map(in_file);
        let by_name = elements.map(|element| (element.full_name(), Declared { name: element.full_name(), element }));
        Symbols { by_name: by_name.collect() }
    }
}

/// Compares what was added to one declaration on both sides.
fn within<'s>(
    (our, their): (Element<'s>, Element<'s>),
    (our_old, their_old): (Option<Element<'s>>, Option<Element<'s>>),
    branch: &str,
    cx: &mut ChangeCx<'s>,
) {
    match (our, their) {
        (Element::Message(our), Element::Message(their)) => {
            let new = |now: Message<'s>, old: Option<Element<'s>>| added(now.fields(), fields_of(old), Field::number);
            fields(our, (new(our, our_old), new(their, their_old)), branch, cx);
        }
        (Element::Enum(our), Element::Enum(their)) => {
            let new = |now: Enum<'s>, old: Option<Element<'s>>| added(now.values(), values_of(old), value_key);
            values(our, (new(our, our_old), new(their, their_old)), branch, cx);
        }
        (Element::Service(our), Element::Service(their)) => {
            let new = |now: Service<'s>, old: Option<Element<'s>>| added(now.methods(), methods_of(old), Method::name);
            methods((new(our, our_old), new(their, their_old)), branch, cx);
        }
        _ => {}
    }
}

fn fields_of(element: Option<Element<'_>>) -> Vec<Field<'_>> {
    match element {
        Some(Element::Message(message)) => message.fields().collect(),
        _ => Vec::new(),
    }
}

fn values_of(element: Option<Element<'_>>) -> Vec<EnumValue<'_>> {
    match element {
        Some(Element::Enum(enumeration)) => enumeration.values().collect(),
        _ => Vec::new(),
    }
}

fn methods_of(element: Option<Element<'_>>) -> Vec<Method<'_>> {
    match element {
        Some(Element::Service(service)) => service.methods().collect(),
        _ => Vec::new(),
    }
}

fn value_key<'s>(value: EnumValue<'s>) -> (i32, &'s str) {
    (value.number(), value.name())
}

/// What `now` has and `old` has not, by a key.
fn added<T: Copy, K: std::hash::Hash + Eq>(now: impl Iterator<Item = T>, old: Vec<T>, key: impl Fn(T) -> K) -> Vec<T> {
    let old: rustc_hash::FxHashSet<K> = old.into_iter().map(&key).collect();
    now.filter(|element| !old.contains(&key(*element))).collect()
}

fn fields<'s>(
    message: Message<'s>,
    (our, their): (Vec<Field<'s>>, Vec<Field<'s>>),
    branch: &str,
    cx: &mut ChangeCx<'s>,
) {
    let by_number: FxHashMap<i32, Field<'s>> = their.iter().map(|field| (field.number(), *field)).collect();
    let by_name: FxHashMap<&str, Field<'s>> = their.iter().map(|field| (field.name(), *field)).collect();
    for field in our {
        if let Some(&other) = by_number.get(&field.number()) {
            field_number(field, other, message.full_name(), branch, cx);
        } else if let Some(&other) = by_name.get(field.name()) {
            let text =
                format!("`{}` of `{}` has number {} on `{branch}`", field.name(), message.full_name(), other.number());
            cx.report(field, Part::Name, text)
                .beside(other, Part::Declaration, format!("on `{branch}`"))
                .help("use the same number, or another name")
                .breaks(impact::name_collision(other, field));
        }
    }
}

/// Two fields, or two extensions, of one number.
fn field_number<'s>(field: Field<'s>, other: Field<'s>, scope: &str, branch: &str, cx: &mut ChangeCx<'s>) {
    let is_same = field.full_name() == other.full_name()
        && type_name(field) == type_name(other)
        && field.label() == other.label()
        && field.presence() == other.presence();
    if is_same {
        return;
    }
    let text =
        format!("number {} of `{scope}` is `{} {}` on `{branch}`", field.number(), type_name(other), other.name());
    cx.report(field, Part::Name, text)
        .beside(other, Part::Declaration, format!("on `{branch}`"))
        .help(format!("give `{}` a number that is not used on `{branch}`", field.name()))
        .breaks(impact::number_collision(other, field));
}

fn values<'s>(
    enumeration: Enum<'s>,
    (our, their): (Vec<EnumValue<'s>>, Vec<EnumValue<'s>>),
    branch: &str,
    cx: &mut ChangeCx<'s>,
) {
    for value in our {
        let is_other = |other: &&EnumValue<'s>| (other.number() == value.number()) != (other.name() == value.name());
        let Some(&other) = their.iter().find(is_other) else { continue };
        if their.iter().any(|same| value_key(*same) == value_key(value)) {
            continue;
        }
        let name = enumeration.full_name();
        let text = match other.number() == value.number() {
            true => format!("number {} of `{name}` is `{}` on `{branch}`", value.number(), other.name()),
            false => format!("`{}` of `{name}` has number {} on `{branch}`", value.name(), other.number()),
        };
        cx.report(value, Part::Name, text)
            .beside(other, Part::Declaration, format!("on `{branch}`"))
            .help(format!("give `{}` a number and a name that are not used on `{branch}`", value.name()))
            .breaks(impact::value_collision(other, value));
    }
}

fn methods<'s>((our, their): (Vec<Method<'s>>, Vec<Method<'s>>), branch: &str, cx: &mut ChangeCx<'s>) {
    let shape = |method: Method<'s>| {
        let name = |message: Option<Message<'s>>| message.map(Message::full_name);
        (name(method.input()), name(method.output()), method.is_client_streaming(), method.is_server_streaming())
    };
    for method in our {
        let Some(&other) = their.iter().find(|other| other.name() == method.name()) else { continue };
        if shape(method) != shape(other) {
            let text = format!(
                "rpc `{}` of service `{}` has a different signature on `{branch}`",
                method.name(),
                method.parent().name()
            );
            cx.report(method, Part::Name, text)
                .beside(other, Part::Declaration, format!("on `{branch}`"))
                .help("rename one of the two")
                .breaks(impact::symbol_collision());
        }
    }
}

/// Extensions of one message and number, wherever they are declared.
fn extensions<'s>(ours: &'s Comparison<'s>, theirs: &'s Comparison<'s>, branch: &str, cx: &mut ChangeCx<'s>) {
    let of = |schema: &'s Schema| -> FxHashMap<(&'s str, i32), Field<'s>> {
        let extensions = own_files(schema).flat_map(File::all_fields).filter(|field| field.is_extension());
        extensions.filter_map(|field| Some(((field.extendee()?.full_name(), field.number()), field))).collect()
    };
    let (old, their_old, their) = (of(ours.before), of(theirs.before), of(theirs.after));
    for (key, field) in of(ours.after) {
        let is_new = !old.contains_key(&key) && !their_old.contains_key(&key);
        if let Some(&other) = their.get(&key).filter(|_| is_new) {
            field_number(field, other, key.0, branch, cx);
        }
    }
}
