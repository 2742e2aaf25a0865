//! Requests that show what a binding answers: the most general one of a template, and of what two templates share. What
//! holds for such a request holds for all that both match.

use std::fmt;

use rustc_hash::FxHashSet;

use super::routes::{Realm, Route};
use super::template::Template;
use super::{ANY, Binding};

/// How many segments more than needed a `**` is tried with.
const MAX_WIDTH: usize = 16;
/// How many requests are tried for a binding.
const MAX_REQUESTS: usize = 1000;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    pub(super) method: String,
    pub(super) segments: Vec<String>,
    pub(super) verb: Option<String>,
    /// A parameter with its value.
    pub(super) query: Option<String>,
    pub(super) body: Option<String>,
}

/// `GET /v1/shelves/1:cancel?force=true`.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} /{}", self.method, self.segments.join("/"))?;
        if let Some(verb) = &self.verb {
            write!(f, ":{verb}")?;
        }
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        match &self.body {
            Some(body) => write!(f, " {body}"),
            None => Ok(()),
        }
    }
}

impl Binding {
    /// Whether it answers a request.
    pub(super) fn matches(&self, request: &Request) -> bool {
        (self.method == ANY || self.method == request.method)
            && self.template.matches(&request.segments, request.verb.as_deref())
    }
}

/// Requests of a binding: the most general ones, and those that it shares with each of some routes.
pub(super) struct Requests<'r, 's> {
    binding: &'r Binding,
    realms: [&'r Realm<'s>; 2],
    seen: FxHashSet<Request>,
    pub(super) found: Vec<Request>,
}

impl<'r, 's> Requests<'r, 's> {
    pub(super) fn new(binding: &'r Binding, realms: [&'r Realm<'s>; 2]) -> Requests<'r, 's> {
        Requests { binding, realms, seen: FxHashSet::default(), found: Vec::new() }
    }

    /// Adds those of the binding alone, and those that it shares with these routes.
    pub(super) fn with(mut self, rivals: &[&Route<'s>]) -> Requests<'r, 's> {
        let rivals: Vec<&Binding> =
            rivals.iter().map(|route| &route.binding).filter(|one| self.may_meet(one)).collect();
        let (lengths, methods) = (self.lengths(), self.methods());
        for method in &methods {
            for &length in &lengths {
                self.add(method, length, None);
            }
        }
        for rival in rivals {
            let has = |method: &&String| rival.method == ANY || rival.method == **method;
            for method in methods.iter().filter(has) {
                for &length in &lengths {
                    self.add(method, length, Some(&rival.template));
                }
            }
        }
        self
    }

    /// The bindings of both sides that may take the same requests.
    fn routes(&self) -> impl Iterator<Item = &'r Binding> {
        let all = self.realms.into_iter().flat_map(|realm| &realm.routes).map(|route| &route.binding);
        all.filter(|other| self.may_meet(other))
    }

    fn may_meet(&self, rival: &Binding) -> bool {
        let own = self.binding;
        (own.method == rival.method || own.method == ANY || rival.method == ANY)
            && own.template.verb == rival.template.verb
            && (own.template.is_open() || rival.template.has_length(own.template.shortest()))
    }

    /// The numbers of segments that distinguish the binding from all others, those without an empty `**` first.
    fn lengths(&self) -> Vec<usize> {
        let own = &self.binding.template;
        let shortest = own.shortest();
        if !own.is_open() {
            return vec![shortest];
        }
        let longest = self.routes().map(|other| other.template.shortest() + 1).max();
        let longest = longest.unwrap_or(0).clamp(shortest + 1, shortest + MAX_WIDTH);
        (shortest + 1..=longest).chain([shortest]).collect()
    }

    /// The methods that distinguish the binding from all others: where it takes all, one that no other names first.
    fn methods(&self) -> Vec<String> {
        if self.binding.method != ANY {
            return vec![self.binding.method.clone()];
        }
        let mut named: Vec<String> = self.routes().map(|other| other.method.clone()).filter(|m| m != ANY).collect();
        named.sort_unstable();
        named.dedup();
        const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "REPORT"];
        let is_named = |method: &str| self.realms.iter().any(|realm| realm.names_method(method));
        let free = METHODS.iter().find(|method| !is_named(method)).unwrap_or(&"REPORT");
        named.insert(0, (*free).to_owned());
        named
    }

    /// Adds a request of so many segments that the binding answers, and a rival too.
    fn add(&mut self, method: &str, length: usize, rival: Option<&Template>) {
        if self.found.len() >= MAX_REQUESTS {
            return;
        }
        let Some(own) = self.binding.template.of_length(length) else { return };
        let other = match rival {
            Some(rival) => rival.of_length(length),
            None => Some(vec![None; length]),
        };
        let Some(other) = other else { return };
        let mut fresh = (1_u32..).map(|number| number.to_string());
        let mut segments = Vec::with_capacity(length);
        for texts in own.into_iter().zip(other) {
            segments.push(match texts {
                (Some(one), Some(other)) if one != other => return,
                (Some(text), _) | (None, Some(text)) => text.to_owned(),
                (None, None) => {
                    let is_new = |text: &String| self.realms.iter().all(|realm| !realm.literals.contains(text));
                    fresh.find(is_new).expect("numbers do not end")
                }
            });
        }
        let (method, verb) = (method.to_owned(), self.binding.template.verb.clone());
        let request = Request { method, segments, verb, query: None, body: None };
        if self.seen.insert(request.clone()) {
            self.found.push(request);
        }
    }
}
