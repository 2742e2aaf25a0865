//! The functions that expressions have beside those of CEL: names as the style guide writes them, and versions.

use crate::cel::Sig::{Bool, Text};
use crate::cel::{Called, Environment, Function, Library, Meter, Overload, Value, row};
use crate::nearest::nearest;
use crate::rules::{case, version};

/// The language as rules of one's own have it.
pub(crate) const LANGUAGE: Environment = Environment {
    libraries: Library::ALL,
    functions: FUNCTIONS,
    packages: &[],
    nearest: |wanted, names| nearest(wanted, names.iter().copied()),
};

/// What is known of a function beside what CEL needs, in the order of [`FUNCTIONS`]: the page has it.
#[cfg(test)]
pub(super) struct Described {
    pub(super) name: &'static str,
    pub(super) result: &'static str,
    pub(super) docs: &'static str,
}

/// Declares methods of texts: what CEL needs, and what readers need.
macro_rules! functions {
    ($($name:ident -> $result:ident, $docs:literal => $call:expr;)*) => {
        /// All of them.
        static FUNCTIONS: &[Function] = &[$(row(stringify!($name), functions!(@ $result), $call),)*];

        /// The same for the page.
        #[cfg(test)]
        pub(super) const DESCRIBED: &[Described] = &[
            $(Described { name: stringify!($name), result: stringify!($result), docs: $docs },)*
        ];
    };
    (@ string) => { &[Overload::method(&[Text], Text)] };
    (@ bool) => { &[Overload::method(&[Text], Bool)] };
}

functions! {
    pascalCase -> string, "the name in PascalCase; capitals inside stay: `getURL` becomes `GetURL`"
        => |meter, args| written(meter, args, case::is_pascal, case::pascal);
    camelCase -> string, "the name in lowerCamelCase: `get_url` becomes `getUrl`"
        => |meter, args| written(meter, args, |_| false, case::lower_camel);
    snakeCase -> string, "the name in lower_snake_case: `getURL` becomes `get_url`"
        => |meter, args| written(meter, args, case::is_lower_snake, case::lower_snake);
    upperSnakeCase -> string, "the name in UPPER_SNAKE_CASE: `getURL` becomes `GET_URL`"
        => |meter, args| written(meter, args, case::is_upper_snake, case::upper_snake);
    isPascalCase -> bool, "whether the name is its own PascalCase" => |_, args| test(args, case::is_pascal);
    isCamelCase -> bool, "whether the name could be lowerCamelCase: it begins with no capital, and nothing separates words"
        => |_, args| test(args, case::is_lower_camel);
    isSnakeCase -> bool, "whether the name is its own lower_snake_case" => |_, args| test(args, case::is_lower_snake);
    isUpperSnakeCase -> bool, "whether the name is its own UPPER_SNAKE_CASE"
        => |_, args| test(args, case::is_upper_snake);
    stability -> string, "what the version at the end of a package says: `stable` of `acme.v1`, `beta` of `acme.v1beta1`, \
                          `alpha`, `test`; empty where there is no version"
        => |_, args| stability(args);
}

/// The text itself where it has the form already, which makes no new one.
fn written<'v>(meter: &mut Meter, args: &[Value<'v>], is: fn(&str) -> bool, to: fn(&str) -> String) -> Called<'v> {
    Ok(match args {
        [Value::Text(text)] if is(text) => Some(Value::Text(text.clone())),
        [Value::Text(text)] => {
            let made = to(text);
            meter.make(made.len())?;
            Some(Value::shared_text(made))
        }
        _ => None,
    })
}

fn test<'v>(args: &[Value<'v>], is: fn(&str) -> bool) -> Called<'v> {
    Ok(match args {
        [Value::Text(text)] => Some(Value::Bool(is(text))),
        _ => None,
    })
}

fn stability<'v>(args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Text(text)] => Some(Value::text(version::stability(text).map_or("", version::Stability::name))),
        _ => None,
    })
}
