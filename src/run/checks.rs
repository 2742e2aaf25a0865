//! Checks by what they are called for, be that an element of one schema or a pair of two.

use crate::compare::pairing::{Comparison, Pair};
use crate::finding::Severity;
use crate::rules::own::{Elements, Kind, OwnRule};
use crate::rules::{ChangeCx, Check, Cx, Reach, Rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Import, Message, Method, Oneof, Root, Schema, Service};

/// Where checks report: to record which of them runs.
pub(super) trait Context {
    /// The rule that reports from now on, and how much its findings matter.
    fn run_as(&mut self, rule: &'static Rule, severity: Severity);
}

impl Context for Cx<'_> {
    fn run_as(&mut self, rule: &'static Rule, severity: Severity) {
        Cx::run_as(self, rule, severity);
    }
}

impl Context for ChangeCx<'_> {
    fn run_as(&mut self, rule: &'static Rule, severity: Severity) {
        ChangeCx::run_as(self, rule, severity);
    }
}

/// A check with the rule it is of.
pub(super) struct Call<F> {
    pub(super) check: F,
    pub(super) rule: &'static Rule,
    severity: Severity,
}

/// The checks of one kind.
pub(super) struct Calls<F>(Vec<Call<F>>);

impl<F> Default for Calls<F> {
    fn default() -> Calls<F> {
        Calls(Vec::new())
    }
}

impl<F: Copy> Calls<F> {
    /// Calls each of them, as `call` says how.
    pub(super) fn run<C: Context>(&self, cx: &mut C, call: impl Fn(F, &mut C)) {
        for Call { check, rule, severity } in &self.0 {
            cx.run_as(rule, *severity);
            call(*check, cx);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Call<F>> {
        self.0.iter()
    }
}

/// A check over roots, with its reach.
pub(super) type RootCheck = (Reach, fn(&Root<'_>, &mut Cx<'_>));

/// A check over a whole schema.
pub(super) type SchemaCheck = fn(&Schema, &mut Cx<'_>);

/// All checks by what they are called for.
#[derive(Default)]
pub(super) struct Checks {
    pub(super) file: Calls<fn(File<'_>, &mut Cx<'_>)>,
    pub(super) import: Calls<fn(Import<'_>, &mut Cx<'_>)>,
    pub(super) message: Calls<fn(Message<'_>, &mut Cx<'_>)>,
    pub(super) field: Calls<fn(Field<'_>, &mut Cx<'_>)>,
    pub(super) oneof: Calls<fn(Oneof<'_>, &mut Cx<'_>)>,
    pub(super) enumeration: Calls<fn(Enum<'_>, &mut Cx<'_>)>,
    pub(super) value: Calls<fn(EnumValue<'_>, &mut Cx<'_>)>,
    pub(super) service: Calls<fn(Service<'_>, &mut Cx<'_>)>,
    pub(super) method: Calls<fn(Method<'_>, &mut Cx<'_>)>,
    pub(super) root: Calls<RootCheck>,
    pub(super) schema: Calls<SchemaCheck>,
    pub(super) file_pair: Calls<for<'s> fn(Pair<File<'s>>, &mut ChangeCx<'s>)>,
    pub(super) message_pair: Calls<for<'s> fn(Pair<Message<'s>>, &mut ChangeCx<'s>)>,
    pub(super) field_pair: Calls<for<'s> fn(Pair<Field<'s>>, &mut ChangeCx<'s>)>,
    pub(super) enum_pair: Calls<for<'s> fn(Pair<Enum<'s>>, &mut ChangeCx<'s>)>,
    pub(super) service_pair: Calls<for<'s> fn(Pair<Service<'s>>, &mut ChangeCx<'s>)>,
    pub(super) method_pair: Calls<for<'s> fn(Pair<Method<'s>>, &mut ChangeCx<'s>)>,
    pub(super) comparison: Calls<for<'s> fn(&'s Comparison<'s>, &mut ChangeCx<'s>)>,
    /// Rules of one's own, by [`Kind::ALL`].
    pub(super) own: [Calls<&'static OwnRule>; Kind::ALL.len()],
}

impl Checks {
    pub(super) fn of(rules: &[(&'static Rule, Severity)]) -> Checks {
        let mut checks = Checks::default();
        for &(rule, severity) in rules {
            checks.add(rule.check, rule, severity);
        }
        checks
    }

    /// Calls the rules of one's own for elements of a kind.
    pub(super) fn run_own<'v>(
        &self,
        kind: Kind,
        element: impl Into<Element<'v>>,
        elements: &'v Elements<'v>,
        cx: &mut Cx<'_>,
    ) {
        let calls = &self.own[kind as usize];
        if !calls.is_empty() {
            let element = element.into();
            let this = elements.value(element);
            calls.run(cx, |own, cx| own.check(element, &this, elements, cx));
        }
    }

    fn add(&mut self, check: Check, rule: &'static Rule, severity: Severity) {
        match check {
            Check::File(check) => self.file.0.push(Call { check, rule, severity }),
            Check::Import(check) => self.import.0.push(Call { check, rule, severity }),
            Check::Message(check) => self.message.0.push(Call { check, rule, severity }),
            Check::Field(check) => self.field.0.push(Call { check, rule, severity }),
            Check::Oneof(check) => self.oneof.0.push(Call { check, rule, severity }),
            Check::Enum(check) => self.enumeration.0.push(Call { check, rule, severity }),
            Check::EnumValue(check) => self.value.0.push(Call { check, rule, severity }),
            Check::Service(check) => self.service.0.push(Call { check, rule, severity }),
            Check::Method(check) => self.method.0.push(Call { check, rule, severity }),
            Check::Root(reach, check) => self.root.0.push(Call { check: (reach, check), rule, severity }),
            Check::Schema(check) => self.schema.0.push(Call { check, rule, severity }),
            Check::FilePair(check) => self.file_pair.0.push(Call { check, rule, severity }),
            Check::MessagePair(check) => self.message_pair.0.push(Call { check, rule, severity }),
            Check::FieldPair(check) => self.field_pair.0.push(Call { check, rule, severity }),
            Check::EnumPair(check) => self.enum_pair.0.push(Call { check, rule, severity }),
            Check::ServicePair(check) => self.service_pair.0.push(Call { check, rule, severity }),
            Check::MethodPair(check) => self.method_pair.0.push(Call { check, rule, severity }),
            Check::Comparison(check) => self.comparison.0.push(Call { check, rule, severity }),
            Check::Own(own) => self.own[own.declaration.on as usize].0.push(Call { check: own, rule, severity }),
            Check::Each(each) => each.iter().for_each(|&check| self.add(check, rule, severity)),
            Check::Elsewhere => {}
        }
    }
}
