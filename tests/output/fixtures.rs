//! The reports that every format renders. What a finding is about is marked in its source: `«…»`, in order.

#[path = "fixtures/hostile.rs"]
mod hostile;

use protolint::finding::{BrokenReleases, Change, Direction, Edit, Evidence, Finding, Fix, Layer, Verdict};
use protolint::source::{Place, SourceFile, Sources, Span};

/// One report, without how to show it.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) sources: Sources,
    pub(crate) findings: Vec<Finding>,
}

impl Fixture {
    fn new(name: &'static str) -> Fixture {
        Fixture { name, sources: Sources::new(), findings: Vec::new() }
    }

    /// Takes in a file whose text has marked places.
    fn file(&mut self, path: &str, marked: &str) -> Vec<Place> {
        let mut text = String::new();
        let mut open = Vec::new();
        let mut spans = Vec::new();
        for character in marked.chars() {
            match character {
                '«' => {
                    open.push(spans.len());
                    spans.push(text.len()..text.len());
                }
                '»' => spans[open.pop().expect("a mark was opened")].end = text.len(),
                _ => text.push(character),
            }
        }
        let file = self.sources.add(SourceFile::new(path.to_owned(), text));
        spans.into_iter().map(|span| Place { file, span: Span::of(span) }).collect()
    }

    /// The same for a file of the base.
    fn old_file(&mut self, revision: &str, path: &str, marked: &str) -> Vec<Place> {
        let text = marked.replace(['«', '»'], "");
        let places = self.file(path, marked);
        let file = self.sources.add(SourceFile::new(path.to_owned(), text).of_revision(revision));
        places.into_iter().map(|place| Place { file, ..place }).collect()
    }

    fn with(mut self, finding: Finding) -> Fixture {
        self.findings.push(finding);
        self
    }
}

/// A fixture of one file, and a finding at each of its marks.
fn simple(name: &'static str, path: &str, marked: &str) -> Fixture {
    let mut fixture = Fixture::new(name);
    for place in fixture.file(path, marked) {
        let finding = Finding::error("FIELD_LOWER_SNAKE_CASE", place, "field `userName` is not in lower_snake_case");
        fixture.findings.push(finding.help("rename it to `user_name`"));
    }
    fixture
}

/// All fixtures: those of [`fixtures`], and one for each way out of a format.
pub(crate) fn every() -> Vec<Fixture> {
    let mut every = fixtures();
    every.extend(hostile::escapes());
    every
}

/// The fixtures whose reports are kept as files.
pub(crate) fn fixtures() -> Vec<Fixture> {
    let mut fixtures = vec![Fixture::new("none")];
    fixtures.extend(findings());
    fixtures.extend(labels());
    fixtures.extend(changes());
    fixtures.extend(fixes());
    fixtures.push(many());
    fixtures.extend(texts());
    fixtures.extend(spans());
    fixtures.extend(hostile::fixtures());
    fixtures
}

/// What a finding has and lacks.
fn findings() -> Vec<Fixture> {
    let one = simple(
        "one",
        "proto/acme/v1/user.proto",
        "syntax = \"proto3\";\n\nmessage User {\n  string «userName» = 1;\n}\n",
    );

    let mut several = Fixture::new("warnings and errors, some without help");
    let places = several.file(
        "proto/acme/v1/user.proto",
        "syntax = \"proto3\";\npackage «acme»;\n\n// A user.\nmessage «user» {\n  string name = 1;\n}\n\nenum «Role» {\n}\n",
    );
    let several = several
        .with(Finding::warning("PACKAGE_VERSION_SUFFIX", places[0], "package `acme` has no version suffix"))
        .with(Finding::error("MESSAGE_PASCAL_CASE", places[1], "message `user` is not in PascalCase").help("rename it to `User`"))
        .with(
            Finding::error(
                "COMPILE",
                places[2],
                "enum `acme.Role` has no value, but every enum needs one; the first value of a proto3 enum must be zero",
            )
            .help("add a zero value, whose name says that nothing was chosen:\nROLE_UNSPECIFIED = 0;"),
        );

    let mut nowhere = Fixture::new("no place");
    let mut finding = Finding::error(
        "CONFIG",
        Place { file: nowhere.file("unused.proto", "«»")[0].file, span: Span::NONE },
        "no files to check",
    );
    finding.place = None;
    let nowhere = nowhere
        .with(finding.clone())
        .with(finding.help("name a folder with .proto files, such as `protolint check proto`"));

    let mut unspanned = Fixture::new("a file but no span");
    let place =
        Place { span: Span::NONE, ..unspanned.file("proto/acme/v1/user.proto", "«»syntax = \"proto3\";\n")[0] };
    let unspanned = unspanned
        .with(Finding::error("PACKAGE_DEFINED", place, "file declares no package").help("add `package acme.v1;`"))
        .with(Finding::warning("PACKAGE_DIRECTORY_MATCH", place, "file is not in the folder of its package"));

    vec![one, several, nowhere, unspanned]
}

/// Findings about changes.
fn changes() -> Vec<Fixture> {
    let evidence = |layer, payload: &str| Evidence {
        layer,
        direction: Direction::Backward,
        written: "{email: \"ann@example.org\"}".to_owned(),
        payload: payload.to_owned(),
        read: "field 1 `email` is int32: wire type 2 where 0 is expected → field lost, 17 bytes unknown".to_owned(),
    };
    let mut typed = Fixture::new("a change with evidence");
    let new = typed.file("proto/user.proto", "message User {\n  «int32» email = 1;\n}\n");
    let old = typed.old_file("3f2c1a9", "proto/user.proto", "message User {\n  «string» email = 1;\n}\n");
    let mut finding = Finding::error("FIELD_SAME_TYPE", new[0], "field `email` (1) changed its type").help("keep it");
    finding.change = Some(Box::new(Change {
        before: Some(old[0]),
        verdict: Verdict::both(Layer::Wire).and(Verdict::both(Layer::Json)).and(Verdict::source()),
        carried_by: Some("acme.user.v1.UserService.GetUser".to_owned()),
        evidence: vec![
            evidence(Layer::Wire, "0a 0f 61 6e 6e 40 65 78 61 6d 70 6c 65 2e 6f 72 67"),
            evidence(Layer::Json, "{\"email\":\"ann@example.org\u{202e}\"}"),
        ],
        ..Change::default()
    }));
    let typed = typed.with(finding);

    let mut gone = Fixture::new("a file that is gone");
    let old = gone.old_file("main", "proto/old.proto", "«»syntax = \"proto3\";\n");
    let mut finding = Finding::error("FILE_NO_DELETE", old[0], "file `old.proto` was deleted");
    let verdict = Verdict::lossy(Layer::Wire, Direction::Forward).and(Verdict::both(Layer::Grpc));
    let (oldest, newest) = ("v1.2.0".to_owned(), "v1.5.0".to_owned());
    let releases = Some(BrokenReleases { oldest, newest, count: 3, between: 4 });
    let inherited_from = Some("origin/main".to_owned());
    finding.change = Some(Box::new(Change { verdict, releases, inherited_from, ..Change::default() }));
    vec![typed, gone.with(finding)]
}

/// Related labels.
fn labels() -> Vec<Fixture> {
    let mut same = Fixture::new("labels in the same file");
    let places = same.file(
        "a.proto",
        "message A {\n  string «first» = 1;\n  string second = 2;\n  string «third» = «1»;\n}\n\n\n\n\n\n\nmessage B {\n  reserved «1»;\n}\n",
    );
    let same = same.with(
        Finding::error("COMPILE", places[2], "field number 1 of `A` is taken twice")
            .label(places[0], "first taken by `first`")
            .label(places[1], "then by `third`")
            .label(places[3], "reserved elsewhere")
            .help("give `third` the next free number, 3"),
    );

    let mut other = Fixture::new("labels in another file");
    let new = other.file("proto/user.proto", "syntax = \"proto3\";\nmessage «User» {\n}\n");
    let filler = "//\n".repeat(120);
    let old = other.file("main:proto/user.proto", &format!("{filler}message User {{\n  string «name» = «1»;\n}}\n"));
    let other = other.with(
        Finding::error("FIELD_NO_DELETE", new[0], "field `name` (1) of message `acme.v1.User` was deleted")
            .label(old[0], "it was here")
            .label(old[1], "")
            .help("keep its number and name from being used again: `reserved 1; reserved \"name\";`"),
    );

    let mut overlap = Fixture::new("labels that overlap");
    let places = overlap.file("a.proto", "message A {\n  «string «name» = 1»;\n}\n");
    let overlap = overlap.with(
        Finding::warning("FIELD_NO_DESCRIPTOR", places[0], "field is called `name`")
            .label(places[1], "here")
            .label(places[0], "all of it"),
    );

    let mut line = Fixture::new("labels in the same line");
    let places = line.file("a.proto", "message A {\n  «reserved» «1»; reserved «2»;\n}\n");
    let mut line = line
        .with(Finding::error("RULE", places[0], "first").label(places[1], "then this").label(places[2], "and this"))
        .with(Finding::warning("RULE", places[1], "middle").label(places[0], "before").label(places[2], "after"))
        .with(Finding::error("RULE", places[2], "last").label(places[0], "before").label(places[1], ""));
    line.findings[0].help = Some("nothing".to_owned());

    let mut many = Fixture::new("more labels than are drawn");
    let places = many.file("a.proto", &"enum E { «A» = 0; }\n\n\n\n\n".repeat(12));
    let mut finding = Finding::error("COMPILE", places[0], "name `A` is defined more than once");
    for place in &places[1..] {
        finding = finding.label(*place, "also defined here");
    }
    let many = many.with(finding.help("rename all but one"));

    vec![same, other, overlap, line, many]
}

/// What a text may look like.
fn texts() -> Vec<Fixture> {
    vec![
        simple(
            "non-ASCII text before the span",
            "ñandú/日本.proto",
            "/* 日本語 👩‍👩‍👧 e\u{301} */ string «userName» = 1; // «é»\n",
        ),
        simple("CRLF", "crlf.proto", "message User {\r\n  string «userName» = 1;\r\n}«\r\n»"),
        simple("byte order mark", "bom.proto", "\u{feff}«syntax» = \"proto3\";\nstring «userName» = 1;\n"),
        simple("byte order mark in the span", "bom.proto", "«\u{feff}syntax» = \"proto3\";\n"),
        simple("tabs", "tabs.proto", "message User {\n\t\tstring\t«userName»\t= 1;\n}\n"),
        simple(
            "long lines",
            "long.proto",
            &format!(
                "{}string «firstName» = 1;{}«string lastName = 2;{}»\n/* {} */ «x»\n",
                "message M{} ".repeat(400),
                " message N{}".repeat(400),
                "/**/".repeat(60),
                "日本語 \u{1b}[2J".repeat(200),
            ),
        ),
    ]
}

/// Spans at the edges.
fn spans() -> Vec<Fixture> {
    let beyond = simple("span beyond the text", "a.proto", "«»message A {}\n");
    let mut place = beyond.findings[0].clone();
    place.place = place.place.map(|place| Place { span: Span::new(9_000, 9_010), ..place });
    vec![
        simple("empty file", "empty.proto", "«»"),
        simple("span at the end of the file", "end.proto", "message A {\n«}»"),
        simple("no width at the end of the file", "end.proto", "message A {}«»"),
        simple("no width after the last line", "end.proto", "message A {}\n«»"),
        simple("no width", "a.proto", "message A {\n  string«» = 1;\n}\n"),
        simple("several lines", "a.proto", "// A.\n«message A {\n  message B {}\n»}\n"),
        Fixture { findings: vec![place], ..beyond },
    ]
}

/// Findings that say what would fix them.
fn fixes() -> Vec<Fixture> {
    let mut sorted = Fixture::new("a fix of several edits, where lines end in CRLF");
    let places = sorted.file(
        "a b/ünïts#1.proto",
        "\u{feff}syntax = \"proto3\";\r\n«import \"é.proto\";\r\n»import \"d.proto\";«»\r\n/* 日本 */ message «A» {}\r\n",
    );
    let edit = |place, text: &str| Edit { place, text: text.to_owned() };
    let mut finding = Finding::warning("IMPORT_SORTED", places[0], "imports are not sorted").help("sort them");
    finding.symbol = Some("a b/ünïts#1.proto".to_owned());
    finding.fix = Some(Box::new(Fix::Edits(vec![edit(places[0], ""), edit(places[1], "\nimport \"é.proto\";")])));
    let mut renamed = Finding::error("FIELD_LOWER_SNAKE_CASE", places[2], "message `A` is called `A`");
    renamed.symbol = Some("acme.A".to_owned());
    renamed.fix = Some(Box::new(Fix::Rename { to: "B".to_owned(), is_placeholder: false }));
    vec![sorted.with(finding).with(renamed.clone()).with(renamed)]
}

/// More than GitHub has annotations for, in several files.
fn many() -> Fixture {
    let mut fixture = Fixture::new("more than are annotated");
    for number in 1..=5 {
        for place in fixture.file(&format!("proto/{number}.proto"), &"message «m» {}\n".repeat(3)) {
            let finding =
                Finding::error("MESSAGE_PASCAL_CASE", place, format!("message `m{number}` is not in PascalCase"));
            fixture.findings.push(finding.help("rename it to `M`"));
            fixture.findings.push(Finding::warning(
                "COMMENT_MESSAGE",
                place,
                "message `m` should have a comment above it",
            ));
        }
    }
    fixture
}
