//! Which part of a request becomes which field of the request message: those that the path names, the body, and query
//! parameters for the rest. It reads no paths.

use rustc_hash::FxHashSet;

use super::{Binding, Body};
use crate::compare::compatibility::{MessageKey, message_key};
use crate::schema::{Field, FieldType, Label, Message, Method, Scalar};

/// How deep query parameters such as `shelf.theme.name` go.
const MAX_DEPTH: usize = 8;

/// Where a request has the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    /// A field of the object that the body is.
    InBody,
    /// The body is the field.
    Body,
}

impl Place {
    pub(super) fn shown(self) -> &'static str {
        match self {
            Place::Path => "from the path",
            Place::Query => "from the query",
            Place::InBody | Place::Body => "from the body",
        }
    }
}

/// A field whose value stands elsewhere in a request now.
#[derive(Clone)]
pub(super) struct Moved<'s> {
    /// The fields from the request message to it.
    pub(super) path: Vec<Field<'s>>,
    pub(super) from: Place,
    pub(super) to: Place,
}

/// A query parameter that is none any more, or another field's.
#[derive(Clone)]
pub(super) struct Lost<'s> {
    /// The field that it was for.
    pub(super) before: Field<'s>,
    /// What that is now.
    pub(super) after: Option<Field<'s>>,
    /// The message that has it, or had it, now.
    pub(super) holder: Message<'s>,
    /// The parameter, with a value.
    pub(super) parameter: String,
    pub(super) name: String,
    /// What takes it instead.
    pub(super) taker: Option<Field<'s>>,
}

/// What becomes of the fields of a request message, apart from those of the path.
#[derive(Default)]
pub(super) struct Differences<'s> {
    pub(super) moved: Option<Moved<'s>>,
    pub(super) lost: Vec<Lost<'s>>,
}

/// Whether the names of a binding are those of fields.
///
/// # Errors
///
/// What is wrong, as the end of a sentence.
pub(super) fn check(binding: &Binding, rpc: Method<'_>) -> Result<(), String> {
    let is_unknown = |message: Message<'_>, name: &String| message.field_named(name).is_none();
    if let Some(request) = rpc.input() {
        for variable in &binding.template.variables {
            if resolve(request, &variable.path).is_none() {
                let path = variable.path.join(".");
                return Err(format!("has a variable `{path}`, and `{}` has no such field", request.full_name()));
            }
        }
        if let Body::Field(name) = &binding.body
            && is_unknown(request, name)
        {
            return Err(format!("has the body `{name}`, and `{}` has no such field", request.full_name()));
        }
    }
    let response = rpc.output().zip(binding.response_body.as_ref());
    if let Some((response, name)) = response.filter(|(response, name)| is_unknown(*response, name)) {
        return Err(format!("has the response body `{name}`, and `{}` has no such field", response.full_name()));
    }
    Ok(())
}

/// The fields of a path of names.
pub(super) fn resolve<'s>(message: Message<'s>, path: &[String]) -> Option<Vec<Field<'s>>> {
    let mut holder = Some(message);
    let mut fields = Vec::with_capacity(path.len());
    for name in path {
        let field = holder?.field_named(name)?;
        holder = held(field);
        fields.push(field);
    }
    Some(fields)
}

/// The message that a field holds.
fn held(field: Field<'_>) -> Option<Message<'_>> {
    match field.field_type() {
        FieldType::Message(message) => Some(message),
        _ => None,
    }
}

/// What a field is to clients that know names: the field of its name, or that of its number if it was renamed.
pub(super) fn successor<'s>(field: Field<'s>, before: Message<'s>, after: Message<'s>) -> Option<Field<'s>> {
    after.field_named(field.name()).or_else(|| {
        let renamed = after.field_numbered(field.number())?;
        before.field_named(renamed.name()).is_none().then_some(renamed)
    })
}

/// The names that a path of fields has in another message.
pub(super) fn renamed<'s>(path: &[String], before: Message<'s>, after: Message<'s>) -> Option<Vec<String>> {
    let mut holders = Some((before, after));
    let mut names = Vec::with_capacity(path.len());
    for name in path {
        let (before, after) = holders?;
        let field = before.field_named(name)?;
        let now = successor(field, before, after)?;
        names.push(now.name().to_owned());
        holders = held(field).zip(held(now));
    }
    Some(names)
}

/// Compares what becomes of the fields that the path does not have.
pub(super) fn differences<'s>(
    (before, old): (Message<'s>, &Binding),
    (after, new): (Message<'s>, &Binding),
) -> Differences<'s> {
    let mut walk = Walk {
        old,
        new,
        seen: FxHashSet::default(),
        path: Vec::new(),
        names: Vec::new(),
        found: Differences::default(),
    };
    walk.fields(before, after);
    walk.found
}

struct Walk<'b, 's> {
    old: &'b Binding,
    new: &'b Binding,
    seen: FxHashSet<(MessageKey, MessageKey)>,
    /// The fields to what is looked at, and their names now.
    path: Vec<Field<'s>>,
    names: Vec<&'s str>,
    found: Differences<'s>,
}

impl<'s> Walk<'_, 's> {
    fn fields(&mut self, before: Message<'s>, after: Message<'s>) {
        if self.path.len() > MAX_DEPTH || !self.seen.insert((message_key(before), message_key(after))) {
            return;
        }
        for field in before.fields() {
            self.path.push(field);
            self.field(field, before, after);
            self.path.pop();
        }
    }

    fn field(&mut self, field: Field<'s>, before: Message<'s>, after: Message<'s>) {
        let old_names: Vec<&str> = self.path.iter().map(|field| field.name()).collect();
        let from = place(self.old, &old_names);
        if from == Place::Path || from == Place::Query && !is_parameter(field) {
            return;
        }
        let Some(now) = successor(field, before, after) else {
            if from == Place::Query {
                self.lose(field, None, after);
            }
            return;
        };
        self.names.push(now.name());
        match (from, place(self.new, &self.names)) {
            (Place::Query, Place::Query) => {
                self.lose(field, Some(now), after);
                if let Some((before, after)) = held(field).zip(held(now)).filter(|_| scalar_form(field).is_none()) {
                    self.fields(before, after);
                }
            }
            (from, to) if from == to => {}
            (from, to) => {
                let path = self.path.clone();
                self.found.moved.get_or_insert(Moved { path, from, to });
            }
        }
        self.names.pop();
    }

    /// Records that a name of a parameter is lost, if one is.
    fn lose(&mut self, field: Field<'s>, now: Option<Field<'s>>, holder: Message<'s>) {
        let key = field.json_name();
        for name in [field.name(), &key] {
            let taker = parameter(holder, name);
            if taker.is_some() && taker == now {
                continue;
            }
            let outer = self.path[..self.path.len() - 1].iter().map(|field| field.name());
            let mut names: Vec<String> = outer.chain([name]).map(str::to_owned).collect();
            let mut path: Vec<&str> = self.path.iter().map(|field| field.name()).collect();
            let Some(value) =
                parameter_value(field, &|path| place(self.old, path) == Place::Path, &mut names, &mut path)
            else {
                return;
            };
            let name = names.join(".");
            let parameter = format!("{name}={value}");
            self.found.lost.push(Lost { before: field, after: now, holder, parameter, name, taker });
            return;
        }
    }
}

/// The field that a query parameter is for: by its name, or by its name in JSON.
fn parameter<'s>(message: Message<'s>, name: &str) -> Option<Field<'s>> {
    message.field_named(name).or_else(|| message.field_keyed(name))
}

/// Where a binding has the value of a field.
fn place(binding: &Binding, names: &[&str]) -> Place {
    if binding.template.variables.iter().any(|variable| variable.path == names) {
        return Place::Path;
    }
    match &binding.body {
        Body::None => Place::Query,
        Body::All => Place::InBody,
        Body::Field(name) if names.first().is_some_and(|first| first == name) => Place::Body,
        Body::Field(_) => Place::Query,
    }
}

/// Whether query parameters can give a field a value: messages only field by field, and lists only of scalars.
fn is_parameter(field: Field<'_>) -> bool {
    match field.field_type() {
        FieldType::Message(_) => field.label() != Label::Repeated && !is_free_form(field),
        FieldType::Unresolved => false,
        FieldType::Scalar(_) | FieldType::Enum(_) => true,
    }
}

/// Whether a field holds any JSON, which no parameter has.
fn is_free_form(field: Field<'_>) -> bool {
    const FREE: [&str; 5] = ["Any", "Empty", "ListValue", "Struct", "Value"];
    let name = held(field).and_then(|message| message.full_name().strip_prefix("google.protobuf."));
    name.is_some_and(|name| FREE.contains(&name))
}

/// A value of a message that has the form of a scalar.
fn scalar_form(field: Field<'_>) -> Option<&'static str> {
    Some(match held(field)?.full_name().strip_prefix("google.protobuf.")? {
        "Timestamp" => "2030-01-01T00:00:00Z",
        "Duration" => "1s",
        "BoolValue" => "true",
        "StringValue" | "FieldMask" => "x",
        "BytesValue" => "eA==",
        "Int32Value" | "Int64Value" | "UInt32Value" | "UInt64Value" | "FloatValue" | "DoubleValue" => "1",
        _ => return None,
    })
}

/// A value for a parameter; of a message one for the first of its fields that takes one and is not in the path, whose
/// name it adds. `path` has the names of the fields to it.
fn parameter_value<'s>(
    field: Field<'s>,
    is_in_path: &dyn Fn(&[&str]) -> bool,
    names: &mut Vec<String>,
    path: &mut Vec<&'s str>,
) -> Option<String> {
    if let Some(value) = scalar_value(field) {
        return Some(value);
    }
    let message = held(field).filter(|_| path.len() <= MAX_DEPTH && is_parameter(field))?;
    message.fields().find_map(|inner| {
        let (named, length) = (names.len(), path.len());
        names.push(inner.name().to_owned());
        path.push(inner.name());
        let value = if is_in_path(path) { None } else { parameter_value(inner, is_in_path, names, path) };
        if value.is_none() {
            names.truncate(named);
            path.truncate(length);
        }
        value
    })
}

/// A value as text, of what is written as one text or number.
fn scalar_value(field: Field<'_>) -> Option<String> {
    Some(match field.field_type() {
        FieldType::Scalar(Scalar::Bool) => "true".to_owned(),
        FieldType::Scalar(Scalar::String) => "x".to_owned(),
        FieldType::Scalar(Scalar::Bytes) => "eA==".to_owned(),
        FieldType::Scalar(_) => "1".to_owned(),
        FieldType::Enum(found) => {
            let other = found.values().find(|value| value.number() != 0).or(found.values().next())?;
            other.name().to_owned()
        }
        FieldType::Message(_) => scalar_form(field)?.to_owned(),
        FieldType::Unresolved => return None,
    })
}

/// A value of a field as JSON; of a message one with the first of its fields that has no parts.
fn json_value(field: Field<'_>) -> String {
    let is_bare =
        matches!(field.field_type(), FieldType::Scalar(scalar) if scalar != Scalar::String && scalar != Scalar::Bytes);
    let one = match scalar_value(field) {
        Some(value) if is_bare => value,
        Some(value) => format!("\"{value}\""),
        None => {
            let inner = held(field).filter(|_| !is_free_form(field)).and_then(|message| {
                message.fields().find(|inner| scalar_value(*inner).is_some() && inner.label() != Label::Repeated)
            });
            inner.map_or("{}".to_owned(), |inner| format!("{{\"{}\": {}}}", inner.json_name(), json_value(inner)))
        }
    };
    match field.label() {
        _ if field.is_map() => "{}".to_owned(),
        Label::Repeated => format!("[{one}]"),
        _ => one,
    }
}

impl Lost<'_> {
    /// What becomes of the parameter.
    pub(super) fn shown(&self) -> String {
        match self.taker {
            Some(taker) => format!("`{}` is for field {}", self.name, taker.number()),
            None => format!("`{}` is not a query parameter", self.name),
        }
    }
}

impl Moved<'_> {
    /// The parameter that a request has for it.
    pub(super) fn parameter(&self) -> Option<String> {
        let mut names: Vec<String> = self.path.iter().map(|field| field.name().to_owned()).collect();
        let mut path: Vec<&str> = self.path.iter().map(|field| field.name()).collect();
        let value = parameter_value(*self.path.last()?, &|_| false, &mut names, &mut path)?;
        (self.from == Place::Query).then(|| format!("{}={value}", names.join(".")))
    }

    /// The body that a request has for it.
    pub(super) fn body(&self) -> Option<String> {
        let field = *self.path.first()?;
        match self.from {
            Place::Body => Some(json_value(field)),
            Place::InBody => Some(format!("{{\"{}\": {}}}", field.json_name(), json_value(field))),
            Place::Path | Place::Query => None,
        }
    }

    /// What becomes of it.
    pub(super) fn shown(&self) -> String {
        let name = self.name();
        match (self.from, self.to) {
            (Place::InBody, Place::Body) => format!("`{name}` is the whole body, not a field of it"),
            (Place::Body, Place::InBody) => format!("`{name}` is a field of the body, not all of it"),
            (from, to) => format!("`{name}` is read {}, not {}", to.shown(), from.shown()),
        }
    }

    /// `shelf.theme`.
    fn name(&self) -> String {
        self.path.iter().map(|field| field.name()).collect::<Vec<_>>().join(".")
    }
}
