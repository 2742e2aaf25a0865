//! Which layers a name is held to, and where what is held to more holds what is held to less.

use super::compare::ChangeFilter;
use super::{Plan, Section};
use crate::config::LayerPolicy;
use crate::finding::{Direction, DirectionFilter, Finding, Layer, Severity};
use crate::rules::breaking::POLICY_REACHES_EXEMPT;
use crate::schema::{Element, FieldType, File, Part, Schema};

impl ChangeFilter<'_> {
    /// The layers that an element is held to; `None` where rules decide alone.
    pub(super) fn layers_of(&self, element: Element<'_>) -> Option<&[Layer]> {
        self.policy_of(element).map(|policy| policy.layers.as_slice()).or(self.layers.as_deref())
    }

    /// The directions in which changes of an element count.
    pub(super) fn direction_of(&self, element: Element<'_>) -> DirectionFilter {
        self.policy_of(element).and_then(|policy| policy.direction).unwrap_or(self.direction)
    }

    /// What the configuration says of an element alone.
    fn policy_of(&self, element: Element<'_>) -> Option<&LayerPolicy> {
        if self.policies.is_empty() {
            return None;
        }
        let name = element.full_name();
        self.policies.iter().rev().find(|policy| policy.pattern.covers(&name))
    }

    /// Whether changes of an element are not reported at all.
    pub(super) fn is_exempt(&self, element: Element<'_>) -> bool {
        self.ignores(element.file().package().unwrap_or_default())
    }

    /// A layer that an element is held to, perhaps in a direction, and the type it holds is not.
    fn missing_layer(&self, holder: Element<'_>, held: Element<'_>) -> Option<String> {
        let all = &Layer::ALL[..];
        let wanted = self.layers_of(holder).unwrap_or(all);
        let given = if self.is_exempt(held) { &[] } else { self.layers_of(held).unwrap_or(all) };
        if let Some(layer) = wanted.iter().find(|layer| !given.contains(layer)) {
            return Some(layer.name().to_owned());
        }
        let layer = wanted.iter().find(|layer| Layer::OF_TRAFFIC.contains(layer))?;
        let (wanted, given) = (self.direction_of(holder), self.direction_of(held));
        let is_missing = |direction: &Direction| wanted.includes(*direction) && !given.includes(*direction);
        let direction = Direction::ALL.into_iter().find(is_missing)?;
        Some(format!("{} {}", layer.name(), direction.name()))
    }
}

/// The fields and rpcs of a schema that hold types which are held to less than they are.
pub(super) fn reached(schema: &Schema, plan: &Plan<'_>) -> Vec<Finding> {
    let severity_of =
        |section: &Section<'_>| section.severity_of(POLICY_REACHES_EXEMPT.id).filter(|_| section.changes.has_levels());
    let mut findings = Vec::new();
    if plan.sections.iter().all(|section| severity_of(section).is_none()) {
        return findings;
    }
    for file in schema.files().filter(|file| file.is_target()) {
        for &at in plan.members.sections_of(file.source()) {
            let section = &plan.sections[at as usize];
            if let Some(severity) = severity_of(section) {
                reached_in(file, &section.changes, severity, &mut findings);
            }
        }
    }
    findings
}

fn reached_in(file: File<'_>, changes: &ChangeFilter<'_>, severity: Severity, findings: &mut Vec<Finding>) {
    let mut report = |holder: Element<'_>, part: Part<'_>, held: Element<'_>| {
        let Some(layer) = changes.missing_layer(holder, held).filter(|_| !changes.is_exempt(holder)) else { return };
        let message = format!(
            "`{}` is protected on {layer}, but contains `{}`, which is exempt",
            holder.full_name(),
            held.full_name()
        );
        if let Some(place) = holder.locate(part) {
            let help = "protect both on the same layers in `policies:`, or move the type";
            let finding = Finding::error(POLICY_REACHES_EXEMPT.id, place, message).help(help);
            findings.push(Finding { severity, ..finding });
        }
    };
    for field in file.all_fields().filter(|field| !field.is_map()) {
        match field.field_type() {
            FieldType::Message(held) => report(field.into(), Part::Type, held.into()),
            FieldType::Enum(held) => report(field.into(), Part::Type, held.into()),
            FieldType::Scalar(_) | FieldType::Unresolved => {}
        }
    }
    for method in file.services().flat_map(|service| service.methods()) {
        for (part, held) in [(Part::Input, method.input()), (Part::Output, method.output())] {
            if let Some(held) = held {
                report(method.into(), part, held.into());
            }
        }
    }
}
