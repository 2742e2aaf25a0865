//! The names of fields in texts that options hold, where their language is read: paths of `google.api.http`
//! (<https://github.com/googleapis/googleapis/blob/master/google/api/http.proto>), and expressions and names of fields of
//! protovalidate.

use super::cel::{self, Held};
use super::{Visit, message_of};
use crate::schema::{Element, Field, Message};
use crate::source::Span;
use crate::syntax::Quote;

/// A text that is being read.
pub(super) struct ReadText<'v> {
    quote: Quote,
    pub(super) written: &'v str,
    /// Words that may be names.
    unsure: Vec<String>,
}

impl ReadText<'_> {
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
    /// `*`, or a field of the request; or several with commas between them.
    Request,
    /// A field of the response.
    Response,
    Expression,
    /// The name of a field of the message.
    FieldName,
    /// The name of a message, in the package of the file or with its own.
    TypeName,
    /// A text without names of the schema.
    Prose,
}

impl Language {
    /// That of the texts of a field.
    fn of(field: Field<'_>) -> Option<Language> {
        if field.is_extension() {
            return match field.full_name().as_str() {
                "google.api.method_signature" => Some(Language::Request),
                "google.api.default_host" | "google.api.oauth_scopes" | "google.api.api_version" => {
                    Some(Language::Prose)
                }
                _ => None,
            };
        }
        Some(match (field.parent()?.full_name(), field.name()) {
            ("google.api.HttpRule", "get" | "put" | "post" | "delete" | "patch")
            | ("google.api.CustomHttpPattern", "path") => Language::Path,
            ("google.api.HttpRule", "body") | ("google.api.RoutingParameter", "field") => Language::Request,
            ("google.api.HttpRule", "response_body") => Language::Response,
            ("buf.validate.Rule" | "buf.validate.Constraint", "expression")
            | ("buf.validate.FieldRules" | "buf.validate.MessageRules", "cel_expression") => Language::Expression,
            ("buf.validate.MessageOneofRule", "fields") | ("google.api.ResourceDescriptor", "name_field") => {
                Language::FieldName
            }
            ("google.longrunning.OperationInfo", "response_type" | "metadata_type") => Language::TypeName,
            ("buf.validate.Rule" | "buf.validate.Constraint", "id" | "message")
            | ("google.api.CustomHttpPattern", "kind")
            | ("google.api.ResourceDescriptor" | "google.api.ResourceReference" | "google.api.RoutingParameter", _) => {
                Language::Prose
            }
            _ => return None,
        })
    }
}

/// The names in a text that is a value of a field.
pub(super) fn names<'s>(written: &str, span: Span, field: Field<'s>, visit: &mut Visit<'_, 's>) {
    let Some(language) = Language::of(field) else { return };
    let mut text = ReadText { quote: Quote::new(visit.source, span), written, unsure: Vec::new() };
    let (request, response) = match visit.of {
        Element::Method(method) => (method.input(), method.output()),
        _ => (None, None),
    };
    match language {
        Language::Path => variables(written).for_each(|(at, path)| text.field_path(request, at, path, visit)),
        Language::Request if written == "*" => {}
        Language::Request => parts(written, ',').for_each(|(at, path)| text.field_path(request, at, path, visit)),
        Language::Response => text.field_path(response, 0, written, visit),
        Language::FieldName => {
            let message = if let Element::Message(message) = visit.of { Some(message) } else { None };
            text.field_path(message, 0, written, visit);
        }
        Language::TypeName => text.type_name(visit),
        Language::Expression => cel::names(&mut text, visit),
        Language::Prose => {}
    }
    (visit.read)(span, text.unsure);
}

/// The parts of a text between separators, with where each begins; white space around them is left out.
fn parts(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(separator).map(move |part| {
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + separator.len_utf8();
        (start, part.trim())
    })
}

/// The paths of fields in the variables of a path template: `name` of `/v1/{name=users/*}`, with where each begins.
fn variables(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template.match_indices('{').map(|(at, _)| {
        let inner = &template[at + 1..];
        (at + 1, &inner[..inner.find(['=', '}']).unwrap_or(inner.len())])
    })
}

impl ReadText<'_> {
    /// `user.name` as fields from a message on.
    fn field_path<'s>(&mut self, message: Option<Message<'s>>, at: usize, path: &str, visit: &mut Visit<'_, 's>) {
        let mut holder = message;
        for (start, name) in parts(path, '.').filter(|(_, name)| !name.is_empty()) {
            match holder.and_then(|holder| holder.field_named(name)) {
                Some(field) => {
                    self.refer(field, at + start, name, visit);
                    holder = message_of(field);
                }
                None => {
                    self.doubt(name);
                    holder = None;
                }
            }
        }
    }

    /// The whole text as the name of a message.
    fn type_name(&mut self, visit: &mut Visit<'_, '_>) {
        let written = self.written;
        let found = visit.file.type_from(visit.file.package().unwrap_or_default(), written);
        match found.zip(self.quote.locate(0, written.len())) {
            Some((found, span)) => visit.refer(found, span),
            None => written.split('.').for_each(|word| self.doubt(word)),
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
