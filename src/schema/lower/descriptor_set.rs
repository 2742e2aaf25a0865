//! From a file of a descriptor set to the compact [`FileData`], which means what the source that the set was made of
//! means. It does not depend on how sets are encoded, options aside, and no other files than by the names they declare.

mod default;
mod fields;
mod options;
mod places;
mod types;
mod values;

use rustc_hash::FxHashMap;

use super::super::comment;
use super::{Lowering, MAX_PACKAGE_DOTS, index, run_at};
use crate::schema::data::{FileData, ImportData, ImportKind, MethodData, Run, ServiceData, Syntax, Text};
use crate::schema::descriptor_set::decode::{Read, quoted};
use crate::schema::descriptor_set::locations::Locations;
use crate::schema::descriptor_set::model::{File, Method, Service};
use crate::schema::descriptor_set::name_fault;
use crate::schema::descriptor_set::symbols::{Node, ROOT, Symbols};
use crate::source::Position;
use fields::Nested;
use options::Form;
use places::Places;

/// The names in a file's options may be so many times as long as its bytes in the set, plus [`SLACK`]: a set says a
/// name once that every option repeats.
const MAX_GROWTH: usize = 64;
const SLACK: usize = 1 << 16;

/// A file without a text: spans in it are indexes into the positions.
pub(in crate::schema) struct Lowered {
    pub(in crate::schema) data: FileData,
    pub(in crate::schema) positions: Vec<Position>,
}

/// Lowers a file. `Err` says what no source could say.
pub(in crate::schema) fn lower<'f>(
    file: &'f File<'f>,
    symbols: &Symbols<'f>,
    locations: Locations<'f>,
) -> Read<Lowered> {
    let data = FileData { name: file.name.to_owned(), ..FileData::default() };
    let mut lowering = SetLowering {
        base: Lowering { data, repeated: 0, faults: Vec::new() },
        file,
        symbols,
        places: Places::new(locations),
        scopes: Vec::new(),
        names: FxHashMap::default(),
        left: file.size.saturating_mul(MAX_GROWTH).saturating_add(SLACK),
    };
    lowering.file()?;
    let SetLowering { base: Lowering { mut data, .. }, places, .. } = lowering;
    data.strings.shrink_to_fit();
    data.details.sort_unstable();
    data.directives = places.directives();
    data.hot = comment::hot(&data.directives);
    Ok(Lowered { data, positions: places.into_positions() })
}

struct SetLowering<'s, 'f> {
    base: Lowering,
    file: &'f File<'f>,
    symbols: &'s Symbols<'f>,
    places: Places<'f>,
    /// The scopes around what is lowered, from the outermost; the root is left out.
    scopes: Vec<Node>,
    /// The names that options use of fields and of enum values, by what declares them and by number.
    names: FxHashMap<(Node, i32, Form), Text>,
    /// How many more bytes of names options may repeat.
    left: usize,
}

impl<'f> SetLowering<'_, 'f> {
    fn file(&mut self) -> Read<()> {
        let file = self.file;
        self.syntax();
        self.package()?;
        self.imports()?;
        let scope = self.base.data.package.unwrap_or_default();
        let nested = Nested::new(self.base.data.text(scope), &[], &file.extensions, &file.messages, self.is_edition());
        self.base.data.top_messages = self.messages(&file.messages, &nested, (None, scope), 4)?;
        self.base.data.top_enums = self.enums(&file.enums, (None, scope), 5)?;
        self.base.data.top_extensions = self.extensions(&file.extensions, &nested, None, 7)?;
        for (at, service) in file.services.iter().enumerate() {
            self.places.enter(6, at);
            self.service(service, scope)?;
            self.places.leave();
        }
        self.base.data.options_run = self.options("FileOptions", &file.options, 8)?;
        if self.base.data.has_long_names {
            return Err(format!("its full names are too long: protobuf allows at most {} bytes", super::MAX_NAME));
        }
        Ok(())
    }

    /// Compilers write nothing of `proto2`: only places say whether the source does.
    fn syntax(&mut self) {
        let span = self.places.at(&[12]);
        self.base.data.syntax_span = span;
        self.base.data.syntax = match self.file.syntax {
            Syntax::Proto2 if self.places.are_known() && span.is_none() => Syntax::Unspecified,
            syntax => syntax,
        };
    }

    fn package(&mut self) -> Read<()> {
        let package = self.file.package;
        if package.is_empty() {
            return Ok(());
        }
        let dots = package.bytes().filter(|&byte| byte == b'.').count();
        if dots > MAX_PACKAGE_DOTS {
            let (parts, most) = (dots + 1, MAX_PACKAGE_DOTS + 1);
            return Err(format!("its package has {parts} parts, but protobuf allows at most {most}"));
        }
        let mut at = ROOT;
        for part in package.split('.') {
            let Some(node) = self.symbols.child(at, part) else { break };
            self.scopes.push(node);
            at = node;
        }
        self.base.data.package = Some(self.base.intern(package));
        let span = self.places.at(&[2]);
        (self.base.data.package_span, self.base.data.package_name_span) = (span, span);
        Ok(())
    }

    fn imports(&mut self) -> Read<()> {
        let file = self.file;
        let mut kinds = vec![ImportKind::Plain; file.imports.len()];
        for (indexes, kind) in [(&file.weak_imports, ImportKind::Weak), (&file.public_imports, ImportKind::Public)] {
            for &at in indexes {
                if let Some(of) = usize::try_from(at).ok().and_then(|at| kinds.get_mut(at)) {
                    *of = kind;
                }
            }
        }
        let for_options = match file.syntax {
            Syntax::Edition(edition) if edition > 2023 => ImportKind::Option,
            _ => ImportKind::Plain,
        };
        let plain = file.imports.iter().zip(kinds).enumerate().map(|(at, (path, kind))| (3, at, path, kind));
        let options = file.option_imports.iter().enumerate().map(|(at, path)| (15, at, path, for_options));
        for (field, at, path, kind) in plain.chain(options) {
            if name_fault(path).is_some() {
                return Err(format!("it imports {}, which is not a path relative to an import root", quoted(path)));
            }
            let (path, span) = (self.base.intern(path), self.places.entry(field, at));
            self.base.data.imports.push(ImportData { path, kind, span });
        }
        Ok(())
    }

    fn service(&mut self, service: &'f Service<'f>, scope: Text) -> Read<()> {
        let parent = index(self.base.data.services.len());
        let outer = self.scopes.len();
        self.enter_scope(service.name);
        let methods = run_at(&self.base.data.methods, service.methods.len());
        for (at, method) in service.methods.iter().enumerate() {
            self.places.enter(2, at);
            let method = self.method(method, parent)?;
            self.base.data.methods.push(method);
            self.places.leave();
        }
        let options = self.options("ServiceOptions", &service.options, 3)?;
        self.scopes.truncate(outer);
        let full_name = self.base.full_name(scope, service.name);
        let (name, place) = (self.base.intern(service.name), self.places.declared());
        self.base.data.services.push(ServiceData { name, full_name, methods, options, place });
        Ok(())
    }

    fn method(&mut self, method: &'f Method<'f>, parent: u32) -> Read<MethodData> {
        Ok(MethodData {
            name: self.base.intern(method.name),
            parent,
            input: self.base.intern(method.input),
            output: self.base.intern(method.output),
            client_streaming: method.client_streaming,
            server_streaming: method.server_streaming,
            options: self.options("MethodOptions", &method.options, 4)?,
            place: self.places.declared(),
            input_span: self.places.at(&[2]),
            output_span: self.places.at(&[3]),
        })
    }

    fn enter_scope(&mut self, name: &str) {
        let outer = self.scopes.last().copied().unwrap_or(ROOT);
        self.scopes.extend(self.symbols.child(outer, name));
    }

    fn is_edition(&self) -> bool {
        matches!(self.file.syntax, Syntax::Edition(_))
    }
}

/// The elements from `start` to the end of an arena.
fn run_from<T>(arena: &[T], start: usize) -> Run {
    Run { start: index(start), len: index(arena.len() - start) }
}
