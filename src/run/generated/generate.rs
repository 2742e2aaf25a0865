//! Makes up schemas, and repairs what a change has made of one, so that it is what its language allows.

use super::model::{
    EnumModel, ExtensionModel, FieldModel, FileModel, Home, Label, Language, MessageModel, Model, Reserved, Type, Value,
};
use super::render::is_packable;
use crate::schema::Scalar;
use crate::schema::tests::random::Random;

pub(super) const SCALARS: [Scalar; 15] = [
    Scalar::Double,
    Scalar::Float,
    Scalar::Int32,
    Scalar::Int64,
    Scalar::Uint32,
    Scalar::Uint64,
    Scalar::Sint32,
    Scalar::Sint64,
    Scalar::Fixed32,
    Scalar::Fixed64,
    Scalar::Sfixed32,
    Scalar::Sfixed64,
    Scalar::Bool,
    Scalar::String,
    Scalar::Bytes,
];
const KEYS: [Scalar; 5] = [Scalar::String, Scalar::Int32, Scalar::Uint64, Scalar::Sint64, Scalar::Bool];
const LANGUAGES: [Language; 3] = [Language::Proto2, Language::Proto3, Language::Edition];
pub(super) const WORDS: [&str; 8] =
    ["order", "total", "zip_code", "email", "weight", "color_hint", "author", "signed_by"];

/// A schema of one or two files.
pub(super) fn model(random: &mut Random) -> Model {
    let package = random.pick(&["acme.v1", "acme.v1", ""]).to_owned();
    let mut files = vec![FileModel { package, language: random.pick(&LANGUAGES) }];
    if random.chance(40) {
        let package = random.pick(&["acme.v1", "acme.v2", "other"]).to_owned();
        files.push(FileModel { package, language: random.pick(&LANGUAGES) });
    }
    let mut model = Model { files, messages: Vec::new(), enums: Vec::new(), extensions: Vec::new(), names: 0 };
    for _ in 0..1 + random.below(4) {
        add_message(&mut model, random);
    }
    for _ in 0..random.below(3) {
        add_enum(&mut model, random);
    }
    for at in 0..model.messages.len() {
        for _ in 0..1 + random.below(4) {
            add_field(&mut model, at, random);
        }
    }
    if random.chance(25) {
        add_extension(&mut model, random);
    }
    repair(&mut model);
    model
}

fn home(model: &Model, random: &mut Random) -> Home {
    let living = model.living();
    match random.maybe_pick(&living) {
        Some(parent) if random.chance(30) => Home::Message(parent),
        _ => Home::File(random.below(model.files.len())),
    }
}

pub(super) fn add_message(model: &mut Model, random: &mut Random) -> usize {
    let home = home(model, random);
    let reserved = if random.chance(20) {
        Reserved { numbers: vec![40, 41], names: vec![model.new_name("old_")] }
    } else {
        Reserved::default()
    };
    let name = model.new_name("M");
    let is_extensible = random.chance(30);
    model.messages.push(MessageModel { name, home, fields: Vec::new(), reserved, is_extensible, is_gone: false });
    model.messages.len() - 1
}

pub(super) fn add_enum(model: &mut Model, random: &mut Random) -> usize {
    let home = home(model, random);
    let name = model.new_name("E");
    let mut values = Vec::new();
    // Open enums begin with zero; repairing sees to it.
    let numbers: &[i32] = if random.chance(70) { &[0, 1, 2, -1, 7] } else { &[3, 1, 0, -5, 100_000] };
    for number in numbers.iter().take(1 + random.below(5)) {
        values.push((model.new_name("V"), *number));
        if random.chance(15) {
            values.push((model.new_name("ALIAS"), *number));
        }
    }
    let reserved = if random.chance(15) {
        Reserved { numbers: vec![50], names: vec![model.new_name("OLD")] }
    } else {
        Reserved::default()
    };
    model.enums.push(EnumModel { name, home, values, is_closed: random.chance(50), reserved, is_gone: false });
    model.enums.len() - 1
}

pub(super) fn any_type(model: &Model, random: &mut Random) -> Type {
    let (messages, enums) = (model.living(), model.living_enums());
    match random.below(10) {
        0 | 1 => random.maybe_pick(&messages).map(Type::Message),
        2 | 3 => random.maybe_pick(&enums).map(Type::Enum),
        4 => {
            let value = match random.below(4) {
                0 => random.maybe_pick(&messages).map(Value::Message),
                1 => random.maybe_pick(&enums).map(Value::Enum),
                _ => None,
            };
            Some(Type::Map(random.pick(&KEYS), value.unwrap_or(Value::Scalar(random.pick(&SCALARS)))))
        }
        _ => None,
    }
    .unwrap_or(Type::Scalar(random.pick(&SCALARS)))
}

pub(super) fn label(random: &mut Random) -> Label {
    match random.below(10) {
        0..4 => Label::Plain,
        4..7 => Label::Optional,
        7 => Label::Required,
        _ => Label::Repeated,
    }
}

/// A number that nothing of the message has or keeps free.
pub(super) fn new_number(message: &MessageModel, random: &mut Random) -> i32 {
    let is_taken = |number: i32| {
        message.fields.iter().any(|field| field.number == number) || message.reserved.numbers.contains(&number)
    };
    let start = if random.chance(10) { 2_000 } else { 1 + random.below(4) as i32 };
    (start..).find(|&number| !is_taken(number)).unwrap_or(start)
}

pub(super) fn add_field(model: &mut Model, at: usize, random: &mut Random) {
    if random.chance(12) {
        return add_group(model, at, random);
    }
    let word = format!("{}_", random.pick(&WORDS));
    let name = model.new_name(&word);
    let number = new_number(&model.messages[at], random);
    let mut field = FieldModel::new(name, number, any_type(model, random), label(random));
    if random.chance(20) {
        field.oneof = Some(random.pick(&["choice", "kind"]).to_owned());
    }
    decorate(model, &mut field, random);
    model.messages[at].fields.push(field);
}

/// A message within the message, and the only field of it.
fn add_group(model: &mut Model, at: usize, random: &mut Random) {
    let inner = add_message(model, random);
    model.messages[inner].home = Home::Message(at);
    let scalar = Type::Scalar(random.pick(&SCALARS));
    let name = model.new_name("inner_");
    model.messages[inner].fields.push(FieldModel::new(name, 1, scalar, label(random)));
    let name = model.messages[inner].name.to_lowercase();
    let number = new_number(&model.messages[at], random);
    let mut field = FieldModel::new(name, number, Type::Message(inner), label(random));
    field.is_delimited = random.chance(70);
    model.messages[at].fields.push(field);
}

pub(super) fn decorate(model: &Model, field: &mut FieldModel, random: &mut Random) {
    if random.chance(20) {
        field.default = default(model, field.of, random);
    }
    if random.chance(30) {
        field.packed = Some(random.chance(50));
    }
    if random.chance(10) {
        field.json_name = Some(format!("{}Key", field.name.replace('_', "")));
    }
    field.is_delimited = random.chance(20);
    field.is_unchecked = random.chance(15);
}

pub(super) fn default(model: &Model, of: Type, random: &mut Random) -> Option<String> {
    let Type::Scalar(scalar) = of else {
        let Type::Enum(at) = of else { return None };
        return Some(random.pick(&model.enums[at].values).0);
    };
    let words: &[&str] = match scalar {
        Scalar::Double | Scalar::Float => &["1.5", "-2", "0", "inf"],
        Scalar::Bool => &["true", "false"],
        Scalar::String => &["\"ann\"", "\"\"", "\"7\""],
        Scalar::Bytes => &["\"ann\"", "\"\\377\\001\"", "\"\""],
        Scalar::Uint32 | Scalar::Uint64 | Scalar::Fixed32 | Scalar::Fixed64 => &["7", "0", "3000000000"],
        _ => &["7", "-7", "0", "2000000000"],
    };
    Some(random.pick(words).to_owned())
}

pub(super) fn add_extension(model: &mut Model, random: &mut Random) {
    let candidates: Vec<usize> = model.living().into_iter().filter(|&at| model.messages[at].is_extensible).collect();
    let Some(extendee) = random.maybe_pick(&candidates) else { return };
    let name = model.new_name("extra_");
    let taken = |number: i32| model.extensions.iter().any(|other| other.field.number == number);
    let number = (100..).find(|&number| !taken(number)).unwrap_or(100);
    let label = random.pick(&[Label::Optional, Label::Repeated]);
    let mut field = FieldModel::new(name, number, any_type(model, random), label);
    decorate(model, &mut field, random);
    field.json_name = None;
    let file = model.file_of(model.messages[extendee].home).max(random.below(model.files.len()));
    model.extensions.push(ExtensionModel { file, extendee, field });
}

/// Takes out what the languages do not allow.
pub(super) fn repair(model: &mut Model) {
    for at in 0..model.enums.len() {
        if !model.is_closed(at)
            && let Some(zero) = model.enums[at].values.iter().position(|(_, number)| *number == 0)
        {
            let value = model.enums[at].values.remove(zero);
            model.enums[at].values.insert(0, value);
        } else if !model.is_closed(at) {
            let name = model.new_name("ZERO");
            model.enums[at].values.insert(0, (name, 0));
        }
    }
    let context = model.clone();
    for at in 0..model.messages.len() {
        let language = context.language(context.messages[at].home);
        model.messages[at].is_extensible &= language != Language::Proto3;
        for field in &mut model.messages[at].fields {
            repair_field(&context, Some(at), language, field);
        }
    }
    model.extensions.retain(|extension| {
        context.is_living(extension.extendee)
            && context.messages[extension.extendee].is_extensible
            && context.language(context.messages[extension.extendee].home) != Language::Proto3
            && context.files[extension.file].language != Language::Proto3
            && !extension.field.is_map()
    });
    for extension in &mut model.extensions {
        let language = context.files[extension.file].language;
        repair_field(&context, None, language, &mut extension.field);
        if extension.field.label == Label::Required {
            extension.field.label = Label::Optional;
        }
    }
}

fn repair_field(model: &Model, message: Option<usize>, language: Language, field: &mut FieldModel) {
    if field.is_map() {
        field.label = Label::Repeated;
    }
    if field.label == Label::Repeated {
        field.oneof = None;
    }
    if field.oneof.is_some() && field.label == Label::Required {
        field.label = Label::Optional;
    }
    if field.label == Label::Repeated || language == Language::Proto3 || matches!(field.of, Type::Message(_)) {
        field.default = None;
    }
    if let (Type::Enum(at), Some(default)) = (field.of, &field.default)
        && !model.enums[at].values.iter().any(|(name, _)| name == default)
    {
        field.default = None;
    }
    if field.label != Label::Repeated || !is_packable(field.of) {
        field.packed = None;
    }
    // A message that requires itself would never end.
    let is_endless =
        |at: usize| model.messages[at].fields.iter().any(|field| matches!(field.target(), Some(Type::Message(_))));
    if field.label == Label::Required && matches!(field.of, Type::Message(at) if is_endless(at)) {
        field.label = Label::Optional;
    }
    if language == Language::Proto3 && field.label == Label::Required {
        field.label = Label::Plain;
    }
    field.is_unchecked &= field.of == Type::Scalar(Scalar::String);
    field.is_delimited &= match field.of {
        Type::Message(at) if language == Language::Proto2 => {
            message.is_some_and(|message| model.messages[at].home == Home::Message(message))
        }
        Type::Message(_) => language == Language::Edition,
        _ => false,
    };
    if let Type::Message(at) = field.of
        && field.is_delimited
        && language == Language::Proto2
    {
        field.name = model.messages[at].name.to_lowercase();
    }
}
