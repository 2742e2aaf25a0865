//! Findings as diagnostics of the protocol. It knows nothing of how they are made, or of threads.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Range, Uri,
};

use super::position::{Encoding, Lines};
use super::uri;
use crate::finding::{Finding, Severity};
use crate::project::path;
use crate::report;
use crate::rules::compile::{ACCEPTED_STALE, BASELINE_STALE, CONFIG_UNUSED_IGNORE, UNUSED_IGNORE};
use crate::rules::{self, DEPRECATED_USED, IMPORT_USED, Rule};
use crate::source::{FileId, Place, SourceFile, Sources};

/// What the client calls where diagnostics come from.
pub(super) const SOURCE: &str = "protolint";

/// The rules about what has no effect and can go.
static UNNECESSARY: [&Rule; 5] =
    [&IMPORT_USED, &UNUSED_IGNORE, &CONFIG_UNUSED_IGNORE, &BASELINE_STALE, &ACCEPTED_STALE];

/// What a client makes of diagnostics.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    pub(super) encoding: Encoding,
    /// Whether it opens texts of the base by their URIs.
    pub(super) opens_base: bool,
    /// Whether it shows other places that matter.
    pub(super) relates: bool,
}

/// Findings of one set of sources on their way to the client.
#[derive(Clone, Copy)]
pub(super) struct Converter<'a> {
    pub(super) sources: &'a Sources,
    /// The URI of a text that is a file.
    pub(super) uri: &'a dyn Fn(FileId) -> Option<Uri>,
    pub(super) shown: Shown,
}

impl Converter<'_> {
    /// A finding as a diagnostic.
    pub(super) fn diagnostic(self, finding: &Finding) -> Diagnostic {
        let range = match finding.place {
            Some(place) if !self.is_of_base(place.file) => self.range(place),
            _ => Range::default(),
        };
        let rule = rules::rule_of(finding.rule);
        let severity = match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        };
        let tag = match finding.rule {
            id if id == DEPRECATED_USED.id => Some(DiagnosticTag::Deprecated),
            id => UNNECESSARY.iter().any(|rule| rule.id == id).then_some(DiagnosticTag::Unnecessary),
        };
        let related = self.related(finding, range);
        Diagnostic {
            range,
            severity: Some(severity),
            code: Some(Code::String(finding.rule.to_owned())),
            code_description: rule.and_then(Rule::url).map(|url| CodeDescription { href: Uri(url) }),
            source: Some(SOURCE.to_owned()),
            message: message(finding).into(),
            tags: tag.map(|tag| vec![tag]),
            related_information: (!related.is_empty() && self.shown.relates).then_some(related),
            data: None,
        }
    }

    /// Where an element was before, and the other places that matter.
    fn related(self, finding: &Finding, own: Range) -> Vec<DiagnosticRelatedInformation> {
        let relate = |(place, text): (Place, &str)| {
            let file = self.sources.get(place.file);
            if let Some(uri) = (self.uri)(place.file).filter(|_| !self.is_of_base(place.file)) {
                let location = Location { uri, range: self.range(place) };
                return Some(DiagnosticRelatedInformation { location, message: text.to_owned() });
            }
            let revision = file.revision()?;
            if self.shown.opens_base {
                let location = Location { uri: uri::of_base(revision, file.path()), range: self.range(place) };
                return Some(DiagnosticRelatedInformation { location, message: text.to_owned() });
            }
            let uri = finding.place.and_then(|own| (self.uri)(own.file))?;
            let at = file.position(place.span.start);
            let message = format!("{text} ({}:{}): {}", file.title(), at.line, line_of(file, place).trim());
            Some(DiagnosticRelatedInformation { location: Location { uri, range: own }, message })
        };
        report::places(finding, usize::MAX).0.into_iter().filter_map(relate).collect()
    }

    fn range(self, place: Place) -> Range {
        let file = self.sources.get(place.file);
        let lines = Lines { text: file.text(), starts: file.line_starts(), encoding: self.shown.encoding };
        lines.first_line(place.span)
    }

    fn is_of_base(self, file: FileId) -> bool {
        self.sources.get(file).revision().is_some()
    }
}

/// The line in which a place starts.
fn line_of(file: &SourceFile, place: Place) -> &str {
    let start = (place.span.start as usize).min(file.text().len());
    let from = file.text().get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    file.text().get(from..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// What a diagnostic says: the message; what the change breaks; what to do.
fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    if let Some(breaks) = finding.change.as_ref().and_then(|change| change.breaks()) {
        text.push('\n');
        text.push_str(&breaks);
    }
    if let Some(help) = &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}

/// The URI of a text by the path that findings show, for texts that are no schemas, such as the configuration.
pub(super) fn uri_of_shown(file: &SourceFile) -> Uri {
    uri::from_path(&path::absolute(std::path::Path::new(file.path())))
}
