//! Rules: what one is, the list of them, and what a check sees while it runs. A rule is its page under `rules/` and a
//! function of a few lines. Rules know the schema, never configuration, files or output.

pub(crate) mod breaking;
pub(crate) mod case;
mod change;
pub(crate) mod compile;
pub(crate) mod deprecation;
mod edit;
mod lint;
pub(crate) mod mentions;
mod page;
mod placeholder;
mod protovalidate;
pub mod settings;
mod trees;
pub(crate) mod version;

pub(crate) use change::{Aspect, ChangeCx, Ground, PendingFinding};
pub(crate) use lint::{DEPRECATED_HAS_REASON, DEPRECATED_USED, IMPORT_USED};
pub use page::Page;
pub use settings::Settings;

use std::rc::Rc;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Edit, Finding, Fix, Label, Layer, Severity, length};
use crate::schema::{
    Element, Enum, EnumValue, Field, File, Import, Message, Method, Oneof, Part, Root, Schema, Service,
};
use crate::source::{Place, Sources};
use crate::syntax::Tree;
use trees::Trees;

/// A rule: data with a function, whose kind says what it is called for.
#[derive(Debug)]
pub struct Rule {
    /// The id its users know, SCREAMING_SNAKE_CASE.
    pub id: &'static str,
    /// Its page.
    pub page: Page,
    pub(crate) check: Check,
}

impl Rule {
    /// Where its page can be read.
    pub fn url(&self) -> String {
        let folder = self.page.folder;
        format!("{}/blob/main/rules/{folder}/{}.md", env!("CARGO_PKG_REPOSITORY"), self.id)
    }
}

/// What a check is called for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check {
    File(fn(File<'_>, &mut Cx<'_>)),
    Import(fn(Import<'_>, &mut Cx<'_>)),
    /// Messages at every depth, map entries included.
    Message(fn(Message<'_>, &mut Cx<'_>)),
    /// Fields of messages and extensions, those of map entries included.
    Field(fn(Field<'_>, &mut Cx<'_>)),
    Oneof(fn(Oneof<'_>, &mut Cx<'_>)),
    Enum(fn(Enum<'_>, &mut Cx<'_>)),
    EnumValue(fn(EnumValue<'_>, &mut Cx<'_>)),
    Service(fn(Service<'_>, &mut Cx<'_>)),
    Method(fn(Method<'_>, &mut Cx<'_>)),
    /// All files of one import root together, which it reaches as far as this says.
    Root(Reach, fn(&Root<'_>, &mut Cx<'_>)),
    /// Files of one path in two schemas.
    FilePair(for<'s> fn(Pair<File<'s>>, &mut ChangeCx<'s>)),
    /// Messages of one full name in two schemas.
    MessagePair(for<'s> fn(Pair<Message<'s>>, &mut ChangeCx<'s>)),
    /// Fields of one number, or extensions of one message and number, in two schemas.
    FieldPair(for<'s> fn(Pair<Field<'s>>, &mut ChangeCx<'s>)),
    /// Enums of one full name in two schemas.
    EnumPair(for<'s> fn(Pair<Enum<'s>>, &mut ChangeCx<'s>)),
    /// Services of one full name in two schemas.
    ServicePair(for<'s> fn(Pair<Service<'s>>, &mut ChangeCx<'s>)),
    /// Rpcs of one service and name in two schemas.
    MethodPair(for<'s> fn(Pair<Method<'s>>, &mut ChangeCx<'s>)),
    /// Two schemas as a whole.
    Comparison(for<'s> fn(&'s Comparison<'s>, &mut ChangeCx<'s>)),
    /// The whole schema, over all roots.
    Schema(fn(&Schema, &mut Cx<'_>)),
    /// Several kinds.
    Each(&'static [Check]),
    /// None: another part of the tool reports for the rule.
    Elsewhere,
}

/// Where a change of a file has a check over many files look again. What it finds elsewhere stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// In the files of the same package or directory.
    Packages,
    /// In files that import it, directly or not, and in itself.
    Importers,
    /// Everywhere, if its imports or its package are others now.
    Imports,
    /// Everywhere, if its rpcs, or what they carry, are others now.
    Rpcs,
}

impl Reach {
    /// All of them, by their numbers.
    pub(crate) const ALL: [Reach; 4] = [Reach::Packages, Reach::Importers, Reach::Imports, Reach::Rpcs];
}

/// Declares a rule from its page and its check.
macro_rules! rule {
    (lint $ID:ident: $check:expr) => {
        $crate::rules::rule!("lint", $ID, $check);
    };
    (breaking $ID:ident: $check:expr) => {
        $crate::rules::rule!("breaking", $ID, $check);
    };
    (compile $ID:ident: $check:expr) => {
        $crate::rules::rule!("compile", $ID, $check);
    };
    ($folder:literal, $ID:ident, $check:expr) => {
        pub(crate) static $ID: $crate::rules::Rule = $crate::rules::Rule {
            id: stringify!($ID),
            page: $crate::rules::Page::parse(
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $folder, "/", stringify!($ID), ".md")),
                $folder,
            ),
            check: $check,
        };
    };
}
pub(crate) use rule;

/// The lint rules, sorted by id.
pub fn lint_rules() -> Vec<&'static Rule> {
    sorted(lint::SUBJECTS)
}

/// The rules over two schemas, sorted by id.
pub fn breaking_rules() -> Vec<&'static Rule> {
    sorted(breaking::SUBJECTS)
}

/// The rules that no selection switches off, sorted by id.
pub fn compile_rules() -> Vec<&'static Rule> {
    sorted(compile::SUBJECTS)
}

fn sorted(subjects: &[&[&'static Rule]]) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = subjects.iter().flat_map(|rules| rules.iter().copied()).collect();
    rules.sort_unstable_by_key(|rule| rule.id);
    rules
}

/// The rule of that id, whatever its kind.
pub fn find(id: &str) -> Option<&'static Rule> {
    static RULES: LazyLock<FxHashMap<&'static str, &'static Rule>> = LazyLock::new(|| {
        let rules = lint_rules().into_iter().chain(breaking_rules()).chain(compile_rules());
        rules.map(|rule| (rule.id, rule)).collect()
    });
    RULES.get(id).copied()
}

/// The rules that selection switches on and off, by what they look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// One schema: the rules of `check`.
    Lint,
    /// Two schemas: the rules of `breaking`.
    Breaking,
}

impl Family {
    /// Its rules, sorted by id.
    pub fn rules(self) -> Vec<&'static Rule> {
        match self {
            Family::Lint => lint_rules(),
            Family::Breaking => breaking_rules(),
        }
    }

    /// The subcommand whose rules they are, and the section of the configuration that is for them.
    pub fn command(self) -> &'static str {
        match self {
            Family::Lint => "check",
            Family::Breaking => "breaking",
        }
    }

    /// The names of its groups, sorted.
    pub fn groups(self) -> Vec<&'static str> {
        let mut groups: Vec<&'static str> = self.rules().iter().flat_map(|rule| rule.page.groups()).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The rules that a rule id or a group's name stands for; empty where there is none of that name.
    pub fn named(self, name: &str) -> Vec<&'static Rule> {
        let is_named = |rule: &&Rule| rule.id == name || rule.page.groups().any(|group| group == name);
        self.rules().into_iter().filter(is_named).collect()
    }

    /// The family of a rule; none for those that no selection switches off.
    pub fn of(rule: &Rule) -> Option<Family> {
        let has = |subjects: &[&[&'static Rule]]| {
            subjects.iter().any(|rules| rules.iter().any(|known| std::ptr::eq(*known, rule)))
        };
        match (has(lint::SUBJECTS), has(breaking::SUBJECTS)) {
            (true, _) => Some(Family::Lint),
            (_, true) => Some(Family::Breaking),
            _ => None,
        }
    }
}

/// The layers that changes have to break where nothing is selected.
pub const DEFAULT_LAYERS: [Layer; 5] = Layer::OF_TRAFFIC;

/// The groups and rules that are on where nothing is selected.
pub const DEFAULT_USE: [&str; 2] = ["STANDARD", "FIELD_HOT_NUMBER"];

/// What a rule about files or imports finds in one file, with the options that hold where none are set.
pub(crate) fn findings_in(rule: &'static Rule, file: File<'_>, sources: &Sources) -> Vec<Finding> {
    let settings = Settings::default();
    let mut cx = Cx::new(&settings, sources);
    cx.run_as(rule, rule.page.severity);
    match rule.check {
        Check::File(check) => check(file, &mut cx),
        Check::Import(check) => file.imports().for_each(|import| check(import, &mut cx)),
        _ => {}
    }
    cx.into_findings()
}

/// What a check sees beside its element, and where it reports.
pub(crate) struct Cx<'a> {
    pub(crate) settings: &'a Settings,
    trees: Trees<'a>,
    rule: &'static Rule,
    severity: Severity,
    findings: Vec<Finding>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(settings: &'a Settings, sources: &'a Sources) -> Cx<'a> {
        let (trees, rule) = (Trees::new(sources), &compile::COMPILE_SYNTAX);
        Cx { settings, trees, rule, severity: Severity::Error, findings: Vec::new() }
    }

    /// The rule that reports from now on, and how much its findings matter.
    pub(crate) fn run_as(&mut self, rule: &'static Rule, severity: Severity) {
        self.rule = rule;
        self.severity = severity;
    }

    /// Reports a finding at a part of an element. Findings on files that are not target files are dropped.
    pub(crate) fn report<'e>(
        &mut self,
        element: impl Into<Element<'e>>,
        part: Part<'_>,
        message: impl Into<String>,
    ) -> Report<'_> {
        let element = element.into();
        let place = element.locate(part).filter(|_| element.file().is_target());
        let Some(place) = place else { return Report { finding: None, is_fixable: false } };
        let (severity, symbol) = (self.severity, Some(length::symbol(element.symbol())));
        let finding = Finding { severity, symbol, ..Finding::error(self.rule.id, place, message) };
        self.findings.push(finding);
        let is_fixable = self.trees.has_text(place.file);
        Report { finding: self.findings.last_mut(), is_fixable }
    }

    /// The text of a file; empty for built-in ones and those of descriptor sets.
    pub(crate) fn text(&self, file: File<'_>) -> &'a str {
        self.trees.text(file)
    }

    /// The tree of that text, which is read once.
    pub(crate) fn tree(&self, file: File<'_>) -> Rc<Tree<'a>> {
        self.trees.tree(file)
    }

    /// Whether a file has a text that can be looked at; those of descriptor sets have none.
    pub(crate) fn has_text(&self, file: File<'_>) -> bool {
        file.source().is_some_and(|source| self.trees.has_text(source))
    }

    /// Whether a field was declared hot, by a comment or by a pattern.
    pub(crate) fn is_hot(&self, field: Field<'_>) -> bool {
        field.is_marked_hot()
            || (!self.settings.hot_fields.is_empty() && self.settings.hot_fields.matches(&field.full_name()))
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// A finding that was just reported, for adding help and labels.
pub(crate) struct Report<'c> {
    finding: Option<&'c mut Finding>,
    /// Whether it stands in a text, which a fix could change.
    is_fixable: bool,
}

impl Report<'_> {
    /// What to do, ready to paste.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        if let Some(finding) = &mut self.finding {
            finding.help = Some(length::text(help.into()));
        }
        self
    }

    /// The edits that fix it without a change that is visible outside, made from the place reported.
    pub(crate) fn fix(mut self, edits: impl FnOnce(Place) -> Vec<Edit>) -> Self {
        let finding = self.finding.as_mut().filter(|_| self.is_fixable);
        if let Some((finding, place)) = finding.and_then(|finding| finding.place.map(|place| (finding, place))) {
            let edits = edits(place);
            finding.fix = (!edits.is_empty()).then(|| Box::new(Fix::Edits(edits)));
        }
        self
    }

    /// The name that what was reported should have; nothing changes where that is empty.
    pub(crate) fn rename(self, name: impl Into<String>) -> Self {
        self.give_name(name.into(), false)
    }

    /// The same for a name that only says "nothing was set", so that little is lost where others know it.
    pub(crate) fn rename_placeholder(self, name: impl Into<String>) -> Self {
        self.give_name(name.into(), true)
    }

    fn give_name(mut self, to: String, is_placeholder: bool) -> Self {
        if let Some(finding) = self.finding.as_mut().filter(|_| self.is_fixable && !to.is_empty()) {
            finding.fix = Some(Box::new(Fix::Rename { to, is_placeholder }));
        }
        self
    }

    /// A second place that explains the finding.
    pub(crate) fn label<'e>(
        mut self,
        element: impl Into<Element<'e>>,
        part: Part<'_>,
        text: impl Into<String>,
    ) -> Self {
        if let (Some(finding), Some(place)) = (&mut self.finding, element.into().locate(part)) {
            finding.labels.push(Label::new(place, text));
        }
        self
    }
}
