//! Bytes that are written as text.

/// Bytes in hexadecimal, with white space between or not.
pub(super) fn from_hex(text: &[u8]) -> Result<Vec<u8>, String> {
    let digits = text.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut upper = None;
    for (at, &byte) in digits {
        let Some(digit) = char::from(byte).to_digit(16) else {
            return Err(format!("byte {at} of the line is not a hexadecimal digit"));
        };
        match upper.take() {
            None => upper = Some(digit as u8),
            Some(upper) => bytes.push(upper << 4 | digit as u8),
        }
    }
    if upper.is_some() { Err("the number of hexadecimal digits is odd".to_owned()) } else { Ok(bytes) }
}

/// Bytes in base64, of either alphabet, padded or not.
pub(super) fn from_base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut is_padded) = (0_u32, 0, false);
    for (at, &byte) in text.iter().enumerate() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                is_padded = true;
                continue;
            }
            byte if byte.is_ascii_whitespace() => continue,
            _ => return Err(format!("byte {at} of the line is not base64")),
        };
        if is_padded {
            return Err(format!("byte {at} of the line is after the padding"));
        }
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    if count == 6 { Err("the base64 is cut off".to_owned()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::{from_base64, from_hex};

    #[test]
    fn hexadecimal_is_read() {
        assert_eq!(from_hex(b"08 96 01"), Ok(vec![8, 0x96, 1]));
        assert_eq!(from_hex(b"0A00"), Ok(vec![10, 0]));
        assert!(from_hex(b"0").is_err() && from_hex(b"0g").is_err());
    }

    #[test]
    fn base64_is_read() {
        for text in ["+/8AAQ==", "-_8AAQ", "+/8A AQ=="] {
            assert_eq!(from_base64(text.as_bytes()), Ok(vec![0xfb, 0xff, 0, 1]), "{text}");
        }
        assert!(from_base64(b"A").is_err() && from_base64(b"AA==AA").is_err() && from_base64(b"a!").is_err());
        assert_eq!(from_base64(b""), Ok(Vec::new()));
    }
}
