//! Counts the work and the memory of an evaluation, and ends it at a limit. It must not know what the work is.

use super::program::Failure;

/// How much one evaluation may do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Operations; those on long values count several times.
    pub(crate) steps: usize,
    /// Bytes of all values that are made.
    pub(crate) size: usize,
}

impl Limits {
    /// Enough for any sensible rule, and little enough for thousands of elements.
    pub(crate) const DEFAULT: Limits = Limits { steps: 100_000, size: 1_000_000 };
}

/// How many bytes are read or written in one step.
const BYTES_A_STEP: usize = 64;

/// What an element of a list or map takes, in bytes.
const ELEMENT: usize = 32;

/// What is left of the limits.
#[derive(Debug)]
pub(crate) struct Meter {
    steps: usize,
    size: usize,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Meter { steps: limits.steps, size: limits.size }
    }

    /// Counts one operation.
    #[inline]
    pub(super) fn step(&mut self) -> Result<(), Failure> {
        self.steps_of(1)
    }

    /// Counts several operations.
    #[inline]
    pub(super) fn steps_of(&mut self, count: usize) -> Result<(), Failure> {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Failure::TooManySteps)
            }
        }
    }

    /// Counts the reading of bytes.
    pub(super) fn read(&mut self, bytes: usize) -> Result<(), Failure> {
        self.steps_of(bytes / BYTES_A_STEP)
    }

    /// Counts a text or bytes that are to be made.
    pub(super) fn make(&mut self, bytes: usize) -> Result<(), Failure> {
        match self.size.checked_sub(bytes) {
            Some(left) => {
                self.size = left;
                self.read(bytes)
            }
            None => {
                self.size = 0;
                Err(Failure::TooLarge)
            }
        }
    }

    /// Counts a list or map of so many elements that is to be made.
    pub(super) fn make_elements(&mut self, count: usize) -> Result<(), Failure> {
        self.make(count.saturating_mul(ELEMENT))
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.steps == 0 || self.size == 0
    }
}
