//! The form of the tables of attributes: a line for each attribute, which says its name, its type, what it is, and how
//! it is read. The engine and the page of attributes are made from these lines alone.

use super::reader::Reader;
use crate::cel::{ObjectType, Value};
use crate::schema::Element;

/// How an attribute is read; `None` where its value is not known.
pub(super) type Getter = for<'v> fn(Element<'v>, Reader<'v>) -> Option<Value<'v>>;

/// A kind of element: what expressions know of it, and how its attributes are read, in the same order.
pub(super) struct Table {
    pub(super) object: &'static ObjectType,
    pub(super) getters: &'static [Getter],
}

/// The type of an attribute as the tables write it.
macro_rules! cel_type {
    (text) => { $crate::cel::Type::Text };
    (bool) => { $crate::cel::Type::Bool };
    (int) => { $crate::cel::Type::Int };
    (any) => { $crate::cel::Type::Dyn };
    (element) => { $crate::cel::Type::Object(&$crate::rules::own::elements::any::ANY) };
    (options) => { $crate::cel::Type::map($crate::cel::Type::Text, $crate::cel::Type::Dyn) };
    (list($($of:tt)+)) => { $crate::cel::Type::list($crate::rules::own::elements::table::cel_type!($($of)+)) };
    ($OBJECT:ident) => { $crate::cel::Type::Object(&$crate::rules::own::elements::kinds::$OBJECT) };
}
pub(super) use cel_type;

/// A kind of element: first the lines that all kinds have, then its own, `name: type, "what it is" => value;`.
macro_rules! kind {
    (
        $(#[$doc:meta])* $TABLE:ident of $OBJECT:ident = $name:literal: $Handle:ident
        |$this:ident, $reader:ident| { $($lines:tt)* }
    ) => {
        $crate::rules::own::elements::common::with_common! {
            $(#[$doc])* $TABLE, $OBJECT, $name, $Handle, $this, $reader, { $($lines)* }
        }
    };
}
pub(super) use kind;

/// What `kind` becomes when the common lines are there.
macro_rules! whole_kind {
    (
        |$element:ident, $at:ident| {
            $($shared:ident: $shared_type:ident $(($($shared_of:tt)+))?, $shared_docs:literal => $shared_get:expr;)*
        }
        $(#[$doc:meta])* $TABLE:ident, $OBJECT:ident, $name:literal, $Handle:ident, $this:ident, $reader:ident, {
            $($own:ident: $type:ident $(($($of:tt)+))?, $docs:literal => $get:expr;)*
        }
    ) => {
        $(#[$doc])*
        pub(crate) static $OBJECT: $crate::cel::ObjectType = $crate::cel::ObjectType {
            name: $name,
            attributes: &[
                $($crate::cel::Attribute {
                    name: stringify!($shared),
                    of: || $crate::rules::own::elements::table::cel_type!($shared_type $(($($shared_of)+))?),
                    docs: $shared_docs,
                },)*
                $($crate::cel::Attribute {
                    name: stringify!($own),
                    of: || $crate::rules::own::elements::table::cel_type!($type $(($($of)+))?),
                    docs: $docs,
                },)*
            ],
        };

        pub(in crate::rules::own::elements) static $TABLE: $crate::rules::own::elements::table::Table =
            $crate::rules::own::elements::table::Table {
                object: &$OBJECT,
                getters: &[
                    $(|$element, $at| $crate::rules::own::elements::reader::Read::read($shared_get, $at),)*
                    $(|element, $reader| {
                        let $crate::schema::Element::$Handle($this) = element else { return None };
                        $crate::rules::own::elements::reader::Read::read($get, $reader)
                    },)*
                ],
            };
    };
}
pub(super) use whole_kind;
