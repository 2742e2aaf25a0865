//! Options as a source writes them: their records, read by the fields and extensions that the set defines. What these
//! do not explain is left out.

use std::fmt::Write;

use super::decode::packed_varints;
use super::literal;
use super::model::{Kind, Label};
use super::symbols::{Meaning, Member, Node, Symbols};
use super::wire::{Part, Value, WireFault};

/// Values may nest this deep: who interprets options recurses that far.
const MOST_LEVELS: usize = 100;

/// The field of all options messages for what a parser could not interpret.
const UNINTERPRETED: u32 = 999;

/// The field of `MessageOptions` that texts say as `map<…>`.
const MAP_ENTRY: (&str, u32) = ("MessageOptions", 7);

/// The value cannot be written.
#[derive(Debug)]
pub(super) struct Dropped;

/// One option to be written.
pub(super) struct Item<'f> {
    /// `deprecated`, `(acme.v1.sensitive)`, `features.(pb.go).api_level`.
    pub(super) name: String,
    /// The value on one line.
    pub(super) compact: String,
    /// The type and the parts of a message.
    message: Option<(Node, Vec<Part<'f>>)>,
}

/// Why the options of an element cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OptionsFault {
    Wire(WireFault),
    /// The value of the option of that name, one of the language's own, is a string and no UTF-8.
    NotUtf8(String),
    /// Together they are longer than [`Options::most`].
    TooLong,
}

/// The options of one element as they are found.
struct Found<'f> {
    items: Vec<Item<'f>>,
    /// How many bytes more they may have.
    left: usize,
    is_too_long: bool,
    /// The first option of the language whose string is none.
    not_utf8: Option<String>,
}

impl<'f> Found<'f> {
    /// Takes so many bytes from what is left.
    fn spend(&mut self, bytes: usize) -> bool {
        self.is_too_long |= bytes > self.left;
        self.left = self.left.saturating_sub(bytes);
        !self.is_too_long
    }
}

/// What interpreting options takes.
pub(super) struct Options<'s, 'f> {
    pub(super) symbols: &'s Symbols<'f>,
    /// Gives the name of an extension so that it resolves where it is to stand.
    pub(super) extension_name: &'s dyn Fn(Node, &str) -> String,
    /// All options of an element may be so long, in bytes.
    pub(super) most: usize,
}

/// The records of one field, those of `repeated` ones in order.
struct Records<'f> {
    number: u32,
    values: Vec<Value<'f>>,
}

/// Reads all records and groups them by number, in the order in which the numbers come.
fn grouped<'f>(parts: &[Part<'f>]) -> Result<Vec<Records<'f>>, WireFault> {
    let mut numbered = Vec::new();
    for part in parts {
        for record in part.records() {
            numbered.push((numbered.len(), record?));
        }
    }
    numbered.sort_by_key(|(order, (number, _))| (*number, *order));
    let mut groups: Vec<(usize, Records<'f>)> = Vec::new();
    for (order, (number, value)) in numbered {
        match groups.last_mut().filter(|(_, group)| group.number == number) {
            Some((_, group)) => group.values.push(value),
            None => groups.push((order, Records { number, values: vec![value] })),
        }
    }
    groups.sort_by_key(|(first, _)| *first);
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// How far an option is within `features`, which read best one a statement, those of a language too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Options,
    Features,
    LanguageFeatures,
}

impl<'f> Options<'_, 'f> {
    /// The options of an element, `message` being `FieldOptions` or the like.
    pub(super) fn items(&self, message: &'static str, parts: &[Part<'f>]) -> Result<Vec<Item<'f>>, OptionsFault> {
        let mut found = Found { items: Vec::new(), left: self.most, is_too_long: false, not_utf8: None };
        if parts.is_empty() {
            return Ok(found.items);
        }
        let google = self.symbols.find("google.protobuf");
        let Some(node) = google.and_then(|google| self.symbols.child(google, message)) else { return Ok(found.items) };
        for records in grouped(parts).map_err(OptionsFault::Wire)? {
            let is_said_elsewhere = records.number == UNINTERPRETED || (message, records.number) == MAP_ENTRY;
            if !is_said_elsewhere && let Some(member) = self.symbols.member(node, records.number) {
                self.items_of(&member, &records, "", Within::Options, &mut found);
            }
        }
        match found.not_utf8 {
            _ if found.is_too_long => Err(OptionsFault::TooLong),
            Some(name) => Err(OptionsFault::NotUtf8(name)),
            None => Ok(found.items),
        }
    }

    fn items_of(
        &self,
        member: &Member<'f>,
        records: &Records<'f>,
        prefix: &str,
        within: Within,
        found: &mut Found<'f>,
    ) {
        let own = match member.extension_of {
            Some(scope) => (self.extension_name)(scope, member.field.name),
            None => member.field.name.to_owned(),
        };
        let name = format!("{prefix}{own}");
        let is_features = member.field.type_name == ".google.protobuf.FeatureSet" && member.extension_of.is_none();
        let inner = match within {
            Within::Options if is_features => Some(Within::Features),
            Within::Features => Some(Within::LanguageFeatures),
            _ => None,
        };
        for value in values(member, &records.values) {
            if !found.spend(name.len()) {
                return;
            }
            match (value, inner, member.target) {
                (OneValue::Message(parts), Some(inner), Some(node)) => {
                    let prefix = format!("{name}.");
                    for records in grouped(&parts).unwrap_or_default() {
                        if let Some(member) = self.symbols.member(node, records.number) {
                            self.items_of(&member, &records, &prefix, inner, found);
                        }
                    }
                }
                (OneValue::Scalar(Scalar::Bytes(bytes)), ..)
                    if member.kind == Kind::String
                        && member.extension_of.is_none()
                        && str::from_utf8(bytes).is_err() =>
                {
                    found.not_utf8.get_or_insert(name.clone());
                }
                (value, ..) => {
                    let item = self.item(member, name.clone(), value);
                    found.spend(item.as_ref().map_or(0, |item| item.compact.len()));
                    found.items.extend(item);
                }
            }
        }
    }

    fn item(&self, member: &Member<'f>, name: String, value: OneValue<'f>) -> Option<Item<'f>> {
        let mut compact = String::new();
        let mut writer = Writer { options: self, out: &mut compact, indent: None };
        if writer.value(member, &value, 0, true).is_err() && compact.len() <= self.most {
            return None;
        }
        let message = match value {
            OneValue::Message(parts) => member.target.map(|node| (node, parts)),
            OneValue::Scalar(_) => None,
        };
        Some(Item { name, compact, message })
    }

    /// The value of a message with one field a line; it starts on a line that stands `indent` levels deep.
    pub(super) fn expanded(&self, item: &Item<'f>, indent: usize) -> Option<String> {
        let (node, parts) = item.message.as_ref()?;
        let mut out = String::new();
        let mut writer = Writer { options: self, out: &mut out, indent: Some(indent) };
        writer.message(*node, parts, 0).ok()?;
        Some(out)
    }
}

/// One value of a field.
enum OneValue<'f> {
    Scalar(Scalar<'f>),
    /// Parts that merge.
    Message(Vec<Part<'f>>),
}

#[derive(Clone, Copy)]
enum Scalar<'f> {
    Number(i128),
    Double(f64),
    Float(f32),
    Bool(bool),
    Bytes(&'f [u8]),
    Enum(i32),
}

/// The values that records give a field; those of a wrong wire type are not the field's.
fn values<'f>(member: &Member<'_>, records: &[Value<'f>]) -> Vec<OneValue<'f>> {
    let kind = member.kind;
    let is_list = member.field.label == Label::Repeated;
    if matches!(kind, Kind::Message | Kind::Group) {
        let parts = records.iter().filter_map(|value| match value {
            Value::Bytes(part) | Value::Group(part) => Some(*part),
            _ => None,
        });
        if is_list {
            return parts.map(|part| OneValue::Message(vec![part])).collect();
        }
        let parts: Vec<Part<'f>> = parts.collect();
        return if parts.is_empty() { Vec::new() } else { vec![OneValue::Message(parts)] };
    }
    let mut found: Vec<Scalar<'f>> = Vec::new();
    for value in records {
        match scalar(kind, *value) {
            Some(scalar) => found.push(scalar),
            None => found.extend(packed(kind, *value)),
        }
    }
    let skipped = if is_list { 0 } else { found.len().saturating_sub(1) };
    found.into_iter().skip(skipped).map(OneValue::Scalar).collect()
}

fn scalar<'f>(kind: Kind, value: Value<'f>) -> Option<Scalar<'f>> {
    let zigzag = |number: u64| (number >> 1) as i64 ^ -((number & 1) as i64);
    Some(match (kind, value) {
        (Kind::Int32, Value::Varint(number)) => Scalar::Number((number as i32).into()),
        (Kind::Int64, Value::Varint(number)) => Scalar::Number((number as i64).into()),
        (Kind::Uint32, Value::Varint(number)) => Scalar::Number((number as u32).into()),
        (Kind::Uint64, Value::Varint(number)) => Scalar::Number(number.into()),
        (Kind::Sint32, Value::Varint(number)) => Scalar::Number((zigzag(number) as i32).into()),
        (Kind::Sint64, Value::Varint(number)) => Scalar::Number(zigzag(number).into()),
        (Kind::Bool, Value::Varint(number)) => Scalar::Bool(number != 0),
        (Kind::Enum, Value::Varint(number)) => Scalar::Enum(number as i32),
        (Kind::Fixed64, Value::Fixed64(bits)) => Scalar::Number(bits.into()),
        (Kind::Sfixed64, Value::Fixed64(bits)) => Scalar::Number((bits as i64).into()),
        (Kind::Double, Value::Fixed64(bits)) => Scalar::Double(f64::from_bits(bits)),
        (Kind::Fixed32, Value::Fixed32(bits)) => Scalar::Number(bits.into()),
        (Kind::Sfixed32, Value::Fixed32(bits)) => Scalar::Number((bits as i32).into()),
        (Kind::Float, Value::Fixed32(bits)) => Scalar::Float(f32::from_bits(bits)),
        (Kind::String | Kind::Bytes, Value::Bytes(part)) => Scalar::Bytes(part.bytes),
        _ => return None,
    })
}

/// The values of a packed field, which readers take of all fields of numbers.
fn packed<'f>(kind: Kind, value: Value<'f>) -> Vec<Scalar<'f>> {
    let Value::Bytes(Part { bytes, .. }) = value else { return Vec::new() };
    let values: Vec<Value<'f>> = match kind {
        Kind::Fixed64 | Kind::Sfixed64 | Kind::Double => {
            let chunks = bytes.chunks_exact(8);
            chunks.map(|eight| Value::Fixed64(u64::from_le_bytes(eight.try_into().expect("eight bytes")))).collect()
        }
        Kind::Fixed32 | Kind::Sfixed32 | Kind::Float => {
            let chunks = bytes.chunks_exact(4);
            chunks.map(|four| Value::Fixed32(u32::from_le_bytes(four.try_into().expect("four bytes")))).collect()
        }
        _ => packed_varints(bytes).unwrap_or_default().into_iter().map(Value::Varint).collect(),
    };
    values.into_iter().filter_map(|value| scalar(kind, value)).collect()
}

/// Writes one value.
struct Writer<'w, 's, 'f> {
    options: &'w Options<'s, 'f>,
    out: &'w mut String,
    /// `None` writes all on one line; else each field stands on a line of its own, below a line so many levels deep.
    indent: Option<usize>,
}

impl<'f> Writer<'_, '_, 'f> {
    /// `is_option` says that the value stands behind the `=` of an option, not in a message.
    fn value(
        &mut self,
        member: &Member<'_>,
        value: &OneValue<'f>,
        level: usize,
        is_option: bool,
    ) -> Result<(), Dropped> {
        if self.out.len() > self.options.most {
            return Err(Dropped);
        }
        match value {
            OneValue::Message(parts) => return self.message(member.target.ok_or(Dropped)?, parts, level),
            OneValue::Scalar(Scalar::Enum(number)) => {
                return self.enum_value(member.target.ok_or(Dropped)?, *number, is_option);
            }
            OneValue::Scalar(Scalar::Number(number)) => write!(self.out, "{number}").expect("a string takes all"),
            OneValue::Scalar(Scalar::Double(number)) => literal::write_double(*number, self.out),
            OneValue::Scalar(Scalar::Float(number)) => literal::write_float(*number, self.out),
            OneValue::Scalar(Scalar::Bool(flag)) => self.out.push_str(if *flag { "true" } else { "false" }),
            OneValue::Scalar(Scalar::Bytes(bytes)) => literal::write_string(bytes, self.out),
        }
        Ok(())
    }

    fn enum_value(&mut self, of: Node, number: i32, is_option: bool) -> Result<(), Dropped> {
        let Meaning::Enum(_, is_open) = self.options.symbols.meaning(of) else { return Err(Dropped) };
        match self.options.symbols.value(of, number) {
            Some(name) => self.out.push_str(name),
            None if is_open && !is_option => write!(self.out, "{number}").expect("a string takes all"),
            None => return Err(Dropped),
        }
        Ok(())
    }

    fn message(&mut self, node: Node, parts: &[Part<'f>], level: usize) -> Result<(), Dropped> {
        if level >= MOST_LEVELS || !matches!(self.options.symbols.meaning(node), Meaning::Message(_)) {
            return Err(Dropped);
        }
        let groups = grouped(parts).map_err(|_| Dropped)?;
        self.out.push('{');
        let mut is_empty = true;
        for records in &groups {
            let Some(member) = self.options.symbols.member(node, records.number) else { continue };
            for value in values(&member, &records.values) {
                let before = self.out.len();
                self.separate(is_empty, level);
                self.name(&member);
                self.out.push_str(": ");
                match self.value(&member, &value, level + 1, false) {
                    Ok(()) => is_empty = false,
                    Err(Dropped) if self.out.len() > self.options.most => return Err(Dropped),
                    Err(Dropped) => self.out.truncate(before),
                }
            }
        }
        if let (Some(indent), false) = (self.indent, is_empty) {
            self.new_line(indent + level);
        }
        self.out.push('}');
        Ok(())
    }

    fn separate(&mut self, is_first: bool, level: usize) {
        match self.indent {
            Some(indent) => self.new_line(indent + level + 1),
            None if is_first => {}
            None => self.out.push_str(", "),
        }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        (0..indent).for_each(|_| self.out.push_str("  "));
    }

    /// The name of a field within a value, <https://protobuf.dev/reference/protobuf/textformat-spec/#fields>.
    fn name(&mut self, member: &Member<'_>) {
        let symbols = self.options.symbols;
        match (member.extension_of, member.target.map(|node| symbols.meaning(node))) {
            (Some(scope), _) => {
                self.out.push('[');
                symbols.write_full_name(scope, member.field.name, self.out);
                self.out.push(']');
            }
            (None, Some(Meaning::Message(group))) if member.kind == Kind::Group => self.out.push_str(group.name),
            (None, _) => self.out.push_str(member.field.name),
        }
    }
}
