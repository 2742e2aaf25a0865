//! Types of which only the name is known, as what declares them was not found: the names are compared as protoc would
//! resolve them. What the types hold is not known.

use crate::schema::{Field, FieldType, Message, Method};

/// How a field or an rpc names a message or an enum.
#[derive(Clone, Copy)]
pub(crate) enum TypeName<'s> {
    /// The full name of what it stands for.
    Full(&'s str),
    /// As it is written, in a scope, where it stands for nothing that is known.
    Written { name: &'s str, scope: &'s str },
}

impl<'s> TypeName<'s> {
    /// The type of a field; `None` for scalars.
    pub(crate) fn of_field(field: Field<'s>) -> Option<TypeName<'s>> {
        match field.field_type() {
            FieldType::Scalar(_) => None,
            FieldType::Message(message) => Some(TypeName::Full(message.full_name())),
            FieldType::Enum(enumeration) => Some(TypeName::Full(enumeration.full_name())),
            FieldType::Unresolved => {
                let package = field.file().package().unwrap_or_default();
                let scope = field.parent().map_or(package, Message::full_name);
                Some(TypeName::Written { name: field.written_type_name(), scope })
            }
        }
    }

    /// What an rpc takes.
    pub(crate) fn of_request(method: Method<'s>) -> TypeName<'s> {
        TypeName::of_message(method, method.input(), method.written_input())
    }

    /// What an rpc gives.
    pub(crate) fn of_response(method: Method<'s>) -> TypeName<'s> {
        TypeName::of_message(method, method.output(), method.written_output())
    }

    fn of_message(method: Method<'s>, message: Option<Message<'s>>, name: &'s str) -> TypeName<'s> {
        match message {
            Some(message) => TypeName::Full(message.full_name()),
            None => TypeName::Written { name, scope: method.parent().full_name() },
        }
    }

    /// The name as it is shown.
    pub(crate) fn shown(self) -> &'s str {
        match self {
            TypeName::Full(name) => name,
            TypeName::Written { name, .. } => name.trim_start_matches('.'),
        }
    }

    /// Whether what declares the type was found.
    pub(crate) fn is_known(self) -> bool {
        matches!(self, TypeName::Full(_))
    }

    /// Whether both may be the same type, by their names alone.
    pub(crate) fn may_be(self, other: TypeName<'_>) -> bool {
        self.shown() == other.shown() || self.may_mean(other.shown()) || other.may_mean(self.shown())
    }

    /// Whether it is, in one of the scopes around it, a full name.
    fn may_mean(self, full: &str) -> bool {
        let TypeName::Written { name, scope } = self else { return false };
        let Some(outer) = full.strip_suffix(name).filter(|_| !name.starts_with('.')) else { return false };
        let Some(outer) = outer.strip_suffix('.') else { return outer.is_empty() };
        scope.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// Whether two fields name types of which one at least is not known, and that by their names are two.
pub(crate) fn are_unknown_and_differ(before: Field<'_>, after: Field<'_>) -> bool {
    match (TypeName::of_field(before), TypeName::of_field(after)) {
        (Some(before), Some(after)) => !(before.may_be(after) || before.is_known() && after.is_known()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::TypeName::{Full, Written};

    #[test]
    fn a_written_name_may_be_what_a_scope_around_it_makes_of_it() {
        let written = |name, scope| Written { name, scope };
        let scope = "acme.order.v1.Order";
        for full in ["type.Money", "acme.type.Money", "acme.order.type.Money", "acme.order.v1.Order.type.Money"] {
            assert!(written("type.Money", scope).may_be(Full(full)), "{full}");
            assert!(Full(full).may_be(written("type.Money", scope)), "{full}");
        }
        for full in ["other.type.Money", "acme.or.type.Money", "acme.mytype.Money", "type.Money.Cents"] {
            assert!(!written("type.Money", scope).may_be(Full(full)), "{full}");
        }
        assert!(written(".acme.type.Money", scope).may_be(Full("acme.type.Money")));
        assert!(!written(".type.Money", scope).may_be(Full("acme.type.Money")));
        assert!(written(".acme.type.Money", scope).may_be(written("type.Money", scope)));
        assert!(written("type.Money", "x").may_be(written(".type.Money", "y")));
        assert!(!written("type.Money", scope).may_be(written("type.Amount", scope)));
    }
}
