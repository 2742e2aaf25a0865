//! Makes up trees of files that protobuf takes, in all its languages, and spoils their texts. It uses no rules.

mod layout;
mod literal;
mod model;
mod mutate;
mod names;
mod plan;
mod print;

pub(crate) use mutate::spoiled;

use super::tests::random::Random;

/// Paths and texts; each file imports only those before it.
pub(crate) fn tree(random: &mut Random) -> Vec<(String, String)> {
    let world = plan::world(random);
    let mut text = |file: usize| (world.files[file].path.to_owned(), print::text(&world, file, random));
    (0..world.files.len()).map(&mut text).collect()
}
