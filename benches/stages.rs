//! What each stage of a check or a comparison costs, on generated trees of 10 to 10,000 files, and on a real one that
//! the environment variable `PROTOLINT_BENCH_TREE` names. Growth should be linear: the throughput column stays level.

use std::path::Path;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use protolint::report::Format;
use protolint::stages::Texts;

/// The program allocates with it, so the benchmarks do.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sizes of generated trees, in files; 0 stands for the real tree.
const SIZES: [usize; 5] = [10, 100, 1_000, 10_000, 0];

fn main() {
    divan::main();
}

/// A file of the size and shape of a usual API: a service, its messages, an enum, comments, an import of a neighbour,
/// and a naming fault in every other file.
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

fn texts(size: usize) -> Option<Texts> {
    if size > 0 {
        return Some(Texts::new((0..size).map(generated)));
    }
    let root = std::env::var("PROTOLINT_BENCH_TREE").ok()?;
    let mut files = Vec::new();
    read(Path::new(&root), Path::new(&root), &mut files);
    Some(Texts::new(files))
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
    bencher.counter(BytesCount::new(texts.bytes())).bench_local(|| black_box(texts.parse()));
}

/// The same 1,000 files as they are, behind a byte order mark, and as an edition: only the last has to be prepared.
#[divan::bench(args = ["syntax", "mark", "edition"], sample_count = 10)]
fn parse_prepared(bencher: Bencher<'_, '_>, start: &str) {
    let texts = Texts::new((0..1_000).map(generated).map(|(path, text)| match start {
        "mark" => (path, format!("\u{FEFF}{text}")),
        "edition" => (path, text.replacen("syntax = \"proto3\";", "edition = \"2023\";", 1)),
        _ => (path, text),
    }));
    bencher.counter(BytesCount::new(texts.bytes())).bench_local(|| black_box(texts.parse()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn resolve(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let bytes = BytesCount::new(texts.bytes());
    bencher.counter(bytes).with_inputs(|| texts.parse()).bench_local_values(|parsed| black_box(parsed.resolve()));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn check(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let schema = texts.parse().resolve();
    bencher.counter(BytesCount::new(texts.bytes())).bench_local(|| black_box(texts.check(&schema)));
}

/// One file in ten has changed; both sides are of the same texts, so that places fit.
#[divan::bench(args = SIZES, sample_count = 10)]
fn compare(bencher: Bencher<'_, '_>, size: usize) {
    let Some(texts) = texts(size) else { return };
    let changed = (0..size).map(generated).enumerate().map(|(at, (path, text))| {
        let text = if at % 10 == 0 { text.replace("string field_3", "sint64 field_3") } else { text };
        (path, text)
    });
    let before = if size == 0 { texts.parse().resolve() } else { Texts::new(changed).parse().resolve() };
    let after = texts.parse().resolve();
    let count = texts.compare(&before, &after).len();
    // Each of a changed file's 12 messages has one such field.
    assert_eq!(count, size.div_ceil(10) * 12);
    bencher.counter(BytesCount::new(texts.bytes())).bench_local(|| black_box(texts.compare(&before, &after)));
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
    let findings = texts.check(&texts.parse().resolve());
    bencher.counter(BytesCount::new(texts.bytes())).bench_local(|| black_box(texts.print(&findings, format)));
}
