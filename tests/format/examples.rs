//! Examples: each file of `testdata/format` holds texts with what they become.
