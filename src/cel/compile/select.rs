//! Names after a dot: fields, attributes, entries of maps, and parts of longer names.

use super::{Compiler, Typed};
use crate::cel::program::{Op, Selection};
use crate::cel::scope::field_type;
use crate::cel::syntax::{Expr, Node};
use crate::cel::types::Type;

impl Compiler<'_> {
    pub(super) fn select(&mut self, operand: &Node, field: &str, node: &Node) -> Typed {
        if let Some(prefix) = self.qualified(operand) {
            let name = format!("{prefix}.{field}");
            if let Some(found) = self.scope.variable(&name).or_else(|| self.scope.constant(&name)) {
                return found;
            }
            let is_variable = self.scope.variable(prefix.split('.').next().unwrap_or_default()).is_some();
            if !is_variable && self.scope.environment.knows_package_of(&prefix) {
                return (Type::Dyn, Op::Unknown(format!("`{name}` is not declared").into()));
            }
        }
        let (of, selection) = self.selection(operand, field, node);
        (of, Op::Select(Box::new(selection)))
    }

    pub(super) fn presence(&mut self, operand: &Node, field: &str, node: &Node) -> Typed {
        let (_, selection) = self.selection(operand, field, node);
        (Type::Bool, Op::Has(Box::new(selection)))
    }

    /// `operand.?field`
    pub(super) fn select_optional(&mut self, operand: &Node, field: &str, node: &Node) -> Typed {
        let (of, selection) = self.selection(operand, field, node);
        let of = match of {
            Type::Optional(_) => of,
            of => Type::optional(of),
        };
        (of, Op::OptionalSelect(Box::new(selection)))
    }

    /// `a.b.c`, if the node spells such a name and `a` is no variable of a macro.
    pub(super) fn qualified(&self, node: &Node) -> Option<String> {
        let mut parts = Vec::new();
        let mut node = node;
        while let Expr::Select(operand, field) = &node.expr {
            parts.push(field.as_str());
            node = operand;
        }
        match &node.expr {
            Expr::Ident(root) if !self.scope.is_local(root) => parts.push(root),
            _ => return None,
        }
        parts.reverse();
        Some(parts.join("."))
    }

    /// The type of a field, and where it is.
    fn selection(&mut self, operand: &Node, field: &str, node: &Node) -> (Type, Selection) {
        let (of, op) = self.node(operand);
        let of = self.bindings.resolve(&of);
        let (found, attribute) = match &of {
            Type::Optional(inner) => {
                let (found, attribute) = self.field(inner, field, node);
                (Type::optional(found), attribute)
            }
            other => self.field(other, field, node),
        };
        let selection = Selection { operand: op, name: field.into(), attribute };
        (self.bindings.resolve(&found), selection)
    }

    fn field(
        &mut self,
        of: &Type,
        field: &str,
        node: &Node,
    ) -> (Type, Option<(&'static crate::cel::ObjectType, usize)>) {
        let span = node.at..node.at + field.len();
        let found = match of {
            Type::Map(entry) => entry.1.clone(),
            Type::Object(object) => match object.position(field) {
                Some(at) => return ((object.attributes[at].of)(), Some((object, at))),
                None => {
                    let names: Vec<&str> = object.attributes.iter().map(|attribute| attribute.name).collect();
                    let help = self.nearest(field, &names);
                    self.fault(span, format!("`{}` has no attribute `{field}`", object.name), help).0
                }
            },
            Type::Message(message) => match message.get_field_by_name(field) {
                Some(field) => field_type(&field),
                None => {
                    let fields: Vec<_> = message.fields().collect();
                    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
                    let help = self.nearest(field, &names);
                    self.fault(span, format!("`{}` has no field `{field}`", message.full_name()), help).0
                }
            },
            Type::Var(variable) => {
                self.bindings.assign(&[Type::Dyn], &[Type::Var(*variable)]);
                Type::Dyn
            }
            other if other.is_unknown() => Type::Dyn,
            other => {
                self.fault(span, format!("`{}` has no fields, so `.{field}` cannot be read", other.name()), None);
                Type::Dyn
            }
        };
        (found, None)
    }
}
