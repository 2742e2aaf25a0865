//! How rpcs are shaped and what they take and give.

use rustc_hash::FxHashMap;

use crate::rules::{Check, Cx, Reach, Rule, case, rule};
use crate::schema::{FileIndex, Message, Method, Part, Root};

pub(super) const RULES: &[&Rule] = &[
    &RPC_NO_CLIENT_STREAMING,
    &RPC_NO_SERVER_STREAMING,
    &RPC_REQUEST_RESPONSE_UNIQUE,
    &RPC_REQUEST_STANDARD_NAME,
    &RPC_RESPONSE_STANDARD_NAME,
];

rule!(lint RPC_NO_CLIENT_STREAMING: Check::Method(rpc_no_client_streaming));
rule!(lint RPC_NO_SERVER_STREAMING: Check::Method(rpc_no_server_streaming));
rule!(lint RPC_REQUEST_RESPONSE_UNIQUE: Check::Root(Reach::Rpcs, rpc_request_response_unique));
rule!(lint RPC_REQUEST_STANDARD_NAME: Check::Method(rpc_request_standard_name));
rule!(lint RPC_RESPONSE_STANDARD_NAME: Check::Method(rpc_response_standard_name));

const EMPTY: &str = "google.protobuf.Empty";

fn rpc_no_client_streaming(method: Method<'_>, cx: &mut Cx<'_>) {
    if method.is_client_streaming() {
        cx.report(method, Part::Declaration, format!("rpc `{}` should not stream its request", method.name()));
    }
}

fn rpc_no_server_streaming(method: Method<'_>, cx: &mut Cx<'_>) {
    if method.is_server_streaming() {
        cx.report(method, Part::Declaration, format!("rpc `{}` should not stream its response", method.name()));
    }
}

/// The last component of a type's name: of the type itself, or as written where it could not be resolved.
fn short_name<'s>(message: Option<Message<'s>>, written: &'s str) -> &'s str {
    message.map_or_else(|| written.rsplit('.').next().unwrap_or(written), Message::name)
}

fn rpc_request_standard_name(method: Method<'_>, cx: &mut Cx<'_>) {
    let input = method.input();
    let exempt = cx.settings.rpc_allow_google_protobuf_empty_requests;
    if !(exempt && input.is_some_and(|message| message.full_name() == EMPTY)) {
        standard_name(method, short_name(input, method.written_input()), ("request", "Request"), Part::Input, cx);
    }
}

fn rpc_response_standard_name(method: Method<'_>, cx: &mut Cx<'_>) {
    let output = method.output();
    let exempt = cx.settings.rpc_allow_google_protobuf_empty_responses;
    if !(exempt && output.is_some_and(|message| message.full_name() == EMPTY)) {
        standard_name(method, short_name(output, method.written_output()), ("response", "Response"), Part::Output, cx);
    }
}

fn standard_name(method: Method<'_>, name: &str, (what, suffix): (&str, &str), part: Part<'_>, cx: &mut Cx<'_>) {
    let rpc = case::pascal(method.name());
    if name.strip_suffix(suffix) == Some(&rpc) {
        return;
    }
    let short = format!("{rpc}{suffix}");
    let long = format!("{}{short}", case::pascal(method.parent().name()));
    if name != long {
        let message = format!("{what} type `{name}` of rpc `{}` should be named `{short}` or `{long}`", method.name());
        cx.report(method, part, message);
    }
}

/// The two places of an rpc where a message can stand.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Request,
    Response,
}

/// A message, and the rpcs that carry it.
struct Uses<'s> {
    message: Message<'s>,
    users: Vec<(Method<'s>, Side)>,
}

fn rpc_request_response_unique(root: &Root<'_>, cx: &mut Cx<'_>) {
    // By the message's position: names would have to be fetched from all over the memory.
    let mut uses: FxHashMap<(FileIndex, u32), Uses<'_>> = FxHashMap::default();
    for method in root.files.iter().flat_map(|file| file.services()).flat_map(|service| service.methods()) {
        let sides = [(method.input(), Side::Request), (method.output(), Side::Response)];
        for (message, side) in sides {
            if let Some(message) = message {
                let at = (message.file.index, message.index);
                uses.entry(at).or_insert_with(|| Uses { message, users: Vec::new() }).users.push((method, side));
            }
        }
        if let (Some(input), Some(output)) = (method.input(), method.output()) {
            same_message(method, input, output, cx);
        }
    }
    for Uses { message, users } in uses.values().filter(|uses| uses.users.len() > 1) {
        shared_message(message.full_name(), users, cx);
    }
}

fn is_exempt(name: &str, side: Side, cx: &Cx<'_>) -> bool {
    name == EMPTY
        && match side {
            Side::Request => cx.settings.rpc_allow_google_protobuf_empty_requests,
            Side::Response => cx.settings.rpc_allow_google_protobuf_empty_responses,
        }
}

fn same_message(method: Method<'_>, input: Message<'_>, output: Message<'_>, cx: &mut Cx<'_>) {
    let name = input.full_name();
    let both_exempt = is_exempt(name, Side::Request, cx) && is_exempt(name, Side::Response, cx);
    if name == output.full_name() && !cx.settings.rpc_allow_same_request_response && !both_exempt {
        let message = format!("rpc `{}` uses `{name}` as its request and as its response", method.name());
        cx.report(method, Part::Declaration, message)
            .help(format!("give it separate messages: `{0}Request` and `{0}Response`", case::pascal(method.name())));
    }
}

fn shared_message(name: &str, users: &[(Method<'_>, Side)], cx: &mut Cx<'_>) {
    let mut methods: Vec<Method<'_>> = Vec::new();
    for &(method, side) in users {
        if !is_exempt(name, side, cx) && methods.last() != Some(&method) {
            methods.push(method);
        }
    }
    if methods.len() < 2 {
        return;
    }
    for (at, &method) in methods.iter().enumerate() {
        // One other use explains enough, and a message used by thousands stays cheap.
        let other = methods[if at == 0 { 1 } else { 0 }];
        let count = methods.len();
        let message = format!("`{name}` is the request or response of {count} rpcs, including `{}`", method.name());
        cx.report(method, Part::Declaration, message).label(other, Part::Name, "also used here").help(
            match is_named_after(name, method) {
                true => format!("keep `{name}` for this rpc, and give the others messages of their own"),
                false => {
                    format!("give rpc `{}` messages of its own, so that it can change independently", method.name())
                }
            },
        );
    }
}

/// Whether a message has the name that the request or response of an rpc should have.
fn is_named_after(message: &str, method: Method<'_>) -> bool {
    let name = message.rsplit('.').next().unwrap_or(message);
    let (rpc, service) = (case::pascal(method.name()), case::pascal(method.parent().name()));
    let stem = name.strip_suffix("Request").or_else(|| name.strip_suffix("Response"));
    stem.is_some_and(|stem| stem == rpc || stem.strip_prefix(service.as_str()) == Some(&rpc))
}
