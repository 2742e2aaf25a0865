//! The statements at the top of a file.

use super::body::Body;
use super::{Damaged, Dialect, Parsed, Parser};
use crate::source::Span;
use crate::syntax::EDITIONS;
use crate::syntax::fault::Fault;
use crate::syntax::lexer::TokenKind;
use crate::syntax::literal;
use crate::syntax::tree::NodeKind;

/// Words that people write for a statement of the language, with the right one.
const FOREIGN: [(&str, &str); 9] = [
    ("class", "message"),
    ("struct", "message"),
    ("type", "message"),
    ("interface", "service"),
    ("include", "import"),
    ("namespace", "package"),
    ("using", "import"),
    ("require", "import"),
    ("enumeration", "enum"),
];

/// The words that begin a statement at the top of a file.
const KEYWORDS: [&str; 8] = ["syntax", "package", "import", "option", "message", "enum", "service", "extend"];

/// Whether an import may name a file so.
pub(crate) fn is_import_path(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.contains('\\')
}

/// What a statement looks like whose keyword is missing.
enum Shape {
    Import,
    Package,
    Option,
    Other,
}

impl Parser<'_> {
    /// All of the file.
    pub(super) fn file(&mut self) {
        let root = self.open(NodeKind::File);
        if matches!(self.word(), "syntax" | "edition") {
            self.statement(NodeKind::Syntax, Self::syntax);
        } else if !self.is_end() && self.looks_like_syntax() {
            self.statement(NodeKind::Syntax, Self::damaged_syntax);
        }
        while !self.is_end() {
            self.file_statement();
        }
        self.close(root);
    }

    /// Reads a statement; one with a fault ends where the next one begins.
    pub(super) fn statement(&mut self, kind: NodeKind, parse: impl FnOnce(&mut Self) -> Parsed) {
        let (start, node) = (self.at, self.open(kind));
        if parse(self).is_err() {
            self.recover(start);
            if self.at == start {
                self.bump();
            }
            self.damage(node);
        }
        self.close(node);
    }

    fn file_statement(&mut self) {
        let is_visibility = matches!(self.word(), "export" | "local");
        match self.word_at(usize::from(is_visibility)) {
            "message" => self.message(),
            "enum" => self.enumeration(),
            "service" if !is_visibility => self.body(Body::Service),
            "extend" if !is_visibility => self.body(Body::Extend),
            "package" if !is_visibility => self.statement(NodeKind::Package, Self::package),
            "import" if !is_visibility => self.statement(NodeKind::Import, Self::import),
            "option" if !is_visibility && self.peek(1).kind != TokenKind::Str => {
                self.statement(NodeKind::OptionStatement, Self::option)
            }
            "" if self.is(b';') => self.leaf(NodeKind::Empty, 1),
            "" if self.is(b'}') => {
                let node = self.open(NodeKind::Error);
                self.stray_brace();
                self.damage(node);
                self.close(node);
            }
            _ if self.is_without_keyword() => self.body_without_keyword(),
            _ => self.without_keyword(),
        }
    }

    /// A statement of which only the keyword is missing, or what is none.
    fn without_keyword(&mut self) {
        match self.shape() {
            Shape::Import => {
                self.missing_keyword("import");
                self.statement(NodeKind::Import, Self::import_rest);
            }
            Shape::Package => {
                self.missing_keyword("package");
                self.statement(NodeKind::Package, Self::package_rest);
            }
            Shape::Option => {
                self.missing_keyword("option");
                let start = self.at;
                self.statement(NodeKind::OptionStatement, |parser| parser.option_rest(start));
            }
            Shape::Other => self.statement(NodeKind::Error, Self::no_file_statement),
        }
    }

    fn missing_keyword(&mut self, keyword: &str) {
        let place = self.token().span();
        let found = super::shown(place.slice(self.text));
        let fault = Fault::syntax(place, format!("expected `{keyword}` before `{found}`"));
        self.fault(fault.help(format!("write `{keyword}`")).insert(place.start, format!("{keyword} ")));
    }

    /// What a statement is that begins with no keyword.
    fn shape(&self) -> Shape {
        let is_modifier = matches!(self.word(), "public" | "weak" | "option") && self.peek(1).kind == TokenKind::Str;
        if self.is_kind(TokenKind::Str) || is_modifier {
            return Shape::Import;
        }
        let is_word =
            self.is_kind(TokenKind::Ident) && !matches!(self.word(), "syntax" | "edition" | "export" | "local");
        if !is_word && !self.is(b'(') {
            return Shape::Other;
        }
        const MAX_AHEAD: usize = 24;
        let is_name = |ahead: &usize| {
            let token = self.peek(*ahead);
            token.kind == TokenKind::Ident || matches!(token.kind, TokenKind::Punct(b'.' | b'(' | b')'))
        };
        let behind = self.peek((0..MAX_AHEAD).take_while(is_name).count());
        match behind.kind {
            TokenKind::Punct(b'=') => Shape::Option,
            TokenKind::Punct(b';') if is_word && !self.has_package && self.peek(1).kind != TokenKind::Ident => {
                Shape::Package
            }
            _ => Shape::Other,
        }
    }

    /// Whether the first statement may be one of the syntax with a damaged word.
    fn looks_like_syntax(&self) -> bool {
        let has_syntax = |ahead: usize| {
            let token = self.peek(ahead);
            token.kind == TokenKind::Str && {
                let value = self.literals(ahead);
                matches!(value.as_str(), "proto2" | "proto3") || EDITIONS.contains(&value.as_str())
            }
        };
        let is_unknown = !KEYWORDS.contains(&self.word());
        is_unknown && (0..4).any(has_syntax)
    }

    fn damaged_syntax(&mut self) -> Parsed {
        let fault = self.expected("`syntax` or `edition`").help("write `syntax = \"proto3\";`");
        self.fault(fault);
        let line = (0..4).find(|&ahead| self.peek(ahead).kind == TokenKind::Str).unwrap_or_default();
        let is_edition = EDITIONS.contains(&self.literals(line).as_str());
        self.read_dialect(line, is_edition);
        Err(Damaged)
    }

    /// Takes the dialect from the literals that stand `ahead`.
    fn read_dialect(&mut self, ahead: usize, is_edition: bool) -> String {
        let value = self.literals(ahead);
        self.dialect = match (is_edition, value.as_str()) {
            (false, "proto2") => Dialect::Proto2,
            (false, "proto3") => Dialect::Proto3,
            (false, _) => Dialect::Unknown,
            (true, "2023") => Dialect::Edition2023,
            (true, _) => Dialect::Edition2024,
        };
        value
    }

    /// What the literals mean that stand `ahead`, joined.
    fn literals(&self, ahead: usize) -> String {
        let tokens = (ahead..).map(|ahead| self.peek(ahead)).take_while(|token| token.kind == TokenKind::Str);
        let bytes: Vec<u8> = tokens.flat_map(|token| literal::bytes(token.slice(self.text)).into_owned()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// `syntax = "proto3";` or `edition = "2023";`.
    fn syntax(&mut self) -> Parsed {
        let is_edition = self.word() == "edition";
        let statement = if is_edition { "edition = \"2023\";" } else { "syntax = \"proto3\";" };
        self.dialect = Dialect::Unknown;
        if let Some(ahead) = (1..4).find(|&ahead| self.peek(ahead).kind == TokenKind::Str) {
            self.read_dialect(ahead, is_edition);
        }
        self.keyword();
        if !self.take(b'=') {
            let fault = self.expected("`=`").help(format!("write `{statement}`"));
            let at = self.token().start;
            let is_value = self.is_kind(TokenKind::Str);
            self.fault(if is_value { fault.insert(at, "= ") } else { fault });
            if !is_value {
                return Err(Damaged);
            }
        }
        let start = self.token().span();
        if matches!(self.word(), "proto2" | "proto3") {
            let word = self.word();
            let fault = Fault::syntax(start, format!("expected a string, found `{word}`"));
            self.fault(fault.help(format!("write `\"{word}\"`")).replace(start, format!("\"{word}\"")));
            self.dialect = if word == "proto2" { Dialect::Proto2 } else { Dialect::Proto3 };
            // What it means can be read, and nothing depends on more.
            self.leaf(NodeKind::Strings, 1);
            return self.semicolon("the statement");
        }
        let value = self.literals(0);
        self.strings(if is_edition { "the edition in quotes" } else { "`\"proto2\"` or `\"proto3\"`" })?;
        let span = Span::new(start.start, self.end_before());
        if is_edition && !EDITIONS.contains(&value.as_str()) {
            let [others @ .., last] = &EDITIONS;
            let fault = Fault::edition(span, format!("unknown edition `{value}`"));
            self.fault(fault.help(format!("supported are {} and {last}", others.join(", "))));
        } else if !is_edition && !matches!(value.as_str(), "proto2" | "proto3") {
            let fault = Fault::syntax(span, format!("unknown syntax `{value}`"));
            self.fault(
                fault.help("write `\"proto2\"` or `\"proto3\"`; an edition is written as `edition = \"2023\";`"),
            );
        }
        self.semicolon("the statement")
    }

    fn package(&mut self) -> Parsed {
        self.keyword();
        self.package_rest()
    }

    fn package_rest(&mut self) -> Parsed {
        self.has_package = true;
        if self.is_kind(TokenKind::Str) {
            let (span, name) = (self.token().span(), self.literals(0));
            let fault = Fault::syntax(span, "a package is written without quotes");
            self.fault(fault.help(format!("write `package {name};`")).replace(span, name));
            return Err(Damaged);
        }
        self.path("the name of a package")?;
        self.semicolon("the package")
    }

    /// Words joined by dots.
    fn path(&mut self, what: &str) -> Parsed {
        let node = self.open(NodeKind::Path);
        let read = self.dotted(what);
        self.close(node);
        read
    }

    /// Words joined by dots, into the node that is open.
    pub(super) fn dotted(&mut self, what: &str) -> Parsed {
        loop {
            if !self.is_kind(TokenKind::Ident) {
                return self.refuse(what);
            }
            self.bump();
            if !self.take(b'.') {
                return Ok(());
            }
        }
    }

    fn import(&mut self) -> Parsed {
        self.keyword();
        self.import_rest()
    }

    fn import_rest(&mut self) -> Parsed {
        let start = self.tokens[self.at.saturating_sub(1)].span();
        let modifier = match self.word() {
            word @ ("public" | "weak" | "option") => {
                let is_path = |ahead: usize| matches!(self.peek(ahead).kind, TokenKind::Str | TokenKind::BadStr);
                if is_path(1) || self.word_at(1) == word && is_path(2) { word } else { "" }
            }
            _ => "",
        };
        if !modifier.is_empty() {
            let span = self.token().span();
            self.import_modifier(modifier, span);
            self.keyword();
        }
        if modifier != "option" && self.imports_options && self.is_kind(TokenKind::Str) {
            // <https://protobuf.dev/programming-guides/editions/#import-option>
            let fault = Fault::edition(start, "an import must be above `import option`");
            self.fault(fault.help("move it above the first `import option`"));
        }
        if self.is_kind(TokenKind::Ident) && matches!(self.peek(1).kind, TokenKind::Punct(b'/' | b'.')) {
            return self.unquoted_import();
        }
        let (path, place) = (self.literals(0), self.token().span());
        self.strings("the path of a file in quotes")?;
        if !is_import_path(&path) {
            let fault =
                Fault::syntax(Span::new(place.start, self.end_before()), format!("invalid import path `{path}`"));
            self.fault(fault.help("write a path relative to an import root, without empty parts, `.`, `..` or `\\`"));
        }
        self.semicolon("the import")
    }

    fn import_modifier(&mut self, modifier: &str, span: Span) {
        let fault = match (modifier, self.dialect) {
            ("option", Dialect::Edition2024) => {
                self.imports_options = true;
                return;
            }
            ("option", Dialect::Unknown) => return,
            ("option", _) => Fault::edition(span, "`import option` needs edition 2024")
                .help("write `edition = \"2024\";`, or remove `option`"),
            ("weak", Dialect::Edition2024) => Fault::edition(span, "edition 2024 has no `import weak`")
                .help("remove `weak`, or write `option` if only options of that file are used"),
            _ => return,
        };
        self.fault(fault);
    }

    /// `import a/b.proto;`, whose path is what stands up to the end of the line.
    fn unquoted_import(&mut self) -> Parsed {
        let (start, node) = (self.token().start, self.open(NodeKind::Strings));
        self.bump();
        while !self.is_end() && !self.is(b';') && !self.is(b'}') && !self.is_on_new_line() {
            self.bump();
        }
        self.close(node);
        let span = Span::new(start, self.end_before());
        let path = span.slice(self.text).to_owned();
        let fault = Fault::syntax(span, "the path of an import is written in quotes");
        self.fault(fault.help(format!("write `import \"{path}\";`")).replace(span, format!("\"{path}\"")));
        self.semicolon("the import")
    }

    /// What begins no statement.
    fn no_file_statement(&mut self) -> Parsed {
        let (word, span) = (self.word(), self.token().span());
        if matches!(word, "export" | "local") {
            self.bump();
            return self.refuse("`message` or `enum`");
        }
        let fault =
            Fault::syntax(span, format!("expected a statement, found `{}`", super::shown(span.slice(self.text))));
        let foreign = FOREIGN.iter().find(|(foreign, _)| *foreign == word).map(|(_, right)| *right);
        let meant = foreign.or_else(|| crate::nearest::nearest(word, KEYWORDS).filter(|_| self.is_statement_like()));
        let fault = match word {
            "public" if self.word_at(1) == "import" => {
                let both = Span::new(span.start, self.peek(1).end);
                fault.help("write `import public`").replace(both, "import public")
            }
            "syntax" | "edition" => fault.help("it must be the first statement of the file"),
            "rpc" => fault.help("declare rpcs in a service: `service Name { … }`"),
            "optional" | "repeated" | "required" | "oneof" | "map" => {
                fault.help("declare fields in a message: `message Name { … }`")
            }
            _ => match meant {
                Some(meant) => fault.help(format!("did you mean `{meant}`?")),
                None => {
                    fault.help(format!("a file can contain {}", KEYWORDS.map(|word| format!("`{word}`")).join(", ")))
                }
            },
        };
        if self.is_kind(TokenKind::BadNumber) || self.is_kind(TokenKind::BadStr) || self.is_kind(TokenKind::Unknown) {
            return Err(Damaged);
        }
        self.fault(fault);
        Err(Damaged)
    }

    /// Whether a word is followed by what may stand after one that begins a statement.
    fn is_statement_like(&self) -> bool {
        let next = self.peek(1);
        matches!(next.kind, TokenKind::Ident | TokenKind::Str) || next.is(b'=') || next.is(b'(')
    }
}
