//! The settings of rules. A run's configuration fills it in; this uses no configuration.

mod deprecation;
mod option_name;

pub use deprecation::{DeprecationPolicy, DeprecationTerms, Requirement};
pub use option_name::OptionName;

pub use super::version::Stability;
use crate::format::Style;
pub use crate::format::{Indent, Quote};
use crate::pattern::NamePatterns;

/// The settings of rules; the default is what holds where nothing is configured.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What the zero value of an enum may end with.
    pub enum_zero_value_suffix: Vec<String>,
    /// What services end with.
    pub service_suffix: String,
    /// Whether one message may be request and response of one rpc.
    pub rpc_allow_same_request_response: bool,
    /// Whether `google.protobuf.Empty` may be the request of many rpcs.
    pub rpc_allow_google_protobuf_empty_requests: bool,
    /// Whether `google.protobuf.Empty` may be the response of many rpcs.
    pub rpc_allow_google_protobuf_empty_responses: bool,
    /// Full names of fields that are written often.
    pub hot_fields: NamePatterns,
    /// What string literals are written in.
    pub quote: Quote,
    /// What a level of nesting is indented by.
    pub indent: Indent,
    /// The most characters a line may have.
    pub line_length: usize,
    /// How many characters a tab counts for.
    pub tab_width: usize,
    /// Which of these are configured.
    pub given: GivenLayout,
    /// Words, in lower case, that may end the name of a repeated field as they are.
    pub plurals: Vec<String>,
    /// What files are written in: one of [`SYNTAXES`].
    pub syntax: String,
    /// Words, in lower case, that names should do without.
    pub prepositions: Vec<String>,
    /// What holds one of them and may be in names nevertheless, in lower snake case.
    pub preposition_exceptions: Vec<String>,
    /// How rpcs are named.
    pub rpc_name_case: NameCase,
    /// Whether messages that are named as requests and responses need no comment.
    pub comment_exempt_requests_and_responses: bool,
    /// Whose comments should start with the name.
    pub comment_starts_with_name: Vec<Commented>,
    /// How long elements stay deprecated, and what their comments say.
    pub deprecation: DeprecationPolicy,
}

/// The words of `syntax` and `edition` statements.
pub const SYNTAXES: [&str; 4] = ["proto2", "proto3", "2023", "2024"];

/// The words that names should do without unless others are listed.
const PREPOSITIONS: [&str; 24] = [
    "about", "after", "against", "at", "before", "between", "by", "during", "except", "for", "from", "in", "into",
    "of", "on", "over", "since", "through", "to", "towards", "under", "until", "with", "without",
];

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            enum_zero_value_suffix: vec!["_UNSPECIFIED".to_owned()],
            service_suffix: "Service".to_owned(),
            rpc_allow_same_request_response: false,
            rpc_allow_google_protobuf_empty_requests: false,
            rpc_allow_google_protobuf_empty_responses: false,
            hot_fields: NamePatterns::default(),
            quote: Quote::Double,
            indent: Indent::Spaces(2),
            line_length: 80,
            tab_width: 4,
            given: GivenLayout::default(),
            plurals: Vec::new(),
            syntax: "proto3".to_owned(),
            prepositions: PREPOSITIONS.map(str::to_owned).to_vec(),
            preposition_exceptions: Vec::new(),
            rpc_name_case: NameCase::Pascal,
            comment_exempt_requests_and_responses: false,
            comment_starts_with_name: vec![Commented::Message, Commented::Enum, Commented::Service, Commented::Rpc],
            deprecation: DeprecationPolicy::default(),
        }
    }
}

/// Which settings of layout are configured; where one is not, an `.editorconfig` file may have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenLayout {
    /// [`Settings::indent`].
    pub indent: bool,
    /// [`Settings::line_length`].
    pub line_length: bool,
    /// [`Settings::tab_width`].
    pub tab_width: bool,
}

impl Settings {
    /// How texts are formatted.
    pub fn style(&self) -> Style {
        let Settings { indent, line_length, tab_width, quote, .. } = *self;
        Style { indent, line_length, tab_width, quote, ..Style::default() }
    }
}

/// How the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameCase {
    /// `GetUser`.
    Pascal,
    /// `getUser`.
    LowerCamel,
    /// `get_user`.
    LowerSnake,
    /// `GET_USER`.
    UpperSnake,
}

impl NameCase {
    /// All of them.
    pub const ALL: [NameCase; 4] = [NameCase::Pascal, NameCase::LowerCamel, NameCase::LowerSnake, NameCase::UpperSnake];

    /// The word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            NameCase::Pascal => "PascalCase",
            NameCase::LowerCamel => "lowerCamelCase",
            NameCase::LowerSnake => "lower_snake_case",
            NameCase::UpperSnake => "UPPER_SNAKE_CASE",
        }
    }
}

/// What a comment can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commented {
    /// A message.
    Message,
    /// A field or an extension.
    Field,
    /// A oneof.
    Oneof,
    /// An enum.
    Enum,
    /// A value of an enum.
    EnumValue,
    /// A service.
    Service,
    /// An rpc.
    Rpc,
}

impl Commented {
    /// All of them.
    pub const ALL: [Commented; 7] = [
        Commented::Message,
        Commented::Field,
        Commented::Oneof,
        Commented::Enum,
        Commented::EnumValue,
        Commented::Service,
        Commented::Rpc,
    ];

    /// The word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Commented::EnumValue => "enum_value",
            other => other.spoken(),
        }
    }

    /// The word as messages have it.
    pub(crate) fn spoken(self) -> &'static str {
        match self {
            Commented::Message => "message",
            Commented::Field => "field",
            Commented::Oneof => "oneof",
            Commented::Enum => "enum",
            Commented::EnumValue => "enum value",
            Commented::Service => "service",
            Commented::Rpc => "rpc",
        }
    }
}
