//! Finds the type of a CEL expression and what is wrong with it: unknown names, fields and functions, and
//! operands of the wrong type. Follows the type checker of the reference implementation.

use super::format;
use super::scope::{Scope, field_type};
use super::syntax::{Expr, Macro, MacroKind, Node};
use super::types::{Bindings, Type};

mod call;

/// The type of an expression, and its faults in the order of the text.
pub(crate) fn check(node: &Node, scope: &mut Scope<'_>) -> (Type, Vec<String>) {
    let mut checker = Checker { scope, bindings: Bindings::default(), faults: Vec::new(), formats: Vec::new() };
    let found = checker.type_of(node);
    let found = checker.bindings.resolve(&found);
    let Checker { bindings, mut faults, formats, .. } = checker;
    if faults.is_empty() {
        for (text, args) in formats {
            let args: Vec<Type> = args.iter().map(|arg| bindings.resolve(arg)).collect();
            faults.extend(format::fault(&text, &args));
        }
    }
    (found, faults)
}

/// More faults of one expression add nothing.
const MAX_FAULTS: usize = 16;

struct Checker<'s, 'p> {
    scope: &'s mut Scope<'p>,
    bindings: Bindings,
    faults: Vec<String>,
    /// Calls of `format` on a literal with a literal list: the text and the types of the elements.
    formats: Vec<(String, Vec<Type>)>,
}

impl Checker<'_, '_> {
    fn fault(&mut self, fault: String) -> Type {
        if self.faults.len() < MAX_FAULTS && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        Type::Error
    }

    fn type_of(&mut self, node: &Node) -> Type {
        match &node.expr {
            Expr::Null => Type::Null,
            Expr::Bool(_) => Type::Bool,
            Expr::Int(_) => Type::Int,
            Expr::Uint(_) => Type::Uint,
            Expr::Double(_) => Type::Double,
            Expr::Text(_) => Type::Text,
            Expr::Bytes(_) => Type::Bytes,
            Expr::Ident(name) => self.ident(name),
            Expr::Select(operand, field) => self.select(operand, field),
            Expr::Has(operand, field) => {
                self.field_of(operand, field);
                Type::Bool
            }
            Expr::Call { function, target, args } => self.call(function, target.as_deref(), args),
            Expr::And(terms) => self.logical("&&", terms),
            Expr::Or(terms) => self.logical("||", terms),
            Expr::List(elements) => {
                let element = self.joined(elements.iter());
                Type::list(element)
            }
            Expr::Map(entries) => {
                let key = self.joined(entries.iter().map(|(key, _)| key));
                let value = self.joined(entries.iter().map(|(_, value)| value));
                Type::map(key, value)
            }
            Expr::Struct(name, fields) => self.message(name, fields),
            Expr::Macro(parts) => self.comprehension(parts),
        }
    }

    fn ident(&mut self, name: &str) -> Type {
        let known = self.scope.variable(name).or_else(|| self.scope.constant(name));
        match known {
            Some(found) => found,
            None if self.scope.knows_package_of(name) => Type::Dyn,
            None => self.fault(format!("`{name}` is not declared")),
        }
    }

    fn joined<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>) -> Type {
        let mut joined: Option<Type> = None;
        for node in nodes {
            let next = self.type_of(node);
            joined = Some(match joined {
                None => next,
                Some(before) => self.bindings.join(&before, &next),
            });
        }
        joined.unwrap_or_else(|| self.bindings.fresh())
    }

    fn logical(&mut self, operator: &str, terms: &[Node]) -> Type {
        for term in terms {
            let found = self.type_of(term);
            self.expect_bool(&found, || format!("`{operator}`"));
        }
        Type::Bool
    }

    fn expect_bool(&mut self, found: &Type, what: impl Fn() -> String) {
        if !self.bindings.assign(std::slice::from_ref(found), &[Type::Bool]) {
            let found = self.bindings.resolve(found).name();
            self.fault(format!("{} takes `bool`, not `{found}`", what()));
        }
    }

    fn select(&mut self, operand: &Node, field: &str) -> Type {
        if let Some(prefix) = self.qualified(operand) {
            let name = format!("{prefix}.{field}");
            if let Some(found) = self.scope.constant(&name) {
                return found;
            }
            if self.scope.knows_package_of(&prefix) {
                return Type::Dyn;
            }
        }
        self.field_of(operand, field)
    }

    /// `a.b.c`, if the node spells such a name and `a` is no variable.
    fn qualified(&self, node: &Node) -> Option<String> {
        let mut parts = Vec::new();
        let mut node = node;
        while let Expr::Select(operand, field) = &node.expr {
            parts.push(field.as_str());
            node = operand;
        }
        match &node.expr {
            Expr::Ident(root) if self.scope.variable(root).is_none() => parts.push(root),
            _ => return None,
        }
        parts.reverse();
        Some(parts.join("."))
    }

    fn field_of(&mut self, operand: &Node, field: &str) -> Type {
        let operand = self.type_of(operand);
        let found = match self.bindings.resolve(&operand) {
            Type::Map(entry) => entry.1,
            Type::Message(message) => match message.get_field_by_name(field) {
                Some(field) => field_type(&field),
                None => self.fault(format!("`{}` has no field `{field}`", message.full_name())),
            },
            Type::Var(variable) => {
                self.bindings.assign(&[Type::Dyn], &[Type::Var(variable)]);
                Type::Dyn
            }
            other if other.is_unknown() => Type::Dyn,
            other => {
                self.fault(format!("`{}` has no fields, so `.{field}` cannot be read", other.name()));
                Type::Dyn
            }
        };
        self.bindings.resolve(&found)
    }

    fn message(&mut self, name: &str, fields: &[(String, Node)]) -> Type {
        let Some(found) = self.scope.message(name) else {
            return self.fault(format!("`{name}` is not declared"));
        };
        let descriptor = self.scope.descriptor(name);
        for (field, value) in fields {
            let value = self.type_of(value);
            let Some(descriptor) = &descriptor else {
                continue;
            };
            match descriptor.get_field_by_name(field).map(|field| field_type(&field)) {
                None => {
                    self.fault(format!("`{}` has no field `{field}`", descriptor.full_name()));
                }
                Some(wanted) => {
                    if !self.bindings.assign(std::slice::from_ref(&wanted), std::slice::from_ref(&value)) {
                        let value = self.bindings.resolve(&value).name();
                        self.fault(format!("the field `{field}` takes `{}`, not `{value}`", wanted.name()));
                    }
                }
            }
        }
        found
    }

    fn comprehension(&mut self, parts: &Macro) -> Type {
        let range = self.type_of(&parts.range);
        let element = match self.bindings.resolve(&range) {
            Type::List(element) => *element,
            Type::Map(entry) => entry.0,
            Type::Var(variable) => {
                self.bindings.assign(&[Type::Dyn], &[Type::Var(variable)]);
                Type::Dyn
            }
            other if other.is_unknown() && other != Type::Any => Type::Dyn,
            other => self.fault(format!("a macro takes a list or a map, not `{}`", other.name())),
        };
        self.scope.enter(&parts.variable, element.clone());
        if let Some(predicate) = &parts.predicate {
            let found = self.type_of(predicate);
            self.expect_bool(&found, || "the condition of a macro".to_owned());
        }
        let transformed = parts.transform.as_ref().map(|transform| self.type_of(transform));
        self.scope.leave();
        match parts.kind {
            MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => Type::Bool,
            MacroKind::Filter => Type::list(element),
            MacroKind::Map => Type::list(transformed.unwrap_or(Type::Dyn)),
        }
    }
}
