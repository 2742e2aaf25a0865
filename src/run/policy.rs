//! Which layers a name is held to, and where what is held to more holds what is held to less.

use super::{Concerns, Plan};
use crate::finding::{Finding, Layer};
use crate::pattern::NamePatterns;
use crate::rules::breaking::POLICY_REACHES_EXEMPT;
use crate::schema::{Element, FieldType, Part, Schema};

impl Concerns<'_> {
    /// The layers that an element is held to; `None` where rules decide alone.
    pub(super) fn layers_of(&self, element: Element<'_>) -> Option<&[Layer]> {
        if self.policies.is_empty() {
            return self.layers;
        }
        let name = element.full_name();
        // A pattern is for a name with all that is in it, and one for all that is in a package for the package too.
        let inner = format!("{name}._");
        let dots = inner.match_indices('.').map(|(at, _)| at).chain([inner.len()]);
        let scopes: Vec<&str> = dots.map(|end| &inner[..end]).collect();
        let is_meant = |pattern: &NamePatterns| scopes.iter().any(|scope| pattern.matches(scope));
        let policy = self.policies.iter().rev().find(|policy| is_meant(policy.pattern));
        policy.map(|policy| policy.layers).or(self.layers)
    }

    /// Whether changes of an element are not told at all.
    pub(super) fn is_exempt(&self, element: Element<'_>) -> bool {
        (self.is_ignored)(element.file().package().unwrap_or_default())
    }

    /// A layer that an element is held to and the type it holds is not.
    fn missing_layer(&self, holder: Element<'_>, held: Element<'_>) -> Option<&'static str> {
        let all = &Layer::ALL[..];
        let wanted = self.layers_of(holder).unwrap_or(all);
        let given = if self.is_exempt(held) { &[] } else { self.layers_of(held).unwrap_or(all) };
        wanted.iter().find(|layer| !given.contains(layer)).map(|layer| layer.name())
    }
}

/// The fields and rpcs of a schema that hold types which are held to less than they are.
pub(crate) fn reached(schema: &Schema, plan: &Plan<'_>, concerns: &Concerns<'_>) -> Vec<Finding> {
    let Some(&(rule, severity)) = plan.rules.iter().find(|(rule, _)| rule.id == POLICY_REACHES_EXEMPT.id) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut tell = |holder: Element<'_>, part: Part<'_>, held: Element<'_>| {
        let Some(layer) = concerns.missing_layer(holder, held).filter(|_| !concerns.is_exempt(holder)) else { return };
        let message =
            format!("`{}` is held to {layer}, and `{}`, which it holds, is not", holder.full_name(), held.full_name());
        if let Some(place) = holder.locate(part) {
            let help = "hold both to the same layers in `policies:`, or move the type";
            findings.push(Finding { severity, ..Finding::error(rule.id, place, message).help(help) });
        }
    };
    for file in schema.files().filter(|file| file.is_target()) {
        for field in file.all_fields().filter(|field| !field.is_map()) {
            match field.field_type() {
                FieldType::Message(held) => tell(field.into(), Part::Type, held.into()),
                FieldType::Enum(held) => tell(field.into(), Part::Type, held.into()),
                FieldType::Scalar(_) | FieldType::Unresolved => {}
            }
        }
        for method in file.services().flat_map(|service| service.methods()) {
            for (part, held) in [(Part::Input, method.input()), (Part::Output, method.output())] {
                if let Some(held) = held {
                    tell(method.into(), part, held.into());
                }
            }
        }
    }
    findings
}
