//! Values of fields and messages that are likely to show a difference between rules: of lists and maps with so many
//! entries, of messages with one field or two set.

use std::collections::HashMap;

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value};

use super::constants::Constants;
use super::scalars::{scalars, times};
use crate::rules::protovalidate::evaluate::{Evaluator, Place};
use crate::rules::protovalidate::field::is_wrapper;

/// The longest list that is made.
const MAX_ITEMS: usize = 2_000;

/// How many items or keys that both sides accept are looked for to fill a list.
const MAX_GOOD: usize = 300;

/// How deep messages within are filled.
const MAX_DEPTH: usize = 2;

/// How many values of each field of a message within are tried.
const MAX_WITHIN: usize = 12;

/// Makes values that one side writes; `accepts` says whether both sides accept one in a place.
pub(super) struct Values<'v> {
    pub(super) constants: &'v Constants,
    /// What evaluates each side, with the field of that side where it has one.
    pub(super) sides: [(&'v Evaluator, Option<FieldDescriptor>); 2],
}

impl Values<'_> {
    /// The values of a field, those that leave it empty left out where it may be unset.
    pub(super) fn of_field(&self, field: &FieldDescriptor) -> Vec<Value> {
        match field.kind() {
            Kind::Message(entry) if field.is_map() => self.maps(&entry),
            kind if field.is_list() => self.lists(&kind),
            kind => self.singles(&kind, 0),
        }
    }

    fn singles(&self, kind: &Kind, depth: usize) -> Vec<Value> {
        match kind {
            Kind::Message(message) => self.messages(message, depth).into_iter().map(Value::Message).collect(),
            kind => scalars(kind, self.constants),
        }
    }

    fn messages(&self, of: &MessageDescriptor, depth: usize) -> Vec<DynamicMessage> {
        let empty = DynamicMessage::new(of.clone());
        let with = |name: &str, value: Value| {
            let mut message = empty.clone();
            message.try_set_field_by_name(name, value).is_ok().then_some(message)
        };
        match of.full_name() {
            name @ ("google.protobuf.Duration" | "google.protobuf.Timestamp") => {
                let nanos = times(self.constants, name.ends_with("Timestamp"));
                nanos.into_iter().filter_map(|nanos| time(of, nanos, name.ends_with("Timestamp"))).collect()
            }
            "google.protobuf.FieldMask" => {
                let mut lists: Vec<Vec<Value>> = vec![Vec::new()];
                for path in self.constants.texts.iter().map(String::as_str).chain(["a"]) {
                    lists.push(vec![Value::String(path.to_owned())]);
                    lists.push(vec![Value::String(format!("{path}.b"))]);
                }
                lists.push(self.constants.texts.iter().cloned().map(Value::String).collect());
                lists.into_iter().filter_map(|paths| with("paths", Value::List(paths))).collect()
            }
            "google.protobuf.Any" => {
                let urls = self.constants.texts.iter().cloned().chain([String::new(), "example.org/a.B".to_owned()]);
                urls.filter_map(|url| with("type_url", Value::String(url))).collect()
            }
            _ if depth >= MAX_DEPTH => vec![empty],
            name => {
                let most = if is_wrapper(name) { usize::MAX } else { MAX_WITHIN };
                let mut all = vec![empty.clone()];
                for field in of.fields() {
                    let values = match field.kind() {
                        _ if field.is_map() => Vec::new(),
                        kind if field.is_list() => {
                            self.singles(&kind, depth + 1).into_iter().map(|item| Value::List(vec![item])).collect()
                        }
                        kind => self.singles(&kind, depth + 1),
                    };
                    all.extend(values.into_iter().take(most).filter_map(|value| with(field.name(), value)));
                }
                all
            }
        }
    }

    fn is_good(&self, place: Place, value: &Value) -> bool {
        let accepts = |(evaluator, field): &(&Evaluator, Option<FieldDescriptor>)| match field {
            Some(field) => !evaluator.element_of(field, place, value).refuses(),
            None => true,
        };
        self.sides.iter().all(accepts)
    }

    /// Different values that both sides accept in a place, and all that were tried.
    fn good(&self, kind: &Kind, place: Place) -> (Vec<Value>, Vec<Value>) {
        let all = self.singles(kind, 1);
        let mut good: Vec<Value> = all.iter().filter(|value| self.is_good(place, value)).cloned().collect();
        good.truncate(MAX_GOOD);
        let wanted = self.counts().into_iter().max().unwrap_or(0).min(MAX_GOOD);
        for seed in good.clone().iter().take(4) {
            for number in 2..=wanted {
                if good.len() >= wanted {
                    break;
                }
                let next = numbered(seed, number).filter(|next| !good.contains(next) && self.is_good(place, next));
                good.extend(next);
            }
        }
        (good, all)
    }

    /// How many entries lists and maps have.
    fn counts(&self) -> Vec<usize> {
        let numbers = self.constants.numbers.iter().flat_map(|number| [number - 1, *number, number + 1]);
        let counts = numbers.chain([1, 2]).filter_map(|number| usize::try_from(number).ok());
        let mut counts: Vec<usize> = counts.filter(|count| (1..=MAX_ITEMS).contains(count)).collect();
        counts.sort_unstable();
        counts.dedup();
        counts
    }

    fn lists(&self, kind: &Kind) -> Vec<Value> {
        let (good, all) = self.good(kind, Place::Item);
        let mut lists: Vec<Vec<Value>> = vec![Vec::new()];
        lists.extend(all.iter().map(|item| vec![item.clone()]));
        let counts = self.counts();
        for &count in &counts {
            if good.len() >= count {
                lists.push(good[..count].to_vec());
            }
            // One after the other, and all the same.
            let repeated: Vec<Value> = good.iter().cycle().take(count).cloned().collect();
            lists.extend(good.first().map(|item| vec![item.clone(); count]));
            lists.extend((!repeated.is_empty()).then_some(repeated));
        }
        // One item among so many that there are enough.
        for &count in counts.iter().filter(|count| **count <= 20) {
            for item in all.iter().take(100) {
                let others = good.iter().filter(|other| *other != item).take(count - 1).cloned();
                let list: Vec<Value> = std::iter::once(item.clone()).chain(others).collect();
                lists.extend((list.len() == count).then_some(list));
            }
        }
        lists.sort_by_key(Vec::len);
        lists.into_iter().map(Value::List).collect()
    }

    fn maps(&self, entry: &MessageDescriptor) -> Vec<Value> {
        let kinds = [entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind()];
        let (good_keys, keys) = self.good(&kinds[0], Place::Key);
        let (good_values, values) = self.good(&kinds[1], Place::Value);
        let mut maps: Vec<HashMap<MapKey, Value>> = vec![HashMap::new()];
        let pad = |first: Option<(MapKey, Value)>, count: usize| -> Option<HashMap<MapKey, Value>> {
            let value = good_values.first().or(values.first())?;
            let mut map: HashMap<MapKey, Value> = first.into_iter().collect();
            for key in good_keys.iter().filter_map(|key| key.clone().into_map_key()) {
                if map.len() >= count {
                    break;
                }
                map.entry(key).or_insert_with(|| value.clone());
            }
            (map.len() == count).then_some(map)
        };
        let counts = self.counts();
        maps.extend(counts.iter().filter_map(|&count| pad(None, count)));
        for &count in counts.iter().filter(|count| **count <= 20) {
            let value = good_values.first().or(values.first());
            for key in keys.iter().take(200).filter_map(|key| key.clone().into_map_key()) {
                maps.extend(value.and_then(|value| pad(Some((key, value.clone())), count)));
            }
            let key = good_keys.first().or(keys.first()).and_then(|key| key.clone().into_map_key());
            for value in values.iter().take(200) {
                maps.extend(key.clone().and_then(|key| pad(Some((key, value.clone())), count)));
            }
        }
        maps.sort_by_key(HashMap::len);
        maps.into_iter().map(Value::Map).collect()
    }
}

/// A duration or an instant of so many nanoseconds.
fn time(of: &MessageDescriptor, nanos: i128, is_instant: bool) -> Option<DynamicMessage> {
    const SECOND: i128 = 1_000_000_000;
    // The nanoseconds of an instant count forward, those of a duration have its sign.
    let (seconds, rest) = match is_instant {
        true => (nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND)),
        false => (nanos / SECOND, nanos % SECOND),
    };
    let mut message = DynamicMessage::new(of.clone());
    message.try_set_field_by_name("seconds", Value::I64(i64::try_from(seconds).ok()?)).ok()?;
    message.try_set_field_by_name("nanos", Value::I32(i32::try_from(rest).ok()?)).ok()?;
    Some(message)
}

/// Another value, made with a number.
fn numbered(seed: &Value, number: usize) -> Option<Value> {
    let number = i32::try_from(number).ok()?;
    Some(match seed {
        Value::I32(value) => Value::I32(value.checked_add(number)?),
        Value::I64(value) => Value::I64(value.checked_add(number.into())?),
        Value::U32(value) => Value::U32(value.checked_add(number.unsigned_abs())?),
        Value::U64(value) => Value::U64(value.checked_add(number.unsigned_abs().into())?),
        Value::F32(value) => Value::F32(value + number as f32),
        Value::F64(value) => Value::F64(value + f64::from(number)),
        Value::String(text) => Value::String(format!("{text}{number}")),
        Value::Bytes(bytes) => Value::Bytes([bytes, number.to_string().as_bytes()].concat().into()),
        _ => return None,
    })
}
