//! The laws of messages, for bytes that are messages, nearly messages, and noise.

use super::laws::{breach, schema};
use super::plan::Plan;
use super::read::Counter;
use super::sizes::Sizes;
use super::tally::{MAX_TEXTS, Tally};
use super::types;
use crate::schema::Schema;
use crate::schema::tests::random::Random;

/// Schemas with fields of all types.
const FILES: [(&str, &str); 3] = [
    ("edition.proto", include_str!("../../tests/payload/schemas/edition.proto")),
    ("three.proto", include_str!("../../tests/payload/schemas/three.proto")),
    ("two.proto", include_str!("../../tests/payload/schemas/two.proto")),
];

const TYPES: [&str; 3] = ["kinds.Edition", "kinds.Three", "kinds.Two"];

fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A message of records that fit the type for the most part.
fn message(plan: &Plan, of: u32, random: &mut Random, depth: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let of = &plan.types[of as usize];
    for _ in 0..random.below(6) {
        let index = random.below(of.fields.len());
        let field = &of.fields[index];
        let number = if random.chance(5) { 77 } else { field.number };
        let wire = if random.chance(5) { random.below(6) as u8 } else { field.wire };
        put(&mut bytes, u64::from(number) << 3 | u64::from(wire));
        let inner = match plan.message_of(
            plan.types.iter().position(|other| other.name == of.name).expect("a type of the plan") as u32,
            index as u32,
        ) {
            Some(child) if depth < 4 => message(plan, child, random, depth + 1),
            _ => (0..random.below(5)).map(|_| random.pick(b"ab\x01\x80c")).collect(),
        };
        match wire {
            0 => {
                let value = random.next() >> random.below(64);
                put(&mut bytes, if random.chance(20) { value.wrapping_neg() } else { value });
            }
            1 => bytes.extend(random.next().to_le_bytes()),
            2 => {
                put(&mut bytes, inner.len() as u64);
                bytes.extend(inner);
            }
            3 => {
                bytes.extend(inner);
                put(&mut bytes, u64::from(number) << 3 | 4);
            }
            5 => bytes.extend((random.next() as u32).to_le_bytes()),
            _ => {}
        }
    }
    bytes
}

fn each_message(schema: &Schema, count: u64, mut each: impl FnMut(&str, &Plan, &[u8])) {
    for (name, seed) in TYPES.iter().flat_map(|name| (0..count).map(move |seed| (name, seed))) {
        let plan = Plan::new(schema, types::find(schema, name).expect("a message of the schema"));
        let mut random = Random::new(seed);
        let mut bytes = message(&plan, 0, &mut random, 0);
        each(name, &plan, &bytes);
        if let Some(at) = (0..bytes.len()).nth(random.below(bytes.len().max(1))) {
            bytes[at] ^= 1 << random.below(8);
            each(name, &plan, &bytes);
            each(name, &plan, &bytes[..at]);
        }
    }
}

#[test]
fn the_laws_hold() {
    let schema = schema(&FILES);
    let (mut count, mut valid) = (0, 0);
    each_message(&schema, 700, |name, plan, bytes| {
        if let Some(breach) = breach(&schema, name, bytes) {
            panic!("{name}: {bytes:02x?}: {breach}");
        }
        count += 1;
        valid += usize::from(Tally::new(plan).add(plan, bytes).is_ok());
    });
    assert!(valid > count / 5 && valid < count * 9 / 10, "{valid} of {count} are messages");
}

#[test]
fn hostile_bytes_are_bounded() {
    let schema = schema(&FILES);
    let nested = |tag: u8, depth: usize| {
        let around = |inner: Vec<u8>, _: usize| {
            let mut bytes = vec![tag];
            put(&mut bytes, inner.len() as u64);
            bytes.extend(inner);
            bytes
        };
        (0..depth).fold(Vec::new(), around)
    };
    // `inner` is number 12 of `Three`.
    let messages = [
        nested(0x62, 100),
        nested(0x62, 101),
        nested(0x62, 20_000),
        vec![0x1b; 10_000],
        [&[0x0a][..], &[0xff; 9], &[1]].concat(),
        vec![0x80; 1000],
        [&[0x12][..], &[0xfe, 0xff, 0xff, 0xff, 0x07], b"x"].concat(),
        vec![0xff; 100_000],
    ];
    for (at, bytes) in messages.iter().enumerate() {
        let found = breach(&schema, "kinds.Three", bytes);
        assert_eq!(found, None, "{at}");
        let plan = Plan::new(&schema, types::find(&schema, "kinds.Three").expect("a message of the schema"));
        assert_eq!(Tally::new(&plan).add(&plan, bytes).is_ok(), at == 0, "{at}");
    }
}

#[test]
fn what_runtimes_write_has_the_size_that_is_measured() {
    let schema = schema(&FILES);
    each_message(&schema, 200, |name, plan, bytes| {
        let mut sizes = Sizes::new(plan, &[]);
        if sizes.add(plan, bytes).is_err() {
            return;
        }
        // Measured twice, it is twice as much.
        let once = sizes.written;
        sizes.add(plan, bytes).expect("a message of the schema");
        assert_eq!(sizes.written, 2 * once, "{name}");
    });
}

#[test]
fn texts_are_counted_up_to_a_number() {
    let schema = schema(&FILES);
    let plan = Plan::new(&schema, types::find(&schema, "kinds.Three").expect("a message of the schema"));
    let index = plan.types[0].find(101).expect("a message of the schema");
    let text = |number: usize| {
        let mut bytes = Vec::new();
        put(&mut bytes, 101 << 3 | 2);
        let text = format!("text{number}");
        put(&mut bytes, text.len() as u64);
        bytes.extend(text.into_bytes());
        bytes
    };
    let mut tally = Tally::new(&plan);
    for number in (0..MAX_TEXTS).chain(0..MAX_TEXTS) {
        tally.add(&plan, &text(number)).expect("a message of the schema");
    }
    assert_eq!(tally.stats[index].texts.distinct(), Some(MAX_TEXTS));
    let mut other = Tally::new(&plan);
    other.add(&plan, &text(MAX_TEXTS)).expect("a message of the schema");
    assert_eq!(other.stats[index].texts.distinct(), Some(1));
    tally.merge(&plan, other);
    assert_eq!(tally.stats[index].texts.distinct(), None);
}
