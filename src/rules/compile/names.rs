//! Names that stand for nothing, for two things, or for the wrong kind of thing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::nearest::nearest;
use crate::rules::{Check, Cx, Rule, rule};
use crate::schema::{
    Element, Field, FieldType, File, FileIndex, ImportKind, Method, Missing, Misuse, Part, Schema, Site, Syntax,
    built_in_types,
};

pub(super) const RULES: &[&Rule] = &[&COMPILE_DUPLICATE_SYMBOL, &COMPILE_TYPE_MISUSE, &COMPILE_UNRESOLVED_NAME];

rule!(compile COMPILE_DUPLICATE_SYMBOL: Check::Schema(compile_duplicate_symbol));
rule!(compile COMPILE_TYPE_MISUSE: Check::Each(&[Check::File(compile_type_misuse), Check::Field(extended_in_proto3)]));
rule!(compile COMPILE_UNRESOLVED_NAME: Check::Each(&[
    Check::Schema(compile_unresolved_name),
    Check::Field(local_types_of_field),
    Check::Method(local_types_of_method),
]));

/// What files with duplicates import, at any distance.
#[derive(Default)]
struct Imports(FxHashMap<FileIndex, FxHashSet<FileIndex>>);

impl Imports {
    fn reaches(&mut self, schema: &Schema, from: FileIndex, to: FileIndex) -> bool {
        let closure = || schema.file_at(from).closure().into_iter().map(|file| file.index).collect();
        from != to && self.0.entry(from).or_insert_with(closure).contains(&to)
    }
}

fn compile_duplicate_symbol(schema: &Schema, cx: &mut Cx<'_>) {
    let mut imports = Imports::default();
    for duplicate in &schema.faults().duplicates {
        // Like protoc, take a file that imports the other one as the later one.
        let (one, two) = match imports.reaches(schema, duplicate.first.file, duplicate.second.file) {
            true => (duplicate.second, duplicate.first),
            false => (duplicate.first, duplicate.second),
        };
        let what = if one.kind == two.kind {
            format!("{} `{}` is defined twice", two.kind, duplicate.name)
        } else {
            let article = if one.kind.starts_with('e') { "an" } else { "a" };
            format!("{} `{}` has the name of {article} {}", two.kind, duplicate.name, one.kind)
        };
        let report = cx.report(schema.file_at(two.file), Part::Exactly(two.span), what).label(
            schema.file_at(one.file),
            Part::Exactly(one.span),
            "first defined here",
        );
        if [one.kind, two.kind].contains(&"enum value") {
            report.help("enum values share the scope of their enum: prefix them with the name of the enum");
        }
    }
}

/// The element that uses a name, the part that holds it, and the name.
pub(crate) fn used_at<'s>(file: File<'s>, site: Site) -> (Element<'s>, Part<'static>, &'s str) {
    match site {
        Site::FieldType(index) => {
            let field = file.field_at(index);
            (field.into(), Part::Type, field.written_type_name())
        }
        Site::Extendee(index) => {
            let field = file.field_at(index);
            (field.into(), Part::Extendee, field.written_extendee())
        }
        Site::Input(index) => {
            let method = file.method_at(index);
            (method.into(), Part::Input, method.written_input())
        }
        Site::Output(index) => {
            let method = file.method_at(index);
            (method.into(), Part::Output, method.written_output())
        }
        Site::Option(option, part) => {
            (file.into(), Part::Exactly(file.option_at(option).span()), file.option_part_at(part))
        }
    }
}

fn compile_type_misuse(file: File<'_>, cx: &mut Cx<'_>) {
    for unresolved in file.unresolved() {
        let Missing::Misused(misuse) = &unresolved.reason else { continue };
        let (element, part, name) = used_at(file, unresolved.site);
        let wanted = match unresolved.site {
            Site::FieldType(_) => "a type",
            Site::Extendee(_) | Site::Input(_) | Site::Output(_) => "a message",
            Site::Option(..) => "an extension",
        };
        let Misuse { kind, full_name, hides } = &**misuse;
        let what = if full_name == name.trim_start_matches('.') {
            format!("`{name}` is {kind}, not {wanted}")
        } else {
            format!("`{name}` is {kind} here, `{full_name}`, not {wanted}")
        };
        let report = cx.report(element, part, what);
        if let Some(hidden) = hides {
            report.help(format!("the innermost element of that name is used: write `.{hidden}`"));
        }
    }
    for site in file.enums_for_messages() {
        let (element, part, name) = used_at(file, site);
        let wanted = if matches!(site, Site::Extendee(_)) {
            "only messages can be extended"
        } else {
            "the request and the response of an rpc must be messages"
        };
        cx.report(element, part, format!("`{name}` is an enum, not a message")).help(wanted);
    }
}

/// <https://protobuf.dev/programming-guides/proto3/#customoptions>
fn extended_in_proto3(field: Field<'_>, cx: &mut Cx<'_>) {
    let Some(extendee) = field.extendee() else { return };
    let is_option = extendee.file().package() == Some("google.protobuf") && extendee.name().ends_with("Options");
    if field.file().syntax() == Syntax::Proto3 && !is_option {
        let message = format!("`{}` is not a message of options; proto3 can extend no others", extendee.full_name());
        cx.report(field, Part::Extendee, message).help("declare the extension in a proto2 file or in an edition");
    }
}

fn local_types_of_field(field: Field<'_>, cx: &mut Cx<'_>) {
    match field.field_type() {
        FieldType::Message(message) if message.is_local() => {
            local_type(field.into(), Part::Type, message.into(), message.full_name(), cx)
        }
        FieldType::Enum(enumeration) if enumeration.is_local() => {
            local_type(field.into(), Part::Type, enumeration.into(), enumeration.full_name(), cx)
        }
        _ => {}
    }
    if let Some(extendee) = field.extendee().filter(|extendee| extendee.is_local()) {
        local_type(field.into(), Part::Extendee, extendee.into(), extendee.full_name(), cx);
    }
}

fn local_types_of_method(method: Method<'_>, cx: &mut Cx<'_>) {
    for (part, message) in [(Part::Input, method.input()), (Part::Output, method.output())] {
        if let Some(message) = message.filter(|message| message.is_local()) {
            local_type(method.into(), part, message.into(), message.full_name(), cx);
        }
    }
}

fn local_type(user: Element<'_>, part: Part<'_>, local: Element<'_>, full_name: &str, cx: &mut Cx<'_>) {
    // Whether it is may be set for the whole file, in a statement that is damaged.
    if user.file() != local.file() && local.file().are_options_known() {
        let message = format!("`{full_name}` is local to `{}`", local.file().name());
        cx.report(user, part, message)
            .label(local, Part::Name, "declared here")
            .help("declare it with `export` if other files may use it");
    }
}

/// How many names get a suggestion, so that a tree without a single import stays cheap.
const SUGGESTIONS: usize = 200;

fn compile_unresolved_name(schema: &Schema, cx: &mut Cx<'_>) {
    let mut known: Option<Known<'_>> = None;
    let mut left = SUGGESTIONS;
    let mut reported_extendees = FxHashSet::default();
    for file in schema.files().filter(|file| file.is_target()) {
        for unresolved in file.unresolved() {
            let (element, part, name) = used_at(file, unresolved.site);
            // The fields of one `extend` block share its name.
            if matches!(unresolved.site, Site::Extendee(_)) && !reported_extendees.insert(element.locate(part)) {
                continue;
            }
            let (message, help) = match &unresolved.reason {
                Missing::Misused(_) => continue,
                Missing::Hidden(tried) => (
                    format!("`{name}` is not defined: its first part is found in the nearest scope as `{tried}`"),
                    Some(format!("write `.{name}` to start from the outermost scope")),
                ),
                Missing::Nowhere => (format!("`{name}` is not defined"), None),
            };
            let help = help.or_else(|| {
                left = left.checked_sub(1)?;
                known.get_or_insert_with(|| Known::new(schema)).suggest(file, name, unresolved.site)
            });
            let report = cx.report(element, part, message);
            if let Some(help) = help {
                report.help(help);
            }
        }
    }
}

/// All names that could be meant, by their last component.
struct Known<'s> {
    /// The full name, and the path of the file to import.
    types: FxHashMap<&'s str, Vec<(String, &'s str)>>,
    extensions: FxHashMap<&'s str, Vec<(String, &'s str)>>,
}

impl<'s> Known<'s> {
    fn new(schema: &'s Schema) -> Known<'s> {
        let mut known = Known { types: FxHashMap::default(), extensions: FxHashMap::default() };
        for file in schema.files() {
            let messages = file.all_messages().filter(|message| !message.is_map_entry());
            let names = messages.map(|message| (message.name(), message.full_name()));
            for (name, full_name) in names.chain(file.all_enums().map(|e| (e.name(), e.full_name()))) {
                known.types.entry(name).or_default().push((full_name.to_owned(), file.name()));
            }
            for field in file.all_fields().filter(|field| field.is_extension()) {
                known.extensions.entry(field.name()).or_default().push((field.full_name(), file.name()));
            }
        }
        for (full_name, path) in built_in_types() {
            let name = full_name.rsplit('.').next().unwrap_or(full_name);
            known.types.entry(name).or_default().push((full_name.clone(), path));
        }
        known
    }

    fn suggest(&self, file: File<'s>, name: &str, site: Site) -> Option<String> {
        let names = if matches!(site, Site::Option(..)) { &self.extensions } else { &self.types };
        let wanted = name.trim_start_matches('.');
        let last = wanted.rsplit('.').next().unwrap_or(wanted);
        let imported = |path: &str| path == file.name() || file.imports().any(|import| import.path() == path);
        let fits = |full_name: &str| {
            full_name == wanted || full_name.strip_suffix(wanted).is_some_and(|scope| scope.ends_with('.'))
        };
        let same = names.get(last).into_iter().flatten().filter(|(full_name, _)| fits(full_name));
        if let Some((full_name, path)) = same.min_by_key(|(full_name, _)| full_name.len()) {
            if file.imports().any(|import| import.path() == *path && import.kind() == ImportKind::Option) {
                return Some(format!("`import option` imports only options: add `import \"{path}\";`"));
            }
            return Some(if imported(path) {
                format!("it is in another scope: write `{full_name}`")
            } else if same_package(full_name, wanted, file) {
                format!("it is declared in another file: add `import \"{path}\";`")
            } else {
                format!("it is declared in another file: add `import \"{path}\";`, and write `{full_name}`")
            });
        }
        let near = nearest(last, names.keys().copied())?;
        let candidates = names.get(near)?;
        let (full_name, path) = candidates.iter().find(|(_, path)| imported(path)).or_else(|| candidates.first())?;
        let import = if imported(path) { String::new() } else { format!(": add `import \"{path}\";`") };
        Some(format!("`{full_name}` has a similar name{import}"))
    }
}

/// Whether `wanted`, written in `file`, would resolve to `full_name` once its file is imported.
fn same_package(full_name: &str, wanted: &str, file: File<'_>) -> bool {
    if full_name == wanted {
        return true;
    }
    let mut scope = file.package();
    while let Some(here) = scope {
        if full_name.strip_prefix(here).and_then(|rest| rest.strip_prefix('.')) == Some(wanted) {
            return true;
        }
        scope = here.rsplit_once('.').map(|(outer, _)| outer);
    }
    false
}
