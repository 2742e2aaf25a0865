//! The names of fields in texts that options hold, where their language is read: paths of `google.api.http`
//! (<https://github.com/googleapis/googleapis/blob/master/google/api/http.proto>), and expressions and names of fields of
//! protovalidate.

use super::cel::{self, Held};
use super::{Visit, message_of};
use crate::schema::{Element, Field, Message};
use crate::source::Span;
use crate::syntax::Quote;

/// A text that is being read.
pub(super) struct Text<'v> {
    quote: Quote,
    pub(super) written: &'v str,
    /// Words that may be names.
    unsure: Vec<String>,
}

impl Text<'_> {
    /// What the part at an offset is a name of; where its place is not certain, the part is unsure.
    pub(super) fn refer<'s>(&mut self, to: Field<'s>, at: usize, name: &str, visit: &mut Visit<'_, 's>) {
        let is_written = self.written.get(at..at + name.len()) == Some(name);
        match self.quote.locate(at, name.len()).filter(|_| is_written) {
            Some(span) => visit.refer(to, span),
            None => self.doubt(name),
        }
    }

    pub(super) fn doubt(&mut self, name: &str) {
        self.unsure.push(name.to_owned());
    }
}

/// The languages of texts.
enum Language {
    /// A path with `{field}` variables.
    Path,
    /// `*`, or fields of the request.
    Request,
    /// A field of the response.
    Response,
    Expression,
    /// The name of a field of the message.
    FieldName,
    /// A text for people: no word of it is a name.
    Prose,
}

impl Language {
    /// That of the texts of a field.
    fn of(field: Field<'_>) -> Option<Language> {
        let holder = field.parent().map(Message::full_name).filter(|_| !field.is_extension())?;
        match (holder, field.name()) {
            ("google.api.HttpRule", "get" | "put" | "post" | "delete" | "patch")
            | ("google.api.CustomHttpPattern", "path") => Some(Language::Path),
            ("google.api.HttpRule", "body") => Some(Language::Request),
            ("google.api.HttpRule", "response_body") => Some(Language::Response),
            ("buf.validate.Rule" | "buf.validate.Constraint", "expression") => Some(Language::Expression),
            ("buf.validate.FieldRules" | "buf.validate.MessageRules", "cel_expression") => Some(Language::Expression),
            ("buf.validate.MessageOneofRule", "fields") => Some(Language::FieldName),
            ("buf.validate.Rule" | "buf.validate.Constraint", "id" | "message") => Some(Language::Prose),
            _ => None,
        }
    }
}

/// The names in a text that is a value of a field.
pub(super) fn names<'s>(written: &str, span: Span, field: Field<'s>, visit: &mut Visit<'_, 's>) {
    let Some(language) = Language::of(field) else { return };
    let mut text = Text { quote: Quote::new(visit.source, span), written, unsure: Vec::new() };
    let (request, response) = match visit.of {
        Element::Method(method) => (method.input(), method.output()),
        _ => (None, None),
    };
    match language {
        Language::Path => variables(written).for_each(|(at, path)| text.field_path(request, at, path, visit)),
        Language::Request if written == "*" => {}
        Language::Request => text.field_path(request, 0, written, visit),
        Language::Response => text.field_path(response, 0, written, visit),
        Language::FieldName => {
            let message = if let Element::Message(message) = visit.of { Some(message) } else { None };
            text.field_path(message, 0, written, visit);
        }
        Language::Expression => cel::names(&mut text, visit),
        Language::Prose => {}
    }
    (visit.read)(span, text.unsure);
}

/// The paths of fields in the variables of a path template: `name` of `/v1/{name=users/*}`, with where each begins.
fn variables(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template.match_indices('{').map(|(at, _)| {
        let inner = &template[at + 1..];
        (at + 1, &inner[..inner.find(['=', '}']).unwrap_or(inner.len())])
    })
}

impl Text<'_> {
    /// `user.name` as fields from a message on.
    fn field_path<'s>(&mut self, message: Option<Message<'s>>, mut at: usize, path: &str, visit: &mut Visit<'_, 's>) {
        let mut holder = message;
        for part in path.split('.') {
            let name = part.trim();
            match holder.and_then(|holder| holder.field_named(name)) {
                Some(field) => {
                    self.refer(field, at + (part.len() - part.trim_start().len()), name, visit);
                    holder = message_of(field);
                }
                None => {
                    self.doubt(name);
                    holder = None;
                }
            }
            at += part.len() + 1;
        }
    }
}

/// What expressions call `this` within the value of a field: rules of elements, keys and values are about these.
pub(super) fn narrowed<'s>(this: &Held<'s>, field: Field<'_>) -> Held<'s> {
    if !matches!(field.name(), "items" | "values" | "keys" | "predefined") {
        return this.clone();
    }
    match (field.full_name().as_str(), this) {
        ("buf.validate.RepeatedRules.items", Held::List(inner)) => (**inner).clone(),
        ("buf.validate.MapRules.values", Held::Map(value)) => (**value).clone(),
        ("buf.validate.RepeatedRules.items" | "buf.validate.MapRules.keys" | "buf.validate.MapRules.values", _)
        | ("buf.validate.predefined", _) => Held::Unknown,
        _ => this.clone(),
    }
}
