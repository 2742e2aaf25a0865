//! Which rpcs of a model have requests that another model answers otherwise, by trying all requests of a small world.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::model::{Binding, Field, Model, Rpc};
use crate::router::{Answer, Request, Router, Taken, Value};

/// What becomes of the requests of an rpc.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// All routers answer this one otherwise.
    Certain(Request),
    /// Some do.
    Maybe(Request),
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?} {:?}", self.method, self.path, self.query, self.body)
    }
}

/// The verdicts for the rpcs that have such requests, by `Service.Rpc`.
pub(crate) fn verdicts(before: &Model, after: &Model) -> BTreeMap<String, Verdict> {
    let mut found: BTreeMap<String, Verdict> = BTreeMap::new();
    let routers = (Router::new(before), Router::new(after));
    for request in requests((before, after), &routers.0) {
        let Some((rpc, verdict)) = verdict((before, after), &routers, request) else { continue };
        let name = format!("{}.{}", rpc.0, rpc.1);
        match (found.get(&name), &verdict) {
            (Some(Verdict::Certain(_)), _) | (Some(_), Verdict::Maybe(_)) => {}
            _ => drop(found.insert(name, verdict)),
        }
    }
    found
}

/// The binding that a router takes which takes the most specific one; of equal ones the first.
fn specific(taken: &[Taken]) -> Option<&Taken> {
    taken.iter().min_by_key(|taken| &taken.ranks)
}

/// What a router takes which takes the last one; not known where several services have one.
fn last(taken: &[Taken]) -> Option<&Taken> {
    taken.last().filter(|last| taken.iter().all(|one| one.service == last.service))
}

fn verdict(
    (before, after): (&Model, &Model),
    routers: &(Router<'_>, Router<'_>),
    request: Request,
) -> Option<((String, String), Verdict)> {
    let (old, new) = (routers.0.taken(&request), routers.1.taken(&request));
    let was = specific(&old)?;
    let is_same = |now: &Taken| is_same((before, &was.answer), (after, &now.answer));
    let with_specific = !specific(&new).is_some_and(is_same);
    let was_there =
        |now: &Taken| old.iter().any(|old| is_successor((before, &old.answer.rpc), (after, &now.answer.rpc), false));
    let with_last = if new.iter().all(|now| !is_same(now)) {
        Some(true)
    } else if new.iter().filter(|now| !is_same(now)).all(was_there) {
        Some(false)
    } else {
        match (last(&old), last(&new)) {
            (Some(old), _) if old.answer.rpc != was.answer.rpc => Some(false),
            (Some(_), Some(now)) => Some(!is_same(now)),
            _ => None,
        }
    };
    let rpc = was.answer.rpc.clone();
    match (with_specific, with_last) {
        (false, Some(false)) => None,
        (true, Some(true)) => Some((rpc, Verdict::Certain(request))),
        _ => Some((rpc, Verdict::Maybe(request))),
    }
}

pub(crate) fn rpc<'m>(model: &'m Model, (service, name): &(String, String)) -> Option<&'m Rpc> {
    let service = model.iter().find(|one| one.name == *service)?;
    service.rpcs.iter().find(|rpc| rpc.name == *name)
}

/// Whether a later rpc is an earlier one, or, where that is gone, one of its messages that is new.
fn is_successor(
    (before, old): (&Model, &(String, String)),
    (after, new): (&Model, &(String, String)),
    may_be_renamed: bool,
) -> bool {
    if old == new || !may_be_renamed {
        return old == new;
    }
    let fields = |model: &Model, name| rpc(model, name).map(|rpc| rpc.fields.clone());
    rpc(after, old).is_none() && rpc(before, new).is_none() && fields(before, old) == fields(after, new)
}

fn is_same((before, old): (&Model, &Answer), (after, new): (&Model, &Answer)) -> bool {
    let all = &rpc(before, &old.rpc).unwrap().fields;
    // What the earlier side did not know is no difference.
    let known: BTreeMap<_, _> = new.fields.iter().filter(|(numbers, _)| has(all, numbers)).collect();
    is_successor((before, &old.rpc), (after, &new.rpc), true)
        && old.response == new.response
        && old.fields.iter().collect::<BTreeMap<_, _>>() == known
}

fn has(fields: &[Field], numbers: &[i32]) -> bool {
    let field = |number: i32| fields.iter().find(|field| field.number == number);
    match numbers {
        [] => true,
        [number, rest @ ..] => field(*number).is_some_and(|field| has(&field.inner, rest)),
    }
}

/// All requests of the texts that templates have, and of one more.
fn requests((before, after): (&Model, &Model), router: &Router<'_>) -> Vec<Request> {
    let bindings = || before.iter().chain(after).flat_map(|service| &service.rpcs).flat_map(|rpc| &rpc.bindings);
    let is_separator = |letter: char| "/{}=".contains(letter);
    let mut words: BTreeSet<String> = BTreeSet::from(["1".to_owned()]);
    let (mut verbs, mut methods) = (BTreeSet::from([String::new()]), BTreeSet::from(["HEAD".to_owned()]));
    let mut longest = 0;
    for binding in bindings() {
        let (path, verb) = binding.path.rsplit_once(':').unwrap_or((&binding.path, ""));
        longest = longest.max(path.split('/').count());
        let names: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split(['=', '}']).next()).collect();
        let literals = path.split(is_separator).filter(|word| !word.is_empty() && !word.contains('*'));
        words.extend(literals.filter(|word| !names.contains(word)).map(str::to_owned));
        verbs.insert(verb.to_owned());
        methods.insert(binding.method.clone());
    }
    methods.remove("*");
    let mut paths = vec![String::new()];
    let mut last = paths.clone();
    for _ in 0..longest.min(5) {
        last = last.iter().flat_map(|path| words.iter().map(move |word| format!("{path}/{word}"))).collect();
        // The earlier side takes nothing that starts otherwise.
        last.retain(|path| router.may_start_with(path));
        paths.extend(last.iter().cloned());
    }
    let mut found = Vec::new();
    for path in &paths {
        for (verb, method) in verbs.iter().flat_map(|verb| methods.iter().map(move |method| (verb, method))) {
            let path = if verb.is_empty() { path.clone() } else { format!("{path}:{verb}") };
            let plain = Request { method: method.clone(), path, query: None, body: None };
            let taken_by =
                |request: &Request| specific(&router.taken(request)).map(|it| (it.binding.clone(), it.answer.clone()));
            let Some((binding, was)) = taken_by(&plain) else { continue };
            let (old, now) = (rpc(before, &was.rpc).unwrap(), rpc(after, &was.rpc));
            // What the earlier side ignores, no client sends.
            let is_read = |request: &Request| taken_by(request).is_some_and(|(_, answer)| answer != was);
            found.extend(variants(&plain, old, &binding, now).into_iter().filter(is_read));
            found.push(plain);
        }
    }
    found
}

/// The same request with a parameter, or with a body, as a binding has them.
fn variants(plain: &Request, old: &Rpc, binding: &Binding, now: Option<&Rpc>) -> Vec<Request> {
    let mut found = Vec::new();
    for field in &old.fields {
        let is_body = binding.body == "*" || binding.body == field.name;
        if !is_body {
            for names in [parameters(field, |field| field.name.clone()), parameters(field, Field::json)] {
                let with = |name: String| Request { query: Some((name, "x".to_owned())), ..plain.clone() };
                found.extend(names.into_iter().map(with));
            }
            continue;
        }
        // What a body lacks now is a change of JSON.
        let is_kept = now.is_none_or(|now| now.fields.contains(field));
        if is_kept {
            let value = sample(field);
            let body = if binding.body == "*" { Value::Object(vec![(field.json(), value)]) } else { value };
            found.push(Request { body: Some(body), ..plain.clone() });
        }
    }
    found
}

fn parameters(field: &Field, name: fn(&Field) -> String) -> Vec<String> {
    if field.inner.is_empty() {
        return vec![name(field)];
    }
    let inner = field.inner.iter().flat_map(|inner| parameters(inner, name));
    inner.map(|inner| format!("{}.{inner}", name(field))).collect()
}

fn sample(field: &Field) -> Value {
    match field.inner.first() {
        None => Value::Text("x".to_owned()),
        Some(_) => Value::Object(field.inner.iter().map(|inner| (inner.json(), sample(inner))).collect()),
    }
}
