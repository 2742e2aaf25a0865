//! Formats a text: what white space stands between its tokens and comments, in which quotes strings are, and in which
//! order imports and the sections of a file come. It knows the syntax tree, and nothing of names, files and rules.
//!
//! ```text
//! Tree ──layout──▶ what should stand before each token ──render──▶ edits of white space, quotes and comments
//!      ──order──▶ edits that move statements
//! ```
//!
//! A token never changes but for its quotes, and no comment is lost: edits replace what is between them. The style is
//! that of <https://protobuf.dev/programming-guides/style/>:
//!
//! - A statement has a line of its own, and each level is indented. At most one empty line stays between statements;
//!   none stays after `{` and before `}`.
//! - What fits on a line stands on one line. Lists and strings that were broken stay so: options in brackets get a line
//!   each, numbers keep their rows.
//! - In an option value, a message of one simple field stands on one line; the fields of others get a line each.
//! - Where a line is too long, options in brackets get a line each, an rpc is broken before `returns`, ranges are broken
//!   after commas, and strings side by side get a line each. Elsewhere, such a line stays broken where it was. Comments and
//!   strings are not broken.

mod edits;
mod laws;
mod layout;
mod measure;
pub(crate) mod order;
mod quotes;
mod range;
mod region;
mod render;
pub(crate) mod statement;
mod unit;
mod values;

use crate::source::Span;
use crate::syntax::{Fault, FaultKind, Tree, parse};

pub use edits::applied;
pub(crate) use laws::breach;
pub(crate) use quotes::requoted;
pub use range::{on_type, range};
pub(crate) use unit::{Unit, shifted_lines};

/// How texts are written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Style {
    /// What a level of nesting is indented by.
    pub indent: Indent,
    /// The most characters a line may have where it can be broken.
    pub line_length: usize,
    /// How many characters a tab counts for.
    pub tab_width: usize,
    /// What string literals are written in.
    pub quote: Quote,
    /// How lines end; as in the text where there is none.
    pub line_end: Option<LineEnd>,
}

impl Default for Style {
    fn default() -> Style {
        Style { indent: Indent::Spaces(2), line_length: 80, tab_width: 4, quote: Quote::Double, line_end: None }
    }
}

/// What a level of nesting is indented by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indent {
    /// So many spaces.
    Spaces(u8),
    /// A tab.
    Tab,
}

impl Indent {
    /// The word or number that stands for it.
    pub fn name(self) -> String {
        match self {
            Indent::Spaces(count) => count.to_string(),
            Indent::Tab => "tab".to_owned(),
        }
    }
}

/// Which quotes string literals have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `"`.
    Double,
    /// `'`.
    Single,
}

impl Quote {
    /// Both.
    pub const ALL: [Quote; 2] = [Quote::Double, Quote::Single];

    /// The word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Quote::Double => "double",
            Quote::Single => "single",
        }
    }
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    CrLf,
}

impl LineEnd {
    /// The characters.
    pub fn text(self) -> &'static str {
        match self {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
        }
    }
}

/// What formatting changes in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Formatted {
    /// What is replaced by what, in order; no two touch the same bytes. Line ends are those that the text will have.
    pub edits: Vec<(Span, String)>,
    /// The first syntax error, where there is one: declarations with errors in them are left as they are.
    pub damage: Option<Damage>,
}

impl Formatted {
    /// Whether a part of the text was left as it is because of syntax errors.
    pub fn is_damaged(&self) -> bool {
        self.damage.is_some()
    }
}

/// A syntax error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Damage {
    /// Where it is.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// Formats a whole text.
///
/// ```
/// use protolint::format::{Style, applied, whole};
///
/// let text = "syntax = 'proto3';\nmessage User{string name=1;}";
/// let formatted = whole(text, &Style::default());
/// assert_eq!(applied(text, &formatted.edits), "syntax = \"proto3\";\nmessage User {\n  string name = 1;\n}\n");
/// ```
pub fn whole(text: &str, style: &Style) -> Formatted {
    let tree = parse(text);
    let damage = first_fault(&tree);
    let edits = match damage.is_some() {
        true => around_damage(&tree, style),
        false => in_order(&tree, style),
    };
    Formatted { edits, damage }
}

/// Where the text of a tree is damaged first. What another edition has, is whole.
fn first_fault(tree: &Tree<'_>) -> Option<Damage> {
    let is_damage = |fault: &&Fault| fault.kind != FaultKind::Edition;
    tree.faults().iter().find(is_damage).map(|fault| Damage { span: fault.span, message: fault.message.clone() })
}

/// White space and quotes, statements left where they are.
fn in_place(tree: &Tree<'_>, style: &Style) -> Vec<(Span, String)> {
    render::edits(tree, &layout::gaps(tree, style, layout::Scope::All), style)
}

/// How often statements are moved at most: to their section of the file, and there to their place.
const MAX_MOVES: usize = 4;

/// White space and quotes, and statements in their order: each is on lines of its own before it moves.
fn in_order(tree: &Tree<'_>, style: &Style) -> Vec<(Span, String)> {
    let mut edits = in_place(tree, style);
    if order::is_ordered(tree) {
        return edits;
    }
    for _ in 0..MAX_MOVES {
        let text = applied(tree.source(), &edits);
        let formatted = parse(&text);
        let moves = edits::with_line_ends(order::edits(&formatted), &text, style);
        if moves.is_empty() {
            break;
        }
        let moved = applied(&text, &moves);
        let again = in_place(&parse(&moved), style);
        let length = tree.source().len();
        edits = edits::composed(length, &edits::composed(length, &edits, &moves), &again);
    }
    edits::reduced(edits, tree.source())
}

/// White space and quotes of a text with errors. Where lines say what belongs together, less is formatted; where that
/// changes what is wrong, or a second run would change more, nothing is.
fn around_damage(tree: &Tree<'_>, style: &Style) -> Vec<(Span, String)> {
    let scopes: &[layout::Scope] = match tree.is_balanced() {
        true => &[layout::Scope::All, layout::Scope::WholeDeclarations],
        false => &[layout::Scope::WholeDeclarations],
    };
    let format = |tree: &Tree<'_>, scope| render::edits(tree, &layout::gaps(tree, style, scope), style);
    for &scope in scopes {
        let edits = format(tree, scope);
        let text = applied(tree.source(), &edits);
        let after = parse(&text);
        let faults = |tree: &Tree<'_>| -> Vec<String> {
            tree.faults().iter().map(|fault| format!("{:?} {}", fault.kind, fault.message)).collect()
        };
        let shape = |tree: &Tree<'_>| -> Vec<_> {
            tree.nodes().map(|node| (node.kind(), node.is_damaged(), node.first(), node.end())).collect()
        };
        let is_same = || faults(tree) == faults(&after) && shape(tree) == shape(&after);
        if is_same() && format(&after, scope).is_empty() {
            return edits;
        }
    }
    Vec::new()
}
