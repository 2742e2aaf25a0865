//! Measures each stage of a check or a comparison, on generated trees of 10 to 10,000 files, and on the tree that the
//! environment variable `PROTOLINT_BENCH_TREE` names. Growth should be linear: the throughput should stay constant.

use std::path::Path;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use protolint::fuzzing::Expression;
use protolint::{Format, Parsed, Policy, Project, Rules, Sides, render};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sizes of generated trees, in files; 0 stands for the real tree.
const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 0];

fn main() {
    divan::main();
}

/// A file of the size and shape of a usual API: a service, its messages, an enum, comments, an import of a neighbour,
/// and a naming finding in every other file.
fn generated(number: usize) -> (String, String) {
    let package = format!("acme.area{}.part{number}.v1", number % 50);
    let directory = package.replace('.', "/");
    let mut text = format!("// Part {number} of the product.\nsyntax = \"proto3\";\n\npackage {package};\n\n");
    if let Some(before) = number.checked_sub(1) {
        text += &format!("import \"acme/area{}/part{before}/v1/part.proto\";\n", before % 50);
    }
    text += "import \"google/protobuf/timestamp.proto\";\n\noption java_multiple_files = true;\n\n";
    text += &format!("// Serves things.\nservice Part{number}Service {{\n");
    for rpc in 0..6 {
        text += &format!("  // Does {rpc}.\n  rpc Do{rpc}(Do{rpc}Request) returns (Do{rpc}Response);\n");
    }
    text += "}\n\n";
    for rpc in 0..6 {
        for kind in ["Request", "Response"] {
            text += &format!("// Of rpc {rpc}.\nmessage Do{rpc}{kind} {{\n");
            for field in 1..=8 {
                text += &format!(
                    "  // Field number {field}, explained at some length.\n  string field_{field} = {field};\n"
                );
            }
            text += "  map<string, int64> counts = 9;\n  google.protobuf.Timestamp created = 10;\n  repeated Kind kinds = 11;\n";
            if let Some(before) = number.checked_sub(1) {
                let area = before % 50;
                text += &format!("  acme.area{area}.part{before}.v1.Kind before = 12;\n");
            }
            text += if number.is_multiple_of(2) {
                "  string camelCase = 13;\n}\n\n"
            } else {
                "  string snake_case = 13;\n}\n\n"
            };
        }
    }
    text += "// Kinds.\nenum Kind {\n  // None.\n  KIND_UNSPECIFIED = 0;\n  // One.\n  KIND_ONE = 1;\n}\n";
    (format!("{directory}/part.proto"), text)
}

/// Paths and texts.
type Texts = Vec<(String, String)>;

fn texts(size: usize) -> Option<Texts> {
    if size > 0 {
        return Some((0..size).map(generated).collect());
    }
    let root = std::env::var("PROTOLINT_BENCH_TREE").ok()?;
    let mut files = Vec::new();
    read(Path::new(&root), Path::new(&root), &mut files);
    Some(files)
}

fn bytes(texts: &Texts) -> BytesCount {
    BytesCount::new(texts.iter().map(|(_, text)| text.len()).sum::<usize>())
}

fn project(texts: &Texts) -> Project {
    Project::in_memory(texts.clone())
}

fn read(directory: &Path, root: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, root, files);
        } else if path.extension().is_some_and(|extension| extension == "proto")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn parse(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let inputs = bencher.counter(bytes(&texts)).with_inputs(|| texts.clone());
    inputs.bench_local_values(|texts| black_box(Parsed::parse(texts)));
}

/// The same 1,000 files with a `syntax` statement, with a byte order mark, and as an edition.
#[divan::bench(args = ["syntax", "mark", "edition"], sample_count = 10)]
fn parse_prepared(bencher: Bencher<'_, '_>, start: &str) {
    let started = (0..1_000).map(generated).map(|(path, text)| match start {
        "mark" => (path, format!("\u{FEFF}{text}")),
        "edition" => (path, text.replacen("syntax = \"proto3\";", "edition = \"2023\";", 1)),
        _ => (path, text),
    });
    let texts: Texts = started.collect();
    let inputs = bencher.counter(bytes(&texts)).with_inputs(|| texts.clone());
    inputs.bench_local_values(|texts| black_box(Parsed::parse(texts)));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn link(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let parsed = Parsed::parse(texts.clone());
    let inputs = bencher.counter(bytes(&texts)).with_inputs(|| parsed.clone());
    inputs.bench_local_values(|parsed| black_box(parsed.link()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn check(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let (project, rules) = (project(&texts), Rules::default());
    bencher.counter(bytes(&texts)).bench_local(|| black_box(project.lint(&rules)));
}

/// One file in ten has changed.
#[divan::bench(args = SIZES, sample_count = 10)]
fn compare(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let changed = texts.iter().cloned().enumerate().map(|(at, (path, text))| {
        let text = if at % 10 == 0 { text.replace("string field_3", "sint64 field_3") } else { text };
        (path, text)
    });
    let before = if size == 0 { project(&texts) } else { Project::in_memory(changed) };
    let (sides, policy) = (Sides::new(&before, &project(&texts)), Policy::default());
    // Each of a changed file's 12 messages has one such field.
    assert_eq!(sides.compare(&policy).findings.len(), size.div_ceil(10) * 12);
    bencher.counter(bytes(&texts)).bench_local(|| black_box(sides.compare(&policy)));
}

/// One file has another text, as after a key press in an editor.
#[divan::bench(args = SIZES, sample_count = 10)]
fn edit(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let project = project(&texts);
    let (file, text) = project.sources().iter().next().expect("there is a file");
    let edited = (project.absolute(file).expect("a schema").to_owned(), format!("{}\n", text.text()));
    bencher.counter(bytes(&texts)).bench_local(|| black_box(project.with_texts([edited.clone()])).is_ok());
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn print_concise(bencher: Bencher<'_, '_>, size: usize) {
    print(bencher, size, Format::Concise);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn print_json(bencher: Bencher<'_, '_>, size: usize) {
    print(bencher, size, Format::Json);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn print_human(bencher: Bencher<'_, '_>, size: usize) {
    print(bencher, size, Format::Human);
}

fn print(bencher: Bencher<'_, '_>, size: usize, format: Format) {
    let Some(texts) = texts(size) else { return };
    let report = project(&texts).lint(&Rules::default());
    bencher.counter(bytes(&texts)).bench_local(|| {
        let mut out = Vec::new();
        render(format, &report, &mut out).expect("memory takes what is written");
        black_box(out.len())
    });
}

/// Expressions as rules of one's own have them.
const EXPRESSIONS: [&str; 5] = [
    "name.startsWith('acme') && name.size() < 40",
    "name.matches('^[a-z][a-z0-9_]*$')",
    "name in ['type', 'import', 'package', 'message']",
    "name.split('_').all(word, word != '')",
    "('field `' + name + '` is bad').size() > 0",
];

#[divan::bench(args = EXPRESSIONS)]
fn compile_expression(text: &str) -> Option<Expression> {
    Expression::new(black_box(text))
}

#[divan::bench(args = EXPRESSIONS)]
fn evaluate_expression(bencher: Bencher<'_, '_>, text: &str) {
    let expression = Expression::new(text).expect("the expression is valid");
    bencher.bench_local(|| expression.holds(black_box("some_field_name")));
}
