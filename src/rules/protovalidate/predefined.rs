//! Predefined rules: extensions of protovalidate's rule messages that bring CEL expressions of their own.

use prost_reflect::ExtensionDescriptor;

use super::element::Element;
use super::expressions;
use super::lookup::View;
use super::report::Reporter;
use crate::cel::Type;

/// Checks the expressions of an extension, if it extends a rule message.
pub(super) fn check(extension: &ExtensionDescriptor, rules: View<'_>, out: &mut Reporter<'_>) {
    let extended = extension.containing_message();
    let name = extended.full_name().strip_prefix("buf.validate.").and_then(|name| name.strip_suffix("Rules"));
    let Some(this) = name.and_then(type_of_this) else {
        return;
    };
    let rule = expressions::type_of(&Element::from_extension(extension), false);
    let variables = vec![("this", this), ("rule", rule), ("rules", Type::Message(extended.clone()))];
    expressions::check_all(extension.parent_pool(), variables, rules, out);
}

/// The type of the values that a rule message is for, by its name without `Rules`.
fn type_of_this(name: &str) -> Option<Type> {
    Some(match name {
        "Any" | "FieldMask" => Type::Dyn,
        "Bool" => Type::Bool,
        "Bytes" => Type::Bytes,
        "String" => Type::Text,
        "Int32" | "Int64" | "SInt32" | "SInt64" | "SFixed32" | "SFixed64" | "Enum" => Type::Int,
        "UInt32" | "UInt64" | "Fixed32" | "Fixed64" => Type::Uint,
        "Double" | "Float" => Type::Double,
        "Map" => Type::map(Type::Dyn, Type::Dyn),
        "Repeated" => Type::list(Type::Dyn),
        "Duration" => Type::Duration,
        "Timestamp" => Type::Timestamp,
        _ => return None,
    })
}
