//! Finds the `buf.validate` extensions in a pool and reads rule messages by field name.
//! It must not know what any rule means.

use std::borrow::Cow;

use prost_reflect::{
    DescriptorPool, DynamicMessage, ExtensionDescriptor, FieldDescriptor, FileDescriptor, ReflectMessage, Value,
};

/// The option extensions of protovalidate, as far as the pool's version has them.
#[derive(Default)]
pub(super) struct Extensions {
    field: Option<ExtensionDescriptor>,
    message: Option<ExtensionDescriptor>,
    oneof: Option<ExtensionDescriptor>,
    predefined: Option<ExtensionDescriptor>,
}

/// Numbers of the extensions in every published version of `buf/validate/validate.proto`.
const RULES_NUMBER: i32 = 1159;
const PREDEFINED_NUMBER: i32 = 1160;

impl Extensions {
    /// The extensions that a file can use: None where it imports none of them.
    pub(super) fn visible_in(file: &FileDescriptor) -> Option<Self> {
        // What comes by public imports is among them: the pool is made like that.
        let imports_them = file.dependencies().any(|import| import.package_name() == "buf.validate");
        imports_them.then(|| Self::find(file.parent_pool())).flatten()
    }

    pub(super) fn find(pool: &DescriptorPool) -> Option<Self> {
        let find = |name: &str| pool.get_extension_by_name(name);
        let found = Extensions {
            field: find("buf.validate.field"),
            message: find("buf.validate.message"),
            oneof: find("buf.validate.oneof"),
            predefined: find("buf.validate.predefined"),
        };
        (found.field.is_some() || found.message.is_some() || found.predefined.is_some()).then_some(found)
    }

    pub(super) fn field_rules(&self, options: &DynamicMessage) -> Option<DynamicMessage> {
        value_of(self.field.as_ref(), options)
    }

    pub(super) fn message_rules(&self, options: &DynamicMessage) -> Option<DynamicMessage> {
        value_of(self.message.as_ref(), options)
    }

    pub(super) fn oneof_rules(&self, options: &DynamicMessage) -> Option<DynamicMessage> {
        value_of(self.oneof.as_ref(), options)
    }

    pub(super) fn predefined_rules(&self, options: &DynamicMessage) -> Option<DynamicMessage> {
        value_of(self.predefined.as_ref(), options)
    }

    pub(super) fn field_number(&self) -> i32 {
        number_of(self.field.as_ref(), RULES_NUMBER)
    }

    pub(super) fn message_number(&self) -> i32 {
        number_of(self.message.as_ref(), RULES_NUMBER)
    }

    pub(super) fn predefined_number(&self) -> i32 {
        number_of(self.predefined.as_ref(), PREDEFINED_NUMBER)
    }
}

fn number_of(extension: Option<&ExtensionDescriptor>, default: i32) -> i32 {
    extension.map_or(default, |extension| as_i32(extension.number()))
}

/// Field numbers have 29 bits.
pub(super) fn as_i32(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A list index as a path component.
pub(super) fn index_i32(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

fn value_of(extension: Option<&ExtensionDescriptor>, options: &DynamicMessage) -> Option<DynamicMessage> {
    let extension = extension?;
    if extension.containing_message() != options.descriptor() || !options.has_extension(extension) {
        return None;
    }
    options.get_extension(extension).as_message().cloned()
}

/// A rule message read by field name. A field that the pool's version lacks reads as unset.
#[derive(Clone, Copy)]
pub(super) struct View<'m>(pub(super) &'m DynamicMessage);

/// A field that is set: its number in the rule message, and its value.
pub(super) struct Set<'m> {
    pub(super) number: i32,
    pub(super) value: Cow<'m, Value>,
}

impl<'m> View<'m> {
    pub(super) fn get(self, name: &str) -> Option<Set<'m>> {
        let field = self.descriptor(name)?;
        self.0.has_field(&field).then(|| Set { number: as_i32(field.number()), value: self.0.get_field(&field) })
    }

    fn descriptor(self, name: &str) -> Option<FieldDescriptor> {
        self.0.descriptor().get_field_by_name(name)
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.value.as_bool()
    }

    pub(super) fn uint(self, name: &str) -> Option<(i32, u64)> {
        let set = self.get(name)?;
        Some((set.number, set.value.as_u64()?))
    }

    pub(super) fn text(self, name: &str) -> Option<(i32, String)> {
        let set = self.get(name)?;
        Some((set.number, set.value.as_str()?.to_owned()))
    }

    pub(super) fn bytes(self, name: &str) -> Option<(i32, Vec<u8>)> {
        let set = self.get(name)?;
        Some((set.number, set.value.as_bytes()?.to_vec()))
    }

    pub(super) fn message(self, name: &str) -> Option<(i32, DynamicMessage)> {
        let set = self.get(name)?;
        Some((set.number, set.value.as_message()?.clone()))
    }

    pub(super) fn enum_number(self, name: &str) -> Option<(i32, i32)> {
        let set = self.get(name)?;
        Some((set.number, set.value.as_enum_number()?))
    }

    /// The elements of a repeated field; empty when unset.
    pub(super) fn list(self, name: &str) -> (i32, Vec<Value>) {
        let Some(set) = self.get(name) else {
            return (0, Vec::new());
        };
        let values = set.value.as_list().map(<[Value]>::to_vec).unwrap_or_default();
        (set.number, values)
    }

    /// The strings of a repeated string field; empty when unset.
    pub(super) fn strings(self, name: &str) -> (i32, Vec<String>) {
        let (number, values) = self.list(name);
        (number, values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect())
    }

    /// How many fields are set, extensions aside.
    pub(super) fn populated(self) -> usize {
        self.0.fields().count()
    }

    pub(super) fn pool(self) -> DescriptorPool {
        self.0.descriptor().parent_pool().clone()
    }

    /// The extensions that are set, by number.
    pub(super) fn extensions(self) -> Vec<(ExtensionDescriptor, Value)> {
        self.0.extensions().map(|(extension, value)| (extension, value.clone())).collect()
    }

    /// The rule message of the `type` oneof that is set: its number, name and value.
    pub(super) fn type_rules(self) -> Option<(i32, String, DynamicMessage)> {
        let descriptor = self.0.descriptor();
        let oneof = descriptor.oneofs().find(|oneof| oneof.name() == "type")?;
        let field = oneof.fields().find(|field| self.0.has_field(field))?;
        let value = self.0.get_field(&field).as_message()?.clone();
        Some((as_i32(field.number()), field.name().to_owned(), value))
    }
}
