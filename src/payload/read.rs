//! The messages of inputs, each with its type: one after the other, or many at once.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::input::{AllUnparsed, Batches, Input, Raw, Unparsed, decode};
use super::json::JsonReader;
use super::plan::Plan;
use super::wire::WireError;
use super::{any, types};
use crate::schema::{Message, Schema};

/// The types of messages that are read.
pub(crate) struct Types<'s> {
    schema: &'s Schema,
    known: Mutex<FxHashMap<String, Option<Arc<Known<'s>>>>>,
}

/// A type of which there are messages.
pub(crate) struct Known<'s> {
    pub(crate) message: Message<'s>,
    plan: OnceLock<Plan>,
    json: OnceLock<JsonReader>,
}

impl Known<'_> {
    pub(super) fn plan(&self) -> &Plan {
        self.plan.get_or_init(|| Plan::new(self.message.file().schema, self.message))
    }
}

/// A message that was read.
struct Found<'s, 'b> {
    of: Arc<Known<'s>>,
    bytes: Cow<'b, [u8]>,
    /// The part of them that is the message.
    part: Range<usize>,
}

impl<'s> Types<'s> {
    pub(crate) fn new(schema: &'s Schema) -> Types<'s> {
        Types { schema, known: Mutex::new(FxHashMap::default()) }
    }

    fn find(&self, name: &str) -> Result<Arc<Known<'s>>, String> {
        let mut known = self.known.lock().expect("no thread panics while it has the types");
        if let Some(found) = known.get(name) {
            return found.clone().ok_or_else(|| no_type(name));
        }
        let new = |message| Arc::new(Known { message, plan: OnceLock::new(), json: OnceLock::new() });
        let found = types::find(self.schema, name).ok().map(new);
        known.insert(name.to_owned(), found.clone());
        found.ok_or_else(|| no_type(name))
    }

    /// Finds the type of a message and its bytes.
    fn read<'b>(&self, input: &Input, raw: Raw<'b>) -> Result<Found<'s, 'b>, String> {
        let raw = match raw {
            Raw::Bytes(bytes) => bytes,
            Raw::Bad(reason) => return Err(reason.to_owned()),
        };
        let given = input.type_name.as_deref().map(|name| self.find(name)).transpose()?;
        let from_json = |json: &str| {
            let of = given.as_ref().ok_or(NO_TYPE)?;
            of.json.get_or_init(|| JsonReader::new(of.message)).bytes(json)
        };
        let bytes = decode(input.format, raw, from_json)?;
        if let Some(of) = given {
            let part = 0..bytes.len();
            return Ok(Found { of, bytes, part });
        }
        let (url, part) = any::parts(&bytes).ok_or(NO_TYPE)?;
        let of = self.find(types::of_url(url))?;
        Ok(Found { of, bytes, part })
    }
}

/// Why a message has no type.
const NO_TYPE: &str =
    "no type is given, and it is not a google.protobuf.Any: pass --type, or name its folder after the type";

fn no_type(name: &str) -> String {
    format!("the schema has no message `{name}`")
}

fn unparsed(input: &Input, index: u64, byte: Option<usize>, reason: String) -> Unparsed {
    Unparsed { source: input.source.name().to_owned(), index, byte, reason }
}

/// Calls `each` with every message of the inputs, its index in its source and its bytes, until that fails.
pub(crate) fn each<'s>(
    types: &Types<'s>,
    inputs: &[Input],
    all_unparsed: &mut AllUnparsed,
    mut each: impl FnMut(Message<'s>, u64, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut result = Ok(());
    for batch in Batches::new(inputs, &|_| ()) {
        batch.for_each(inputs, |input, index, raw| match types.read(input, raw) {
            Ok(found) if result.is_ok() => result = each(found.of.message, index, &found.bytes[found.part]),
            Ok(_) => {}
            Err(reason) => all_unparsed.add(unparsed(input, index, None, reason)),
        });
        if result.is_err() {
            break;
        }
    }
    result
}

/// For each type, what was made of its messages.
pub(super) type ByType<'s, T> = FxHashMap<String, (Arc<Known<'s>>, T)>;

/// What is made of messages of a type.
pub(super) trait Counter: Send {
    /// Counts a message.
    ///
    /// # Errors
    ///
    /// The bytes are not a message; nothing was counted.
    fn add(&mut self, plan: &Plan, bytes: &[u8]) -> Result<(), WireError>;

    /// Adds what another one counted.
    fn merge(&mut self, plan: &Plan, other: Self);
}

/// Counts all messages of the inputs, by many threads; `on_source` is called with numbers of sources that are read.
pub(super) fn count<'s, T: Counter>(
    types: &Types<'s>,
    inputs: &[Input],
    on_source: &(dyn Fn(usize) + Sync),
    new: impl Fn(&Known<'s>) -> T + Sync,
) -> (ByType<'s, T>, AllUnparsed) {
    let start = || (ByType::default(), AllUnparsed::default());
    let step = |(mut counters, mut all_unparsed): (ByType<'s, T>, AllUnparsed), batch: super::input::Batch| {
        batch.for_each(inputs, |input, index, raw| {
            let found = match types.read(input, raw) {
                Ok(found) => found,
                Err(reason) => return all_unparsed.add(unparsed(input, index, None, reason)),
            };
            let name = found.of.message.full_name();
            if !counters.contains_key(name) {
                counters.insert(name.to_owned(), (Arc::clone(&found.of), new(&found.of)));
            }
            let (of, counter) = counters.get_mut(name).expect("it was inserted");
            if let Err(error) = counter.add(of.plan(), &found.bytes[found.part]) {
                all_unparsed.add(unparsed(input, index, Some(error.at), error.kind.to_string()));
            }
        });
        (counters, all_unparsed)
    };
    let join = |(mut counters, mut all_unparsed): (ByType<'s, T>, AllUnparsed), other: (ByType<'s, T>, AllUnparsed)| {
        for (name, (of, counter)) in other.0 {
            match counters.get_mut(&name) {
                Some((of, own)) => own.merge(of.plan(), counter),
                None => drop(counters.insert(name, (of, counter))),
            }
        }
        all_unparsed.merge(other.1);
        (counters, all_unparsed)
    };
    Batches::new(inputs, on_source).par_bridge().fold(start, step).reduce(start, join)
}
