//! What schema registries decide about two versions of a file with its imports, each as its own code compares them:
//! what they do not look at is no difference here. It computes no impact and uses no rules.

mod apicurio;
mod confluent;
mod difference;
mod karapace;
mod redpanda;
mod type_names;
mod written;

pub(crate) use difference::{Change, Difference, Spot};

use crate::schema::{File, Scalar};

/// A registry that compares schemas before it stores them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registry {
    Confluent,
    Apicurio,
    Karapace,
    Redpanda,
}

impl Registry {
    /// How it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Registry::Confluent => "Confluent",
            Registry::Apicurio => "Apicurio",
            Registry::Karapace => "Karapace",
            Registry::Redpanda => "Redpanda",
        }
    }

    /// Why it rejects that code with the file `reader` reads what code with the file `writer` wrote; empty where it
    /// accepts that.
    pub(crate) fn rejections<'s>(self, writer: File<'s>, reader: File<'s>) -> Vec<Difference<'s>> {
        match self {
            Registry::Confluent => confluent::rejections(writer, reader),
            Registry::Apicurio => apicurio::rejections(writer, reader),
            Registry::Karapace => karapace::rejections(writer, reader),
            Registry::Redpanda => redpanda::rejections(writer, reader),
        }
    }
}

/// Scalars whose bytes registries take for the same; enums are [`Encoding::Varint`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Varint,
    Zigzag,
    Bytes,
    Fixed32,
    Fixed64,
    Float,
    Double,
}

impl Encoding {
    fn of(scalar: Scalar) -> Encoding {
        match scalar {
            Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => Encoding::Varint,
            Scalar::Sint32 | Scalar::Sint64 => Encoding::Zigzag,
            Scalar::String | Scalar::Bytes => Encoding::Bytes,
            Scalar::Fixed32 | Scalar::Sfixed32 => Encoding::Fixed32,
            Scalar::Fixed64 | Scalar::Sfixed64 => Encoding::Fixed64,
            Scalar::Float => Encoding::Float,
            Scalar::Double => Encoding::Double,
        }
    }
}
