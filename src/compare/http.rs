//! The HTTP bindings of rpcs, by `google.api.http`: which requests a router passes to which rpc, and what of a request
//! becomes which field. It compares requests, and knows neither rules nor what a change breaks.

mod answer;
mod mapping;
mod request;
mod routes;
mod template;

pub(crate) use answer::{Broken, LostParameter, Reason, Servers};
pub(crate) use routes::{Realm, Route, Routes, host};

use template::Template;

use crate::schema::{Annotation, Annotations, Element, Method};
use crate::source::Span;

/// The name of the option.
const OPTION: &str = "(google.api.http)";

/// The fields of a rule that hold a path, each with its method.
const METHODS: [(&str, &str); 5] =
    [("get", "GET"), ("put", "PUT"), ("post", "POST"), ("delete", "DELETE"), ("patch", "PATCH")];

/// The method that stands for all.
const ANY: &str = "*";

/// A request that reaches an rpc, and what becomes of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// `GET`; `*` for all.
    pub(crate) method: String,
    /// The path as written.
    pub(crate) path: String,
    template: Template,
    body: Body,
    /// The field that the response is; `None` for all of the message.
    response_body: Option<String>,
}

/// What the body of a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// There is none.
    None,
    /// All fields that the path does not have.
    All,
    /// One field of the request message.
    Field(String),
}

/// A binding that no router can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// The binding, as `GET /v1/shelves`.
    pub(crate) shown: String,
    /// What is wrong with it, as the end of a sentence.
    pub(crate) fault: String,
    pub(crate) span: Span,
}

/// What an rpc has in its option.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bindings {
    pub(crate) bindings: Vec<Binding>,
    pub(crate) malformed: Vec<Malformed>,
}

impl Binding {
    /// `GET /v1/{name=shelves/*}`.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The binding as an entry of the option, ready to paste.
    pub(crate) fn written(&self) -> String {
        let path = format!("\"{}\"", self.path);
        let pattern = match METHODS.iter().find(|(_, method)| *method == self.method) {
            Some((field, _)) => format!("{field}: {path}"),
            None => format!("custom: {{kind: \"{}\", path: {path}}}", self.method),
        };
        let body = match &self.body {
            Body::None => String::new(),
            Body::All => ", body: \"*\"".to_owned(),
            Body::Field(name) => format!(", body: \"{name}\""),
        };
        let response = self.response_body.as_ref().map(|name| format!(", response_body: \"{name}\""));
        format!("additional_bindings {{{pattern}{body}{}}}", response.unwrap_or_default())
    }
}

impl Bindings {
    /// Whether an rpc with other ones is called alike.
    pub(crate) fn is_alike(&self, other: &Bindings) -> bool {
        let malformed =
            |bindings: &Bindings| bindings.malformed.iter().map(|one| one.shown.clone()).collect::<Vec<_>>();
        self.bindings == other.bindings && malformed(self) == malformed(other)
    }

    /// Those of an rpc.
    pub(crate) fn of_method(method: Method<'_>) -> Bindings {
        let mut found = Bindings::default();
        if !has_any(method) {
            return found;
        }
        let options = Annotations::of_element(Element::Method(method));
        if let Some(rule) = options.get(OPTION) {
            found.add(rule, method);
            // Those of one that is additional itself do not count.
            let more = rule.field("additional_bindings").map_or(&[][..], Annotation::elements);
            more.iter().for_each(|rule| found.add(rule, method));
        }
        found
    }

    fn add<'s>(&mut self, rule: &Annotation<'s>, rpc: Method<'s>) {
        let text = |rule: &Annotation<'s>, name: &str| rule.field(name).and_then(Annotation::text);
        let custom = || {
            let custom = rule.field("custom")?;
            Some((text(custom, "kind").unwrap_or_default(), text(custom, "path").unwrap_or_default()))
        };
        let plain = METHODS.iter().find_map(|(field, method)| Some((*method, text(rule, field)?)));
        let Some((method, path)) = plain.or_else(custom) else { return };
        let template = match Template::parse(path) {
            Ok(_) if method.is_empty() => Err("has no method".to_owned()),
            parsed => parsed,
        };
        let body = match text(rule, "body") {
            None | Some("") => Body::None,
            Some("*") => Body::All,
            Some(field) => Body::Field(field.to_owned()),
        };
        let response_body = text(rule, "response_body").filter(|field| !field.is_empty()).map(str::to_owned);
        let binding = template.map(|template| {
            let (method, path) = (method.to_owned(), path.to_owned());
            Binding { method, path, template, body, response_body }
        });
        match binding.and_then(|binding| mapping::check(&binding, rpc).map(|()| binding)) {
            Ok(binding) => self.bindings.push(binding),
            Err(fault) => {
                let shown = format!("{method} {path}").trim_start().to_owned();
                self.malformed.push(Malformed { shown, fault, span: rule.span });
            }
        }
    }
}

/// The statement that sets the option first.
pub(crate) fn statement(method: Method<'_>) -> Option<Span> {
    let options = Annotations::of_element(Element::Method(method));
    options.get(OPTION).map(|rule| rule.statement)
}

/// Whether an rpc has the option, as far as its names show.
pub(crate) fn has_any(method: Method<'_>) -> bool {
    method.options().iter().any(|option| {
        option
            .parts()
            .next()
            .is_some_and(|(name, is_extension)| is_extension && name.rsplit('.').next() == Some("http"))
    })
}
