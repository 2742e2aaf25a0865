//! What expressions can ask of every element.

use super::kinds;
use super::reader::Known;
use crate::rules::deprecation::short_name;
use crate::schema::{Element, File};

/// How many lines the table of common attributes has.
pub(super) const COUNT: usize = 12;

/// Hands the common lines to what makes a kind of them and of its own lines.
macro_rules! with_common {
    ($($kind:tt)*) => {
        $crate::rules::own::elements::table::whole_kind! {
            |element, at| {
                kind: text, "the kind as `on` names it: `rpc`, `enum_value`"
                    => $crate::rules::own::elements::common::kind(element);
                name: text, "the name as declared: `GetShelf`; of a file the last part of its path"
                    => $crate::rules::own::elements::common::name(element);
                full_name: text, "package, enclosing names and name: `acme.v1.Library.GetShelf`; of a file its path"
                    => $crate::rules::own::elements::common::full_name(element);
                package: text, "the package of its file, empty where there is none"
                    => $crate::rules::own::elements::common::package(element);
                path: text, "the path of its file as imports name it; of an import the path that it imports"
                    => $crate::rules::own::elements::common::path(element);
                file: FILE, "the file it is in; of a file itself" => element.file();
                parent: element, "the message, enum, service or file that it is declared in; `null` for a file"
                    => $crate::rules::own::elements::any::OfAnyKind($crate::rules::own::elements::common::parent(element));
                options: options, "its options, see [Options](#options); of an import those of its file"
                    => at.options(element);
                comment: text, "the text of the comment above it, without marks and ignore comments; empty where there \
                                is none" => at.comment(element);
                trailing_comment: text, "the text of the comment after it on its line, or after its opening brace"
                    => at.trailing_comment(element);
                documented: bool, "whether the comment above it says something; faster than `comment != \"\"`"
                    => at.is_documented(element);
                target: bool, "whether it is checked; what is only imported is not"
                    => element.file().is_target();
            }
            $($kind)*
        }
    };
}
pub(super) use with_common;

pub(super) fn kind(element: Element<'_>) -> &'static str {
    kinds::table(element).object.name
}

pub(super) fn name(element: Element<'_>) -> &str {
    match element {
        Element::File(file) => file.name().rsplit('/').next().unwrap_or_default(),
        _ => short_name(element),
    }
}

/// Borrowed where the schema has it in one piece.
pub(super) fn full_name(element: Element<'_>) -> std::borrow::Cow<'_, str> {
    match element {
        Element::File(file) => file.name().into(),
        Element::Import(import) => import.path().into(),
        Element::Message(message) => message.full_name().into(),
        Element::Enum(enumeration) => enumeration.full_name().into(),
        Element::Service(service) => service.full_name().into(),
        element => element.full_name().into(),
    }
}

/// Not known where the statement could not be read.
pub(super) fn package(element: Element<'_>) -> Known<&str> {
    let file: File<'_> = element.file();
    Known(file.is_package_known().then(|| file.package().unwrap_or_default()))
}

pub(super) fn path(element: Element<'_>) -> &str {
    match element {
        Element::Import(import) => import.path(),
        element => element.file().name(),
    }
}

/// Oneofs are around their fields, but it is the message that declares them.
pub(super) fn parent(element: Element<'_>) -> Option<Element<'_>> {
    match element {
        Element::Field(field) => Some(field.parent().map_or(field.file().into(), Element::from)),
        element => element.around(),
    }
}
