//! What the scalar types are for, <https://protobuf.dev/programming-guides/encoding/>.

use super::fenced;
use crate::schema::Scalar;

/// A scalar type in words.
pub(super) fn describe(scalar: Scalar) -> String {
    let (range, advice) = words(scalar);
    format!("{}\n\n{range}\n\n- {}\n{advice}", fenced("proto", scalar.name()), super::encoding::scalar_cost(scalar))
        .trim_end()
        .to_owned()
}

/// The values, and when to use another type.
fn words(scalar: Scalar) -> (&'static str, &'static str) {
    match scalar {
        Scalar::Double => (
            "64-bit floating-point number (IEEE 754)",
            "- in JSON a number, or `\"NaN\"`, `\"Infinity\"` and `\"-Infinity\"`",
        ),
        Scalar::Float => (
            "32-bit floating-point number (IEEE 754)",
            "- in JSON a number, or `\"NaN\"`, `\"Infinity\"` and `\"-Infinity\"`",
        ),
        Scalar::Int32 => {
            ("integer from -2^31 to 2^31-1", "- a negative number takes 10 bytes: use `sint32` where they are common")
        }
        Scalar::Int64 => (
            "integer from -2^63 to 2^63-1",
            "- a negative number takes 10 bytes: use `sint64` where they are common\n- in JSON a string of digits",
        ),
        Scalar::Uint32 => ("integer from 0 to 2^32-1", "- use `fixed32` where most numbers are larger than 2^28"),
        Scalar::Uint64 => (
            "integer from 0 to 2^64-1",
            "- use `fixed64` where most numbers are larger than 2^56\n- in JSON a string of digits",
        ),
        Scalar::Sint32 => (
            "integer from -2^31 to 2^31-1, in ZigZag encoding",
            "- small negative numbers are as short as positive ones",
        ),
        Scalar::Sint64 => (
            "integer from -2^63 to 2^63-1, in ZigZag encoding",
            "- small negative numbers are as short as positive ones\n- in JSON a string of digits",
        ),
        Scalar::Fixed32 => {
            ("integer from 0 to 2^32-1", "- shorter than `uint32` where most numbers are larger than 2^28")
        }
        Scalar::Fixed64 => (
            "integer from 0 to 2^64-1",
            "- shorter than `uint64` where most numbers are larger than 2^56\n- in JSON a string of digits",
        ),
        Scalar::Sfixed32 => ("integer from -2^31 to 2^31-1", "- of the same length for all numbers"),
        Scalar::Sfixed64 => {
            ("integer from -2^63 to 2^63-1", "- of the same length for all numbers\n- in JSON a string of digits")
        }
        Scalar::Bool => ("`true` or `false`", ""),
        Scalar::String => ("text in UTF-8", "- at most 2^32 bytes long; use `bytes` for what is not UTF-8"),
        Scalar::Bytes => ("any bytes", "- at most 2^32 of them; in JSON a string in base64"),
    }
}
