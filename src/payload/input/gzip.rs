//! Undoes gzip, up to a size: the only place that uses `zlib_rs`.

use zlib_rs::{Inflate, InflateFlush, Status};

/// The size of a window, with a header of gzip.
const GZIP: u8 = 15 + 16;

/// What was compressed, if that is at most so many bytes.
pub(super) fn unzip(compressed: &[u8], most: usize) -> Result<Vec<u8>, String> {
    let mut inflate = Inflate::new(true, GZIP);
    let mut bytes = vec![0; compressed.len().saturating_mul(4).clamp(1 << 10, 1 << 20).min(most + 1)];
    loop {
        let (read, written) = (inflate.total_in() as usize, inflate.total_out() as usize);
        let status = inflate
            .decompress(&compressed[read..], &mut bytes[written..], InflateFlush::NoFlush)
            .map_err(|error| format!("the gzip is damaged: {}", error.as_str()))?;
        let (now_read, now_written) = (inflate.total_in() as usize, inflate.total_out() as usize);
        if status == Status::StreamEnd {
            bytes.truncate(now_written);
            return if now_written > most { Err(too_large(most)) } else { Ok(bytes) };
        }
        if now_written == bytes.len() {
            if bytes.len() > most {
                return Err(too_large(most));
            }
            bytes.resize(bytes.len().saturating_mul(2).min(most + 1), 0);
        } else if (now_read, now_written) == (read, written) {
            return Err("the gzip is cut off".to_owned());
        }
    }
}

fn too_large(most: usize) -> String {
    format!("the message is larger than {} MiB when it is unzipped", most >> 20)
}

#[cfg(test)]
mod tests {
    use super::unzip;

    /// `hello` by `gzip -n`.
    const HELLO: [u8; 25] =
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0];

    #[test]
    fn gzip_is_undone_up_to_a_size() {
        assert_eq!(unzip(&HELLO, 5).as_deref(), Ok(&b"hello"[..]));
        assert!(unzip(&HELLO, 4).expect_err("damage").contains("larger"));
    }

    #[test]
    fn damage_is_reported() {
        assert!(unzip(&HELLO[..15], 100).expect_err("damage").contains("cut off"));
        assert!(unzip(b"hello", 100).expect_err("damage").contains("damaged"));
        let mut other = HELLO;
        other[18] ^= 1;
        assert!(unzip(&other, 100).expect_err("damage").contains("damaged"));
        assert!(unzip(b"", 100).is_err());
    }
}
