//! Changes a schema as people do: one thing at a time, anywhere.

mod types;

use super::generate::{SCALARS, WORDS, add_field, any_type, default, label, new_number};
use super::model::{FieldModel, Label, Language, MessageModel, Model, Type};
use crate::schema::Scalar;
use crate::schema::tests::random::Random;
use types::{delete_type, extension, map_and_entries, message_and_bytes, move_type, twin};

type Change = fn(&mut Model, &mut Random) -> Option<()>;

/// A change, and what it is called where a case is reported.
pub(super) const CHANGES: [(&str, Change); 40] = [
    ("another type", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].of = any_type(m, r);
        Some(())
    }),
    ("a related scalar", related_scalar),
    ("an integer and an enum", integer_and_enum),
    ("a field renamed", |m, r| rename_field(m, r, true)),
    ("a field renamed at random", |m, r| rename_field(m, r, false)),
    ("two names swapped", swap_names),
    ("a message renamed", |m, r| {
        let at = r.maybe_pick(&m.living())?;
        m.messages[at].name = m.new_name("Renamed");
        Some(())
    }),
    ("an enum renamed", |m, r| {
        let at = r.maybe_pick(&m.living_enums())?;
        m.enums[at].name = m.new_name("Kind");
        Some(())
    }),
    ("a value renamed", rename_value),
    ("two values swapped", swap_values),
    ("a package renamed", |m, r| {
        let file = r.below(m.files.len());
        m.files[file].package = r.pick(&["acme.v1", "acme.v2", "acme.v3", ""]).to_owned();
        Some(())
    }),
    ("a field deleted", |m, r| delete_field(m, r, false, false)),
    ("a field deleted, its number reserved", |m, r| delete_field(m, r, true, false)),
    ("a field deleted, its name reserved", |m, r| delete_field(m, r, false, true)),
    ("a field deleted and reserved", |m, r| delete_field(m, r, true, true)),
    ("a value deleted", |m, r| delete_value(m, r, false)),
    ("a value deleted and reserved", |m, r| delete_value(m, r, true)),
    ("another label", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].label = label(r);
        Some(())
    }),
    ("another oneof", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].oneof =
            r.pick(&[None, Some("choice"), Some("kind"), Some("lone")]).map(str::to_owned);
        Some(())
    }),
    ("a lone field in a oneof", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].oneof = Some("lone".to_owned());
        Some(())
    }),
    ("another default", |m, r| {
        let (at, field) = any_field(m, r)?;
        let of = m.messages[at].fields[field].of;
        m.messages[at].fields[field].default = if r.chance(70) { default(m, of, r) } else { None };
        Some(())
    }),
    ("closed and open", |m, r| {
        let at = r.maybe_pick(&m.living_enums())?;
        m.enums[at].is_closed ^= true;
        Some(())
    }),
    ("a new field", |m, r| {
        let at = r.maybe_pick(&m.living())?;
        add_field(m, at, r);
        Some(())
    }),
    ("a new required field", |m, r| {
        let at = r.maybe_pick(&m.living())?;
        let number = new_number(&m.messages[at], r);
        let name = m.new_name("needed_");
        let of = Type::Scalar(r.pick(&SCALARS));
        m.messages[at].fields.push(FieldModel::new(name, number, of, Label::Required));
        Some(())
    }),
    ("a new value", |m, r| {
        let at = r.maybe_pick(&m.living_enums())?;
        let name = m.new_name("NEW");
        let number = r.pick(&[4, 8, -2, 9]);
        let place = r.below(m.enums[at].values.len() + 1);
        m.enums[at].values.insert(place, (name, number));
        Some(())
    }),
    ("an alias", alias),
    ("packed and expanded", |m, r| {
        let (at, field) = any_field(m, r)?;
        let packed = m.messages[at].fields[field].packed;
        m.messages[at].fields[field].packed = Some(packed.is_none_or(|packed| !packed));
        Some(())
    }),
    ("less reserved", |m, r| {
        let at = r.maybe_pick(&m.living())?;
        if r.chance(50) {
            m.messages[at].reserved.numbers.pop().map(|_| ())
        } else {
            m.messages[at].reserved.names.pop().map(|_| ())
        }
    }),
    ("fewer values reserved", |m, r| {
        let at = r.maybe_pick(&m.living_enums())?;
        if r.chance(50) {
            m.enums[at].reserved.numbers.pop().map(|_| ())
        } else {
            m.enums[at].reserved.names.pop().map(|_| ())
        }
    }),
    ("another syntax", |m, r| {
        let file = r.below(m.files.len());
        m.files[file].language = r.pick(&[Language::Proto2, Language::Proto3, Language::Edition]);
        Some(())
    }),
    ("a twin of the type", twin),
    ("map and entries", map_and_entries),
    ("message and bytes", message_and_bytes),
    ("group and message", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].is_delimited ^= true;
        Some(())
    }),
    ("another order", reorder),
    ("another file", move_type),
    ("another JSON name", |m, r| {
        let (at, field) = any_field(m, r)?;
        let name = r.pick(&[None, Some("otherKey"), Some("order")]).map(str::to_owned);
        m.messages[at].fields[field].json_name = name;
        Some(())
    }),
    ("another number", |m, r| {
        let (at, field) = any_field(m, r)?;
        m.messages[at].fields[field].number = new_number(&m.messages[at], r);
        Some(())
    }),
    ("an extension changed", extension),
    ("a type deleted", delete_type),
];

fn any_field(model: &Model, random: &mut Random) -> Option<(usize, usize)> {
    let with_fields: Vec<usize> =
        model.living().into_iter().filter(|&at| !model.messages[at].fields.is_empty()).collect();
    let at = random.maybe_pick(&with_fields)?;
    Some((at, random.below(model.messages[at].fields.len())))
}

fn related_scalar(model: &mut Model, random: &mut Random) -> Option<()> {
    use Scalar::{
        Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32,
        Uint64,
    };
    const FAMILIES: [&[Scalar]; 6] = [
        &[Int32, Int64, Uint32, Uint64, Bool],
        &[Sint32, Sint64],
        &[Fixed32, Sfixed32],
        &[Fixed64, Sfixed64],
        &[String, Bytes],
        &[Double, Float],
    ];
    let (at, field) = any_field(model, random)?;
    let field = &mut model.messages[at].fields[field];
    let Type::Scalar(scalar) = field.of else { return None };
    let family = FAMILIES.into_iter().find(|family| family.contains(&scalar))?;
    field.of = Type::Scalar(random.pick(family));
    // The messages that are compared cannot hold a string that is not UTF-8, not even as a default.
    let is_no_text = field.of != Type::Scalar(String);
    field.default = field.default.take().filter(|default| is_no_text || !default.contains("\\377"));
    Some(())
}

fn integer_and_enum(model: &mut Model, random: &mut Random) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    let enumeration = random.maybe_pick(&model.living_enums())?;
    let field = &mut model.messages[at].fields[field];
    field.of = match field.of {
        Type::Enum(_) => Type::Scalar(random.pick(&[Scalar::Int32, Scalar::Int64, Scalar::Bool, Scalar::Uint32])),
        Type::Scalar(Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Bool) => Type::Enum(enumeration),
        _ => return None,
    };
    field.default = None;
    Some(())
}

fn rename_field(model: &mut Model, random: &mut Random, is_related: bool) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    let old = model.messages[at].fields[field].name.clone();
    let name = if is_related { format!("{old}_new") } else { model.new_name(random.pick(&WORDS)) };
    let key = random.chance(30).then(|| model.messages[at].fields[field].name.replace('_', ""));
    model.messages[at].fields[field].name = name;
    if let Some(key) = key {
        model.messages[at].fields[field].json_name = Some(key);
    }
    Some(())
}

fn swap_names(model: &mut Model, random: &mut Random) -> Option<()> {
    let (at, one) = any_field(model, random)?;
    let fields = &mut model.messages[at].fields;
    let other = random.below(fields.len());
    let name = fields[other].name.clone();
    fields[other].name = std::mem::replace(&mut fields[one].name, name);
    Some(())
}

fn rename_value(model: &mut Model, random: &mut Random) -> Option<()> {
    let at = random.maybe_pick(&model.living_enums())?;
    let name = model.new_name("NAMED");
    let values = &mut model.enums[at].values;
    let value = random.below(values.len());
    let old = std::mem::replace(&mut values[value].0, name.clone());
    for_defaults(model, |default| {
        if *default == old {
            default.clone_from(&name);
        }
    });
    Some(())
}

fn for_defaults(model: &mut Model, mut change: impl FnMut(&mut String)) {
    let fields = model.messages.iter_mut().flat_map(|message| &mut message.fields);
    fields.filter_map(|field| field.default.as_mut()).for_each(&mut change);
}

fn swap_values(model: &mut Model, random: &mut Random) -> Option<()> {
    let at = random.maybe_pick(&model.living_enums())?;
    let values = &mut model.enums[at].values;
    let (one, other) = (random.below(values.len()), random.below(values.len()));
    let number = values[one].1;
    values[one].1 = values[other].1;
    values[other].1 = number;
    Some(())
}

fn delete_field(model: &mut Model, random: &mut Random, with_number: bool, with_name: bool) -> Option<()> {
    let (at, field) = any_field(model, random)?;
    let MessageModel { fields, reserved, .. } = &mut model.messages[at];
    let field = fields.remove(field);
    if with_number {
        reserved.numbers.push(field.number);
    }
    if with_name {
        reserved.names.push(field.name);
    }
    Some(())
}

fn delete_value(model: &mut Model, random: &mut Random, is_reserved: bool) -> Option<()> {
    let at = random.maybe_pick(&model.living_enums())?;
    let enumeration = &mut model.enums[at];
    if enumeration.values.len() < 2 {
        return None;
    }
    let gone = random.below(enumeration.values.len());
    let (name, number) = enumeration.values.remove(gone);
    if is_reserved {
        if !enumeration.values.iter().any(|(_, other)| *other == number) {
            enumeration.reserved.numbers.push(number);
        }
        enumeration.reserved.names.push(name);
    }
    Some(())
}

fn alias(model: &mut Model, random: &mut Random) -> Option<()> {
    let at = random.maybe_pick(&model.living_enums())?;
    let name = model.new_name("ALIAS");
    let values = &mut model.enums[at].values;
    let number = random.pick(values).1;
    let place = random.below(values.len() + 1);
    values.insert(place, (name, number));
    Some(())
}

fn reorder(model: &mut Model, random: &mut Random) -> Option<()> {
    if random.chance(50) {
        let (at, field) = any_field(model, random)?;
        let moved = model.messages[at].fields.remove(field);
        model.messages[at].fields.push(moved);
    } else {
        let at = random.maybe_pick(&model.living_enums())?;
        let values = &mut model.enums[at].values;
        let moved = values.remove(random.below(values.len()));
        values.push(moved);
    }
    Some(())
}
