//! What is wrong with a text, in words. It uses places, not grammar.

use crate::source::Span;

/// Something in a text that cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// By bytes of the text.
    pub(crate) span: Span,
    /// Lower case, names in backticks, no full stop.
    pub(crate) message: String,
    /// What to do.
    pub(crate) help: Option<String>,
    /// A second place, and what is there.
    pub(crate) label: Option<(Span, String)>,
    /// The edit that makes it right, where that is certain.
    pub(crate) repair: Option<Repair>,
}

/// An edit of the text: what stands at `span` becomes `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Repair {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// What kind of thing keeps a file, or a part of it, from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// What is no statement of the language.
    Syntax,
    /// Something the file's edition does not have.
    Edition,
    /// Beyond a limit that keeps hostile input from exhausting the stack or the memory.
    Nesting,
}

impl Fault {
    /// A fault of the grammar.
    pub(crate) fn syntax(span: Span, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Syntax, span, message: message.into(), help: None, label: None, repair: None }
    }

    /// Something that the file's edition does not have.
    pub(crate) fn edition(span: Span, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Edition, ..Fault::syntax(span, message) }
    }

    /// A limit that is exceeded.
    pub(crate) fn nesting(span: Span, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Nesting, ..Fault::syntax(span, message) }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Fault {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Fault {
        self.label = Some((span, text.into()));
        self
    }

    /// Puts `text` in the place of what stands at `span`.
    pub(crate) fn replace(mut self, span: Span, text: impl Into<String>) -> Fault {
        self.repair = Some(Repair { span, text: text.into() });
        self
    }

    /// Puts `text` at an offset.
    pub(crate) fn insert(self, at: u32, text: impl Into<String>) -> Fault {
        self.replace(Span::new(at, at), text)
    }
}
