//! Random pairs of rules for one message: those of a first version, and of a second one that changes some of them.

use crate::schema::tests::random::Random;

/// What all messages share.
pub(super) const HEADER: &str = r#"
import "buf/validate/validate.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 2; COLOR_BLACK = 10; }

message Inner {
  string name = 1 [(buf.validate.field).string.min_len = 2];
  int32 number = 2;
}
"#;

/// Rules as fields of a text: a name and a value.
type Rules = Vec<(String, String)>;

const NUMBERS: [&str; 12] = [
    "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "float",
    "double",
];

const FORMATS: [&str; 20] = [
    "email",
    "hostname",
    "ip",
    "ipv4",
    "ipv6",
    "uri",
    "uri_ref",
    "address",
    "uuid",
    "tuuid",
    "ip_with_prefixlen",
    "ipv4_with_prefixlen",
    "ipv6_with_prefixlen",
    "ip_prefix",
    "ipv4_prefix",
    "ipv6_prefix",
    "host_and_port",
    "ulid",
    "protobuf_fqn",
    "protobuf_dot_fqn",
];

const PATTERNS: [&str; 12] = [
    "^[a-z]+$",
    "^[a-z]{2,4}$",
    "[0-9]",
    "^a.*b$",
    "^(foo|bar)$",
    "^\\\\d{3}$",
    "^[A-Z][a-z]*$",
    "x",
    "^$",
    "^\\\\w+$",
    "^[a-z0-9-]+$",
    "(?i)^abc$",
];

const TEXTS: [&str; 8] = ["a", "ab", "foo", "bar", "x", "é", "abc", "foo/bar"];

/// The kinds of fields.
#[derive(Clone, PartialEq)]
enum Kind {
    Number(&'static str),
    Bool,
    Text,
    Bytes,
    Enum,
    Duration,
    Timestamp,
    Any,
    Mask,
    Wrapper(&'static str),
    Inner,
    List(Box<Kind>),
    Map(&'static str, Box<Kind>),
}

impl Kind {
    fn random(random: &mut Random, depth: usize) -> Kind {
        match random.below(if depth == 0 { 16 } else { 10 }) {
            0 | 1 => Kind::Number(random.pick(&NUMBERS)),
            2..=4 => Kind::Text,
            5 => Kind::Bytes,
            6 => Kind::Enum,
            7 => Kind::Bool,
            8 => random.pick(&[Kind::Duration, Kind::Timestamp, Kind::Any, Kind::Mask]),
            9 => random.pick(&[Kind::Inner, Kind::Wrapper("Int32"), Kind::Wrapper("String"), Kind::Wrapper("Double")]),
            10 | 11 => Kind::Number(random.pick(&NUMBERS)),
            12..=14 => Kind::List(Box::new(Kind::random(random, 1))),
            _ => Kind::Map(random.pick(&["string", "int32", "uint64"]), Box::new(Kind::random(random, 1))),
        }
    }

    fn name(&self) -> String {
        match self {
            Kind::Number(name) => (*name).to_owned(),
            Kind::Bool => "bool".to_owned(),
            Kind::Text => "string".to_owned(),
            Kind::Bytes => "bytes".to_owned(),
            Kind::Enum => "Color".to_owned(),
            Kind::Duration => "google.protobuf.Duration".to_owned(),
            Kind::Timestamp => "google.protobuf.Timestamp".to_owned(),
            Kind::Any => "google.protobuf.Any".to_owned(),
            Kind::Mask => "google.protobuf.FieldMask".to_owned(),
            Kind::Wrapper(of) => format!("google.protobuf.{of}Value"),
            Kind::Inner => "Inner".to_owned(),
            Kind::List(item) => format!("repeated {}", item.name()),
            Kind::Map(key, value) => format!("map<{key}, {}>", value.name()),
        }
    }

    /// The name of its rules.
    fn rules(&self) -> &'static str {
        match self {
            Kind::Number(name) => name,
            Kind::Bool => "bool",
            Kind::Text | Kind::Wrapper("String") => "string",
            Kind::Bytes => "bytes",
            Kind::Enum => "enum",
            Kind::Duration => "duration",
            Kind::Timestamp => "timestamp",
            Kind::Any => "any",
            Kind::Mask => "field_mask",
            Kind::Wrapper("Double") => "double",
            Kind::Wrapper(_) => "int32",
            Kind::Inner => "",
            Kind::List(_) => "repeated",
            Kind::Map(..) => "map",
        }
    }
}

fn list(random: &mut Random, one: impl Fn(&mut Random) -> String) -> String {
    let all: Vec<String> = (0..=random.below(3)).map(|_| one(random)).collect();
    format!("[{}]", all.join(", "))
}

fn number(random: &mut Random, name: &str) -> String {
    let least = if name.starts_with('u') || name.starts_with('f') && name.contains("ixed") { 0 } else { -3 };
    let whole = least + random.below(12) as i64;
    match name {
        "float" | "double" if random.chance(40) => format!("{whole}.5"),
        _ => whole.to_string(),
    }
}

fn quoted(random: &mut Random) -> String {
    format!("\"{}\"", random.pick(&TEXTS))
}

fn time(random: &mut Random) -> String {
    format!("{{seconds: {}, nanos: {}}}", random.below(8), random.pick(&[0, 0, 500_000_000]))
}

/// One more rule for a kind.
fn rule(random: &mut Random, kind: &Kind) -> (String, String) {
    let own = |name: &str, value: String| (name.to_owned(), value);
    let bound = |random: &mut Random| random.pick(&["gt", "gte", "lt", "lte"]);
    match kind {
        Kind::Number(name) | Kind::Wrapper(name @ ("Int32" | "Double")) => {
            let name = if *name == "Int32" { "int32" } else { name };
            let name = if name == "Double" { "double" } else { name };
            match random.below(8) {
                0 => own("const", number(random, name)),
                1 => own("in", list(random, |random| number(random, name))),
                2 => own("not_in", list(random, |random| number(random, name))),
                3 if matches!(name, "float" | "double") => own("finite", "true".to_owned()),
                _ => (bound(random).to_owned(), number(random, name)),
            }
        }
        Kind::Bool => own("const", random.pick(&["true", "false"]).to_owned()),
        Kind::Text | Kind::Wrapper(_) => match random.below(14) {
            0 => own("const", quoted(random)),
            1 => own("in", list(random, quoted)),
            2 => own("not_in", list(random, quoted)),
            3 => (random.pick(&["min_len", "max_len", "len"]).to_owned(), random.below(8).to_string()),
            4 => (random.pick(&["min_bytes", "max_bytes", "len_bytes"]).to_owned(), random.below(8).to_string()),
            5 | 6 => own("pattern", format!("\"{}\"", random.pick(&PATTERNS))),
            7 | 8 => (random.pick(&["prefix", "suffix", "contains", "not_contains"]).to_owned(), quoted(random)),
            9 => own(
                "well_known_regex",
                random.pick(&["KNOWN_REGEX_HTTP_HEADER_NAME", "KNOWN_REGEX_HTTP_HEADER_VALUE"]).to_owned(),
            ),
            10 => (random.pick(&["min_len", "max_len"]).to_owned(), random.below(40).to_string()),
            _ => (random.pick(&FORMATS).to_owned(), "true".to_owned()),
        },
        Kind::Bytes => match random.below(7) {
            0 => own("const", quoted(random)),
            1 => own("in", list(random, quoted)),
            2 => own("not_in", list(random, quoted)),
            3 | 4 => (random.pick(&["min_len", "max_len", "len"]).to_owned(), random.below(8).to_string()),
            5 => (random.pick(&["prefix", "suffix", "contains"]).to_owned(), quoted(random)),
            _ => (random.pick(&["ip", "ipv4", "ipv6", "uuid"]).to_owned(), "true".to_owned()),
        },
        Kind::Enum => match random.below(4) {
            0 => own("const", random.below(4).to_string()),
            1 => own("in", list(random, |random| random.below(12).to_string())),
            2 => own("not_in", list(random, |random| random.below(12).to_string())),
            _ => own("defined_only", "true".to_owned()),
        },
        Kind::Duration => match random.below(6) {
            0 => own("const", time(random)),
            1 => own("in", list(random, time)),
            2 => own("not_in", list(random, time)),
            _ => (bound(random).to_owned(), time(random)),
        },
        Kind::Timestamp => match random.below(7) {
            0 => own("const", time(random)),
            1 => own("lt_now", "true".to_owned()),
            2 => own("within", "{seconds: 60}".to_owned()),
            _ => (bound(random).to_owned(), time(random)),
        },
        Kind::Any | Kind::Mask => (random.pick(&["in", "not_in"]).to_owned(), list(random, quoted)),
        Kind::Inner => own("", String::new()),
        Kind::List(item) => match random.below(4) {
            0 | 1 => (random.pick(&["min_items", "max_items"]).to_owned(), random.below(5).to_string()),
            2 if !matches!(**item, Kind::Inner | Kind::Any | Kind::Mask | Kind::Duration | Kind::Timestamp) => {
                own("unique", "true".to_owned())
            }
            _ => own("items", field_rules(random, item)),
        },
        Kind::Map(key, value) => match random.below(4) {
            0 => (random.pick(&["min_pairs", "max_pairs"]).to_owned(), random.below(4).to_string()),
            1 => own("keys", field_rules(random, &key_kind(key))),
            _ => own("values", field_rules(random, value)),
        },
    }
}

fn key_kind(key: &'static str) -> Kind {
    if key == "string" { Kind::Text } else { Kind::Number(key) }
}

/// The rules of an item, a key or a value.
fn field_rules(random: &mut Random, kind: &Kind) -> String {
    let mut rules = Rules::new();
    (0..=random.below(2)).for_each(|_| add(&mut rules, rule(random, kind)));
    let ignore = if random.chance(15) { "ignore: IGNORE_IF_ZERO_VALUE, " } else { "" };
    if kind.rules().is_empty() {
        format!("{{{ignore}}}")
    } else {
        format!("{{{ignore}{}: {}}}", kind.rules(), braces(&rules))
    }
}

/// Adds a rule, in place of one that cannot stand beside it.
fn add(rules: &mut Rules, rule: (String, String)) {
    let group = |name: &str| match name {
        "gt" | "gte" | "gt_now" => "greater".to_owned(),
        "lt" | "lte" | "lt_now" => "less".to_owned(),
        "well_known_regex" => "well_known".to_owned(),
        name if FORMATS.contains(&name) => "well_known".to_owned(),
        name => name.to_owned(),
    };
    if rule.0.is_empty() {
        return;
    }
    rules.retain(|known| group(&known.0) != group(&rule.0));
    rules.push(rule);
}

fn braces(rules: &Rules) -> String {
    let all: Vec<String> = rules.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{{{}}}", all.join(", "))
}

/// A field with what can change of it.
#[derive(Clone)]
struct Field {
    kind: Kind,
    is_optional: bool,
    is_required: bool,
    ignore: Option<&'static str>,
    rules: Rules,
    expression: Option<&'static str>,
}

impl Field {
    fn random(random: &mut Random) -> Field {
        let kind = Kind::random(random, 0);
        let mut rules = Rules::new();
        (0..random.below(4)).for_each(|_| add(&mut rules, rule(random, &kind)));
        let is_scalar = matches!(kind, Kind::Number(_) | Kind::Bool | Kind::Text | Kind::Bytes | Kind::Enum);
        let expression = expression(random, &kind);
        Field {
            is_optional: is_scalar && random.chance(20),
            is_required: random.chance(15),
            ignore: random.chance(15).then(|| random.pick(&["IGNORE_IF_ZERO_VALUE", "IGNORE_ALWAYS"])),
            rules,
            expression,
            kind,
        }
    }

    fn change(&mut self, random: &mut Random) {
        match random.below(12) {
            0 => self.is_required = !self.is_required,
            1 => self.ignore = random.chance(50).then_some("IGNORE_IF_ZERO_VALUE"),
            2 => self.expression = expression(random, &self.kind),
            3 if !self.rules.is_empty() => {
                let at = random.below(self.rules.len());
                self.rules.remove(at);
            }
            4 if self.is_optional => self.is_optional = false,
            _ => add(&mut self.rules, rule(random, &self.kind)),
        }
    }

    fn write(&self, name: &str, number: usize) -> String {
        let mut options = Vec::new();
        if self.is_required {
            options.push("required: true".to_owned());
        }
        options.extend(self.ignore.map(|ignore| format!("ignore: {ignore}")));
        options.extend(self.expression.map(|text| format!("cel_expression: \"{text}\"")));
        if !self.rules.is_empty() {
            options.push(format!("{}: {}", self.kind.rules(), braces(&self.rules)));
        }
        let optional = if self.is_optional { "optional " } else { "" };
        let options = match options.is_empty() {
            true => String::new(),
            false => format!(" [(buf.validate.field) = {{{}}}]", options.join(", ")),
        };
        format!("  {optional}{} {name} = {number}{options};\n", self.kind.name())
    }
}

fn expression(random: &mut Random, kind: &Kind) -> Option<&'static str> {
    if !random.chance(12) {
        return None;
    }
    Some(match kind {
        Kind::Number("int32" | "int64" | "sint32" | "sint64") => {
            random.pick(&["this > 2", "this >= 3", "this != 5", "this in [1, 2, 7]", "this % 2 == 0"])
        }
        Kind::Text => random.pick(&[
            "this.size() > 2",
            "this.startsWith('a')",
            "this != 'foo'",
            "this.matches('^[a-c]+$')",
            "this.isEmail() || this == ''",
        ]),
        Kind::List(_) => random.pick(&["this.size() < 3", "this.size() != 1"]),
        _ => return None,
    })
}

/// The two versions of the message `P{number}`.
pub(super) fn pair(random: &mut Random, number: u64) -> [String; 2] {
    let mut fields: Vec<Field> = (0..=random.below(2)).map(|_| Field::random(random)).collect();
    let shape = random.below(10);
    let before = message(number, &fields, shape);
    for _ in 0..=random.below(2) {
        let at = random.below(fields.len());
        fields[at].change(random);
    }
    let shape = if random.chance(20) { random.below(10) } else { shape };
    if random.chance(8) {
        fields.push(Field::random(random));
    }
    [before, message(number, &fields, shape)]
}

fn message(number: u64, fields: &[Field], shape: usize) -> String {
    let mut body = String::new();
    for (at, field) in fields.iter().enumerate() {
        body += &field.write(&format!("f{at}"), at + 1);
    }
    match shape {
        0 => {
            body += "  oneof choice {\n    option (buf.validate.oneof).required = true;\n    int32 left = 20;\n    string right = 21 [(buf.validate.field).string.min_len = 2];\n  }\n"
        }
        1 => {
            body += "  oneof choice {\n    int32 left = 20;\n    string right = 21 [(buf.validate.field).string.min_len = 2];\n  }\n"
        }
        2 => {
            body += "  option (buf.validate.message).oneof = {fields: [\"left\", \"right\"], required: true};\n  int32 left = 20;\n  string right = 21 [(buf.validate.field).string.min_len = 2];\n"
        }
        3 => {
            body += "  option (buf.validate.message).oneof = {fields: [\"left\", \"right\"]};\n  int32 left = 20;\n  string right = 21 [(buf.validate.field).string.min_len = 2];\n"
        }
        4 => {
            body += "  option (buf.validate.message).cel = {id: \"c\", expression: \"this.low <= this.high\"};\n  int32 low = 30;\n  int32 high = 31;\n"
        }
        5 => {
            body += "  option (buf.validate.message).cel = {id: \"c\", expression: \"this.low < this.high || this.high == 0\"};\n  int32 low = 30;\n  int32 high = 31;\n"
        }
        _ => {}
    }
    format!("message P{number} {{\n{body}}}\n")
}
