//! What a check of two schemas sees beside its pair, and where it reports. Every report says what the change breaks.

use std::borrow::Borrow;
use std::rc::Rc;

use super::trees::Trees;
use super::{Rule, Severity};
use crate::compare::impact::{Impact, Proof};
use crate::compare::pairing::Comparison;
use crate::finding::{Change, Edit, Finding, Fix, Label, length};
use crate::schema::{Element, Field, File, Part};
use crate::source::Sources;
use crate::syntax::Tree;

/// Where checks of two schemas report.
pub(crate) struct ChangeCx<'s> {
    pub(crate) comparison: &'s Comparison<'s>,
    /// Whether findings are selected by the layers they break, not by the rules of buf's groups.
    pub(crate) by_layers: bool,
    trees: Trees<'s>,
    rule: &'static Rule,
    severity: Severity,
    findings: Vec<PendingFinding<'s>>,
}

/// What a finding says of a field. Where layers select, what follows from another finding about the same field is part
/// of that one: one change is one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// Its number stands for another field now.
    Meaning,
    /// It has another name and another type.
    NameAndType,
    Type,
    /// It has to be there, and had not.
    Required,
    Cardinality,
    /// It is one value as before, and now has another presence.
    Presence,
    Oneof,
    JsonName,
    Name,
    /// A default that an option gives it.
    Default,
    /// What only fields of some types have.
    Detail,
    /// It is gone.
    Deleted,
    /// It is not the query parameter that it was.
    Parameter,
    /// What an annotation says of it.
    Annotation,
}

impl Aspect {
    /// Whether the other follows from this.
    pub(crate) fn entails(self, other: Aspect) -> bool {
        match self {
            Aspect::Meaning => !matches!(other, Aspect::Meaning | Aspect::Deleted),
            Aspect::NameAndType => !matches!(other, Aspect::Meaning | Aspect::NameAndType | Aspect::Deleted),
            Aspect::Type | Aspect::Required => {
                matches!(other, Aspect::Cardinality | Aspect::Presence | Aspect::Detail)
            }
            Aspect::Cardinality | Aspect::Presence => other == Aspect::Detail,
            Aspect::Oneof => other == Aspect::Presence,
            Aspect::JsonName => matches!(other, Aspect::Name | Aspect::Parameter),
            Aspect::Name | Aspect::Deleted => other == Aspect::Parameter,
            Aspect::Default | Aspect::Detail | Aspect::Parameter | Aspect::Annotation => false,
        }
    }
}

/// Why a finding is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// What it breaks.
    Impact,
    /// The policy for deletions, if any layer counts.
    Policy,
    /// A registry decides so, whatever counts.
    Registry,
}

/// A finding, with what would prove it.
#[derive(Clone)]
pub(crate) struct PendingFinding<'s> {
    pub(crate) finding: Finding,
    /// What it is reported at.
    pub(crate) element: Element<'s>,
    /// What that was before, or what is missed there.
    pub(crate) former: Option<Element<'s>>,
    pub(crate) proofs: Vec<Proof<'s>>,
    /// The field of the earlier schema that it is about, and what it says of it.
    pub(crate) about: Option<(Field<'s>, Aspect)>,
    /// What is gone, where that is more than `former`.
    pub(crate) gone: Vec<Element<'s>>,
    /// Why it is reported.
    pub(crate) ground: Ground,
    /// Whether what is only suspected is as bad as what is certain.
    pub(crate) is_grave: bool,
}

impl Borrow<Finding> for PendingFinding<'_> {
    fn borrow(&self) -> &Finding {
        &self.finding
    }
}

impl<'s> ChangeCx<'s> {
    pub(crate) fn new(comparison: &'s Comparison<'s>, by_layers: bool, sources: &'s Sources) -> ChangeCx<'s> {
        let (trees, rule) = (Trees::new(sources), &super::compile::COMPILE_SYNTAX);
        ChangeCx { comparison, by_layers, trees, rule, severity: Severity::Error, findings: Vec::new() }
    }

    /// The rule that reports from now on, and how much its findings matter.
    pub(crate) fn run_as(&mut self, rule: &'static Rule, severity: Severity) {
        self.rule = rule;
        self.severity = severity;
    }

    /// Reports a change at a part of an element of the later schema. Changes of files that are not target files are
    /// dropped.
    pub(crate) fn report(
        &mut self,
        element: impl Into<Element<'s>>,
        part: Part<'_>,
        message: impl Into<String>,
    ) -> ChangeReport<'_, 's> {
        self.report_in(element.into(), part, message.into())
    }

    /// Reports what is gone with its file, at the start of the earlier one.
    pub(crate) fn report_gone(&mut self, file: File<'s>, message: impl Into<String>) -> ChangeReport<'_, 's> {
        self.report_in(file.into(), Part::Declaration, message.into())
    }

    fn report_in(&mut self, element: Element<'s>, part: Part<'_>, message: String) -> ChangeReport<'_, 's> {
        let Some(place) = element.locate(part).filter(|_| element.file().is_target()) else {
            return ChangeReport(None);
        };
        let change = Change::default();
        let finding = Finding {
            severity: self.severity,
            symbol: Some(length::symbol(element.symbol())),
            change: Some(Box::new(change)),
            ..Finding::error(self.rule.id, place, message)
        };
        self.findings.push(PendingFinding {
            finding,
            element,
            former: None,
            proofs: Vec::new(),
            about: None,
            gone: Vec::new(),
            ground: Ground::Impact,
            is_grave: false,
        });
        ChangeReport(self.findings.last_mut())
    }

    /// The tree of the text of a file, which is read once.
    pub(crate) fn tree(&self, file: File<'_>) -> Rc<Tree<'s>> {
        self.trees.tree(file)
    }

    pub(crate) fn into_findings(self) -> Vec<PendingFinding<'s>> {
        self.findings
    }
}

/// A change that was just reported, for adding what is known of it.
pub(crate) struct ChangeReport<'c, 's>(Option<&'c mut PendingFinding<'s>>);

impl<'s> ChangeReport<'_, 's> {
    /// Where it was before.
    pub(crate) fn before(mut self, element: impl Into<Element<'s>>, part: Part<'_>) -> Self {
        let element = element.into();
        if let Some(pending) = &mut self.0 {
            pending.former = Some(element);
            if let Some(change) = &mut pending.finding.change {
                change.before = element.locate(part);
            }
        }
        self
    }

    /// A second place that explains it.
    pub(crate) fn beside(mut self, element: impl Into<Element<'s>>, part: Part<'_>, text: impl Into<String>) -> Self {
        if let (Some(pending), Some(place)) = (&mut self.0, element.into().locate(part)) {
            pending.finding.labels.push(Label::new(place, text));
        }
        self
    }

    /// What it says of a field of the earlier schema.
    pub(crate) fn about(mut self, before: Field<'s>, aspect: Aspect) -> Self {
        if let Some(pending) = &mut self.0 {
            pending.about = Some((before, aspect));
        }
        self
    }

    /// What is gone.
    pub(crate) fn gone(mut self, elements: impl IntoIterator<Item = Element<'s>>) -> Self {
        if let Some(pending) = &mut self.0 {
            pending.gone.extend(elements);
        }
        self
    }

    /// It matters by the policy for deletions, whatever it breaks.
    pub(crate) fn by_policy(self) -> Self {
        self.on_ground_of(Ground::Policy)
    }

    /// It is what a registry decides, whatever it breaks.
    pub(crate) fn by_registry(self) -> Self {
        self.on_ground_of(Ground::Registry)
    }

    fn on_ground_of(mut self, ground: Ground) -> Self {
        if let Some(pending) = &mut self.0 {
            pending.ground = ground;
        }
        self
    }

    /// What to do, ready to paste.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(pending) = &mut self.0 {
            pending.finding.help = Some(length::text(help.into()));
        }
        self
    }

    /// The edits of the later schema that take its consequences away.
    pub(crate) fn fix(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        let edits: Vec<Edit> = edits.into_iter().collect();
        if let Some(pending) = self.0.as_mut().filter(|_| !edits.is_empty()) {
            pending.finding.fix = Some(Box::new(Fix::Edits(edits)));
        }
        self
    }

    /// What it breaks, and what would prove it.
    pub(crate) fn breaks(mut self, impact: impl Into<Impact<'s>>) -> Self {
        if let Some(pending) = &mut self.0 {
            let Impact { verdict, proofs, is_grave } = impact.into();
            pending.proofs = proofs;
            pending.is_grave = is_grave;
            if let Some(change) = &mut pending.finding.change {
                change.verdict = verdict;
            }
        }
        self
    }
}
