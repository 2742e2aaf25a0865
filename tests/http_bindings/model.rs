//! Services with HTTP bindings in a form that is short to write, and the schemas that they stand for.

use std::fmt::Write;

/// A field of a request: a text, or a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) json: Option<String>,
    pub(crate) inner: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) response: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rpc {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) bindings: Vec<Binding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) rpcs: Vec<Rpc>,
}

pub(crate) type Model = Vec<Service>;

impl Field {
    pub(crate) fn json(&self) -> String {
        if let Some(json) = &self.json {
            return json.clone();
        }
        let mut json = String::new();
        for (at, word) in self.name.split('_').enumerate() {
            match word.split_at_checked(1) {
                Some((first, rest)) if at > 0 => json += &(first.to_uppercase() + rest),
                _ => json += word,
            }
        }
        json
    }
}

/// `name=1 shelf{title=1}=2 size=3@amount`, up to a bracket that closes.
fn fields(text: &mut &str) -> Vec<Field> {
    let mut found = Vec::new();
    loop {
        *text = text.trim_start();
        let Some(end) = text.find(['=', '{', ')', '}']).filter(|end| !text[*end..].starts_with([')', '}'])) else {
            *text = &text[1..];
            return found;
        };
        let name = text[..end].to_owned();
        let is_message = text[end..].starts_with('{');
        *text = &text[end + 1..];
        let inner = if is_message { fields(text) } else { Vec::new() };
        *text = text.trim_start_matches('=');
        let end = text.find([' ', ')', '}']).unwrap();
        let (number, json) = text[..end].split_once('@').map_or((&text[..end], None), |(n, json)| (n, Some(json)));
        found.push(Field { name, number: number.parse().unwrap(), json: json.map(str::to_owned), inner });
        *text = &text[end..];
    }
}

/// `GET /v1/{name=shelves/*} body=* response=a`.
fn binding(text: &str) -> Binding {
    let mut words = text.split_whitespace();
    let mut next = || words.next().unwrap().to_owned();
    let (method, path) = (next(), next());
    let option = |name: &str| {
        let found = text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_default().to_owned()
    };
    Binding { method, path, body: option("body"), response: option("response") }
}

/// Lines such as `Get(name=1): GET /v1/{name=shelves/*}; GET /v1/{name=racks/*}`, and `service Other` before those of
/// another service.
pub(crate) fn model(text: &str) -> Model {
    let mut services = vec![Service { name: "Library".to_owned(), rpcs: Vec::new() }];
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(name) = line.strip_prefix("service ") {
            services.push(Service { name: name.to_owned(), rpcs: Vec::new() });
            continue;
        }
        let (name, mut rest) = line.split_once('(').unwrap();
        let fields = fields(&mut rest);
        let bindings = rest.trim_start_matches(':').split(';').map(str::trim).filter(|one| !one.is_empty());
        let bindings = bindings.map(binding).collect();
        services.last_mut().unwrap().rpcs.push(Rpc { name: name.to_owned(), fields, bindings });
    }
    services
}

/// The schema, as the file of a package.
pub(crate) fn schema(model: &Model, package: &str) -> String {
    let mut text = format!(
        "syntax = \"proto3\";\npackage {package};\nimport \"google/api/annotations.proto\";\n\
         message Reply {{\n  string a = 1;\n  string b = 2;\n}}\n"
    );
    for service in model {
        for rpc in &service.rpcs {
            message(&mut text, &format!("{}{}Request", service.name, rpc.name), &rpc.fields);
        }
        writeln!(text, "service {} {{", service.name).unwrap();
        for rpc in &service.rpcs {
            write!(text, "  rpc {}({}{}Request) returns (Reply)", rpc.name, service.name, rpc.name).unwrap();
            match rpc.bindings.split_first() {
                None => text += ";\n",
                Some((first, more)) => {
                    let more: String =
                        more.iter().map(|one| format!(" additional_bindings {{{}}}", rule(one))).collect();
                    writeln!(text, " {{\n    option (google.api.http) = {{{}{more}}};\n  }}", rule(first)).unwrap();
                }
            }
        }
        text += "}\n";
    }
    text
}

fn rule(binding: &Binding) -> String {
    let Binding { method, path, body, response } = binding;
    let mut text = match method.as_str() {
        "GET" | "PUT" | "POST" | "DELETE" | "PATCH" => format!("{}: \"{path}\"", method.to_lowercase()),
        _ => format!("custom {{kind: \"{method}\" path: \"{path}\"}}"),
    };
    for (name, value) in [("body", body), ("response_body", response)] {
        if !value.is_empty() {
            write!(text, " {name}: \"{value}\"").unwrap();
        }
    }
    text
}

fn message(text: &mut String, name: &str, fields: &[Field]) {
    writeln!(text, "message {name} {{").unwrap();
    for field in fields {
        let json = field.json.as_ref().map(|json| format!(" [json_name = \"{json}\"]")).unwrap_or_default();
        let inner = format!("Inner{}", field.number);
        let of = if field.inner.is_empty() { "string" } else { inner.as_str() };
        if !field.inner.is_empty() {
            message(text, &inner, &field.inner);
        }
        writeln!(text, "  {of} {} = {}{json};", field.name, field.number).unwrap();
    }
    // What is deleted may come back as nothing else.
    let numbers: Vec<String> =
        (1..=9).filter(|n| fields.iter().all(|field| field.number != *n)).map(|n| n.to_string()).collect();
    writeln!(text, "  reserved {};\n}}", numbers.join(", ")).unwrap();
}
