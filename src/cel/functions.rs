//! The signatures of functions and operators: those of the language definition and of the strings extension.

use Sig::{A, Any, B, Bool, Bytes, Double, Duration, Int, ListA, ListOfAny, ListOfText, MapAB, Text, Timestamp, Uint};

/// A type in a signature. `A` and `B` stand for any type, the same one throughout a signature.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sig {
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
pub(crate) struct Overload {
    /// Whether it is called on its first argument: `text.size()`.
    pub(super) is_member: bool,
    pub(super) args: &'static [Sig],
    pub(super) result: Sig,
}

impl Overload {
    /// A way to call it on its first argument: `text.size()`.
    pub(crate) const fn method(args: &'static [Sig], result: Sig) -> Overload {
        Overload { is_member: true, args, result }
    }

    /// A way to call it with all arguments in parentheses: `size(text)`.
    pub(crate) const fn function(args: &'static [Sig], result: Sig) -> Overload {
        Overload { is_member: false, args, result }
    }
}

const fn method(args: &'static [Sig], result: Sig) -> Overload {
    Overload::method(args, result)
}

const fn function(args: &'static [Sig], result: Sig) -> Overload {
    Overload::function(args, result)
}

/// All ways to call the standard function `name`; none if there is no such function.
pub(super) fn standard(name: &str) -> Option<&'static [Overload]> {
    FUNCTIONS.iter().find(|(function, _)| *function == name).map(|(_, overloads)| *overloads)
}

const ORDER: &[Overload] = &[
    function(&[Bool, Bool], Bool),
    function(&[Int, Int], Bool),
    function(&[Int, Uint], Bool),
    function(&[Int, Double], Bool),
    function(&[Uint, Int], Bool),
    function(&[Uint, Uint], Bool),
    function(&[Uint, Double], Bool),
    function(&[Double, Int], Bool),
    function(&[Double, Uint], Bool),
    function(&[Double, Double], Bool),
    function(&[Text, Text], Bool),
    function(&[Bytes, Bytes], Bool),
    function(&[Timestamp, Timestamp], Bool),
    function(&[Duration, Duration], Bool),
];

const EQUALITY: &[Overload] = &[function(&[A, A], Bool)];

const PRODUCT: &[Overload] =
    &[function(&[Double, Double], Double), function(&[Int, Int], Int), function(&[Uint, Uint], Uint)];

const PART: &[Overload] = &[method(&[Text, Text], Bool), method(&[Bytes, Bytes], Bool)];

const DATE: &[Overload] = &[method(&[Timestamp], Int), method(&[Timestamp, Text], Int)];

const TIME: &[Overload] = &[method(&[Timestamp], Int), method(&[Timestamp, Text], Int), method(&[Duration], Int)];

const INDEX_OF: &[Overload] = &[method(&[Text, Text], Int), method(&[Text, Text, Int], Int)];

const TEXT_TO_TEXT: &[Overload] = &[method(&[Text], Text)];

const FUNCTIONS: &[(&str, &[Overload])] = &[
    ("_?_:_", &[function(&[Bool, A, A], A)]),
    ("!_", &[function(&[Bool], Bool)]),
    ("-_", &[function(&[Double], Double), function(&[Int], Int)]),
    ("_==_", EQUALITY),
    ("_!=_", EQUALITY),
    ("_<_", ORDER),
    ("_<=_", ORDER),
    ("_>_", ORDER),
    ("_>=_", ORDER),
    (
        "_+_",
        &[
            function(&[Bytes, Bytes], Bytes),
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Duration, Timestamp], Timestamp),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Int, Int], Int),
            function(&[ListA, ListA], ListA),
            function(&[Text, Text], Text),
            function(&[Uint, Uint], Uint),
        ],
    ),
    (
        "_-_",
        &[
            function(&[Double, Double], Double),
            function(&[Duration, Duration], Duration),
            function(&[Int, Int], Int),
            function(&[Timestamp, Duration], Timestamp),
            function(&[Timestamp, Timestamp], Duration),
            function(&[Uint, Uint], Uint),
        ],
    ),
    ("_*_", PRODUCT),
    ("_/_", PRODUCT),
    ("_%_", &[function(&[Int, Int], Int), function(&[Uint, Uint], Uint)]),
    ("_[_]", &[function(&[ListA, Int], A), function(&[MapAB, A], B)]),
    ("@in", &[function(&[A, ListA], Bool), function(&[A, MapAB], Bool)]),
    (
        "size",
        &[
            function(&[Bytes], Int),
            method(&[Bytes], Int),
            function(&[ListA], Int),
            method(&[ListA], Int),
            function(&[MapAB], Int),
            method(&[MapAB], Int),
            function(&[Text], Int),
            method(&[Text], Int),
        ],
    ),
    ("type", &[function(&[A], Sig::Meta)]),
    ("dyn", &[function(&[A], Any)]),
    ("bool", &[function(&[Bool], Bool), function(&[Text], Bool)]),
    ("bytes", &[function(&[Bytes], Bytes), function(&[Text], Bytes)]),
    (
        "double",
        &[function(&[Double], Double), function(&[Int], Double), function(&[Text], Double), function(&[Uint], Double)],
    ),
    ("duration", &[function(&[Duration], Duration), function(&[Text], Duration)]),
    (
        "int",
        &[
            function(&[Int], Int),
            function(&[Double], Int),
            function(&[Duration], Int),
            function(&[Text], Int),
            function(&[Timestamp], Int),
            function(&[Uint], Int),
        ],
    ),
    (
        "string",
        &[
            function(&[Text], Text),
            function(&[Bool], Text),
            function(&[Bytes], Text),
            function(&[Double], Text),
            function(&[Duration], Text),
            function(&[Int], Text),
            function(&[Timestamp], Text),
            function(&[Uint], Text),
        ],
    ),
    ("timestamp", &[function(&[Timestamp], Timestamp), function(&[Int], Timestamp), function(&[Text], Timestamp)]),
    ("uint", &[function(&[Uint], Uint), function(&[Double], Uint), function(&[Int], Uint), function(&[Text], Uint)]),
    ("contains", PART),
    ("startsWith", PART),
    ("endsWith", PART),
    ("matches", &[function(&[Text, Text], Bool), method(&[Text, Text], Bool)]),
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
    ("charAt", &[method(&[Text, Int], Text)]),
    ("indexOf", INDEX_OF),
    ("lastIndexOf", INDEX_OF),
    ("lowerAscii", TEXT_TO_TEXT),
    ("upperAscii", TEXT_TO_TEXT),
    ("trim", TEXT_TO_TEXT),
    ("reverse", TEXT_TO_TEXT),
    ("replace", &[method(&[Text, Text, Text], Text), method(&[Text, Text, Text, Int], Text)]),
    ("split", &[method(&[Text, Text], ListOfText), method(&[Text, Text, Int], ListOfText)]),
    ("substring", &[method(&[Text, Int], Text), method(&[Text, Int, Int], Text)]),
    ("join", &[method(&[ListOfText], Text), method(&[ListOfText, Text], Text)]),
    ("format", &[method(&[Text, ListOfAny], Text)]),
    ("strings.quote", &[function(&[Text], Text)]),
];
