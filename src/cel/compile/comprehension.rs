//! Macros: the types of their variables, and what they give.

use super::{Compiler, Typed};
use crate::cel::program::{Loop, Op};
use crate::cel::syntax::{Macro, MacroKind, Node};
use crate::cel::types::Type;

impl Compiler<'_> {
    pub(super) fn comprehension(&mut self, parts: &Macro, node: &Node) -> Typed {
        match (parts.kind, &parts.transform) {
            (MacroKind::Bind, Some(transform)) => self.bind(parts, transform),
            (MacroKind::OptMap | MacroKind::OptFlatMap, Some(transform)) => self.optional_map(parts, transform),
            _ => self.visit(parts, node),
        }
    }

    /// Compiles a node that has one more variable.
    fn within(&mut self, variable: &str, of: Type, node: &Node) -> Typed {
        self.scope.enter(variable, of);
        let typed = self.node(node);
        self.scope.leave();
        typed
    }

    fn bind(&mut self, parts: &Macro, transform: &Node) -> Typed {
        let (of, value) = self.node(&parts.range);
        let (found, result) = self.within(&parts.variable, of, transform);
        (found, Op::Bind(Box::new((value, result))))
    }

    fn optional_map(&mut self, parts: &Macro, transform: &Node) -> Typed {
        let (inner, optional) = self.optional_part(&parts.range);
        let (found, result) = self.within(&parts.variable, inner, transform);
        let is_flat = parts.kind == MacroKind::OptFlatMap;
        let found = match self.bindings.resolve(&found) {
            found if !is_flat => Type::optional(found),
            found @ Type::Optional(_) => found,
            found if found.is_unknown() => Type::Dyn,
            other => {
                let message = format!("`optFlatMap` takes an optional result, not `{}`", other.name());
                self.fault(transform.span.clone(), message, None).0
            }
        };
        (found, Op::OptionalMap(Box::new((optional, result, is_flat))))
    }

    /// The types of the index or key and of the element or value of what a macro visits, and whether it is a list.
    fn visited(&mut self, range: Type, span: &std::ops::Range<usize>) -> (Type, Type, bool) {
        match self.bindings.resolve(&range) {
            Type::List(element) => (Type::Int, *element, true),
            Type::Map(entry) => (entry.0, entry.1, false),
            Type::Var(variable) => {
                self.bindings.assign(&[Type::Dyn], &[Type::Var(variable)]);
                (Type::Dyn, Type::Dyn, true)
            }
            other if other.is_unknown() && other != Type::Any => (Type::Dyn, Type::Dyn, true),
            other => {
                let message = format!("a macro takes a list or a map, not `{}`", other.name());
                self.fault(span.clone(), message, None);
                (Type::Error, Type::Error, true)
            }
        }
    }

    fn visit(&mut self, parts: &Macro, node: &Node) -> Typed {
        let (range, range_op) = self.node(&parts.range);
        let (first, second, is_list) = self.visited(range, &parts.range.span);
        let single = if is_list { second.clone() } else { first.clone() };
        match &parts.second {
            Some(variable) => {
                self.scope.enter(&parts.variable, first.clone());
                self.scope.enter(variable, second);
            }
            None => self.scope.enter(&parts.variable, single.clone()),
        }
        let predicate = parts.predicate.as_ref().map(|predicate| {
            let (found, op) = self.node(predicate);
            self.expect_bool(&found, || "the condition of a macro".to_owned(), &predicate.span);
            op
        });
        let transform = parts.transform.as_ref().map(|transform| self.node(transform));
        self.scope.leave();
        if parts.second.is_some() {
            self.scope.leave();
        }
        let (made, transform) = match transform {
            Some((made, op)) => (made, Some(op)),
            None => (Type::Dyn, None),
        };
        let found = match parts.kind {
            MacroKind::Filter => Type::list(single),
            MacroKind::Map | MacroKind::TransformList => Type::list(made),
            MacroKind::TransformMap => Type::map(first, made),
            MacroKind::TransformMapEntry => self.entry_type(made, node),
            _ => Type::Bool,
        };
        let has_two = parts.second.is_some();
        (found, Op::Loop(Box::new(Loop { kind: parts.kind, range: range_op, has_two, predicate, transform })))
    }

    fn entry_type(&mut self, made: Type, node: &Node) -> Type {
        match self.bindings.resolve(&made) {
            found @ Type::Map(_) => found,
            found if found.is_unknown() || matches!(found, Type::Var(_)) => Type::map(Type::Dyn, Type::Dyn),
            other => {
                let message = format!("`transformMapEntry` takes a map of one entry, not `{}`", other.name());
                self.fault(node.span.clone(), message, None).0
            }
        }
    }
}
