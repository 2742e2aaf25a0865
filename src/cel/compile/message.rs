//! Messages that an expression makes: their fields are checked, but they have no model here.

use super::{Compiler, Typed};
use crate::cel::program::Op;
use crate::cel::scope::field_type;
use crate::cel::syntax::Node;

impl Compiler<'_> {
    pub(super) fn message(&mut self, name: &str, fields: &[(String, Node)], node: &Node) -> Typed {
        let span = node.at..node.at + name.trim_start_matches('.').len();
        let Some(found) = self.scope.message(name) else {
            return self.fault(span, format!("`{name}` is not declared"), None);
        };
        let descriptor = self.scope.descriptor(name);
        for (field, value) in fields {
            let (given, _) = self.node(value);
            let Some(descriptor) = &descriptor else {
                continue;
            };
            match descriptor.get_field_by_name(field).map(|field| field_type(&field)) {
                None => {
                    let message = format!("`{}` has no field `{field}`", descriptor.full_name());
                    self.fault(span.clone(), message, None);
                }
                Some(wanted) => {
                    if !self.bindings.assign(std::slice::from_ref(&wanted), std::slice::from_ref(&given)) {
                        let given = self.bindings.resolve(&given).name();
                        let message = format!("the field `{field}` takes `{}`, not `{given}`", wanted.name());
                        self.fault(value.span.clone(), message, None);
                    }
                }
            }
        }
        (found, Op::Unknown("a message that an expression makes has no model".into()))
    }
}
