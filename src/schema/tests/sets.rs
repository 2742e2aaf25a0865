//! That a file of a descriptor set means what protoc made of its source.

use super::load::{Loaded, accepted, schema_of, testdata};
use super::values::delimited;
use super::{encode, features, recorded, render, report};
use crate::schema::descriptor_set::files;
use crate::schema::{Schema, built_in, options_message};
use crate::source::Sources;

/// The set of a file and all it imports, as protoc wrote it down.
fn set_of(name: &str, schema: &Schema) -> Vec<u8> {
    let file = schema.files().find(|file| file.name() == name).expect("it was loaded");
    let descriptor = options_message("FileDescriptorProto").expect("a message of descriptor.proto");
    let mut set = Vec::new();
    for file in file.closure() {
        if testdata("accepted").join(file.name()).exists() {
            delimited(1, &encode::message(schema, descriptor, &recorded(file.name())), &mut set);
        }
    }
    set
}

/// Links the files of a set and what is built in of their imports.
pub(crate) fn linked(set: &[u8]) -> Result<Schema, String> {
    let mut loaded = Loaded { sources: Sources::new(), files: Default::default(), faults: Vec::new() };
    for file in files(set).map_err(|fault| fault.message)? {
        let read = file.read.map_err(|fault| format!("{}: {}", file.name, fault.message))?;
        loaded.files.insert(file.name, read.parsed);
    }
    let mut wanted: Vec<String> = imports(&loaded).collect();
    while let Some(import) = wanted.pop() {
        if let (false, Some(file)) = (loaded.files.contains_key(&import), built_in(&import)) {
            wanted.extend(file.imports().map(str::to_owned));
            loaded.files.insert(import, file);
        }
    }
    Ok(loaded.link("").0)
}

fn imports(loaded: &Loaded) -> impl Iterator<Item = String> + '_ {
    loaded.files.values().flat_map(|file| file.imports()).map(str::to_owned)
}

#[test]
fn sets_mean_what_protoc_means() {
    let defaults = features::Defaults::read();
    let mut differences = Vec::new();
    for name in accepted() {
        let Ok(schema) = schema_of(&name) else { continue };
        let linked = match linked(&set_of(&name, &schema)) {
            Ok(linked) => linked,
            Err(fault) => {
                differences.push(format!("{name}: {fault}"));
                continue;
            }
        };
        let file = linked.files().find(|file| file.name() == name).expect("it is in the set");
        let theirs = recorded(&name).without_empty_options();
        differences.extend(render::file(file).differs_from(&theirs).map(|differs| format!("{name}: {differs}")));
        features::compare(file, &recorded(&name), &defaults, &mut differences);
    }
    report(&differences);
}
