//! The routes of a schema: which rpc answers a request. Routers differ where several templates match: some take the most
//! specific one, as those of Envoy and of Google's service proxies do, others the one that was declared last, as
//! grpc-gateway does.

use std::cmp::Ordering;

use rustc_hash::{FxHashMap, FxHashSet};

use super::request::Request;
use super::template::{Segment, Template};
use super::{ANY, Binding, Bindings};
use crate::schema::{Annotation, Annotations, Element, File, Method, Service};

/// A binding, and the rpc that answers it.
pub(crate) struct Route<'s> {
    pub(crate) rpc: Method<'s>,
    pub(crate) binding: Binding,
    /// Whether the rpc had no such route before; known of later routes only.
    pub(super) is_new: bool,
}

/// The routes that one server has.
#[derive(Default)]
pub(crate) struct Realm<'s> {
    pub(super) routes: Vec<Route<'s>>,
    /// All texts that segments must have.
    pub(super) literals: FxHashSet<String>,
}

/// What names a server: its root, and its host or a package.
pub(crate) type RealmKey = (u32, String);

/// The routes of a schema, server by server.
#[derive(Default)]
pub(crate) struct Routes<'s> {
    realms: FxHashMap<RealmKey, Realm<'s>>,
    none: Realm<'s>,
}

/// What a route is called, to find the same one on another side: its rpc, its method, and its template without variables.
type RouteKey = (u32, u32, String, Vec<Segment>, Option<String>);

/// The host that a service names.
pub(crate) fn host(service: Service<'_>) -> Option<String> {
    service.options().iter().next()?;
    let options = Annotations::of_element(Element::Service(service));
    options.get("(google.api.default_host)").and_then(Annotation::text).map(str::to_owned)
}

impl<'s> Routes<'s> {
    /// The routes of files, each with its root; `server` names the one that a service is on.
    pub(crate) fn new(files: impl Iterator<Item = (u32, File<'s>)>, server: fn(Service<'_>) -> String) -> Routes<'s> {
        let (mut routes, mut seen) = (Routes::default(), FxHashSet::default());
        for (root, file) in files {
            for service in file.services().filter(|service| service.methods().any(super::has_any)) {
                if seen.insert((root, service.full_name())) {
                    routes.realms.entry((root, server(service))).or_default().add(service);
                }
            }
        }
        routes
    }

    /// Those of a server.
    pub(crate) fn realm(&self, key: &RealmKey) -> Option<&Realm<'s>> {
        self.realms.get(key)
    }

    /// Those of a server that has none.
    pub(crate) fn none(&self) -> &Realm<'s> {
        &self.none
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.realms.is_empty()
    }

    /// The same, knowing which were there before; `now` is what an earlier rpc is.
    pub(crate) fn after(mut self, before: &Routes<'s>, now: impl Fn(Method<'s>) -> Option<Method<'s>>) -> Routes<'s> {
        let old = before.realms.values().flat_map(|realm| &realm.routes);
        let known: FxHashSet<RouteKey> = old.filter_map(|route| Some(route.key(now(route.rpc)?))).collect();
        for route in self.realms.values_mut().flat_map(|realm| &mut realm.routes) {
            route.is_new = !known.contains(&route.key(route.rpc));
        }
        self
    }
}

impl<'s> Realm<'s> {
    fn add(&mut self, service: Service<'s>) {
        for rpc in service.methods() {
            for binding in Bindings::of_method(rpc).bindings {
                let literals = binding.template.segments.iter().filter_map(|segment| match segment {
                    Segment::Literal(text) => Some(text.clone()),
                    Segment::One | Segment::Many => None,
                });
                self.literals.extend(literals);
                self.routes.push(Route { rpc, binding, is_new: true });
            }
        }
    }

    /// The routes of an rpc, in the order of declaration.
    pub(crate) fn of_rpc(&self, rpc: Method<'s>) -> impl Iterator<Item = &Route<'s>> {
        self.routes.iter().filter(move |route| route.rpc == rpc)
    }

    /// Whether a route is for one method, and that one.
    pub(super) fn names_method(&self, method: &str) -> bool {
        self.routes.iter().any(|route| route.binding.method == method)
    }

    /// The routes that match a request.
    pub(super) fn matching(&self, request: &Request) -> Vec<&Route<'s>> {
        self.routes.iter().filter(|route| route.binding.matches(request)).collect()
    }
}

impl<'s> Route<'s> {
    fn key(&self, rpc: Method<'s>) -> RouteKey {
        let Template { segments, verb, .. } = &self.binding.template;
        (rpc.file().index, rpc.index, self.binding.method.clone(), segments.clone(), verb.clone())
    }

    /// Whether it takes the same requests as another one, alone.
    pub(super) fn has_form_of(&self, other: &Route<'s>) -> bool {
        let (one, other) = (&self.binding, &other.binding);
        let (of_one, of_other) = (&one.template, &other.template);
        one.method == other.method && of_one.verb == of_other.verb && of_one.segments == of_other.segments
    }

    /// Where it is declared among the routes of its service.
    fn position(&self) -> (u32, u32) {
        (self.rpc.parent().index, self.rpc.index)
    }
}

/// The route that a router takes which takes the most specific one; of equal ones the first.
pub(super) fn most_specific<'r, 's>(matching: &[&'r Route<'s>]) -> Option<&'r Route<'s>> {
    matching.iter().copied().min_by(|one, other| specificity(&one.binding, &other.binding))
}

/// The route that a router takes which takes the last one declared; `None` where that is not known, as services can be
/// registered in any order.
pub(super) fn last_declared<'r, 's>(matching: &[&'r Route<'s>]) -> Option<&'r Route<'s>> {
    let service = matching.first()?.rpc.parent();
    let is_one = matching.iter().all(|route| route.rpc.parent() == service);
    // Those of one rpc are in order.
    matching.iter().copied().filter(|_| is_one).max_by_key(|route| route.position())
}

/// Which of two bindings that match the same request is taken first: segment by segment a literal before `*` before `**`,
/// then the one that names the method.
fn specificity(one: &Binding, other: &Binding) -> Ordering {
    let rank = |template: &Template, at: usize| match template.segments.get(at) {
        Some(Segment::Literal(_)) => 0,
        Some(Segment::One) => 1,
        // The end of a path is nearer than a `**` that takes nothing.
        None if template.segments.last() != Some(&Segment::Many) => 2,
        Some(Segment::Many) => 3,
        None => 4,
    };
    let length = one.template.segments.len().max(other.template.segments.len());
    let of_segments = (0..=length).map(|at| rank(&one.template, at).cmp(&rank(&other.template, at)));
    let by_path = of_segments.fold(Ordering::Equal, Ordering::then);
    by_path.then((one.method == ANY).cmp(&(other.method == ANY)))
}
