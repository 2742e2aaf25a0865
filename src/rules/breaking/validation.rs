//! Rules of `buf.validate` that got tighter or looser, as its own evaluation shows: by a message that the writer's rules
//! accept and the reader's refuse.

mod rule_sets;
mod written;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::field_types::described;
use crate::compare::evidence::Subject;
use crate::compare::impact::{Impact, have_same_bytes};
use crate::compare::pairing::{Carried, Pair, fields};
use crate::finding::{Direction, Layer, Verdict};
use crate::rules::protovalidate::{Focus, Refusal, Rules, refusal};
use crate::rules::{Aspect, ChangeCx, ChangeReport, Check, Rule, rule};
use crate::schema::{Element, EnumValue, Field, FieldType, Message, Method, Oneof, Part, Scalar};
pub(crate) use rule_sets::RuleSets;
use written::{Written, changes, has_rules};

pub(super) const RULES: &[&Rule] = &[&VALIDATION_LOOSENED, &VALIDATION_TIGHTENED];

rule!(breaking VALIDATION_LOOSENED: Check::MessagePair(|pair, cx| compared(pair, Shift::Loosened, cx)));
rule!(breaking VALIDATION_TIGHTENED: Check::MessagePair(|pair, cx| compared(pair, Shift::Tightened, cx)));

/// Which way rules changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shift {
    /// New readers refuse what old writers may send.
    Tightened,
    /// Old readers refuse what new writers may send.
    Loosened,
}

impl Shift {
    fn direction(self) -> Direction {
        match self {
            Shift::Tightened => Direction::Backward,
            Shift::Loosened => Direction::Forward,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Shift::Tightened => "tightened",
            Shift::Loosened => "loosened",
        }
    }

    /// Whether it matters for what rpcs carry: servers change before their clients do, so they read old requests, and
    /// old clients read new responses.
    fn counts_for(self, carried: Carried<'_>) -> bool {
        let is_carried = carried.request.is_some() || carried.response.is_some();
        match self {
            Shift::Tightened => !is_carried || carried.request.is_some(),
            Shift::Loosened => !is_carried || carried.response.is_some(),
        }
    }

    /// What to do about rules that both sides have.
    fn help(self, carried: Carried<'_>) -> String {
        let name = |method: Method<'_>| format!("`{}.{}`", method.parent().name(), method.name());
        match (self, carried.request, carried.response) {
            (Shift::Tightened, Some(method), _) => {
                format!("keep the old rule: clients of rpc {} send requests that meet it", name(method))
            }
            (Shift::Tightened, ..) => "keep the old rule: stored messages and those of old writers meet it".to_owned(),
            (Shift::Loosened, _, Some(method)) => {
                format!("keep the old rule: clients of rpc {} check responses by it", name(method))
            }
            (Shift::Loosened, ..) => "keep the old rule until all readers have the new one".to_owned(),
        }
    }
}

/// What is compared of two messages: an element with rules, on either side.
struct Subjects<'s> {
    before: Option<Element<'s>>,
    after: Option<Element<'s>>,
    focus: Focus,
}

fn compared<'s>(pair: Pair<Message<'s>>, shift: Shift, cx: &mut ChangeCx<'s>) {
    if pair.before.is_map_entry() || pair.after.is_map_entry() {
        return;
    }
    let subjects = changed(pair);
    if subjects.is_empty() {
        return;
    }
    let carried = cx.comparison.carried(pair.after);
    if !shift.counts_for(carried) {
        return;
    }
    let sets = cx.rule_sets();
    let rules = (sets.before(pair.before.file()), sets.after(pair.after.file()));
    match &rules {
        (Ok(before), Ok(after)) => {
            subjects.iter().for_each(|subject| subject.compare(pair, (before, after), (shift, carried), cx));
        }
        (Err(why), _) | (_, Err(why)) => not_compared(pair, why, shift, cx),
    }
}

/// Says once in a file that its rules cannot be compared.
fn not_compared<'s>(pair: Pair<Message<'s>>, why: &str, shift: Shift, cx: &mut ChangeCx<'s>) {
    if cx.rule_sets().is_first_fault(pair.after.file()) {
        let message = format!("validation rules changed and cannot be compared: {why}");
        cx.report(pair.after, Part::Name, message)
            .before(pair.before, Part::Name)
            .breaks(Verdict::breaks(Layer::Validation, shift.direction()).as_suspicion());
    }
}

/// The elements of two messages whose rules are not the same.
fn changed<'s>(pair: Pair<Message<'s>>) -> Vec<Subjects<'s>> {
    let mut subjects = Vec::new();
    let mut add = |before: Option<Element<'s>>, after: Option<Element<'s>>, focus: Focus| {
        subjects.push(Subjects { before, after, focus });
    };
    let is_changed = |before: Element<'s>, after: Element<'s>| {
        (has_rules(before) || has_rules(after)) && Written::new(before).text() != Written::new(after).text()
    };
    let own_changed = is_changed(pair.before.into(), pair.after.into());
    if own_changed {
        add(Some(pair.before.into()), Some(pair.after.into()), Focus::Message);
    }
    for Pair { before, after } in fields(pair) {
        let has_rules = has_rules(before.into()) || has_rules(after.into());
        if !has_rules || !has_same_form(before, after) {
            continue;
        }
        let presence = |field: Field<'_>| (field.presence(), field.oneof().is_some());
        // Which fields the rules of the message make optional decides how theirs apply.
        let is_other = presence(before) != presence(after) || is_changed(before.into(), after.into());
        if own_changed || is_other || has_other_values(before, after) {
            let ignore = |field: Field<'s>| Written::new(field.into()).value_of("ignore");
            let is_deep = ignore(before) != ignore(after);
            let focus = Focus::Field { number: after.number().unsigned_abs(), is_deep };
            add(Some(before.into()), Some(after.into()), focus);
        }
    }
    let lone = |field: Field<'s>| Focus::Field { number: field.number().unsigned_abs(), is_deep: false };
    for field in pair.before.fields().filter(|field| has_rules((*field).into())) {
        if pair.after.field_numbered(field.number()).is_none() {
            add(Some(field.into()), None, lone(field));
        }
    }
    for field in pair.after.fields().filter(|field| has_rules((*field).into())) {
        if pair.before.field_numbered(field.number()).is_none() {
            add(None, Some(field.into()), lone(field));
        }
    }
    add_oneofs(pair, is_changed, &mut add);
    subjects
}

/// Whether two fields take only what their enums define, and these have not the same values.
fn has_other_values(before: Field<'_>, after: Field<'_>) -> bool {
    let numbers = |field: Field<'_>| match field.field_type() {
        FieldType::Enum(found) => found.values().map(EnumValue::number).collect::<BTreeSet<i32>>(),
        _ => BTreeSet::new(),
    };
    numbers(before) != numbers(after) && Written::new(after.into()).text().contains("defined_only: true")
}

fn add_oneofs<'s>(
    pair: Pair<Message<'s>>,
    is_changed: impl Fn(Element<'s>, Element<'s>) -> bool,
    add: &mut impl FnMut(Option<Element<'s>>, Option<Element<'s>>, Focus),
) {
    let named = |of: Message<'s>, name: &str| of.oneofs().find(|oneof| !oneof.is_synthetic() && oneof.name() == name);
    let focus = |oneof: Oneof<'_>| Focus::Oneof(oneof.name().to_owned());
    for before in pair.before.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        let after = named(pair.after, before.name());
        let members = |oneof: Oneof<'s>| oneof.fields().map(Field::number).collect::<Vec<_>>();
        let is_other = match after {
            Some(after) => {
                is_changed(before.into(), after.into()) || has_rules(before.into()) && members(before) != members(after)
            }
            None => has_rules(before.into()),
        };
        if is_other {
            add(Some(before.into()), after.map(Element::from), focus(before));
        }
    }
    for after in pair.after.oneofs().filter(|oneof| !oneof.is_synthetic()) {
        if named(pair.before, after.name()).is_none() && has_rules(after.into()) {
            add(None, Some(after.into()), focus(after));
        }
    }
}

/// Whether values of one field can be read as those of the other; where not, another rule reports that.
fn has_same_form(before: Field<'_>, after: Field<'_>) -> bool {
    let scalar = |of: FieldType<'_>| match of {
        FieldType::Scalar(scalar) => Some(scalar),
        FieldType::Enum(_) => Some(Scalar::Int32),
        FieldType::Message(_) | FieldType::Unresolved => None,
    };
    let is_same_kind = match (before.field_type(), after.field_type()) {
        (FieldType::Message(before), FieldType::Message(after)) => before.is_map_entry() == after.is_map_entry(),
        (before, after) => scalar(before).zip(scalar(after)).is_some_and(|(one, other)| have_same_bytes(one, other)),
    };
    is_same_kind && before.label() == after.label()
}

impl<'s> Subjects<'s> {
    /// What it is called, with what it belongs to.
    fn described(&self) -> String {
        match self.after.or(self.before) {
            Some(Element::Field(field)) => described(field),
            Some(Element::Oneof(oneof)) => format!("oneof `{}` of message `{}`", oneof.name(), oneof.parent().name()),
            Some(Element::Message(message)) => format!("message `{}`", message.name()),
            _ => String::new(),
        }
    }

    fn compare(
        &self,
        pair: Pair<Message<'s>>,
        (before, after): (&Rc<Rules>, &Rc<Rules>),
        (shift, carried): (Shift, Carried<'s>),
        cx: &mut ChangeCx<'s>,
    ) {
        let (Some(old), Some(new)) = (before.message(pair.before.full_name()), after.message(pair.after.full_name()))
        else {
            return;
        };
        let of = |shift: Shift| match shift {
            Shift::Tightened => refusal(&old, &new, &self.focus),
            Shift::Loosened => refusal(&new, &old, &self.focus),
        };
        let (rule, impact) = match of(shift) {
            Refusal::None => return,
            Refusal::Possible => {
                (None, Impact::from(Verdict::breaks(Layer::Validation, shift.direction()).as_suspicion()))
            }
            Refusal::Shown(witness) => {
                let (written, read) = (witness.written, witness.read);
                let subject = Subject::Found { written, payload: String::new(), read };
                (Some(witness.rule), Impact::default().shown(Layer::Validation, shift.direction(), Some(subject)))
            }
        };
        let message = self.message(shift, rule.as_deref());
        self.report(pair, message, rule.as_deref(), cx).help(self.help(shift, carried)).breaks(impact);
    }

    fn help(&self, shift: Shift, carried: Carried<'_>) -> String {
        match (self.before, self.after) {
            (None, Some(Element::Field(_))) => {
                "let the rules accept an unset field, with `optional` or with `ignore: IGNORE_IF_ZERO_VALUE`".to_owned()
            }
            (Some(_), None) => "keep it until all readers have the new rules".to_owned(),
            _ => shift.help(carried),
        }
    }

    fn message(&self, shift: Shift, rule: Option<&str>) -> String {
        let what = self.described();
        match (self.before, self.after) {
            (None, _) => format!("{what} was added with rules that old messages do not meet"),
            (_, None) => format!("{what} was deleted, whose rules new messages do not meet"),
            (Some(before), Some(after)) => {
                let verb = if rule.is_some() { "was" } else { "may have been" };
                let (mut changes, is_exact) = changes(&Written::new(before), &Written::new(after), rule);
                // What the other rules changed is another matter where one of them is known to refuse.
                let rest = if is_exact { 0 } else { changes.len().saturating_sub(2) };
                changes.truncate(if is_exact { 1 } else { 2 });
                if rest > 0 {
                    changes.push(format!("{rest} more changed"));
                }
                if let (true, Element::Field(field)) = (changes.is_empty(), after)
                    && let FieldType::Enum(found) = field.field_type()
                {
                    changes.push(format!("enum `{}` has other values", found.name()));
                }
                let changes = if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) };
                format!("validation of {what} {verb} {}{changes}", shift.word())
            }
        }
    }

    fn report<'c>(
        &self,
        pair: Pair<Message<'s>>,
        message: String,
        rule: Option<&str>,
        cx: &'c mut ChangeCx<'s>,
    ) -> ChangeReport<'c, 's> {
        let place = |element: Element<'s>| {
            let span = Written::new(element).place(rule.unwrap_or_default());
            span.map_or(Part::Declaration, Part::Exactly)
        };
        let at: Element<'s> = self.after.unwrap_or(pair.after.into());
        let part = self.after.map_or(Part::Declaration, place);
        let report = cx.report(at, part, message);
        let report = match self.before {
            Some(before) => report.before(before, place(before)),
            None => report.before(pair.before, Part::Declaration),
        };
        match self.before {
            Some(Element::Field(field)) => report.about(field, Aspect::Rules),
            _ => report,
        }
    }
}
