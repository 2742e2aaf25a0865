//! The functions and operators that protovalidate's expressions can use: the standard ones of the language
//! definition, the strings extension, and those listed at <https://protovalidate.com/reference/cel_extensions/>.

use Sig::{A, Any, B, Bool, Bytes, Double, Duration, Int, ListA, ListOfAny, ListOfText, MapAB, Text, Timestamp, Uint};

/// A type in a signature. `A` and `B` stand for any type, the same one throughout a signature.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sig {
    Any,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Timestamp,
    Meta,
    A,
    B,
    ListA,
    MapAB,
    ListOfText,
    ListOfAny,
    ListOf(&'static Sig),
}

/// One way to call a function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Overload {
    /// Whether it is called on its first argument: `text.size()`.
    pub(super) is_member: bool,
    pub(super) args: &'static [Sig],
    pub(super) result: Sig,
}

const fn on(args: &'static [Sig], result: Sig) -> Overload {
    Overload { is_member: true, args, result }
}

const fn of(args: &'static [Sig], result: Sig) -> Overload {
    Overload { is_member: false, args, result }
}

/// All ways to call `name`; None if there is no such function.
pub(super) fn find(name: &str) -> Option<&'static [Overload]> {
    let name = name.trim_start_matches('.');
    FUNCTIONS.iter().find(|(function, _)| *function == name).map(|(_, overloads)| *overloads)
}

const ORDER: &[Overload] = &[
    of(&[Bool, Bool], Bool),
    of(&[Int, Int], Bool),
    of(&[Int, Uint], Bool),
    of(&[Int, Double], Bool),
    of(&[Uint, Int], Bool),
    of(&[Uint, Uint], Bool),
    of(&[Uint, Double], Bool),
    of(&[Double, Int], Bool),
    of(&[Double, Uint], Bool),
    of(&[Double, Double], Bool),
    of(&[Text, Text], Bool),
    of(&[Bytes, Bytes], Bool),
    of(&[Timestamp, Timestamp], Bool),
    of(&[Duration, Duration], Bool),
];

const EQUALITY: &[Overload] = &[of(&[A, A], Bool)];

const PRODUCT: &[Overload] = &[of(&[Double, Double], Double), of(&[Int, Int], Int), of(&[Uint, Uint], Uint)];

const PART: &[Overload] = &[on(&[Text, Text], Bool), on(&[Bytes, Bytes], Bool)];

const DATE: &[Overload] = &[on(&[Timestamp], Int), on(&[Timestamp, Text], Int)];

const TIME: &[Overload] = &[on(&[Timestamp], Int), on(&[Timestamp, Text], Int), on(&[Duration], Int)];

const INDEX_OF: &[Overload] = &[on(&[Text, Text], Int), on(&[Text, Text, Int], Int)];

const TEXT_TO_TEXT: &[Overload] = &[on(&[Text], Text)];

const TEXT_TO_BOOL: &[Overload] = &[on(&[Text], Bool)];

const FUNCTIONS: &[(&str, &[Overload])] = &[
    ("_?_:_", &[of(&[Bool, A, A], A)]),
    ("!_", &[of(&[Bool], Bool)]),
    ("-_", &[of(&[Double], Double), of(&[Int], Int)]),
    ("_==_", EQUALITY),
    ("_!=_", EQUALITY),
    ("_<_", ORDER),
    ("_<=_", ORDER),
    ("_>_", ORDER),
    ("_>=_", ORDER),
    (
        "_+_",
        &[
            of(&[Bytes, Bytes], Bytes),
            of(&[Double, Double], Double),
            of(&[Duration, Duration], Duration),
            of(&[Duration, Timestamp], Timestamp),
            of(&[Timestamp, Duration], Timestamp),
            of(&[Int, Int], Int),
            of(&[ListA, ListA], ListA),
            of(&[Text, Text], Text),
            of(&[Uint, Uint], Uint),
        ],
    ),
    (
        "_-_",
        &[
            of(&[Double, Double], Double),
            of(&[Duration, Duration], Duration),
            of(&[Int, Int], Int),
            of(&[Timestamp, Duration], Timestamp),
            of(&[Timestamp, Timestamp], Duration),
            of(&[Uint, Uint], Uint),
        ],
    ),
    ("_*_", PRODUCT),
    ("_/_", PRODUCT),
    ("_%_", &[of(&[Int, Int], Int), of(&[Uint, Uint], Uint)]),
    ("_[_]", &[of(&[ListA, Int], A), of(&[MapAB, A], B)]),
    ("@in", &[of(&[A, ListA], Bool), of(&[A, MapAB], Bool)]),
    (
        "size",
        &[
            of(&[Bytes], Int),
            on(&[Bytes], Int),
            of(&[ListA], Int),
            on(&[ListA], Int),
            of(&[MapAB], Int),
            on(&[MapAB], Int),
            of(&[Text], Int),
            on(&[Text], Int),
        ],
    ),
    ("type", &[of(&[A], Sig::Meta)]),
    ("dyn", &[of(&[A], Any)]),
    ("bool", &[of(&[Bool], Bool), of(&[Text], Bool)]),
    ("bytes", &[of(&[Bytes], Bytes), of(&[Text], Bytes)]),
    ("double", &[of(&[Double], Double), of(&[Int], Double), of(&[Text], Double), of(&[Uint], Double)]),
    ("duration", &[of(&[Duration], Duration), of(&[Text], Duration)]),
    (
        "int",
        &[
            of(&[Int], Int),
            of(&[Double], Int),
            of(&[Duration], Int),
            of(&[Text], Int),
            of(&[Timestamp], Int),
            of(&[Uint], Int),
        ],
    ),
    (
        "string",
        &[
            of(&[Text], Text),
            of(&[Bool], Text),
            of(&[Bytes], Text),
            of(&[Double], Text),
            of(&[Duration], Text),
            of(&[Int], Text),
            of(&[Timestamp], Text),
            of(&[Uint], Text),
        ],
    ),
    ("timestamp", &[of(&[Timestamp], Timestamp), of(&[Int], Timestamp), of(&[Text], Timestamp)]),
    ("uint", &[of(&[Uint], Uint), of(&[Double], Uint), of(&[Int], Uint), of(&[Text], Uint)]),
    ("contains", PART),
    ("startsWith", PART),
    ("endsWith", PART),
    ("matches", &[of(&[Text, Text], Bool), on(&[Text, Text], Bool)]),
    ("getFullYear", DATE),
    ("getMonth", DATE),
    ("getDayOfYear", DATE),
    ("getDayOfMonth", DATE),
    ("getDate", DATE),
    ("getDayOfWeek", DATE),
    ("getHours", TIME),
    ("getMinutes", TIME),
    ("getSeconds", TIME),
    ("getMilliseconds", TIME),
    ("charAt", &[on(&[Text, Int], Text)]),
    ("indexOf", INDEX_OF),
    ("lastIndexOf", INDEX_OF),
    ("lowerAscii", TEXT_TO_TEXT),
    ("upperAscii", TEXT_TO_TEXT),
    ("trim", TEXT_TO_TEXT),
    ("reverse", TEXT_TO_TEXT),
    ("replace", &[on(&[Text, Text, Text], Text), on(&[Text, Text, Text, Int], Text)]),
    ("split", &[on(&[Text, Text], ListOfText), on(&[Text, Text, Int], ListOfText)]),
    ("substring", &[on(&[Text, Int], Text), on(&[Text, Int, Int], Text)]),
    ("join", &[on(&[ListOfText], Text), on(&[ListOfText, Text], Text)]),
    ("format", &[on(&[Text, ListOfAny], Text)]),
    ("strings.quote", &[of(&[Text], Text)]),
    (
        "unique",
        &[
            on(&[Sig::ListOf(&Bool)], Bool),
            on(&[Sig::ListOf(&Int)], Bool),
            on(&[Sig::ListOf(&Uint)], Bool),
            on(&[Sig::ListOf(&Double)], Bool),
            on(&[ListOfText], Bool),
            on(&[Sig::ListOf(&Bytes)], Bool),
        ],
    ),
    ("getField", &[of(&[Any, Text], Any)]),
    ("isNan", &[on(&[Double], Bool)]),
    ("isInf", &[on(&[Double], Bool), on(&[Double, Int], Bool)]),
    ("isHostname", TEXT_TO_BOOL),
    ("isEmail", TEXT_TO_BOOL),
    ("isIp", &[on(&[Text], Bool), on(&[Text, Int], Bool)]),
    ("isIpPrefix", &[on(&[Text], Bool), on(&[Text, Int], Bool), on(&[Text, Bool], Bool), on(&[Text, Int, Bool], Bool)]),
    ("isUri", TEXT_TO_BOOL),
    ("isUriRef", TEXT_TO_BOOL),
    ("isHostAndPort", &[on(&[Text, Bool], Bool)]),
];
