//! Changes of rpcs.

use crate::compare::impact;
use crate::compare::names::TypeName;
use crate::compare::pairing::Pair;
use crate::finding::{Layer, Verdict};
use crate::rules::{ChangeCx, Check, Rule, rule};
use crate::schema::{Message, Method, OptionValue, Part, Service};

pub(super) const RULES: &[&Rule] = &[
    &RPC_NO_DELETE,
    &RPC_SAME_CLIENT_STREAMING,
    &RPC_SAME_IDEMPOTENCY_LEVEL,
    &RPC_SAME_REQUEST_TYPE,
    &RPC_SAME_RESPONSE_TYPE,
    &RPC_SAME_SERVER_STREAMING,
];

rule!(breaking RPC_NO_DELETE: Check::ServicePair(rpc_no_delete));
rule!(breaking RPC_SAME_CLIENT_STREAMING: Check::MethodPair(rpc_same_client_streaming));
rule!(breaking RPC_SAME_IDEMPOTENCY_LEVEL: Check::MethodPair(rpc_same_idempotency_level));
rule!(breaking RPC_SAME_REQUEST_TYPE: Check::MethodPair(rpc_same_request_type));
rule!(breaking RPC_SAME_RESPONSE_TYPE: Check::MethodPair(rpc_same_response_type));
rule!(breaking RPC_SAME_SERVER_STREAMING: Check::MethodPair(rpc_same_server_streaming));

fn rpc_no_delete<'s>(pair: Pair<Service<'s>>, cx: &mut ChangeCx<'s>) {
    for method in pair.before.methods() {
        if !pair.after.methods().any(|after| after.name() == method.name()) {
            let message = format!("rpc `{}` of service `{}` was deleted", method.name(), pair.after.name());
            let impact = impact::rpc_deleted(method, cx.comparison);
            cx.report(pair.after, Part::Declaration, message)
                .before(method, Part::Declaration)
                .help("keep the rpc, with `option deprecated = true;`, until no code calls it")
                .breaks(impact);
        }
    }
}

/// An rpc with its service, as messages of rules name it.
pub(super) fn described(method: Method<'_>) -> String {
    format!("rpc `{}` of service `{}`", method.name(), method.parent().name())
}

fn streaming(is_streaming: bool) -> &'static str {
    if is_streaming { "a stream" } else { "one message" }
}

fn rpc_same_client_streaming<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(Method::is_client_streaming);
    streaming_changed(pair, "request", before, after, cx);
}

fn rpc_same_server_streaming<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    let [before, after] = [pair.before, pair.after].map(Method::is_server_streaming);
    streaming_changed(pair, "response", before, after, cx);
}

fn streaming_changed<'s>(pair: Pair<Method<'s>>, what: &str, before: bool, after: bool, cx: &mut ChangeCx<'s>) {
    if before != after {
        let message =
            format!("{what} of {} changed from {} to {}", described(pair.after), streaming(before), streaming(after));
        let impact = impact::streaming_changed(pair.before, cx.comparison);
        cx.report(pair.after, Part::Declaration, message)
            .before(pair.before, Part::Declaration)
            .help("keep this rpc as it was, and add a new rpc with another name")
            .breaks(impact);
    }
}

fn rpc_same_idempotency_level<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    const OPTION: &str = "idempotency_level";
    let [before, after] =
        [pair.before, pair.after].map(|method| match method.options().get(OPTION).map(|o| o.value()) {
            Some(OptionValue::Identifier(level)) => level,
            _ => "IDEMPOTENCY_UNKNOWN",
        });
    if before != after {
        let message = format!("idempotency level of {} changed from `{before}` to `{after}`", described(pair.after));
        // If the option was deleted, the finding is at the file.
        let report = match pair.after.options().get(OPTION) {
            Some(option) => cx.report(pair.after, Part::Exactly(option.span()), message),
            None => cx.report(pair.after.file(), Part::Declaration, message),
        };
        report.before(pair.before, Part::Option(OPTION)).breaks(Verdict::both(Layer::Grpc));
    }
}

fn rpc_same_request_type<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    type_changed(pair, "request", (Method::input, TypeName::of_request), Part::Input, cx);
}

fn rpc_same_response_type<'s>(pair: Pair<Method<'s>>, cx: &mut ChangeCx<'s>) {
    type_changed(pair, "response", (Method::output, TypeName::of_response), Part::Output, cx);
}

/// The request or response of an rpc: the message, if it is resolved, and its name.
type Carried<'s> = (fn(Method<'s>) -> Option<Message<'s>>, fn(Method<'s>) -> TypeName<'s>);

fn type_changed<'s>(
    pair: Pair<Method<'s>>,
    what: &str,
    (message_of, name_of): Carried<'s>,
    part: Part<'_>,
    cx: &mut ChangeCx<'s>,
) {
    let [old_name, new_name] = [pair.before, pair.after].map(name_of);
    let (is_same, impact) = match (message_of(pair.before), message_of(pair.after)) {
        (Some(before), Some(after)) => {
            let is_same = match cx.by_layers {
                true => cx.comparison.is_same_message(before, after),
                false => before.full_name() == after.full_name(),
            };
            let changed = || impact::carried_type_changed(pair, Pair { before, after }, cx.comparison);
            (is_same, if is_same { None } else { Some(changed()) })
        }
        // How they read each other's data is not known.
        _ => (old_name.may_be(new_name), Some(Verdict::source().into())),
    };
    if let Some(impact) = impact.filter(|_| !is_same) {
        let rpc = described(pair.after);
        let message = format!("{what} of {rpc} changed from `{}` to `{}`", old_name.shown(), new_name.shown());
        cx.report(pair.after, part, message)
            .before(pair.before, part)
            .help("keep the old type and add fields to it, or add a new rpc with another name")
            .breaks(impact);
    }
}
