//! Bytes of any kind, read as messages.

const FILES: [(&str, &str); 3] = [
    ("edition.proto", include_str!("../payload/schemas/edition.proto")),
    ("three.proto", include_str!("../payload/schemas/three.proto")),
    ("two.proto", include_str!("../payload/schemas/two.proto")),
];

/// Each byte is explained once, what is counted adds up, and the order of messages changes nothing.
pub fn payload(bytes: &[u8]) {
    for name in ["kinds.Edition", "kinds.Three", "kinds.Two"] {
        assert_eq!(protolint::fuzzing::payload(&FILES, name, bytes), None, "{name}");
    }
}
