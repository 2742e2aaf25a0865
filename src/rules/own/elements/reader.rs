//! What is read of elements becomes values of CEL. What is not known, since a statement is damaged or a name stands for
//! nothing, is noted: what was concluded from it counts for nothing.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use super::table::Table;
use super::{common, kinds, options};
use crate::cel::{Object, ObjectType, Value};
use crate::schema::{Element, Enum, EnumValue, Field, File, Import, Message, Method, Oneof, Service};

/// Where comments are read.
pub(crate) trait Comments {
    /// What the comment above an element says, and what the one behind it; `None` where the text is not at hand.
    fn comments_on(&self, element: Element<'_>) -> Option<[String; 2]>;
}

/// What is beside elements where their attributes are read.
pub(crate) struct Elements<'v> {
    comments: &'v dyn Comments,
    has_read_unknown: Cell<bool>,
}

impl<'v> Elements<'v> {
    pub(crate) fn new(comments: &'v dyn Comments) -> Elements<'v> {
        Elements { comments, has_read_unknown: Cell::new(false) }
    }

    /// An element as expressions see it.
    pub(crate) fn value(&'v self, element: impl Into<Element<'v>>) -> Value<'v> {
        Reader::new(self).element(element.into())
    }

    /// Whether anything was read since this was last asked that is not known: then nothing may be concluded from what
    /// an expression gave. Why it is not known is reported elsewhere.
    pub(crate) fn take_read_unknown(&self) -> bool {
        self.has_read_unknown.take()
    }
}

/// Reads attributes.
#[derive(Clone, Copy)]
pub(super) struct Reader<'v>(&'v Elements<'v>);

impl<'v> Reader<'v> {
    pub(super) fn new(elements: &'v Elements<'v>) -> Reader<'v> {
        Reader(elements)
    }

    pub(super) fn element(self, element: Element<'v>) -> Value<'v> {
        Value::object(Subject::new(element, self))
    }

    pub(super) fn options(self, element: Element<'v>) -> Value<'v> {
        options::value(element, self)
    }

    /// Nothing is known of a value.
    pub(super) fn unknown(self) {
        self.0.has_read_unknown.set(true);
    }

    pub(super) fn comment(self, element: Element<'v>) -> Known<String> {
        let is_said = !matches!(element, Element::File(_) | Element::Import(_));
        if is_said && !schema_says_documented(element) {
            return Known(Some(String::new()));
        }
        Known(self.0.comments.comments_on(element).map(|[above, _]| above))
    }

    pub(super) fn trailing_comment(self, element: Element<'v>) -> Known<String> {
        Known(self.0.comments.comments_on(element).map(|[_, behind]| behind))
    }

    pub(super) fn is_documented(self, element: Element<'v>) -> Known<bool> {
        match element {
            Element::File(_) | Element::Import(_) => Known(self.comment(element).0.map(|comment| !comment.is_empty())),
            element => Known(Some(schema_says_documented(element))),
        }
    }
}

/// Whether the schema has noted a comment above an element; it does so for none of files and imports.
fn schema_says_documented(element: Element<'_>) -> bool {
    match element {
        Element::File(_) | Element::Import(_) => false,
        Element::Message(message) => message.is_documented(),
        Element::Field(field) => field.is_documented(),
        Element::Oneof(oneof) => oneof.is_documented(),
        Element::Enum(enumeration) => enumeration.is_documented(),
        Element::EnumValue(value) => value.is_documented(),
        Element::Service(service) => service.is_documented(),
        Element::Method(method) => method.is_documented(),
    }
}

/// An element, as an object of CEL.
pub(super) struct Subject<'v> {
    element: Element<'v>,
    table: &'static Table,
    reader: Reader<'v>,
}

impl<'v> Subject<'v> {
    pub(super) fn new(element: Element<'v>, reader: Reader<'v>) -> Subject<'v> {
        Subject { element, table: kinds::table(element), reader }
    }
}

impl fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.table.object.name, common::full_name(self.element))
    }
}

impl<'v> Object<'v> for Subject<'v> {
    fn object_type(&self) -> &'static ObjectType {
        self.table.object
    }

    fn get(&self, attribute: usize) -> Option<Value<'v>> {
        self.table.getters.get(attribute)?(self.element, self.reader)
    }

    fn identity(&self) -> (usize, usize) {
        self.element.identity()
    }
}

/// What becomes a value.
pub(super) trait Read<'v> {
    /// The value; `None` where it reads as `null`.
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>>;
}

/// What may not be known.
pub(super) struct Known<T>(pub(super) Option<T>);

impl<'v, T: Read<'v>> Read<'v> for Known<T> {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        if self.0.is_none() {
            reader.unknown();
        }
        self.0?.read(reader)
    }
}

impl<'v, T: Read<'v>> Read<'v> for Option<T> {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        self?.read(reader)
    }
}

/// Whatever there is, and how it is read.
macro_rules! read {
    ($($of:ty: |$this:ident, $reader:pat_param| $value:expr;)*) => { $(
        impl<'v> Read<'v> for $of {
            fn read(self, $reader: Reader<'v>) -> Option<Value<'v>> {
                let $this = self;
                Some($value)
            }
        }
    )* };
}
read! {
    Value<'v>: |value, _| value;
    &'v str: |text, _| Value::text(text);
    String: |text, _| Value::shared_text(text);
    Cow<'v, str>: |text, _| match text {
        Cow::Borrowed(text) => Value::text(text),
        Cow::Owned(text) => Value::shared_text(text),
    };
    bool: |value, _| Value::Bool(value);
    i32: |number, _| Value::Int(number.into());
    Element<'v>: |element, reader| reader.element(element);
    File<'v>: |file, reader| reader.element(file.into());
    Import<'v>: |import, reader| reader.element(import.into());
    Message<'v>: |message, reader| reader.element(message.into());
    Field<'v>: |field, reader| reader.element(field.into());
    Oneof<'v>: |oneof, reader| reader.element(oneof.into());
    Enum<'v>: |enumeration, reader| reader.element(enumeration.into());
    EnumValue<'v>: |value, reader| reader.element(value.into());
    Service<'v>: |service, reader| reader.element(service.into());
    Method<'v>: |method, reader| reader.element(method.into());
}

/// Several of what becomes a value.
pub(super) struct Each<I>(pub(super) I);

impl<'v, I: IntoIterator<Item: Read<'v>>> Read<'v> for Each<I> {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        Some(Value::list(self.0.into_iter().filter_map(|item| item.read(reader)).collect()))
    }
}

/// Both ends of a range.
impl<'v> Read<'v> for [i32; 2] {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        Each(self).read(reader)
    }
}

/// A type of an rpc; where it could not be resolved, all that is known is its name.
pub(super) struct TypeOrName<'v> {
    message: Option<Message<'v>>,
    written: &'v str,
}

impl<'v> TypeOrName<'v> {
    pub(super) fn new(message: Option<Message<'v>>, written: &'v str) -> TypeOrName<'v> {
        TypeOrName { message, written }
    }
}

impl<'v> Read<'v> for TypeOrName<'v> {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        match self.message {
            Some(message) => message.read(reader),
            None => Some(Value::object(Unresolved { written: self.written, reader })),
        }
    }
}

/// A message of which only the name is known.
struct Unresolved<'v> {
    written: &'v str,
    reader: Reader<'v>,
}

impl fmt::Debug for Unresolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message {}", self.written)
    }
}

impl<'v> Object<'v> for Unresolved<'v> {
    fn object_type(&self) -> &'static ObjectType {
        &kinds::MESSAGE
    }

    fn get(&self, attribute: usize) -> Option<Value<'v>> {
        match kinds::MESSAGE.attributes.get(attribute)?.name {
            "kind" => Some(Value::text(kinds::MESSAGE.name)),
            "name" => Some(Value::text(self.written.rsplit('.').next().unwrap_or(self.written))),
            _ => {
                self.reader.unknown();
                None
            }
        }
    }

    fn identity(&self) -> (usize, usize) {
        (self.written.as_ptr() as usize, self.written.len())
    }
}
