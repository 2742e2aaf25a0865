//! Elements of which the kind is known at run time only: what an element is declared in, and both sides of a change.

use std::sync::LazyLock;

use super::common::COUNT;
use super::kinds;
use super::reader::{Read, Reader, Subject};
use crate::cel::{Attribute, Object, ObjectType, Type, Value};
use crate::schema::Element;

/// An element of any kind: it has the attributes of all kinds. Those of other kinds than its own are `null`.
pub(crate) static ANY: LazyLock<ObjectType> = LazyLock::new(|| {
    let copy = |attribute: &Attribute| Attribute { name: attribute.name, of: attribute.of, docs: attribute.docs };
    // All kinds have the common attributes alike, and the type of one of them is this.
    let mut attributes: Vec<Attribute> = kinds::FILE.attributes[..COUNT].iter().map(copy).collect();
    for attribute in kinds::TABLES.iter().flat_map(|table| &table.object.attributes[COUNT..]) {
        match attributes.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) if (known.of)() != (attribute.of)() => known.of = || Type::Dyn,
            Some(_) => {}
            None => attributes.push(copy(attribute)),
        }
    }
    ObjectType { name: "element", attributes: attributes.leak() }
});

/// An element, or none, as one of any kind.
pub(super) struct OfAnyKind<'v>(pub(super) Option<Element<'v>>);

impl<'v> Read<'v> for OfAnyKind<'v> {
    fn read(self, reader: Reader<'v>) -> Option<Value<'v>> {
        Some(Value::object(AnySubject(Subject::new(self.0?, reader))))
    }
}

#[derive(Debug)]
struct AnySubject<'v>(Subject<'v>);

impl<'v> Object<'v> for AnySubject<'v> {
    fn object_type(&self) -> &'static ObjectType {
        &ANY
    }

    fn get(&self, attribute: usize) -> Option<Value<'v>> {
        let name = ANY.attributes.get(attribute)?.name;
        let own = self.0.object_type().attributes.iter().position(|attribute| attribute.name == name)?;
        self.0.get(own)
    }

    fn identity(&self) -> (usize, usize) {
        self.0.identity()
    }
}
