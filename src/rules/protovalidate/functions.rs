//! The functions that protovalidate adds to CEL, <https://protovalidate.com/reference/cel_extensions/>.

use super::formats;
use crate::cel::Sig::{Any, Bool, Bytes, Double, Int, ListOf, ListOfText, Text, Uint};
use crate::cel::{Environment, Function, Overload, Value};

/// The language as protovalidate's expressions have it.
pub(super) const ENVIRONMENT: Environment = Environment { functions: FUNCTIONS, packages: &["buf"] };

const TEXT_TO_BOOL: &[Overload] = &[Overload::method(&[Text], Bool)];

const FUNCTIONS: &[Function] = &[
    Function {
        name: "unique",
        overloads: &[
            Overload::method(&[ListOf(&Bool)], Bool),
            Overload::method(&[ListOf(&Int)], Bool),
            Overload::method(&[ListOf(&Uint)], Bool),
            Overload::method(&[ListOf(&Double)], Bool),
            Overload::method(&[ListOfText], Bool),
            Overload::method(&[ListOf(&Bytes)], Bool),
        ],
        call: unique,
    },
    Function { name: "getField", overloads: &[Overload::function(&[Any, Text], Any)], call: get_field },
    Function { name: "isNan", overloads: &[Overload::method(&[Double], Bool)], call: is_nan },
    Function {
        name: "isInf",
        overloads: &[Overload::method(&[Double], Bool), Overload::method(&[Double, Int], Bool)],
        call: is_inf,
    },
    Function { name: "isHostname", overloads: TEXT_TO_BOOL, call: |args| test(args, formats::is_hostname) },
    Function { name: "isEmail", overloads: TEXT_TO_BOOL, call: |args| test(args, formats::is_email) },
    Function {
        name: "isIp",
        overloads: &[Overload::method(&[Text], Bool), Overload::method(&[Text, Int], Bool)],
        call: is_ip,
    },
    Function {
        name: "isIpPrefix",
        overloads: &[
            Overload::method(&[Text], Bool),
            Overload::method(&[Text, Int], Bool),
            Overload::method(&[Text, Bool], Bool),
            Overload::method(&[Text, Int, Bool], Bool),
        ],
        call: is_ip_prefix,
    },
    Function { name: "isUri", overloads: TEXT_TO_BOOL, call: |args| test(args, formats::is_uri) },
    Function { name: "isUriRef", overloads: TEXT_TO_BOOL, call: |args| test(args, formats::is_uri_reference) },
    Function { name: "isHostAndPort", overloads: &[Overload::method(&[Text, Bool], Bool)], call: is_host_and_port },
];

/// Pairs are compared, so longer lists are left alone.
const MAX_UNIQUE: usize = 200;

fn unique(args: &[Value]) -> Option<Value> {
    let [Value::List(elements)] = args else { return None };
    let is_new = |(at, value): (usize, &Value)| !elements[..at].iter().any(|other| value.equals(other) == Some(true));
    (elements.len() <= MAX_UNIQUE).then(|| Value::Bool(elements.iter().enumerate().all(is_new)))
}

fn get_field(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Message(message), Value::Text(name)] => Value::field(message, name),
        _ => None,
    }
}

fn is_nan(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Double(value)] => Some(Value::Bool(value.is_nan())),
        _ => None,
    }
}

fn is_inf(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Double(value)] => Some(Value::Bool(value.is_infinite())),
        [Value::Double(value), Value::Int(sign)] => {
            let matches_sign = *sign == 0 || (*sign > 0) == (*value > 0.0);
            Some(Value::Bool(value.is_infinite() && matches_sign))
        }
        _ => None,
    }
}

fn test(args: &[Value], holds: fn(&str) -> bool) -> Option<Value> {
    match args {
        [Value::Text(text)] => Some(Value::Bool(holds(text))),
        _ => None,
    }
}

fn is_ip(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Text(text)] => Some(Value::Bool(formats::is_ip(text, 0))),
        [Value::Text(text), Value::Int(version)] => Some(Value::Bool(formats::is_ip(text, *version))),
        _ => None,
    }
}

fn is_ip_prefix(args: &[Value]) -> Option<Value> {
    let (text, version, strict) = match args {
        [Value::Text(text)] => (text, 0, false),
        [Value::Text(text), Value::Int(version)] => (text, *version, false),
        [Value::Text(text), Value::Bool(strict)] => (text, 0, *strict),
        [Value::Text(text), Value::Int(version), Value::Bool(strict)] => (text, *version, *strict),
        _ => return None,
    };
    Some(Value::Bool(formats::is_ip_prefix(text, version, strict)))
}

fn is_host_and_port(args: &[Value]) -> Option<Value> {
    match args {
        [Value::Text(text), Value::Bool(port)] => Some(Value::Bool(formats::is_host_and_port(text, *port))),
        _ => None,
    }
}
