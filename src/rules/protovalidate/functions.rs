//! The functions that protovalidate adds to CEL, <https://protovalidate.com/reference/cel_extensions/>.

use super::formats;
use crate::cel::Sig::{Any, Bool, Bytes, Double, Int, ListOf, ListOfText, Text, Uint};
use crate::cel::{Called, Environment, Failure, Function, Library, Meter, Overload, Value, row};
use crate::nearest::nearest;

/// The libraries that protovalidate's expressions have.
pub(in crate::rules) const LIBRARIES: &[Library] = &[Library::Strings];

/// The language as protovalidate's expressions have it.
pub(super) const ENVIRONMENT: Environment = Environment {
    libraries: LIBRARIES,
    functions: FUNCTIONS,
    packages: &["buf"],
    nearest: |wanted, names| nearest(wanted, names.iter().copied()),
};

const TEXT_TO_BOOL: &[Overload] = &[Overload::method(&[Text], Bool)];

static FUNCTIONS: &[Function] = &[
    row(
        "unique",
        &[
            Overload::method(&[ListOf(&Bool)], Bool),
            Overload::method(&[ListOf(&Int)], Bool),
            Overload::method(&[ListOf(&Uint)], Bool),
            Overload::method(&[ListOf(&Double)], Bool),
            Overload::method(&[ListOfText], Bool),
            Overload::method(&[ListOf(&Bytes)], Bool),
        ],
        unique,
    ),
    row("getField", &[Overload::function(&[Any, Text], Any)], get_field),
    row("isNan", &[Overload::method(&[Double], Bool)], is_nan),
    row("isInf", &[Overload::method(&[Double], Bool), Overload::method(&[Double, Int], Bool)], is_inf),
    row("isHostname", TEXT_TO_BOOL, |_, args| test(args, formats::is_hostname)),
    row("isEmail", TEXT_TO_BOOL, |_, args| test(args, formats::is_email)),
    row("isIp", &[Overload::method(&[Text], Bool), Overload::method(&[Text, Int], Bool)], is_ip),
    row(
        "isIpPrefix",
        &[
            Overload::method(&[Text], Bool),
            Overload::method(&[Text, Int], Bool),
            Overload::method(&[Text, Bool], Bool),
            Overload::method(&[Text, Int, Bool], Bool),
        ],
        is_ip_prefix,
    ),
    row("isUri", TEXT_TO_BOOL, |_, args| test(args, formats::is_uri)),
    row("isUriRef", TEXT_TO_BOOL, |_, args| test(args, formats::is_uri_reference)),
    row("isHostAndPort", &[Overload::method(&[Text, Bool], Bool)], is_host_and_port),
];

fn unique<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(elements)] = args else { return Ok(None) };
    for (at, element) in elements.iter().enumerate() {
        for other in elements.iter().take(at) {
            if element.equals(&other, meter)? {
                return Ok(Some(Value::Bool(false)));
            }
        }
    }
    Ok(Some(Value::Bool(true)))
}

fn get_field<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    match args {
        [Value::Message(message), Value::Text(name)] => {
            let unknown = || Failure::Unknown(format!("the field `{}` has no model", &**name));
            Value::field(message, name).map(Some).ok_or_else(unknown)
        }
        _ => Ok(None),
    }
}

fn is_nan<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Double(value)] => Some(Value::Bool(value.is_nan())),
        _ => None,
    })
}

fn is_inf<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Double(value)] => Some(Value::Bool(value.is_infinite())),
        [Value::Double(value), Value::Int(sign)] => {
            let matches_sign = *sign == 0 || (*sign > 0) == (*value > 0.0);
            Some(Value::Bool(value.is_infinite() && matches_sign))
        }
        _ => None,
    })
}

fn test<'v>(args: &[Value<'v>], holds: fn(&str) -> bool) -> Called<'v> {
    Ok(match args {
        [Value::Text(text)] => Some(Value::Bool(holds(text))),
        _ => None,
    })
}

fn is_ip<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Text(text)] => Some(Value::Bool(formats::is_ip(text, 0))),
        [Value::Text(text), Value::Int(version)] => Some(Value::Bool(formats::is_ip(text, *version))),
        _ => None,
    })
}

fn is_ip_prefix<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let (text, version, strict) = match args {
        [Value::Text(text)] => (text, 0, false),
        [Value::Text(text), Value::Int(version)] => (text, *version, false),
        [Value::Text(text), Value::Bool(strict)] => (text, 0, *strict),
        [Value::Text(text), Value::Int(version), Value::Bool(strict)] => (text, *version, *strict),
        _ => return Ok(None),
    };
    Ok(Some(Value::Bool(formats::is_ip_prefix(text, version, strict))))
}

fn is_host_and_port<'v>(_: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    Ok(match args {
        [Value::Text(text), Value::Bool(port)] => Some(Value::Bool(formats::is_host_and_port(text, *port))),
        _ => None,
    })
}
