//! The names that edition 2024 asks for, unless `features.enforce_naming_style` is `STYLE_LEGACY`,
//! <https://protobuf.dev/editions/features/#enforce_naming>. Unlike the lint rules about names, who breaks these does
//! not compile.

use super::set_here;
use crate::rules::{Check, Cx, rule};
use crate::schema::{Element, Enum, EnumValue, Field, File, Message, Method, Oneof, Options, Part, Service, Syntax};

rule!(compile COMPILE_NAMING_STYLE: Check::Each(&[
    Check::File(package),
    Check::Message(message),
    Check::Field(field),
    Check::Oneof(oneof),
    Check::Enum(enumeration),
    Check::EnumValue(value),
    Check::Service(service),
    Check::Method(method),
]));

/// Whether the file's edition asks for a style.
fn has_style(file: File<'_>) -> bool {
    matches!(file.syntax(), Syntax::Edition(edition) if edition >= 2024)
}

/// Whether the innermost that chooses a style chose one.
fn is_enforced<'s>(around: impl IntoIterator<Item = Options<'s>>, scope: Option<Message<'s>>, file: File<'s>) -> bool {
    chosen(around, scope, file) != Some("STYLE_LEGACY")
}

/// The style that the innermost of `around` chooses that chooses one; otherwise those around decide, at last the file.
fn chosen<'s>(
    around: impl IntoIterator<Item = Options<'s>>,
    mut scope: Option<Message<'s>>,
    file: File<'s>,
) -> Option<&'s str> {
    let chosen = |options: Options<'s>| {
        let mut features = set_here(options).into_iter();
        features.find(|feature| feature.name == "enforce_naming_style").map(|feature| feature.value)
    };
    if let Some(chosen) = around.into_iter().find_map(chosen) {
        return Some(chosen);
    }
    while let Some(message) = scope {
        if let Some(chosen) = chosen(message.options()) {
            return Some(chosen);
        }
        scope = message.parent();
    }
    chosen(file.options())
}

/// A name that edition 2026 does not allow for fields and oneofs.
const KEPT: &str = "descriptor";

/// Reports the name that the style of edition 2026 does not take, where that one is chosen.
fn kept<'e>(element: impl Into<Element<'e>>, what: &str, file: File<'e>, chosen: Option<&str>, cx: &mut Cx<'_>) {
    let default = if matches!(file.syntax(), Syntax::Edition(2026..)) { "STYLE2026" } else { "STYLE2024" };
    if chosen.unwrap_or(default) == "STYLE2026" {
        let message = format!("{what} `{KEPT}` has a name that generated code uses, which edition 2026 does not allow");
        cx.report(element, Part::Name, message).help("rename it, or set `features.enforce_naming_style = STYLE2024`");
    }
}

fn package(file: File<'_>, cx: &mut Cx<'_>) {
    let Some(package) = file.known_package().filter(|_| has_style(file)) else { return };
    if !package.split('.').all(is_lower_snake) && is_enforced([], None, file) {
        cx.report(
            file,
            Part::Package,
            format!("edition 2024 requires lower_snake_case between the dots of package `{package}`"),
        )
        .help(HELP);
    }
}

const HELP: &str = "rename it, or add `option features.enforce_naming_style = STYLE_LEGACY;`";

/// Reports a name that is not in its style.
fn misnamed<'e>(element: impl Into<Element<'e>>, what: &str, name: &str, style: &str, cx: &mut Cx<'_>) {
    cx.report(element, Part::Name, format!("edition 2024 requires {style}, unlike {what} `{name}`")).help(HELP);
}

fn message(message: Message<'_>, cx: &mut Cx<'_>) {
    let file = message.file();
    if has_style(file) && !message.is_map_entry() && !is_title(message.name()) && is_enforced([], Some(message), file) {
        misnamed(message, "message", message.name(), "TitleCase", cx);
    }
}

fn field(field: Field<'_>, cx: &mut Cx<'_>) {
    let file = field.file();
    if !has_style(file) || field.is_in_map_entry() {
        return;
    }
    let around = || [Some(field.options()), field.oneof().map(Oneof::options)].into_iter().flatten();
    if field.name() == KEPT {
        kept(field, "field", file, chosen(around(), field.parent(), file), cx);
    } else if !is_lower_snake(field.name()) && is_enforced(around(), field.parent(), file) {
        misnamed(field, "field", field.name(), "lower_snake_case", cx);
    }
}

fn oneof(oneof: Oneof<'_>, cx: &mut Cx<'_>) {
    let file = oneof.file();
    if has_style(file) && oneof.name() == KEPT {
        kept(oneof, "oneof", file, chosen([oneof.options()], Some(oneof.parent()), file), cx);
    } else if has_style(file)
        && !is_lower_snake(oneof.name())
        && is_enforced([oneof.options()], Some(oneof.parent()), file)
    {
        misnamed(oneof, "oneof", oneof.name(), "lower_snake_case", cx);
    }
}

fn enumeration(enumeration: Enum<'_>, cx: &mut Cx<'_>) {
    let (file, name) = (enumeration.file(), enumeration.name());
    if has_style(file) && !is_title(name) && is_enforced([enumeration.options()], enumeration.parent(), file) {
        misnamed(enumeration, "enum", name, "TitleCase", cx);
    }
}

fn value(value: EnumValue<'_>, cx: &mut Cx<'_>) {
    let (file, parent) = (value.file(), value.parent());
    if !has_style(file) || is_snake(value.name(), |byte| byte.is_ascii_uppercase()) {
        return;
    }
    if is_enforced([value.options(), parent.options()], parent.parent(), file) {
        misnamed(value, "enum value", value.name(), "UPPER_SNAKE_CASE", cx);
    }
}

fn service(service: Service<'_>, cx: &mut Cx<'_>) {
    let file = service.file();
    if has_style(file) && !is_title(service.name()) && is_enforced([service.options()], None, file) {
        misnamed(service, "service", service.name(), "TitleCase", cx);
    }
}

fn method(method: Method<'_>, cx: &mut Cx<'_>) {
    let file = method.file();
    if has_style(file)
        && !is_title(method.name())
        && is_enforced([method.options(), method.parent().options()], None, file)
    {
        misnamed(method, "rpc", method.name(), "TitleCase", cx);
    }
}

fn is_title(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_lower_snake(name: &str) -> bool {
    is_snake(name, |byte| byte.is_ascii_lowercase())
}

/// Letters, digits and underscores; a letter comes first, and after each underscore.
fn is_snake(name: &str, is_letter: impl Fn(u8) -> bool) -> bool {
    let mut before = b'_';
    name.bytes().all(|byte| {
        let fits = is_letter(byte) || before != b'_' && (byte.is_ascii_digit() || byte == b'_');
        before = byte;
        fits
    }) && before != b'_'
}
