//! Links one file: what each name in it stands for.

use super::files::Files;
use super::lookup::Lookup;
use super::public_imports::PublicImports;
use super::symbols::Symbols;
use super::visible::Visible;
use super::{Links, Site, TypeRef, duplicates, used};
use crate::schema::data::{FileData, FileIndex, Run, Text, WrittenType};

/// The links of the file at `at`.
pub(super) fn link(at: FileIndex, files: Files<'_>, symbols: &Symbols<'_>, public_imports: &PublicImports) -> Links {
    let file = files.data(at);
    let visible = Visible::new(at, files, public_imports);
    let incomplete = visible.incomplete;
    let mut lookup = Lookup::new(at, files, symbols, &visible);
    let mut links = Links { imports: files.imports(at).to_vec(), incomplete, ..Links::default() };
    fields(file, &mut lookup, &mut links);
    methods(file, &mut lookup, &mut links);
    options(file, &mut lookup, &mut links);
    links.duplicates = duplicates::within_file(at, file);
    links.used = used::used_imports(at, files, lookup.used(), &visible);
    if lookup.sees_damage() {
        // What is damaged may use any of them, or declare what is used.
        links.used.fill(true);
    }
    links.incomplete |= lookup.misses_names();
    if !incomplete {
        links.unresolved = lookup.into_unresolved();
    }
    links
}

fn fields<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    links.field_types.reserve_exact(file.fields.len());
    let mut neighbour: Option<(Option<u32>, Text, TypeRef)> = None;
    for (index, field) in (0..).zip(&file.fields) {
        let scope = file.scope(field.parent);
        links.field_types.push(match field.written_type {
            WrittenType::Scalar(_) => TypeRef::default(),
            WrittenType::Map => lookup.map_entry(scope, file.text(field.type_name)),
            WrittenType::Group | WrittenType::Named => {
                lookup.resolve(scope, file.text(field.type_name), Site::FieldType(index))
            }
        });
        if let Some(extendee) = field.extendee {
            // Neighbours mostly extend the same message.
            let name = file.extendees[extendee as usize].name;
            let known =
                neighbour.filter(|(parent, text, _)| *parent == field.parent && file.text(*text) == file.text(name));
            let resolve = || lookup.message(scope, file.text(name), Site::Extendee(index));
            let target = known.map_or_else(resolve, |(.., target)| target);
            neighbour = Some((field.parent, name, target));
            links.extendees.push(target);
        }
    }
}

fn methods<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    for service in &file.services {
        let scope = file.text(service.full_name);
        for index in service.methods.indexes() {
            let method = &file.methods[index as usize];
            links.inputs.push(lookup.message(scope, file.text(method.input), Site::Input(index)));
            links.outputs.push(lookup.message(scope, file.text(method.output), Site::Output(index)));
        }
    }
}

/// Options are resolved in the scope that encloses their element.
fn options<'f>(file: &'f FileData, lookup: &mut Lookup<'f>, links: &mut Links) {
    if file.options.is_empty() {
        return;
    }
    links.option_parts = vec![TypeRef::default(); file.option_parts.len()];
    let mut visit = |scope: &'f str, run: Run| {
        for option in run.indexes() {
            lookup.option(scope, file, option, &mut links.option_parts);
        }
    };
    visit(file.package_name(), file.options_run);
    for message in &file.messages {
        visit(file.scope(message.parent), message.options);
        for range in &file.ranges[message.extension_ranges.range()] {
            // protoc too looks them up around the message, not in it.
            visit(file.scope(message.parent), range.options);
        }
    }
    for field in &file.fields {
        visit(file.scope(field.parent), field.options);
    }
    for oneof in &file.oneofs {
        visit(file.scope(Some(oneof.parent)), oneof.options);
    }
    for enumeration in &file.enums {
        let scope = file.scope(enumeration.parent);
        visit(scope, enumeration.options);
        for value in &file.values[enumeration.values.range()] {
            visit(scope, value.options);
        }
    }
    for service in &file.services {
        visit(file.package_name(), service.options);
        for method in &file.methods[service.methods.range()] {
            visit(file.text(service.full_name), method.options);
        }
    }
}
