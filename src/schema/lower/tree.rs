//! From the tree of a text to the compact [`FileData`]. What is damaged is left out, and the file remembers what that
//! may have been. It uses no other files.

mod default;
mod fields;
mod options;
mod types;

use std::borrow::Cow;

use super::super::comment;
use super::super::data::{Damage, Declared, FileData, ImportData, ImportKind, MethodData, ServiceData, Syntax, Text};
use super::{Lowering, MAX_PACKAGE_DOTS, index, run_at};
use crate::source::Span;
use crate::syntax::ast::{self, Statement};
use crate::syntax::{Fault, Node, NodeKind, TokenKind, Tree, is_import_path};

/// Lowers a tree; with what is wrong with what it means, in no particular order.
pub(in crate::schema) fn lower(tree: &Tree<'_>) -> (FileData, Vec<Fault>) {
    let data = with_room(tree);
    let mut lowering = TreeLowering {
        base: Lowering { data, repeated: 0, faults: Vec::new() },
        tree,
        damage: Damage::default(),
        is_damaged: false,
        is_proto2: true,
        has_synthetic: false,
        shared_options: 0,
    };
    lowering.file();
    lowering.finish()
}

/// An empty file with room for all that a tree declares: arenas that grow would move what is in them, and keep what
/// they do not need.
fn with_room(tree: &Tree<'_>) -> FileData {
    let mut counts = [0; NodeKind::COUNT];
    tree.nodes().for_each(|node| counts[node.kind() as usize] += 1);
    let count = |kind: NodeKind| counts[kind as usize];
    let (maps, groups) = (count(NodeKind::MapType), count(NodeKind::Group));
    FileData {
        strings: String::with_capacity(tree.source().len() / 4),
        imports: Vec::with_capacity(count(NodeKind::Import)),
        messages: Vec::with_capacity(count(NodeKind::Message) + groups + maps),
        fields: Vec::with_capacity(count(NodeKind::Field) + groups + 2 * maps),
        oneofs: Vec::with_capacity(count(NodeKind::Oneof)),
        enums: Vec::with_capacity(count(NodeKind::Enum)),
        values: Vec::with_capacity(count(NodeKind::EnumValue)),
        services: Vec::with_capacity(count(NodeKind::Service)),
        methods: Vec::with_capacity(count(NodeKind::Rpc)),
        options: Vec::with_capacity(count(NodeKind::OptionStatement) + count(NodeKind::OptionEntry)),
        option_parts: Vec::with_capacity(count(NodeKind::OptionPart)),
        value_fields: Vec::with_capacity(count(NodeKind::ValueField)),
        ..FileData::default()
    }
}

struct TreeLowering<'t> {
    base: Lowering,
    tree: &'t Tree<'t>,
    damage: Damage,
    /// Whether a statement is, whatever may be missing with it.
    is_damaged: bool,
    is_proto2: bool,
    /// Whether `optional` makes a oneof.
    has_synthetic: bool,
    /// Bytes of options that extension ranges share, counted once a range.
    shared_options: usize,
}

impl<'t> TreeLowering<'t> {
    fn finish(mut self) -> (FileData, Vec<Fault>) {
        let mut data = self.base.data;
        if let Some(fault) = exceeded(&data) {
            self.damage.any_name = true;
            return (FileData { damage: Some(Box::new(self.damage)), ..FileData::default() }, vec![fault]);
        }
        data.strings.shrink_to_fit();
        data.details.sort_unstable();
        self.damage.names.sort_unstable();
        self.damage.names.dedup();
        if self.is_damaged || self.damage != Damage::default() {
            data.damage = Some(Box::new(self.damage));
        }
        (data, self.base.faults)
    }

    fn intern(&mut self, text: &str) -> Text {
        self.base.intern(text)
    }

    fn fault(&mut self, fault: Fault) {
        self.base.faults.push(fault);
    }

    /// Remembers what a damaged statement may declare: what it is called, where that can be read, else any name.
    /// Statements that declare nothing lose nothing.
    fn lose(&mut self, node: Node<'_>, is_extension: bool) {
        let is_nameless = || node.child(NodeKind::Name).is_none();
        match node.kind() {
            NodeKind::Error => self.lose_words(node),
            NodeKind::Message | NodeKind::Enum => {
                self.damage.any_name |= is_nameless();
                self.lose_names(node);
            }
            NodeKind::Field if !is_extension => {
                self.lose_names(node);
                if is_nameless() {
                    let words = node.tokens().iter().filter(|token| token.kind == TokenKind::Ident);
                    let text = self.tree.source();
                    self.damage.names.extend(words.map(|word| types::entry_name(word.slice(text)).into()));
                }
            }
            NodeKind::Field | NodeKind::Group => {
                self.damage.any_name |= is_nameless();
                self.lose_words(node);
            }
            NodeKind::Extend | NodeKind::Oneof | NodeKind::EnumValue | NodeKind::Service => self.lose_names(node),
            _ => {}
        }
    }

    fn lose_words(&mut self, node: Node<'_>) {
        for token in node.tokens().iter().filter(|token| token.kind == TokenKind::Ident) {
            self.lose_name(token.slice(self.tree.source()));
        }
    }

    fn lose_names(&mut self, node: Node<'_>) {
        for name in node.descendants().filter(|node| node.kind() == NodeKind::Name) {
            self.lose_name(name.text());
        }
    }

    /// Besides the name, those that a map field and a group of that name would declare.
    fn lose_name(&mut self, name: &str) {
        self.damage.names.extend([name.into(), types::entry_name(name).into(), name.to_ascii_lowercase().into()]);
    }

    /// Remembers what the damaged statements of the file may have been.
    fn note_damage(&mut self) {
        if self.tree.faults().is_empty() {
            return;
        }
        // One bracket that is missing or one too many is found; more may change what is nested in what.
        self.damage.any_name |= !self.tree.is_balanced() && self.tree.faults().len() > 1;
        let mut extensions = 0;
        for node in self.tree.nodes() {
            if node.kind() == NodeKind::Extend {
                extensions = node.span().end;
            }
            if node.is_damaged() || node.kind() == NodeKind::Error {
                self.is_damaged = true;
                self.lose(node, node.span().end <= extensions);
            }
        }
    }

    /// Where a declaration stands, what it is called, and whether a comment before it says something.
    fn declared(&self, node: Node<'_>, name: Option<Node<'_>>) -> Declared {
        let first = self.first_token(node);
        let start = self.tree.tokens()[first as usize].start;
        let span = Span::new(start, node.span().end);
        Declared { span, name: ast::span(name), documented: self.is_documented(node.first()) }
    }

    /// The first token of a declaration, `export` and `local` left out.
    fn first_token(&self, node: Node<'_>) -> u32 {
        let is_type = matches!(node.kind(), NodeKind::Message | NodeKind::Enum);
        let is_visible = is_type && (node.begins_with("export") || node.begins_with("local"));
        node.first() + u32::from(is_visible)
    }

    /// Whether the comment that protoc attaches to the declaration at a token says something.
    fn is_documented(&self, token: u32) -> bool {
        let text = self.tree.source();
        self.tree.leading_comment(token).iter().any(|comment| {
            let written = comment.span().slice(text);
            match comment.is_block {
                true => comment::says_something_in_block(written),
                false => {
                    let line = written.strip_prefix("//").or(written.strip_prefix('#'));
                    comment::says_something(line.unwrap_or(written))
                }
            }
        })
    }

    fn file(&mut self) {
        let root = self.tree.root();
        self.note_damage();
        for statement in ast::statements(root) {
            match statement {
                Statement::Syntax(syntax) => self.syntax(syntax),
                Statement::Package(package) => self.package(package),
                Statement::Import(import) => self.import(import),
                _ => {}
            }
        }
        self.is_proto2 = matches!(self.base.data.syntax, Syntax::Proto2 | Syntax::Unspecified);
        self.has_synthetic = self.base.data.syntax == Syntax::Proto3;
        let scope = self.base.data.package.unwrap_or_default();
        self.base.data.top_messages = self.messages(root, None, scope);
        self.base.data.top_enums = self.enums(root, None, scope);
        self.base.data.top_extensions = self.extensions(root, None);
        for statement in ast::statements(root) {
            match statement {
                Statement::Service(service) => self.service(service, scope),
                Statement::Error(node) => self.lost_statement(node),
                Statement::Option(option) if option.0.is_damaged() => self.damage.options = true,
                _ => {}
            }
        }
        self.base.data.options_run = self.option_statements(root);
    }

    /// What is no statement may have been any.
    fn lost_statement(&mut self, node: Node<'_>) {
        let text = self.tree.source();
        let mentions = |word: &str| node.tokens().iter().any(|token| token.slice(text) == word);
        self.damage.package |= self.base.data.package.is_none() && mentions("package");
        self.damage.imports |= mentions("import");
        self.damage.options |= mentions("option");
        self.damage.any_name |= !node.tokens().iter().any(|token| token.kind == TokenKind::Ident);
    }

    fn syntax(&mut self, syntax: ast::Syntax<'_>) {
        self.base.data.syntax_span = syntax.0.span();
        let value = syntax.value().unwrap_or_default();
        let is_edition = syntax.is_edition();
        self.base.data.syntax = match (is_edition, &*value) {
            (true, "") => Syntax::Unspecified,
            (true, edition) => Syntax::Edition(edition.parse().unwrap_or_default()),
            (false, "proto3") => Syntax::Proto3,
            (false, "proto2") => Syntax::Proto2,
            (false, _) => Syntax::Unspecified,
        };
        self.damage.syntax |= self.base.data.syntax == Syntax::Unspecified;
    }

    fn package(&mut self, package: ast::Package<'_>) {
        let span = package.0.span();
        if self.base.data.package.is_some() {
            let first = self.base.data.package_span;
            let fault = Fault::syntax(span, "the file has more than one package").label(first, "first set here");
            self.fault(fault.help("remove one of them"));
            return;
        }
        // Of a damaged statement, what can be read of the name.
        let name = package.name();
        self.damage.package = !name.as_ref().is_some_and(|(_, is_certain)| *is_certain);
        match name.filter(|(name, _)| !name.is_empty()) {
            Some((name, _)) => {
                self.base.data.package = Some(self.base.intern(&name));
                self.base.data.package_span = span;
                self.base.data.package_name_span = ast::span(package.0.child(NodeKind::Path));
            }
            None => self.damage.any_name = true,
        }
    }

    fn import(&mut self, import: ast::Import<'_>) {
        let Some(path) = import.path().filter(|path| !import.0.is_damaged() && is_import_path(path)) else {
            self.damage.imports = true;
            self.damage.any_name |= import.modifier() == Some("public");
            return;
        };
        let kind = match import.modifier() {
            Some("public") => ImportKind::Public,
            Some("weak") => ImportKind::Weak,
            Some("option") if matches!(self.base.data.syntax, Syntax::Edition(edition) if edition > 2023) => {
                ImportKind::Option
            }
            _ => ImportKind::Plain,
        };
        let path = self.intern(&path);
        self.base.data.imports.push(ImportData { path, kind, span: import.0.span() });
    }

    fn service(&mut self, service: ast::Service<'t>, scope: Text) {
        if service.0.is_damaged() {
            return;
        }
        let parent = index(self.base.data.services.len());
        let methods = service.members().filter_map(|member| match member {
            Statement::Rpc(rpc) if !rpc.0.is_damaged() => Some(rpc),
            _ => None,
        });
        let methods: Vec<ast::Rpc<'_>> = methods.collect();
        let run = run_at(&self.base.data.methods, methods.len());
        for method in methods {
            let method = self.method(method, parent);
            self.base.data.methods.push(method);
        }
        let (name, place) = self.named(service.0, service.name());
        let full_name = self.base.full_name(scope, &name);
        let name = self.intern(&name);
        let options = self.option_statements(service.0);
        self.base.data.services.push(ServiceData { name, full_name, methods: run, options, place });
    }

    /// What a declaration is called, and where it stands.
    fn named(&self, node: Node<'t>, name: Option<Node<'t>>) -> (Cow<'t, str>, Declared) {
        let text = name.map_or("", Node::text);
        (Cow::Borrowed(text), self.declared(node, name))
    }

    fn method(&mut self, rpc: ast::Rpc<'t>, parent: u32) -> MethodData {
        let mut types = rpc.types();
        let (input, output) = (types.next(), types.next());
        let mut named = |part: Option<ast::RpcType<'_>>| {
            let node = part.and_then(ast::RpcType::type_name);
            let text = node.map(ast::plain_text).unwrap_or_default();
            (self.base.intern(&text), ast::span(node), part.is_some_and(ast::RpcType::is_stream))
        };
        let (input, input_span, client_streaming) = named(input);
        let (output, output_span, server_streaming) = named(output);
        let name = self.intern(rpc.name().map_or("", Node::text));
        MethodData {
            name,
            parent,
            input,
            output,
            client_streaming,
            server_streaming,
            options: self.option_statements(rpc.0),
            place: self.declared(rpc.0, rpc.name()),
            input_span,
            output_span,
        }
    }
}

/// The first limit that a file exceeds: what lies beyond them, protoc refuses too, and resolving its names would take
/// time and memory without bounds.
fn exceeded(data: &FileData) -> Option<Fault> {
    let dots = data.package.map_or(0, |package| data.text(package).bytes().filter(|&byte| byte == b'.').count());
    if dots > MAX_PACKAGE_DOTS {
        let (parts, most) = (dots + 1, MAX_PACKAGE_DOTS + 1);
        let message = format!("the package has {parts} parts, but protobuf allows at most {most}");
        return Some(Fault::nesting(data.package_span, message).help("shorten the package"));
    }
    if !data.has_long_names {
        return None;
    }
    let most = super::MAX_NAME;
    let message = format!("the full names in this file are too long: protobuf allows at most {most} bytes");
    Some(Fault::nesting(longest_name(data), message).help("shorten the names, or nest the messages less deeply"))
}

/// The name that adds the most to full names.
fn longest_name(data: &FileData) -> Span {
    let messages = data.messages.iter().map(|message| (message.name, message.place.name));
    let enums = data.enums.iter().map(|enumeration| (enumeration.name, enumeration.place.name));
    let services = data.services.iter().map(|service| (service.name, service.place.name));
    let names = messages.chain(enums).chain(services);
    names.max_by_key(|(name, _)| name.len).map_or(Span::new(0, 0), |(_, span)| span)
}
