//! Laws of reading: every text comes back out of its tree, and nodes nest.
