//! Reads the text of a `format` call, and checks it against the types of its arguments.
//! It must not know of expressions.

use super::types::Type;

/// Digits after the point are at most this many.
const MAX_PRECISION: usize = 100;

/// What is wrong with `text.format(args)`, if anything.
pub(super) fn fault(text: &str, args: &[Type]) -> Option<String> {
    let mut rest = text;
    let mut used = 0;
    while let Some((_, after)) = rest.split_once('%') {
        if let Some(after) = after.strip_prefix('%') {
            rest = after;
            continue;
        }
        let (Clause { verb, .. }, after) = match next_clause(after) {
            Ok(read) => read,
            Err(why) => return Some(why),
        };
        let Some(arg) = args.get(used) else {
            return Some(format!("the text for `format` needs more than {} arguments", args.len()));
        };
        if !takes(verb, arg) {
            return Some(format!("`%{verb}` of `format` takes no `{}`", arg.name()));
        }
        used += 1;
        rest = after;
    }
    (used < args.len()).then(|| format!("the text for `format` uses {used} of {} arguments", args.len()))
}

/// What stands for an argument.
pub(super) struct Clause {
    pub(super) verb: char,
    /// Digits after the point.
    pub(super) precision: Option<usize>,
}

/// Reads what follows a `%`: an optional precision and a letter.
pub(super) fn next_clause(after: &str) -> Result<(Clause, &str), String> {
    let mut rest = after;
    let mut precision = None;
    if let Some(text) = after.strip_prefix('.') {
        let length = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = text.split_at(length);
        precision = digits.parse::<usize>().ok().filter(|digits| *digits <= MAX_PRECISION);
        if precision.is_none() {
            return Err(format!("`%.{digits}` is not a precision that `format` takes"));
        }
        rest = after;
    }
    match rest.chars().next() {
        Some(verb) if "sdfebxXo".contains(verb) => Ok((Clause { verb, precision }, &rest[1..])),
        Some(verb) => Err(format!("`format` does not support `%{verb}`")),
        None => Err("the text for `format` ends in `%`".to_owned()),
    }
}

fn takes(verb: char, arg: &Type) -> bool {
    let arg = arg.scalar();
    if matches!(arg, Type::Dyn | Type::Any | Type::Error | Type::Var(_)) {
        return true;
    }
    match verb {
        's' => !matches!(arg, Type::Message(_) | Type::Object(_) | Type::Optional(_)),
        'd' | 'f' | 'e' => matches!(arg, Type::Int | Type::Uint | Type::Double),
        'b' => matches!(arg, Type::Int | Type::Uint | Type::Bool),
        'o' => matches!(arg, Type::Int | Type::Uint),
        _ => matches!(arg, Type::Int | Type::Uint | Type::Text | Type::Bytes),
    }
}
