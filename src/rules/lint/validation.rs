//! The rule PROTOVALIDATE: brings the checks of `protovalidate`, which know descriptors only, together with the schema
//! and its places.

use prost_reflect::{DescriptorPool, FieldDescriptor};
use rustc_hash::FxHashSet;

use crate::rules::protovalidate::locate::Places;
use crate::rules::protovalidate::{Problem, check_file};
use crate::rules::{Check, Cx, Reach, Rule, rule};
use crate::schema::{Element, File, Part, Presence, Root};

pub(super) const RULES: &[&Rule] = &[&PROTOVALIDATE];

rule!(lint PROTOVALIDATE: Check::Root(Reach::Importers, protovalidate));

/// The file that declares the options.
const VALIDATE: &str = "buf/validate/validate.proto";

fn protovalidate(root: &Root<'_>, cx: &mut Cx<'_>) {
    let uses = |file: &File<'_>| file.is_target() && file.option_extensions().any(|e| e.file().name() == VALIDATE);
    let files: Vec<File<'_>> = root.files.iter().copied().filter(uses).collect();
    let mut pool = DescriptorPool::new();
    let mut seen = FxHashSet::default();
    for file in files {
        // A file that cannot be interpreted takes only itself and what imports it along.
        let fault = file
            .closure()
            .into_iter()
            .filter(|reached| seen.insert(reached.index))
            .find_map(|reached| reached.add_to(&mut pool).err());
        match pool.get_file_by_name(file.name()) {
            Some(descriptor) => {
                let has_presence = |field: &FieldDescriptor| has_presence(file, field);
                // They are sorted by element.
                let problems = check_file(&descriptor, &has_presence);
                problems.chunk_by(|one, other| one.element == other.element).for_each(|of| report(file, &pool, of, cx));
            }
            None => {
                let reason = fault.unwrap_or_else(|| "an imported file cannot be interpreted".to_owned());
                cx.report(file, Part::Declaration, format!("validation options cannot be checked: {reason}"));
            }
        }
    }
}

/// Presence by the schema, since the pool has no editions.
fn has_presence(file: File<'_>, field: &FieldDescriptor) -> bool {
    match file.element_at(field.path()) {
        Some(Element::Field(known)) if field.parent_file().name() == file.name() => {
            matches!(known.presence(), Presence::Explicit | Presence::Required)
        }
        _ => field.supports_presence(),
    }
}

/// Reports the problems of one element.
fn report(file: File<'_>, pool: &DescriptorPool, problems: &[Problem], cx: &mut Cx<'_>) {
    let Some(element) = problems.first().and_then(|problem| file.element_at(&problem.element)) else { return };
    let kind = match element {
        Element::Message(_) => "google.protobuf.MessageOptions",
        Element::Oneof(_) => "google.protobuf.OneofOptions",
        _ => "google.protobuf.FieldOptions",
    };
    let places = pool.get_message_by_name(kind).map(|options| Places::new(&options, element.options()));
    for problem in problems {
        let place = places.as_ref().and_then(|places| places.find(&problem.option));
        cx.report(element, place.map_or(Part::Declaration, Part::Exactly), problem.message.clone());
    }
}
