//! What breaks for clients that call rpcs by HTTP: requests that the bindings of the earlier schema take, and that the
//! later one answers otherwise.

use super::{Compatibility, Impact, Reading, structure, whole};
use crate::compare::evidence::Subject;
use crate::compare::http::{Broken, LostParameter, Route, Servers, has_any};
use crate::compare::pairing::{Comparison, Pair};
use crate::finding::{Direction, Layer, Verdict};
use crate::schema::{Message, Method, Service};

/// A binding whose requests are not all answered as before.
pub(crate) struct BrokenRoute<'r, 's> {
    pub(crate) route: &'r Route<'s>,
    pub(crate) broken: Broken<'s>,
}

/// The bindings of an rpc whose requests are not all answered as before.
pub(crate) fn broken_routes<'s>(rpc: Method<'s>, comparison: &'s Comparison<'s>) -> Vec<BrokenRoute<'s, 's>> {
    of_routes(rpc, comparison, |servers, route| Some(BrokenRoute { route, broken: servers.broken(route)? }))
}

/// The query parameters of an rpc that are lost.
pub(crate) fn lost_parameters<'s>(
    rpc: Method<'s>,
    comparison: &'s Comparison<'s>,
) -> Vec<(&'s Route<'s>, LostParameter<'s>)> {
    of_routes(rpc, comparison, |servers, route| {
        servers.lost_parameters(route).into_iter().map(move |lost| (route, lost)).collect::<Vec<_>>()
    })
}

/// What there is to say of each binding of an rpc.
fn of_routes<'s, T, L: IntoIterator<Item = T>>(
    rpc: Method<'s>,
    comparison: &'s Comparison<'s>,
    found: impl Fn(&Servers<'_, 's>, &'s Route<'s>) -> L,
) -> Vec<T> {
    let Some(Pair { before, after }) = comparison.realms(rpc) else { return Vec::new() };
    let now = |rpc| comparison.rpc(rpc);
    let stands_in = |old, new| stands_in(old, new, comparison);
    let servers = Servers { before, after, now: &now, stands_in: &stands_in };
    before.of_rpc(rpc).flat_map(|route| found(&servers, route)).collect()
}

/// Whether a later rpc answers for an earlier one: it is the same, or it is new, and the earlier one, whose messages it
/// has, is gone.
fn stands_in<'s>(old: Method<'s>, new: Method<'s>, comparison: &'s Comparison<'s>) -> bool {
    if let Some(now) = comparison.rpc(old) {
        return now == new;
    }
    let streams = |rpc: Method<'_>| (rpc.is_client_streaming(), rpc.is_server_streaming());
    let reads = |writer: Option<Message<'s>>, reader: Option<Message<'s>>, direction| {
        let reading = Reading { comparison, layer: Layer::Json, direction };
        let types = writer.zip(reader);
        types.is_some_and(|(writer, reader)| structure::compatibility(writer, reader, reading) == Compatibility::Full)
    };
    streams(old) == streams(new)
        && !comparison.methods.iter().any(|pair| pair.after == new)
        && reads(old.input(), new.input(), Direction::Backward)
        && reads(new.output(), old.output(), Direction::Forward)
}

/// An rpc that is gone, with its bindings.
pub(crate) fn rpc_deleted<'s>(rpc: Method<'s>, comparison: &'s Comparison<'s>) -> Impact<'s> {
    Impact::from(whole::element_deleted()).and_rest([rpc], comparison)
}

/// Services that are gone, with the bindings of their rpcs.
pub(crate) fn services_deleted<'s>(
    services: impl IntoIterator<Item = Service<'s>>,
    comparison: &'s Comparison<'s>,
) -> Impact<'s> {
    let rpcs = services.into_iter().flat_map(|service| service.methods());
    Impact::from(whole::element_deleted()).and_rest(rpcs, comparison)
}

/// An rpc whose request or response is another message now.
pub(crate) fn carried_type_changed<'s>(
    pair: Pair<Method<'s>>,
    messages: Pair<Message<'s>>,
    comparison: &'s Comparison<'s>,
) -> Impact<'s> {
    let impact = whole::rpc_type_changed(messages, comparison);
    if !has_any(pair.before) {
        return impact;
    }
    let verdict = impact.verdict.spread(Layer::Json, Layer::Rest);
    let mut impact = Impact { verdict, ..impact };
    if pair.before.input() == Some(messages.before) {
        for (route, lost) in lost_parameters(pair.before, comparison) {
            impact = impact.merge(lost_parameter(route, &lost));
        }
    }
    impact
}

/// A stream where there was one message, or the other way around.
pub(crate) fn streaming_changed<'s>(rpc: Method<'s>, comparison: &'s Comparison<'s>) -> Verdict {
    let verdict = Verdict::both(Layer::Grpc).and(Verdict::source());
    if has_any(rpc) { verdict.and(Verdict::both(Layer::Rest)) } else { verdict }
}

/// A query parameter that is lost.
pub(crate) fn lost_parameter<'s>(route: &Route<'s>, lost: &LostParameter<'s>) -> Impact<'s> {
    let shown = subject(route, lost.request.to_string(), lost.read.clone());
    Impact::default().shown(Layer::Rest, Direction::Backward, Some(shown))
}

fn subject<'s>(route: &Route<'s>, payload: String, read: String) -> Subject<'s> {
    let written = format!("{}.{}", route.rpc.parent().full_name(), route.rpc.name());
    Subject::Found { written, payload, read }
}

impl<'s> BrokenRoute<'_, 's> {
    /// What that breaks.
    pub(crate) fn impact(&self) -> Impact<'s> {
        let (request, read) = (self.broken.request.to_string(), self.broken.reason.shown());
        let shown = Some(subject(self.route, request, read));
        let impact = Impact::default().shown(Layer::Rest, Direction::Backward, shown);
        match self.broken.is_certain {
            true => impact,
            false => Impact { verdict: impact.verdict.as_suspicion(), ..impact },
        }
    }
}

impl<'s> Impact<'s> {
    /// Adds what becomes of the requests of rpcs that are gone.
    fn and_rest(mut self, rpcs: impl IntoIterator<Item = Method<'s>>, comparison: &'s Comparison<'s>) -> Impact<'s> {
        for rpc in rpcs {
            for broken in broken_routes(rpc, comparison) {
                self = self.merge(broken.impact());
                if self.verdict.has(Layer::Rest, Direction::Backward) {
                    return self;
                }
            }
        }
        self
    }
}
