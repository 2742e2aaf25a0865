//! `protolint breaking` in real repositories: what is compared with what, wherever and however a repository is kept,
//! and what is said where that is not known. Without a `git` program to make repositories with, these tests do nothing.

#![allow(clippy::unwrap_used)]

mod support;

#[path = "repositories/annotations.rs"]
mod annotations;
#[path = "repositories/clones.rs"]
mod clones;
#[path = "repositories/collisions.rs"]
mod collisions;
#[path = "repositories/ever_used.rs"]
mod ever_used;
#[path = "repositories/histories.rs"]
mod histories;
#[path = "repositories/law.rs"]
mod law;
#[path = "repositories/layouts.rs"]
mod layouts;
#[path = "repositories/pipelines.rs"]
mod pipelines;
#[path = "repositories/places.rs"]
mod places;
#[path = "repositories/references.rs"]
mod references;
#[path = "repositories/releases.rs"]
mod releases;
#[path = "repositories/selection.rs"]
mod selection;
#[path = "repositories/sets.rs"]
mod sets;
