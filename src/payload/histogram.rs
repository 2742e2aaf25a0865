//! How often sizes occur, in a fixed number of buckets: exact up to 15 bytes, and within an eighth above.

/// Sizes up to this have buckets of their own.
const EXACT: u64 = 16;
/// The number of buckets, for sizes of 40 bits.
const BUCKETS: usize = 16 + 36 * 8 + 8;

/// Counts of sizes.
#[derive(Clone)]
pub(super) struct Histogram {
    counts: Box<[u64; BUCKETS]>,
}

impl Histogram {
    pub(super) fn new() -> Histogram {
        Histogram { counts: Box::new([0; BUCKETS]) }
    }

    /// Counts a size so many times, which may be negative as the complement of two.
    #[inline]
    pub(super) fn add(&mut self, size: u64, times: u64) {
        let count = &mut self.counts[bucket(size)];
        *count = count.wrapping_add(times);
    }

    pub(super) fn merge(&mut self, other: &Histogram) {
        for (own, other) in self.counts.iter_mut().zip(other.counts.iter()) {
            *own = own.wrapping_add(*other);
        }
    }

    /// The size that 99 of 100 do not exceed.
    pub(super) fn p99(&self) -> u64 {
        let all: u64 = self.counts.iter().sum();
        let wanted = all - all / 100;
        let mut seen = 0;
        let reached = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        reached.map_or(0, largest)
    }
}

#[inline]
fn bucket(size: u64) -> usize {
    if size < EXACT {
        return size as usize;
    }
    let top = 63 - u64::from(size.leading_zeros());
    let eighth = (size >> (top - 3)) & 7;
    (EXACT + (top - 4) * 8 + eighth).min(BUCKETS as u64 - 1) as usize
}

/// The largest size of a bucket.
fn largest(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < EXACT {
        return bucket;
    }
    let (top, eighth) = ((bucket - EXACT) / 8 + 4, (bucket - EXACT) % 8);
    ((8 + eighth + 1) << (top - 3)) - 1
}

#[cfg(test)]
mod tests {
    use super::{Histogram, bucket, largest};

    #[test]
    fn buckets_hold_sizes_up_to_their_largest() {
        for size in (0..5000).chain([1 << 20, (1 << 27) - 1, 1 << 39]) {
            let top = largest(bucket(size));
            assert!(size <= top && top <= size + size / 8, "{size}: {top}");
            assert_ne!(bucket(top), bucket(top + 1));
        }
        assert!(bucket(u64::MAX) < super::BUCKETS);
    }

    #[test]
    fn the_percentile_is_that_of_99_in_100() {
        let mut histogram = Histogram::new();
        histogram.add(3, 99);
        histogram.add(1000, 1);
        assert_eq!(histogram.p99(), 3);
        histogram.add(1000, 1);
        assert_eq!(histogram.p99(), largest(bucket(1000)));
        assert_eq!(Histogram::new().p99(), 0);
    }
}
