//! A change as expressions see it: what was there before, what is there now, and what that breaks.

use std::fmt;

use super::any::{ANY, OfAnyKind};
use super::common;
use super::reader::{Each, Elements, Read, Reader};
use crate::cel::{Attribute, Object, ObjectType, Type, Value};
use crate::finding::{Finding, Verdict};
use crate::schema::Element;

/// A change that a rule found.
#[derive(Clone, Copy)]
pub(crate) struct ChangeSeen<'v> {
    /// What is gone, or is otherwise now.
    pub(crate) before: Option<Element<'v>>,
    /// What is new, or was otherwise before.
    pub(crate) after: Option<Element<'v>>,
    pub(crate) finding: &'v Finding,
}

impl<'v> ChangeSeen<'v> {
    /// A change of a finding that is reported at `element`; `former` is what that was before, or what is missed there,
    /// and `is_before` says which elements are of the earlier schema.
    pub(crate) fn new(
        element: Element<'v>,
        former: Option<Element<'v>>,
        is_before: impl Fn(Element<'v>) -> bool,
        finding: &'v Finding,
    ) -> ChangeSeen<'v> {
        if is_before(element) {
            return ChangeSeen { before: Some(element), after: None, finding };
        }
        let after = former.is_none_or(|former| is_same(former, element)).then_some(element);
        ChangeSeen { before: former, after, finding }
    }

    fn verdict(&self) -> Verdict {
        self.finding.change.as_ref().map_or(Verdict::NONE, |change| change.verdict)
    }
}

/// Whether one is what became of the other; otherwise that is gone, and reported at what it was in.
fn is_same(before: Element<'_>, after: Element<'_>) -> bool {
    let of_number = || match (before, after) {
        (Element::Field(before), Element::Field(after)) => before.number() == after.number(),
        (Element::EnumValue(before), Element::EnumValue(after)) => before.number() == after.number(),
        _ => false,
    };
    common::kind(before) == common::kind(after)
        && (common::full_name(before) == common::full_name(after) || of_number())
}

/// The attributes of a change, and how they are read.
macro_rules! change {
    (|$seen:ident, $reader:ident| $($attribute:ident: $type:expr, $docs:literal => $get:expr;)*) => {
        /// A change, for rules on `change`.
        pub(crate) static CHANGE: ObjectType = ObjectType {
            name: "change",
            attributes: &[$(Attribute { name: stringify!($attribute), of: || $type, docs: $docs },)*],
        };

        const GETTERS: &[for<'v> fn(&ChangeSeen<'v>, Reader<'v>) -> Option<Value<'v>>] = &[
            $(|$seen, $reader| Read::read($get, $reader),)*
        ];
    };
}

change! { |seen, reader|
    before: Type::Object(&ANY), "the element before, of any kind; `null` where it is new"
        => OfAnyKind(seen.before);
    after: Type::Object(&ANY), "the element after, of any kind; `null` where it is gone" => OfAnyKind(seen.after);
    kind: Type::Text, "the kind of the element: `field`, `rpc`"
        => seen.after.or(seen.before).map(common::kind);
    rule: Type::Text, "the rule that found the change: `FIELD_SAME_TYPE`" => seen.finding.rule;
    message: Type::Text, "what that rule says" => seen.finding.message.as_str();
    layers: Type::list(Type::Text), "the layers that the change breaks: `wire`, `json`, `grpc`, `rest`, `validation`, \
                                     `source`" => Each(names(seen.verdict()));
    suspected_layers: Type::list(Type::Text), "the layers that it may break, which the schemas alone do not show"
        => Each(names(seen.verdict().suspicion()));
    directions: Type::list(Type::Text), "`backward` where new code cannot read old data, `forward` where old code cannot \
                                         read new data"
        => Each(directions(seen.verdict()));
}

/// Lifetimes of names are those of all values.
fn names<'v>(verdict: Verdict) -> impl Iterator<Item = &'v str> {
    verdict.layers().map(|layer| -> &'v str { layer.name() })
}

fn directions<'v>(verdict: Verdict) -> impl Iterator<Item = &'v str> {
    verdict.directions().map(|direction| -> &'v str { direction.name() })
}

impl<'v> Elements<'v> {
    /// A change as expressions see it.
    pub(crate) fn change(&'v self, seen: ChangeSeen<'v>) -> Value<'v> {
        Value::object(Seen { seen, reader: Reader::new(self) })
    }
}

struct Seen<'v> {
    seen: ChangeSeen<'v>,
    reader: Reader<'v>,
}

impl fmt::Debug for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "change {}", self.seen.finding.rule)
    }
}

impl<'v> Object<'v> for Seen<'v> {
    fn object_type(&self) -> &'static ObjectType {
        &CHANGE
    }

    fn get(&self, attribute: usize) -> Option<Value<'v>> {
        GETTERS.get(attribute)?(&self.seen, self.reader)
    }

    fn identity(&self) -> (usize, usize) {
        (std::ptr::from_ref(self.seen.finding) as usize, 0)
    }
}
