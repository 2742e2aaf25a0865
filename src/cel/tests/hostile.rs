//! Expressions that want to cost much: each ends with a value, a failure or a fault, and within little time.

use std::time::{Duration, Instant};

use super::compile;
use crate::cel::{Failure, Limits, Type, Value};

/// In a build without optimization, on a busy machine.
const TIME: Duration = Duration::from_secs(5);

/// Compiles and evaluates; says how it ends.
fn outcome(text: &str) -> String {
    let start = Instant::now();
    let outcome = match compile(text, &[("this", Type::Dyn), ("x", Type::Dyn)]) {
        Err(faults) => format!("fault: {}", faults[0].message),
        Ok(program) => {
            match program.evaluate(&[Value::text("some text"), Value::list(vec![Value::Int(1)])], Limits::DEFAULT) {
                Ok(_) => "value".to_owned(),
                Err(Failure::Failed(why)) => format!("failed: {why}"),
                Err(other) => format!("{other:?}"),
            }
        }
    };
    let elapsed = start.elapsed();
    let beginning: String = text.chars().take(100).collect();
    assert!(elapsed < TIME, "{elapsed:?}: {beginning}…");
    outcome
}

/// An expression inside of itself, so many times.
fn nested(count: usize, inner: &str, around: impl Fn(&str) -> String) -> String {
    (0..count).fold(inner.to_owned(), |inner, _| around(&inner))
}

#[test]
fn deep_and_long_expressions_end_in_a_fault() {
    let deep = "fault: the expression is nested more than 48 levels deep";
    let many = "fault: the expression is more than 160 operations deep";
    for (text, expected) in [
        (format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000)), deep),
        ("(".repeat(10_000), deep),
        (format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)), deep),
        (format!("{}1{}", "size([".repeat(1_000), "])".repeat(1_000)), deep),
        (format!("{}true", "!".repeat(10_000)), "value"),
        (format!("{}1", "-".repeat(10_000)), "value"),
        (vec!["true"; 100_000].join(" && "), "fault: the expression has 799996 bytes, more than 100000"),
        (vec!["true"; 10_000].join(" && "), "value"),
        (vec!["1"; 20_000].join("+"), many),
        (format!("this{}", ".a".repeat(40_000)), many),
        (format!("this{}", "[0]".repeat(30_000)), many),
        (format!("true{}", " ? 1 : true".repeat(5_000)), deep),
        (format!("[{}]", vec!["1"; 45_000].join(",")), "value"),
        (format!("{{{}}}", (0..9_000).map(|at| format!("{at}:1")).collect::<Vec<_>>().join(",")), "Too"),
        (format!("'{}'", "a".repeat(99_000)), "value"),
        ("'".repeat(99_999), "fault: a text lacks its closing '''"),
    ] {
        let beginning: String = text.chars().take(60).collect();
        let outcome = outcome(&text);
        assert!(outcome.starts_with(expected), "{outcome}: {beginning}…");
    }
}

#[test]
fn exponential_expressions_end_at_a_limit() {
    let limit = "Too";
    for (text, expected) in [
        (nested(40, "[1]", |inner| format!("[1,1].map(x, {inner})")), limit),
        (nested(40, "true", |inner| format!("[1,1].all(x, {inner})")), limit),
        (nested(40, "false", |inner| format!("this.split('').exists(x, {inner})")), limit),
        (nested(40, "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", |inner| format!("cel.bind(x, {inner}, x + x)")), limit),
        (nested(40, "this", |inner| format!("cel.bind(x, {inner}, x + x)")), limit),
        (nested(40, "[1]", |inner| format!("cel.bind(x, {inner}, x + x)")), limit),
        (format!("'%s'.format([{}])", nested(40, "[this]", |inner| format!("cel.bind(x, {inner}, [x, x])"))), limit),
        (
            nested(40, "[1]", |inner| format!("cel.bind(x, {inner}, [x, x])"))
                + " == "
                + &nested(40, "[1]", |inner| format!("cel.bind(x, {inner}, [x, x])")),
            limit,
        ),
        (nested(20, "this", |inner| format!("{inner}.replace('', this)")), limit),
        (nested(22, "'x'", |inner| format!("'%s%s'.format([{inner},{inner}])")), "fault: the expression has"),
        (nested(20, "'x'", |inner| format!("'%s'.format([{inner}])")), "value"),
        ("lists.range(1000000000)".to_owned(), limit),
        ("lists.range(20000).map(x, lists.range(20000))".to_owned(), limit),
        ("lists.range(10000).distinct()".to_owned(), limit),
        ("lists.range(1000).map(x, 'a'.matches(string(x) + '{1000}'))".to_owned(), limit),
        ("'%.100f'.format([1e308])".to_owned(), "value"),
        ("this.matches('(a{1000}){1000}')".to_owned(), "failed: the pattern of `matches` is not valid"),
        ("this.matches('\\\\pL{1000}\\\\pN{1000}')".to_owned(), "failed: the pattern of `matches` is not valid"),
        (format!("this.matches('{}')", "(a|".repeat(900) + &")".repeat(900)), ""),
        (format!("this.matches('{}')", "(a*)*".repeat(10_000)), ""),
        (format!("this.matches('{}')", "[^a]".repeat(20_000)), ""),
        (format!("[{}]", vec!["this.matches('\\\\pL{100}')"; 3_000].join(",")), ""),
        (format!("[{}]", vec!["unknown.name"; 7_000].join(",")), "fault: `unknown` is not declared"),
    ] {
        let beginning: String = text.chars().take(100).collect();
        let outcome = outcome(&text);
        assert!(outcome.starts_with(expected), "{outcome}: {beginning}…");
    }
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

const LEAVES: [&str; 26] = [
    "1",
    "dyn(0)",
    "dyn(-1)",
    "dyn(9223372036854775807)",
    "dyn(18446744073709551615u)",
    "dyn(1e308)",
    "0.1",
    "true",
    "dyn(false)",
    "null",
    "this",
    "this",
    "x",
    "dyn('a')",
    "'ß%s'",
    "dyn(b'\\xff')",
    "[]",
    "dyn([])",
    "dyn({})",
    "[1, 2, 3]",
    "dyn([true, 'a'])",
    "dyn({'a': 1})",
    "dyn(duration('1h'))",
    "dyn(timestamp(0))",
    "int",
    "dyn(optional.of(1))",
];

const WRAPPERS: [&str; 44] = [
    "(@)",
    "!@",
    "-@",
    "@ + @",
    "@ - @",
    "@ * @",
    "@ / @",
    "@ % @",
    "@ == @",
    "@ != @",
    "@ < @",
    "@ && @",
    "@ || @",
    "@ ? @ : @",
    "@ in @",
    "[@, @]",
    "{@: @}",
    "@[@]",
    "@.a",
    "@.?a",
    "@[?@]",
    "has(@.a)",
    "size(@)",
    "@.size()",
    "@.map(x, @)",
    "@.filter(x, @)",
    "@.all(x, @)",
    "@.exists(x, @)",
    "@.exists_one(y, @)",
    "@.map(x, @, @)",
    "@.transformMap(x, y, @)",
    "cel.bind(x, @, @)",
    "@.matches(@)",
    "@.split(@)",
    "@.join(@)",
    "@.replace(@, @)",
    "'%s %d %x %e'.format([@, @, @, @])",
    "string(@)",
    "math.greatest(@, @)",
    "@.flatten()",
    "@.sort()",
    "sets.contains(@, @)",
    "dyn(@)",
    "@.substring(@, @)",
];

/// An expression of operations inside of each other, some of them many times.
fn generated(chance: &mut Chance) -> String {
    let mut text = chance.one(&LEAVES).to_owned();
    for _ in 0..chance.below(24) {
        let wrapper = chance.one(&WRAPPERS);
        let limit = chance.below(4_000);
        let is_multiplied = chance.below(2) == 0;
        text = wrapper
            .split('@')
            .enumerate()
            .map(|(at, part)| match at {
                0 => part.to_owned(),
                _ if at == 1 || (is_multiplied && text.len() < limit) => format!("{text}{part}"),
                _ => format!("{}{part}", chance.one(&LEAVES)),
            })
            .collect();
    }
    match chance.below(10) {
        // What no grammar has.
        0 => {
            let cut = chance.below(text.len() + 1);
            let cut = (0..=cut).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            format!("{}{}", &text[..cut], chance.one(&["", ")", "'", "\\", ".", "?", "@", "🦀"]))
        }
        _ => text,
    }
}

#[test]
fn generated_expressions_end() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut ends = std::collections::BTreeMap::new();
    for _ in 0..10_000 {
        let outcome = outcome(&generated(&mut chance));
        let end = outcome.split(':').next().unwrap().to_owned();
        *ends.entry(end).or_insert(0) += 1;
    }
    // They are of all kinds, or this test shows little.
    assert!(ends["value"] > 300 && ends["fault"] > 3_000 && ends["failed"] > 100, "{ends:?}");
}
