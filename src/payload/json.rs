//! Messages in JSON, which `prost-reflect` reads.

use prost_reflect::prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

use crate::schema::{File, Message};

/// Reads JSON as messages of a type.
pub(crate) struct JsonReader {
    /// Or why there is none.
    descriptor: Result<MessageDescriptor, String>,
}

impl JsonReader {
    pub(crate) fn new(message: Message<'_>) -> JsonReader {
        let mut pool = DescriptorPool::new();
        let added = message.file().closure().into_iter().try_for_each(|file| file.add_to(&mut pool));
        // Extensions may be declared anywhere; where such a file cannot be linked, only they are missing.
        let has_extensions = |file: &File<'_>| file.all_fields().any(|field| field.is_extension());
        for file in message.file().schema.files().filter(has_extensions).flat_map(File::closure) {
            if pool.get_file_by_name(file.name()).is_none() {
                let _ = file.add_to(&mut pool);
            }
        }
        let name = message.full_name();
        let descriptor = added.and_then(|()| {
            pool.get_message_by_name(name).ok_or_else(|| format!("`{name}` is not in the files that are linked"))
        });
        JsonReader { descriptor: descriptor.map_err(|error| format!("JSON cannot be read by these schemas: {error}")) }
    }

    /// The bytes of a message.
    pub(crate) fn bytes(&self, json: &str) -> Result<Vec<u8>, String> {
        let descriptor = self.descriptor.clone()?;
        let mut reader = serde_json::Deserializer::from_str(json);
        let place = |error: serde_json::Error| {
            // Its own text would show values.
            format!("column {}: not a message of this type in JSON", error.column())
        };
        let message = DynamicMessage::deserialize(descriptor, &mut reader).map_err(place)?;
        reader.end().map_err(place)?;
        Ok(message.encode_to_vec())
    }
}
