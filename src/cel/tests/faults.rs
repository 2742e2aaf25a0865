//! Faults have places inside of the expression, and say what is wrong there.

use super::{compile, evaluated};
use crate::cel::{FaultKind, Type};

/// The faults of an expression, each with the part that it is about.
fn faults(text: &str) -> Vec<String> {
    let variables = [("this", Type::Text), ("numbers", Type::list(Type::Int)), ("any", Type::Dyn)];
    let faults = compile(text, &variables).err().unwrap_or_default();
    faults
        .into_iter()
        .map(|fault| {
            let kind = match fault.kind {
                FaultKind::Syntax => "syntax",
                FaultKind::Meaning => "meaning",
                FaultKind::Limit => "limit",
            };
            let help = fault.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{kind} {:?}: {}{help}", text.get(fault.span).unwrap(), fault.message)
        })
        .collect()
}

#[test]
fn faults_are_where_they_belong() {
    for (text, expected) in [
        ("this", vec![]),
        ("", vec!["syntax \"\": an expression is expected, not the end"]),
        ("this ==", vec!["syntax \"\": an expression is expected, not the end"]),
        ("(this", vec!["syntax \"\": `)` is expected, not the end"]),
        ("this @ 1", vec!["syntax \"@\": `@` is out of place"]),
        ("this this", vec!["syntax \"this\": `this` is out of place"]),
        ("'a", vec!["syntax \"'\": a text lacks its closing '"]),
        ("import == 1", vec!["syntax \"import\": `import` is a reserved word"]),
        ("99999999999999999999", vec!["syntax \"99999999999999999999\": a number is out of range"]),
        ("has(this)", vec!["syntax \"has(this)\": `has` takes a field, such as `has(this.name)`"]),
        ("numbers.all(1, true)", vec!["syntax \"1\": `all` takes a plain name first"]),
        ("thi == 'a'", vec!["meaning \"thi\": `thi` is not declared (did you mean `this`?)"]),
        ("numbers.exists(each, eac == 1)", vec!["meaning \"eac\": `eac` is not declared (did you mean `each`?)"]),
        ("this.siz() == 1", vec!["meaning \"siz\": there is no function `siz` (did you mean `size`?)"]),
        ("nonsense(1)", vec!["meaning \"nonsense\": there is no function `nonsense`"]),
        ("1 + 'a' == 2", vec!["meaning \"1 + 'a'\": `+` takes no `int` with `string`"]),
        ("true && this", vec!["meaning \"this\": `&&` takes `bool`, not `string`"]),
        ("this.all(each, true)", vec!["meaning \"this\": a macro takes a list or a map, not `string`"]),
        ("numbers.all(each, each)", vec!["meaning \"each\": the condition of a macro takes `bool`, not `int`"]),
        ("this.name", vec!["meaning \"name\": `string` has no fields, so `.name` cannot be read"]),
        ("this.startsWith(1)", vec!["meaning \"startsWith(1)\": `startsWith` takes no (`int`) on `string`"]),
        ("size(1)", vec!["meaning \"size(1)\": `size` takes no (`int`)"]),
        ("!this", vec!["meaning \"!this\": `!` takes no `string`"]),
        ("!!this", vec!["meaning \"!!this\": `!` takes no `string`"]),
        ("numbers['a']", vec!["meaning \"numbers['a']\": `list(int)` has no element at an index of type `string`"]),
        ("'%s %d'.format([1])", vec!["meaning \"'%s %d'\": the text for `format` needs more than 1 arguments"]),
        ("'%d'.format(['a'])", vec!["meaning \"'%d'\": `%d` of `format` takes no `string`"]),
        ("any.x.y(1)", vec!["meaning \"y\": there is no function `y`"]),
        (
            "a || b || a",
            vec![
                "meaning \"a\": `a` is not declared (did you mean `any`?)",
                "meaning \"b\": `b` is not declared",
                "meaning \"a\": `a` is not declared (did you mean `any`?)",
            ],
        ),
    ] {
        assert_eq!(faults(text), expected, "{text}");
    }
}

#[test]
fn failures_say_what_failed() {
    for (text, expected) in [
        ("1 / 0", "failed: a number is divided by zero"),
        ("9223372036854775807 + 1", "failed: the result of `+` is outside of the range of `int`"),
        ("-(-9223372036854775808)", "failed: the result of `-` is outside of the range of `int`"),
        ("0u - 1u", "failed: the result of `-` is outside of the range of `uint`"),
        ("[1, 2][2]", "failed: the index 2 is outside of a list of 2 elements"),
        ("{'a': 1}['b']", "failed: there is no key `b`"),
        ("{'a': 1, 'a': 2}", "failed: a map has the key `a` twice"),
        ("dyn(1) + dyn('a')", "failed: `+` takes no `int` with `string`"),
        ("dyn(1) && true", "failed: `&&` takes `bool`, not `int`"),
        ("dyn(1) ? 2 : 3", "failed: the condition of `? :` is `int`, not `bool`"),
        ("'x'.matches('(')", "failed: the pattern of `matches` is not valid: a `)` is missing"),
        ("int('x')", "failed: `x` cannot be converted to `int`"),
        (
            "timestamp('2020-01-01T00:00:00Z').getHours('Europe/Berlin')",
            "failed: the time zone `Europe/Berlin` is not supported: use an offset such as `+01:00`",
        ),
        ("1 / 0 == 1 || true", "true"),
        ("false && 1 / 0 == 1", "false"),
        ("[0, 1].exists(each, 1 / each == 1)", "true"),
        ("[1, 0].all(each, 1 / each == 1)", "failed: a number is divided by zero"),
        ("dyn(1) == 1u && dyn(1) == 1.0 && dyn(2) > 1.5 && dyn(1u) < 2", "true"),
        ("'%s, %.1f, %x'.format(['a', 1.25, 255])", "\"a, 1.2, ff\""),
        ("'a,b'.split(',').join('-').upperAscii()", "\"A-B\""),
        ("math.greatest(1, 3, 2)", "3"),
        ("[3, 1, 2, 1].distinct().sort()", "[1, 2, 3]"),
        ("[[1], [2, 3]].flatten()", "[1, 2, 3]"),
        ("sets.contains([1, 2, 3], [3, 1])", "true"),
        ("{'a': 1}.?b.orValue(2)", "2"),
        ("cel.bind(x, 2, x * x)", "4"),
        ("['a', 'b'].transformMap(i, v, v + 'x')", "{0: \"ax\", 1: \"bx\"}"),
        ("[1, 2, 3].reverse() == [3, 2, 1] && 'ab'.reverse() == 'ba'", "true"),
        ("base64.encode(b'hello')", "\"aGVsbG8=\""),
    ] {
        assert_eq!(evaluated(text), expected, "{text}");
    }
}
