//! Whether the later side answers the requests of a binding as the earlier one does. It does not say what that breaks.

use super::mapping::{self, Lost, Moved};
use super::request::{Request, Requests};
use super::routes::{Realm, Route, last_declared, most_specific};
use crate::schema::{Field, Message, Method};

/// Both sides of the server that an rpc is on, and what its rpcs are to each other.
pub(crate) struct Servers<'r, 's> {
    pub(crate) before: &'r Realm<'s>,
    pub(crate) after: &'r Realm<'s>,
    /// What an earlier rpc is now.
    pub(crate) now: &'r dyn Fn(Method<'s>) -> Option<Method<'s>>,
    /// Whether a later rpc answers for an earlier one: it is the same, or stands in for one that is gone.
    pub(crate) stands_in: &'r dyn Fn(Method<'s>, Method<'s>) -> bool,
}

/// A request that is answered otherwise.
pub(crate) struct Broken<'s> {
    pub(crate) request: Request,
    pub(crate) reason: Reason<'s>,
    /// Whether all routers answer it otherwise, and not only some.
    pub(crate) is_certain: bool,
    /// Whether other requests of the binding are answered as before, as another rpc takes only some.
    pub(crate) is_partial: bool,
}

impl Broken<'_> {
    /// How much it says: more is worse.
    fn weight(&self) -> (bool, bool) {
        (self.is_certain, !self.is_partial)
    }
}

/// What becomes of a request.
pub(crate) enum Reason<'s> {
    /// No rpc has its path.
    NotFound,
    /// No rpc has its path for its method.
    OtherMethod(Vec<String>),
    OtherRpc(Method<'s>),
    /// A part of the path is for another field, or for none; or a field has another part.
    Captured(String),
    /// A field is not where it was.
    Moved(String),
    /// The response is another part of the response message.
    Response(String),
}

/// A query parameter that is not the one of its field any more.
pub(crate) struct LostParameter<'s> {
    pub(crate) before: Field<'s>,
    pub(crate) after: Option<Field<'s>>,
    /// The message that has it, or had it, now.
    pub(crate) holder: Message<'s>,
    pub(crate) name: String,
    pub(crate) request: Request,
    /// What becomes of it.
    pub(crate) read: String,
}

impl<'s> Servers<'_, 's> {
    /// A request of an earlier route that is answered otherwise; one for certain, if there is one.
    pub(crate) fn broken(&self, route: &Route<'s>) -> Option<Broken<'s>> {
        let mut first: Option<Broken<'s>> = None;
        // The first request is the most general one.
        for (at, request) in self.requests(route).into_iter().enumerate() {
            let found = self.judge(route, request).map(|found| {
                let is_partial = at > 0 && matches!(found.reason, Reason::OtherRpc(_));
                Broken { is_partial, ..found }
            });
            let is_more = |found: &Broken<'s>| first.as_ref().is_none_or(|first| found.weight() > first.weight());
            if let Some(found) = found.filter(is_more) {
                let is_all = found.is_certain && !found.is_partial;
                first = Some(found);
                if is_all {
                    break;
                }
            }
        }
        first
    }

    /// The requests that say what becomes of a route.
    fn requests(&self, route: &Route<'s>) -> Vec<Request> {
        let rpc = (self.now)(route.rpc);
        let has_twin = rpc.is_some_and(|rpc| self.after.of_rpc(rpc).any(|now| route.has_form_of(now)));
        // What was beside it before, is still there where it was.
        let rivals: Vec<&Route<'s>> = self.after.routes.iter().filter(|now| now.is_new || !has_twin).collect();
        Requests::new(&route.binding, [self.before, self.after]).with(&rivals).found
    }

    fn judge(&self, route: &Route<'s>, request: Request) -> Option<Broken<'s>> {
        let old = self.before.matching(&request);
        if !most_specific(&old).is_some_and(|taken| std::ptr::eq(taken, route)) {
            // It is one of another route.
            return None;
        }
        let new = self.after.matching(&request);
        let Some(winner) = most_specific(&new) else {
            let reason = self.without_route(&request);
            return Some(Broken { request, reason, is_certain: true, is_partial: false });
        };
        let differences: Vec<Option<Difference<'s>>> =
            new.iter().map(|now| self.difference(route, now, &request)).collect();
        let of = |taken: &Route<'s>| new.iter().position(|now| std::ptr::eq(*now, taken));
        let differs = |taken: &Route<'s>| of(taken).is_some_and(|at| differences[at].is_some());
        let was_there = |now: &Route<'s>| old.iter().any(|old| (self.now)(old.rpc) == Some(now.rpc));
        let mut differing = new.iter().filter(|now| differs(now));
        let with_last = match (last_declared(&old), last_declared(&new)) {
            _ if differences.iter().all(Option::is_some) => Some(true),
            // Whatever is declared last: that was there before.
            _ if differing.all(|now| was_there(now)) => Some(false),
            (Some(old), _) if old.rpc != route.rpc => Some(false),
            (Some(_), Some(now)) => Some(differs(now)),
            _ => None,
        };
        let with_specific = differs(winner);
        if !with_specific && with_last == Some(false) {
            return None;
        }
        let is_certain = with_specific && with_last == Some(true);
        let shown = if with_specific { of(winner) } else { differences.iter().position(Option::is_some) };
        let Difference { reason, query, body } = differences.into_iter().nth(shown?).flatten()?;
        Some(Broken { request: Request { query, body, ..request }, reason, is_certain, is_partial: false })
    }

    /// Why no route takes a request.
    fn without_route(&self, request: &Request) -> Reason<'s> {
        let is_there = |route: &&Route<'s>| {
            let method = route.binding.method.clone();
            route.binding.matches(&Request { method, ..request.clone() })
        };
        let mut methods: Vec<String> =
            self.after.routes.iter().filter(is_there).map(|route| route.binding.method.clone()).collect();
        methods.sort_unstable();
        methods.dedup();
        if methods.is_empty() { Reason::NotFound } else { Reason::OtherMethod(methods) }
    }

    /// What a later route makes of a request that an earlier one does not.
    fn difference(&self, old: &Route<'s>, new: &Route<'s>, request: &Request) -> Option<Difference<'s>> {
        if !(self.stands_in)(old.rpc, new.rpc) {
            return Some(Reason::OtherRpc(new.rpc).into());
        }
        if let Some(text) = captured_otherwise(old, new, request) {
            return Some(Reason::Captured(text).into());
        }
        let difference = match old.rpc.input().zip(new.rpc.input()) {
            Some((before, after)) => {
                let found = mapping::differences((before, &old.binding), (after, &new.binding));
                // Parameters of an rpc that is still there are compared by their fields.
                let is_other = (self.now)(old.rpc) != Some(new.rpc);
                let lost = found.lost.into_iter().next().filter(|_| is_other);
                found.moved.map(Difference::from).or(lost.map(Difference::from))
            }
            None if old.binding.body != new.binding.body => {
                Some(Reason::Moved("the body is mapped to other fields".to_owned()).into())
            }
            None => None,
        };
        difference.or_else(|| response_otherwise(old, new).map(|text| Reason::Response(text).into()))
    }

    /// The query parameters of an earlier route that are lost, where its rpc still has the route.
    pub(crate) fn lost_parameters(&self, route: &Route<'s>) -> Vec<LostParameter<'s>> {
        // Others are of another route.
        let is_own = |request: &Request| {
            most_specific(&self.before.matching(request)).is_some_and(|taken| std::ptr::eq(taken, route))
        };
        let requests = Requests::new(&route.binding, [self.before, self.after]).with(&[]).found;
        let Some(request) = requests.into_iter().find(is_own) else { return Vec::new() };
        let taken = most_specific(&self.after.matching(&request));
        let Some(now) = taken.filter(|now| (self.stands_in)(route.rpc, now.rpc)) else { return Vec::new() };
        let Some((before, after)) = route.rpc.input().zip(now.rpc.input()) else { return Vec::new() };
        let lost = mapping::differences((before, &route.binding), (after, &now.binding)).lost.into_iter();
        let lost = lost.map(|lost| {
            let read = lost.shown();
            let Lost { before, after, holder, parameter, name, .. } = lost;
            let request = Request { query: Some(parameter), ..request.clone() };
            LostParameter { before, after, holder, name, request, read }
        });
        lost.collect()
    }
}

/// What is made of a request otherwise, and what the request has to have to show it.
struct Difference<'s> {
    reason: Reason<'s>,
    query: Option<String>,
    body: Option<String>,
}

impl<'s> From<Reason<'s>> for Difference<'s> {
    fn from(reason: Reason<'s>) -> Self {
        Difference { reason, query: None, body: None }
    }
}

impl<'s> From<Moved<'s>> for Difference<'s> {
    fn from(moved: Moved<'s>) -> Self {
        Difference { query: moved.parameter(), body: moved.body(), ..Reason::Moved(moved.shown()).into() }
    }
}

impl<'s> From<Lost<'s>> for Difference<'s> {
    fn from(lost: Lost<'s>) -> Self {
        let reason = Reason::Moved(lost.shown());
        Difference { query: Some(lost.parameter), ..reason.into() }
    }
}

/// What a path gives to other fields than before. Fields that the request message did not have do not count.
fn captured_otherwise<'s>(old: &Route<'s>, new: &Route<'s>, request: &Request) -> Option<String> {
    let messages = old.rpc.input().zip(new.rpc.input());
    let [before, after] = [old, new].map(|route| route.binding.template.captured(&request.segments));
    let mut left: Vec<(&[String], &String)> = after.iter().map(|(path, text)| (*path, text)).collect();
    for (path, text) in &before {
        let now = match messages {
            Some((before, after)) => mapping::renamed(path, before, after).unwrap_or_default(),
            None => path.to_vec(),
        };
        if let Some(at) = left.iter().position(|(path, other)| **path == *now && *other == text) {
            left.swap_remove(at);
            continue;
        }
        let name = path.join(".");
        let of_field = after.iter().find(|(path, _)| **path == *now);
        let of_text = after.iter().find(|(_, other)| other == text);
        return Some(match (of_field, of_text) {
            (Some((_, other)), _) => format!("`{name}` is `{other}`, not `{text}`"),
            (None, Some((other, _))) => format!("`{text}` is for `{}`, not for `{name}`", other.join(".")),
            (None, None) => format!("`{name}` is not read from the path"),
        });
    }
    let was_there = |path: &[String]| match messages {
        Some((before, after)) => mapping::renamed(path, after, before).is_some(),
        None => true,
    };
    let (path, text) = left.into_iter().find(|(path, _)| was_there(path))?;
    Some(format!("`{}` is `{text}`, and was not read from the path", path.join(".")))
}

/// What the response is otherwise.
fn response_otherwise<'s>(old: &Route<'s>, new: &Route<'s>) -> Option<String> {
    let [before, after] = [old, new].map(|route| route.binding.response_body.as_deref());
    let now = before.map(|name| match old.rpc.output().zip(new.rpc.output()) {
        Some((before, after)) => {
            let field = before.field_named(name).and_then(|field| mapping::successor(field, before, after));
            field.map_or(name, |field| field.name())
        }
        None => name,
    });
    let shown = |part: Option<&str>| part.map_or("the whole message".to_owned(), |name| format!("its field `{name}`"));
    (now != after).then(|| format!("the response is {}, not {}", shown(after), shown(before)))
}

impl<'s> Reason<'s> {
    /// What the later side does with the request.
    pub(crate) fn shown(&self) -> String {
        match self {
            Reason::NotFound => "no rpc has this path".to_owned(),
            Reason::OtherMethod(methods) => format!("this path takes {} only", methods.join(", ")),
            Reason::OtherRpc(rpc) => format!("reaches rpc `{}.{}`", rpc.parent().full_name(), rpc.name()),
            Reason::Captured(text) | Reason::Moved(text) | Reason::Response(text) => text.clone(),
        }
    }
}
