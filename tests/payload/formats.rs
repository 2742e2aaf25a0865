//! The same messages in all formats cost the same, and what is no message ends nothing.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use super::folder;
use super::support;

/// Messages of `kinds.Three`, as `(bytes, JSON)`.
const MESSAGES: [(&[u8], &str); 4] = [
    (&[0x08, 0x05], r#"{"count": 5}"#),
    (&[0x12, 0x03, b'a', b'n', b'n'], r#"{"name": "ann"}"#),
    (&[0x22, 0x03, 0x01, 0xac, 0x02], r#"{"packed": [1, 300]}"#),
    (&[0x62, 0x02, 0x08, 0x01], r#"{"inner": {"count": 1}}"#),
];

/// The first message, compressed by gzip.
const ZIPPED: [u8; 22] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xe3, 0x60, 0x05, 0x00, 0x78, 0x6c, 0x6a, 0xf9, 0x02,
    0x00, 0x00, 0x00,
];

fn run(arguments: &[&str], stdin: &[u8]) -> Output {
    let schemas = folder("tests/payload/schemas");
    let all = [&["payload"], arguments, &["--no-config", "--assume-unreleased", "--schema", schemas.to_str().unwrap()]]
        .concat();
    let mut command = support::command(Path::new("."), &all);
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(stdin).unwrap();
    running.wait_with_output().unwrap()
}

fn cost(format: &str, stdin: &[u8]) -> (String, String) {
    let output = run(&["cost", "-", "--type", "kinds.Three", "--format", "json", "--input-format", format], stdin);
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of_three = |three: &[u8]| -> String {
        let bits = three.iter().chain(&[0, 0]).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..4).map(|at| if at <= three.len() { digit(at) } else { '=' }).collect()
    };
    bytes.chunks(3).map(of_three).collect()
}

#[test]
fn all_formats_are_one_input() {
    let join = |one: fn(&(&[u8], &str)) -> Vec<u8>| MESSAGES.iter().flat_map(one).collect::<Vec<u8>>();
    let delimited = join(|(bytes, _)| [&[bytes.len() as u8][..], bytes].concat());
    let grpc = join(|(bytes, _)| [&[0, 0, 0, 0, bytes.len() as u8][..], bytes].concat());
    // The first one is compressed.
    let first = 5 + MESSAGES[0].0.len();
    let grpc = [&[1, 0, 0, 0, ZIPPED.len() as u8][..], &ZIPPED, &grpc[first..]].concat();
    let json = join(|(_, json)| format!("{json}\n").into_bytes());
    let hex =
        join(|(bytes, _)| (bytes.iter().map(|byte| format!("{byte:02x} ")).collect::<String>() + "\n").into_bytes());
    let base64 = join(|(bytes, _)| (base64(bytes) + "\n").into_bytes());
    let (wanted, _) = cost("delimited", &delimited);
    assert!(wanted.starts_with(r#"{"type":"kinds.Three","payloads":4,"bytes":16,"unparsed":0,"#), "{wanted}");
    for (format, input) in [("grpc", grpc), ("json", json), ("hex", hex), ("base64", base64)] {
        assert_eq!(cost(format, &input).0, wanted, "{format}");
    }
    // A file for each message, in a folder that is called like the type.
    let scratch = tempfile::tempdir().unwrap();
    let directory = scratch.path().join("kinds.Three/day");
    std::fs::create_dir_all(&directory).unwrap();
    for (at, (bytes, _)) in MESSAGES.iter().enumerate() {
        std::fs::write(directory.join(at.to_string()), bytes).unwrap();
    }
    let output = run(&["cost", scratch.path().to_str().unwrap(), "--format", "json"], b"");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), wanted, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_any_names_its_type() {
    let (bytes, _) = MESSAGES[0];
    let url = b"type.googleapis.com/kinds.Three";
    let any = [&[0x0a, url.len() as u8][..], url, &[0x12, bytes.len() as u8], bytes].concat();
    let output = run(&["cost", "-", "--format", "json"], &any);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with(r#"{"type":"kinds.Three","payloads":1,"bytes":2,"#), "{said}");
    let output = run(&["cost", "-", "--format", "json"], bytes);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("pass --type") && output.status.code() == Some(2), "{said}");
}

#[test]
fn what_is_no_message_is_reported_with_its_place() {
    let (bytes, _) = MESSAGES[0];
    let good = [&[0, 0, 0, 0, bytes.len() as u8][..], bytes].concat();
    let cases: [(&str, Vec<u8>, u64, &str); 9] = [
        (
            "delimited",
            [&[2][..], bytes, &[3, 0x12, 9, b'x', 2], bytes].concat(),
            2,
            "message 1: byte 1: a length of 9 bytes, and 1 are left",
        ),
        ("delimited", [&[2][..], bytes, &[0xff; 12]].concat(), 1, "message 1: a length is a varint that is too long"),
        (
            "delimited",
            [&[2][..], bytes, &[0xfe, 0xff, 0xff, 0xff, 0x07, 1]].concat(),
            1,
            "message 1: a length of 2147483646 bytes, and 1 are left",
        ),
        ("grpc", [&good[..], &[1, 0, 0, 0, 2, 1, 2], &good].concat(), 2, "message 1: the gzip is damaged"),
        ("grpc", [&good[..], &[7, 0, 0, 0, 0]].concat(), 1, "message 1: a frame has flag 7"),
        (
            "grpc",
            [&good[..], &[0x80, 0, 0, 0, 1, b'x'], &good, &[1, 0, 0, 0, 9], &ZIPPED[..9]].concat(),
            2,
            "message 2: the gzip is cut off",
        ),
        ("hex", b"0805\n\n08zz\n0805\n".to_vec(), 2, "message 1: byte 2 of the line is not a hexadecimal digit"),
        ("base64", b"CAU=\nC!\n".to_vec(), 1, "message 1: byte 1 of the line is not base64"),
        (
            "json",
            b"{\"count\": 5}\n{\"secret\": 1}\n{\n".to_vec(),
            1,
            "message 1: column 9: not a message of this type in JSON",
        ),
    ];
    for (format, input, payloads, reason) in cases {
        let (json, said) = cost(format, &input);
        assert!(said.contains(&format!("standard input: {reason}")), "{format}: {said}");
        assert!(json.contains(&format!("\"payloads\":{payloads},")), "{format}: {json}");
        assert!(!said.contains("secret"), "{said}");
    }
}

/// Values are for those who may read them.
#[test]
fn costs_show_no_values() {
    let line = r#"{"name": "hidden-value", "state": "hidden-value", "states": ["hidden-value"]}"#;
    let input = format!("{line}\n").repeat(20);
    for format in ["human", "json", "markdown", "html"] {
        let output = run(
            &["cost", "-", "--type", "kinds.Three", "--input-format", "json", "--format", format],
            input.as_bytes(),
        );
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("as an enum") || said.contains("enum"), "{format}: {said}");
        assert!(!said.contains("hidden-value"), "{format}: {said}");
    }
}
