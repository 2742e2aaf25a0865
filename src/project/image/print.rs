//! Writes a file of the model as a source text that means the same: the file and what all declarations share. It
//! decides nothing about what the set means.

mod declaration;
mod field;
mod message;

use super::decode::{Fault, quoted};
use super::literal;
use super::model::{File, Syntax, Visibility};
use super::name_fault;
use super::names::Scopes;
use super::options::{Item, Options, OptionsFault};
use super::symbols::Symbols;
use super::wire::Part;

/// Lines are broken where that keeps them shorter, in bytes.
const WIDTH: usize = 100;

/// A text may be so many times as long as its bytes in the set, plus [`SLACK`]: names that a set says once may be
/// repeated by every option.
const MOST_GROWTH: usize = 64;
const SLACK: usize = 1 << 16;

type Printed = Result<(), Fault>;

/// The text of `file`. `Err` says what no text can say.
pub(super) fn print<'f>(file: &'f File<'f>, symbols: &Symbols<'f>) -> Result<String, Fault> {
    let most = file.size.saturating_mul(MOST_GROWTH).saturating_add(SLACK);
    let scopes = Scopes::of(file, symbols);
    let mut printer = Printer { file, symbols, scopes, out: String::with_capacity(file.size), indent: 0, most };
    printer.file()?;
    Ok(printer.out)
}

struct Printer<'s, 'f> {
    file: &'f File<'f>,
    symbols: &'s Symbols<'f>,
    scopes: Scopes<'f>,
    out: String,
    indent: usize,
    /// The longest text that is accepted, in bytes.
    most: usize,
}

impl<'f> Printer<'_, 'f> {
    fn file(&mut self) -> Printed {
        let file = self.file;
        self.line(&match file.syntax {
            Syntax::Proto2 => "syntax = \"proto2\";".to_owned(),
            Syntax::Proto3 => "syntax = \"proto3\";".to_owned(),
            Syntax::Edition(name) => format!("edition = \"{name}\";"),
        });
        if !file.package.is_empty() {
            self.blank_line();
            self.line(&format!("package {};", file.package));
        }
        self.imports()?;
        self.blank_line();
        self.option_statements("FileOptions", &file.options)?;
        self.types_and_extensions(&file.messages, &file.enums, &file.extensions)?;
        for service in &file.services {
            self.service(service)?;
        }
        let text = self.out.trim_end().len();
        self.out.truncate(text);
        self.out.push('\n');
        Ok(())
    }

    fn imports(&mut self) -> Printed {
        self.blank_line();
        let file = self.file;
        let mut modifiers = vec![""; file.imports.len()];
        for (indexes, modifier) in [(&file.weak_imports, "weak "), (&file.public_imports, "public ")] {
            for &index in indexes {
                if let Some(of) = usize::try_from(index).ok().and_then(|index| modifiers.get_mut(index)) {
                    *of = modifier;
                }
            }
        }
        let options = file.option_imports.iter().map(|path| (path, "option "));
        for (path, modifier) in file.imports.iter().zip(modifiers).chain(options) {
            if name_fault(path).is_some() {
                return Err(format!("it imports {}, which is no path relative to a root", quoted(path)));
            }
            let mut line = format!("import {modifier}");
            literal::write_string(path.as_bytes(), &mut line);
            line.push(';');
            self.line(&line);
        }
        Ok(())
    }

    fn line(&mut self, text: &str) {
        self.start_line();
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn start_line(&mut self) {
        (0..self.indent).for_each(|_| self.out.push_str("  "));
    }

    /// Keeps apart what follows from what stands before it in the same body.
    fn blank_line(&mut self) {
        if !self.out.ends_with("{\n") && !self.out.ends_with("\n\n") && !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Opens a body; gives where it starts.
    fn open(&mut self, head: &str) -> usize {
        self.start_line();
        self.out.push_str(head);
        self.out.push_str(" {\n");
        self.indent += 1;
        self.out.len()
    }

    fn close(&mut self, opened: usize) {
        self.indent -= 1;
        if self.out.len() == opened {
            self.out.truncate(opened - 1);
        } else {
            if self.out.ends_with("\n\n") {
                self.out.pop();
            }
            self.start_line();
        }
        self.out.push_str("}\n");
    }

    /// Refuses to go on where the text outgrows the set.
    fn check_size(&self) -> Printed {
        if self.out.len() <= self.most {
            return Ok(());
        }
        Err(self.too_long())
    }

    fn too_long(&self) -> Fault {
        format!("its text would be more than {MOST_GROWTH} times as long as its {} bytes in the set", self.file.size)
    }

    fn items(&self, message: &'static str, options: &[Part<'f>]) -> Result<Vec<Item<'f>>, Fault> {
        self.interpreting(|interpreter| interpreter.items(message, options)).map_err(|fault| match fault {
            OptionsFault::Wire(fault) => fault.words(),
            OptionsFault::NotUtf8(name) => format!("the value of option `{name}` is no UTF-8"),
            OptionsFault::TooLong => self.too_long(),
        })
    }

    fn expanded(&self, item: &Item<'f>, indent: usize) -> Option<String> {
        self.interpreting(|interpreter| interpreter.expanded(item, indent))
    }

    fn interpreting<T>(&self, act: impl FnOnce(&Options<'_, 'f>) -> T) -> T {
        let extension_name = |scope, name: &str| self.scopes.extension(scope, name, self.symbols);
        let most = self.most.saturating_sub(self.out.len());
        act(&Options { symbols: self.symbols, extension_name: &extension_name, most })
    }

    /// `option name = value;` for each.
    fn option_statements(&mut self, message: &'static str, options: &[Part<'f>]) -> Printed {
        for item in self.items(message, options)? {
            let length = 2 * self.indent + "option  = ;".len() + item.name.len() + item.compact.len();
            let expanded = if length > WIDTH { self.expanded(&item, self.indent) } else { None };
            let value = expanded.as_ref().unwrap_or(&item.compact);
            self.start_line();
            for text in ["option ", &item.name, " = ", value, ";\n"] {
                self.out.push_str(text);
            }
            self.check_size()?;
        }
        Ok(())
    }

    /// Appends ` [name = value, …]`, `extra` first, to the line that started at `line`.
    fn option_list(&mut self, line: usize, extra: Vec<String>, message: &'static str, options: &[Part<'f>]) -> Printed {
        let items = self.items(message, options)?;
        if extra.is_empty() && items.is_empty() {
            return Ok(());
        }
        let named = items.iter().map(|item| item.name.len() + " = ".len() + item.compact.len());
        let length: usize = extra.iter().map(String::len).chain(named).map(|length| length + ", ".len()).sum();
        let is_long = self.out.len() - line + length + " [];".len() > WIDTH;
        self.out.push_str(" [");
        let mut is_first = true;
        let mut separate = |printer: &mut Self| {
            if !std::mem::take(&mut is_first) {
                printer.out.push_str(if is_long { "," } else { ", " });
            }
            if is_long {
                printer.out.push('\n');
                (0..=printer.indent).for_each(|_| printer.out.push_str("  "));
            }
        };
        for text in &extra {
            separate(self);
            self.out.push_str(text);
        }
        for item in &items {
            separate(self);
            self.out.push_str(&item.name);
            self.out.push_str(" = ");
            let fits = !is_long || 2 * self.indent + item.name.len() + item.compact.len() + " = ,".len() < WIDTH;
            let expanded = if fits { None } else { self.expanded(item, self.indent + 1) };
            self.out.push_str(expanded.as_ref().unwrap_or(&item.compact));
            self.check_size()?;
        }
        if is_long {
            self.out.push('\n');
            self.start_line();
        }
        self.out.push(']');
        Ok(())
    }

    /// `keyword a, b, c;` on as many lines as it takes.
    fn list(&mut self, keyword: &str, items: impl Iterator<Item = String>) {
        let mut line = self.out.len();
        self.start_line();
        self.out.push_str(keyword);
        let mut is_first = true;
        for item in items {
            let is_long = self.out.len() - line + item.len() + ", ;".len() > WIDTH;
            if !std::mem::take(&mut is_first) {
                self.out.push(',');
                if is_long {
                    self.out.push('\n');
                    line = self.out.len();
                    (0..self.indent + 1).for_each(|_| self.out.push_str("  "));
                    self.out.push_str(&item);
                    continue;
                }
            }
            self.out.push(' ');
            self.out.push_str(&item);
        }
        self.out.push_str(";\n");
    }

    fn is_edition(&self) -> bool {
        matches!(self.file.syntax, Syntax::Edition(_))
    }
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Unset => "",
        Visibility::Local => "local ",
        Visibility::Export => "export ",
    }
}
