//! The messages of inputs, each with its type, one after the other.

use rustc_hash::FxHashMap;

use super::input::{AllUnparsed, Batches, Input, Raw, Unparsed, decode};
use super::json::JsonReader;
use super::{any, types};
use crate::schema::{Message, Schema};

/// A message that was read.
pub(crate) struct Found<'s, 'b> {
    pub(crate) of: Message<'s>,
    /// Which message of its source it is, from 0.
    pub(crate) index: u64,
    pub(crate) bytes: &'b [u8],
}

/// Calls `each` with every message of the inputs, until it fails.
pub(crate) fn each<'s>(
    schema: &'s Schema,
    inputs: &[Input],
    unparsed: &mut AllUnparsed,
    mut each: impl FnMut(Found<'s, '_>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut readers: FxHashMap<String, JsonReader> = FxHashMap::default();
    let mut result = Ok(());
    for batch in Batches::new(inputs, &|_| ()) {
        batch.for_each(inputs, |input, index, raw| {
            if result.is_err() {
                return;
            }
            let mut message = || -> Result<(), String> {
                let raw = match raw {
                    Raw::Bytes(bytes) => bytes,
                    Raw::Bad(reason) => return Err(reason.to_owned()),
                };
                let given = input.type_name.as_deref();
                let given = given.map(|name| types::find(schema, name).map_err(|_| no_type(name))).transpose()?;
                let from_json = |json: &str| {
                    let of = given.ok_or(NO_TYPE)?;
                    let name = of.full_name().to_owned();
                    readers.entry(name).or_insert_with(|| JsonReader::new(of)).bytes(json)
                };
                let bytes = decode(input.format, raw, from_json)?;
                let (of, bytes) = match given {
                    Some(of) => (of, &bytes[..]),
                    None => {
                        let (url, value) = any::parts(&bytes).ok_or(NO_TYPE)?;
                        let name = types::of_url(url);
                        (types::find(schema, name).map_err(|_| no_type(name))?, value)
                    }
                };
                result = each(Found { of, index, bytes });
                Ok(())
            };
            if let Err(reason) = message() {
                unparsed.add(Unparsed { source: input.source.name().to_owned(), index, byte: None, reason });
            }
        });
        if result.is_err() {
            break;
        }
    }
    result
}

/// Why a message has no type.
pub(super) const NO_TYPE: &str =
    "no type is given, and it is not a google.protobuf.Any: pass --type, or name its folder after the type";

pub(super) fn no_type(name: &str) -> String {
    format!("the schema has no message `{name}`")
}
