//! Handles of a schema's elements: small, `Copy`, and all that rules see. A handle is an index with the schema it
//! belongs to; what it says about other files comes from linking.

use super::data::{
    Declared, EnumData, EnumValueData, MessageData, MethodData, OneofData, Run, ServiceData, Visibility,
};
use super::link::TypeRef;
use super::option::Options;
use super::reserved::ReservedOf;

macro_rules! handle {
    ($(#[$doc:meta])* $Handle:ident, $Data:ty, $arena:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $Handle<'s> {
            pub(crate) file: File<'s>,
            pub(crate) index: u32,
        }

        impl<'s> $Handle<'s> {
            pub(crate) fn data(self) -> &'s $Data {
                &self.file.data().$arena[self.index as usize]
            }

            /// The file it is declared in.
            pub fn file(self) -> File<'s> {
                self.file
            }
        }

        impl PartialEq for $Handle<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.file == other.file && self.index == other.index
            }
        }

        impl Eq for $Handle<'_> {}
    };
}

macro_rules! declared {
    ($($Handle:ident)*) => { $(
        impl<'s> $Handle<'s> {
            /// The short name, as written; groups' fields in lower case.
            pub fn name(self) -> &'s str {
                self.file.data().text(self.data().name)
            }

            /// Where its declaration stands.
            pub(crate) fn place(self) -> Declared {
                self.data().place
            }

            /// Whether a leading comment says something about it.
            pub fn is_documented(self) -> bool {
                self.data().place.documented
            }

            /// Its options as written.
            pub(crate) fn options(self) -> Options<'s> {
                Options::new(self.file, self.data().options)
            }
        }
    )* };
}

macro_rules! children {
    ($(#[$doc:meta])* $method:ident, $Handle:ident, |$data:ident| $run:expr) => {
        $(#[$doc])*
        pub fn $method(self) -> impl DoubleEndedIterator<Item = $Handle<'s>> + ExactSizeIterator + Clone {
            let $data = self.data();
            let run: Run = $run;
            let file = self.file();
            run.indexes().map(move |index| $Handle { file, index })
        }
    };
}

mod brackets;
mod field;
mod file;
mod members;

pub use field::{Field, FieldType};
pub use file::{File, Import};

handle!(
    /// A message, map entries and groups' messages included.
    Message, MessageData, messages
);
handle!(
    /// A oneof, the synthetic ones of proto3 `optional` included.
    Oneof, OneofData, oneofs
);
handle!(
    /// An enum.
    Enum, EnumData, enums
);
handle!(
    /// A value of an enum.
    EnumValue, EnumValueData, values
);
handle!(
    /// A service.
    Service, ServiceData, services
);
handle!(
    /// An rpc of a service.
    Method, MethodData, methods
);
declared!(Message Oneof Enum EnumValue Service Method);

impl<'s> Message<'s> {
    /// Package and all enclosing names, joined by dots.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    /// The message it is nested in.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// Whether it was made for a map field.
    pub fn is_map_entry(self) -> bool {
        self.data().map_entry
    }

    /// `export` or `local`.
    pub fn visibility(self) -> Visibility {
        self.data().visibility
    }

    /// What it reserves.
    pub(crate) fn reserved(self) -> ReservedOf<'s> {
        ReservedOf::new(self.file, self.data().reserved)
    }

    children!(
        /// Its fields in the order of declaration.
        fields, Field, |data| data.fields
    );
    children!(
        /// Its oneofs, synthetic ones last.
        oneofs, Oneof, |data| data.oneofs
    );
    children!(
        /// The messages nested in it.
        messages, Message, |data| data.messages
    );
    children!(
        /// The enums nested in it.
        enums, Enum, |data| data.enums
    );
    children!(
        /// The extensions declared in it.
        extensions, Field, |data| data.extensions
    );
}

impl<'s> Oneof<'s> {
    /// The message it belongs to.
    pub fn parent(self) -> Message<'s> {
        Message { file: self.file, index: self.data().parent }
    }

    /// Whether it was made for a proto3 `optional` field.
    pub fn is_synthetic(self) -> bool {
        self.data().synthetic
    }

    /// Its fields.
    pub fn fields(self) -> impl Iterator<Item = Field<'s>> {
        self.parent().fields().filter(move |field| field.data().oneof == Some(self.index))
    }
}

impl<'s> Enum<'s> {
    /// Package and all enclosing names, joined by dots.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    /// The message it is nested in.
    pub fn parent(self) -> Option<Message<'s>> {
        self.data().parent.map(|index| Message { file: self.file, index })
    }

    /// `export` or `local`.
    pub fn visibility(self) -> Visibility {
        self.data().visibility
    }

    /// What it reserves.
    pub(crate) fn reserved(self) -> ReservedOf<'s> {
        ReservedOf::new(self.file, self.data().reserved)
    }

    children!(
        /// Its values in the order of declaration.
        values, EnumValue, |data| data.values
    );
}

impl<'s> EnumValue<'s> {
    /// The enum it belongs to.
    pub fn parent(self) -> Enum<'s> {
        Enum { file: self.file, index: self.data().parent }
    }

    /// The number on the wire.
    pub fn number(self) -> i32 {
        self.data().number
    }
}

impl<'s> Service<'s> {
    /// Package and name, joined by a dot.
    pub fn full_name(self) -> &'s str {
        self.file.data().text(self.data().full_name)
    }

    children!(
        /// Its rpcs in the order of declaration.
        methods, Method, |data| data.methods
    );
}

impl<'s> Method<'s> {
    /// The service it belongs to.
    pub fn parent(self) -> Service<'s> {
        Service { file: self.file, index: self.data().parent }
    }

    /// The request type, where it could be resolved.
    pub fn input(self) -> Option<Message<'s>> {
        self.message(self.file.links().inputs[self.index as usize])
    }

    /// The response type, where it could be resolved.
    pub fn output(self) -> Option<Message<'s>> {
        self.message(self.file.links().outputs[self.index as usize])
    }

    fn message(self, reference: TypeRef) -> Option<Message<'s>> {
        match self.file.schema.type_of(reference) {
            FieldType::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The name of the request type as written.
    pub fn written_input(self) -> &'s str {
        self.file.data().text(self.data().input)
    }

    /// The name of the response type as written.
    pub fn written_output(self) -> &'s str {
        self.file.data().text(self.data().output)
    }

    /// Whether the request is a stream.
    pub fn is_client_streaming(self) -> bool {
        self.data().client_streaming
    }

    /// Whether the response is a stream.
    pub fn is_server_streaming(self) -> bool {
        self.data().server_streaming
    }
}
