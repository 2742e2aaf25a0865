//! A router as `google/api/http.proto` documents it: which rpc takes a request, and which fields it sets. It stands on
//! the texts of templates and shares nothing with the code that is tested.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Binding, Field, Model, Rpc};

/// A value in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Object(Vec<(String, Value)>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// `/v1/shelves/1:cancel`.
    pub(crate) path: String,
    pub(crate) query: Option<(String, String)>,
    pub(crate) body: Option<Value>,
}

/// What an rpc gets, by the numbers of fields, and what part of its response is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The service and the rpc.
    pub(crate) rpc: (String, String),
    pub(crate) fields: BTreeMap<Vec<i32>, String>,
    pub(crate) response: String,
}

/// A binding that takes a request, where it is declared, and what it makes of the request.
pub(crate) struct Taken {
    pub(crate) service: usize,
    /// Segment by segment what a router prefers: less is better.
    pub(crate) ranks: Vec<u8>,
    pub(crate) binding: Binding,
    pub(crate) answer: Answer,
}

/// A template without variables: its segments, its verb, and for each variable the segments it spans.
struct Template {
    segments: Vec<String>,
    verb: String,
    variables: Vec<(String, usize, usize)>,
}

fn template(text: &str) -> Template {
    let end = text.rfind(['/', '}']).unwrap();
    let (path, verb) = match text[end..].find(':') {
        Some(at) => (&text[..end + at], &text[end + at + 1..]),
        None => (text, ""),
    };
    let (mut segments, mut variables, mut current) = (Vec::new(), Vec::new(), String::new());
    let mut open: Option<(String, usize)> = None;
    for letter in path[1..].chars().chain(['/']) {
        match letter {
            '{' => open = Some((String::new(), segments.len())),
            '=' => open.as_mut().unwrap().0 = std::mem::take(&mut current),
            '}' => {
                let (mut name, first) = open.take().unwrap();
                if name.is_empty() {
                    name = std::mem::replace(&mut current, "*".to_owned());
                }
                segments.push(std::mem::take(&mut current));
                variables.push((name, first, segments.len()));
            }
            '/' if current.is_empty() => {}
            '/' => segments.push(std::mem::take(&mut current)),
            letter => current.push(letter),
        }
    }
    Template { segments, verb: verb.to_owned(), variables }
}

/// For each segment of a template where it starts in a path, and where the last one ends; none where it does not match.
fn starts(template: &[String], path: &[&str], at: usize) -> Option<Vec<usize>> {
    let Some((first, rest)) = template.split_first() else { return path.is_empty().then(|| vec![at]) };
    let most = if first == "**" { path.len() } else { 1 };
    let least = usize::from(first != "**");
    for count in least..=most {
        let Some(taken) = path.get(..count) else { continue };
        if first.starts_with('*') || taken == [first.as_str()] {
            if let Some(mut found) = starts(rest, &path[count..], at + count) {
                found.insert(0, at);
                return Some(found);
            }
        }
    }
    None
}

/// The bindings of a model, ready to take requests.
pub(crate) struct Router<'m> {
    routes: Vec<(usize, &'m str, &'m Rpc, &'m Binding, Template)>,
}

impl<'m> Router<'m> {
    pub(crate) fn new(model: &'m Model) -> Router<'m> {
        let mut routes = Vec::new();
        for (at, service) in model.iter().enumerate() {
            for (rpc, binding) in service.rpcs.iter().flat_map(|rpc| rpc.bindings.iter().map(move |one| (rpc, one))) {
                routes.push((at, service.name.as_str(), rpc, binding, template(&binding.path)));
            }
        }
        Router { routes }
    }

    /// Whether a path of some template may start like that.
    pub(crate) fn may_start_with(&self, path: &str) -> bool {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        self.routes.iter().any(|(.., template)| {
            let up_to_deep = template.segments.iter().position(|segment| segment == "**");
            let is_open = up_to_deep.is_some();
            let fixed = &template.segments[..up_to_deep.unwrap_or(template.segments.len())];
            let is_like = |(segment, text): (&String, &&str)| segment == "*" || segment == text;
            (is_open || segments.len() <= fixed.len()) && fixed.iter().zip(&segments).all(is_like)
        })
    }

    /// The bindings that take a request.
    pub(crate) fn taken(&self, request: &Request) -> Vec<Taken> {
        let (path, verb) = request.path.rsplit_once(':').unwrap_or((&request.path, ""));
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let mut found = Vec::new();
        for (service, name, rpc, binding, template) in &self.routes {
            if verb != template.verb || binding.method != "*" && binding.method != request.method {
                continue;
            }
            if let Some((ranks, fields)) = read(rpc, binding, (template, &segments), request) {
                let rpc = ((*name).to_owned(), rpc.name.clone());
                let answer = Answer { rpc, fields, response: binding.response.clone() };
                found.push(Taken { service: *service, ranks, binding: (*binding).clone(), answer });
            }
        }
        found
    }
}

type Fields = BTreeMap<Vec<i32>, String>;

fn read(
    rpc: &Rpc,
    binding: &Binding,
    (template, segments): (&Template, &[&str]),
    request: &Request,
) -> Option<(Vec<u8>, Fields)> {
    let starts = starts(&template.segments, segments, 0)?;
    let mut ranks: Vec<u8> =
        template.segments.iter().map(|segment| if segment == "**" { 3 } else { u8::from(segment == "*") }).collect();
    ranks.push(if ranks.last() == Some(&3) { 4 } else { 2 });
    ranks.push(u8::from(binding.method == "*"));
    let mut fields = Fields::new();
    let mut in_path = BTreeSet::new();
    for (name, first, last) in &template.variables {
        let names: Vec<&str> = name.split('.').collect();
        let numbers = resolve(&rpc.fields, &names, false).unwrap().0;
        fields.insert(numbers.clone(), segments[starts[*first]..starts[*last]].join("/"));
        in_path.insert(numbers);
    }
    if let Some((name, value)) = &request.query {
        let names: Vec<&str> = name.split('.').collect();
        let is_free = binding.body.is_empty() || binding.body != "*";
        if let Some((numbers, field)) = resolve(&rpc.fields, &names, true).filter(|_| is_free) {
            let first = rpc.fields.iter().find(|field| field.number == numbers[0]).unwrap();
            if field.inner.is_empty() && first.name != binding.body && !in_path.contains(&numbers) {
                fields.insert(numbers, value.clone());
            }
        }
    }
    match (&request.body, binding.body.as_str()) {
        (None, _) | (_, "") => {}
        (Some(value), "*") => assign(&rpc.fields, value, &[], &in_path, &mut fields),
        (Some(value), name) => {
            let field = rpc.fields.iter().find(|field| field.name == name).unwrap();
            set(field, value, &[], &in_path, &mut fields);
        }
    }
    Some((ranks, fields))
}

/// The numbers of a path of names.
fn resolve<'m>(fields: &'m [Field], names: &[&str], by_json: bool) -> Option<(Vec<i32>, &'m Field)> {
    let (first, rest) = names.split_first()?;
    let is_it = |field: &&Field| field.name == *first || by_json && field.json() == *first;
    let field = fields.iter().find(is_it)?;
    if rest.is_empty() {
        return Some((vec![field.number], field));
    }
    let (numbers, last) = resolve(&field.inner, rest, by_json)?;
    Some(([field.number].into_iter().chain(numbers).collect(), last))
}

fn assign(all: &[Field], value: &Value, outer: &[i32], in_path: &BTreeSet<Vec<i32>>, fields: &mut Fields) {
    let Value::Object(entries) = value else { return };
    for (key, value) in entries {
        if let Some(field) = all.iter().find(|field| field.name == *key || field.json() == *key) {
            set(field, value, outer, in_path, fields);
        }
    }
}

fn set(field: &Field, value: &Value, outer: &[i32], in_path: &BTreeSet<Vec<i32>>, fields: &mut Fields) {
    let numbers: Vec<i32> = outer.iter().copied().chain([field.number]).collect();
    match value {
        Value::Text(text) if field.inner.is_empty() && !in_path.contains(&numbers) => {
            fields.insert(numbers, text.clone());
        }
        value if !field.inner.is_empty() => assign(&field.inner, value, &numbers, in_path, fields),
        _ => {}
    }
}
