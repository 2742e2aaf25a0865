//! Models made up at random, and what a change or two makes of them.

use crate::model::{Binding, Field, Model, Rpc, Service};

/// A small generator of numbers: the same seed gives the same numbers everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x94d0_49bb_1331_11eb | 1);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end.max(1)
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.below(from.len())]
    }
}

/// A model, and what became of it.
pub(crate) fn pair(seed: u64) -> (Model, Model) {
    let mut random = Random::new(seed);
    let before = model(&mut random);
    let mut after = before.clone();
    for _ in 0..1 + random.below(2) {
        if change(&mut random, &mut after) {
            break;
        }
    }
    (before, after)
}

fn text(name: &str, number: i32) -> Field {
    Field { name: name.to_owned(), number, json: None, inner: Vec::new() }
}

fn model(random: &mut Random) -> Model {
    let service = |random: &mut Random, name: &str| {
        let rpcs = (0..1 + random.below(3)).map(|at| rpc(random, &format!("R{at}"))).collect();
        Service { name: name.to_owned(), rpcs }
    };
    let mut services = vec![service(random, "A")];
    if random.chance(30) {
        services.push(service(random, "B"));
    }
    services
}

fn rpc(random: &mut Random, name: &str) -> Rpc {
    let mut fields = vec![text("a", 1), text("b", 2)];
    if random.chance(60) {
        fields.push(Field { inner: vec![text("t", 1), text("u_v", 2)], ..text("s", 3) });
    }
    if random.chance(40) {
        fields.push(text("page_size", 4));
    }
    let bindings = (0..1 + random.below(2)).map(|_| binding(random, &fields)).collect();
    Rpc { name: name.to_owned(), fields, bindings }
}

/// The paths of names to texts.
fn leaves(fields: &[Field]) -> Vec<String> {
    let leaf = |field: &Field| match field.inner.as_slice() {
        [] => vec![field.name.clone()],
        inner => leaves(inner).into_iter().map(|inner| format!("{}.{inner}", field.name)).collect(),
    };
    fields.iter().flat_map(leaf).collect()
}

fn binding(random: &mut Random, fields: &[Field]) -> Binding {
    let path = path(random, fields);
    let method = random.pick(&["GET", "GET", "POST", "POST", "*"]).to_owned();
    let body = body(random, fields, &path);
    let response = random.pick(&["", "", "", "a"]).to_owned();
    Binding { method, path, body, response }
}

fn body(random: &mut Random, fields: &[Field], path: &str) -> String {
    let free: Vec<&str> = fields.iter().map(|field| field.name.as_str()).filter(|name| !is_named(path, name)).collect();
    match random.below(4) {
        0 => "*".to_owned(),
        1 if !free.is_empty() => random.pick(&free).to_owned(),
        _ => String::new(),
    }
}

/// Whether a template has a variable that starts with a name.
fn is_named(path: &str, name: &str) -> bool {
    path.split('{').skip(1).any(|rest| rest.split(['=', '}', '.']).next() == Some(name))
}

fn path(random: &mut Random, fields: &[Field]) -> String {
    let mut free = leaves(fields);
    let mut path = String::new();
    let mut has_deep = false;
    for _ in 0..1 + random.below(3) {
        path.push('/');
        let is_variable = random.chance(40) && !free.is_empty();
        let inner = match random.below(if is_variable { 5 } else { 6 }) {
            0 if !has_deep => {
                has_deep = true;
                "**".to_owned()
            }
            0 | 1 => "*".to_owned(),
            2 if is_variable => format!("{}/*", random.pick(&["x", "y"])),
            _ => random.pick(&["x", "y"]).to_owned(),
        };
        if is_variable {
            let name = free.swap_remove(random.below(free.len()));
            path += &if inner == "*" { format!("{{{name}}}") } else { format!("{{{name}={inner}}}") };
        } else {
            path += &inner;
        }
    }
    if random.chance(15) {
        path += ":go";
    }
    path
}

/// Changes something; true where nothing else can change, as an rpc has another name now.
fn change(random: &mut Random, model: &mut Model) -> bool {
    let at = random.below(model.len());
    let of_rpc = random.below(model[at].rpcs.len());
    if model[at].rpcs.is_empty() {
        return false;
    }
    match random.below(12) {
        0 => drop(model[at].rpcs.remove(of_rpc)),
        1 => {
            model[at].rpcs[of_rpc].name = "Renamed".to_owned();
            return true;
        }
        2 => {
            let rpc = model[at].rpcs.remove(of_rpc);
            model.push(Service { name: "C".to_owned(), rpcs: vec![rpc] });
            return true;
        }
        3 => model[at].rpcs.reverse(),
        4 => {
            let rpc = rpc(random, "New");
            let place = random.below(model[at].rpcs.len() + 1);
            if model[at].rpcs.iter().all(|rpc| rpc.name != "New") {
                model[at].rpcs.insert(place, rpc);
            }
        }
        5..=7 => change_fields(random, &mut model[at].rpcs[of_rpc]),
        _ => change_bindings(random, &mut model[at].rpcs[of_rpc]),
    }
    false
}

fn change_bindings(random: &mut Random, rpc: &mut Rpc) {
    let new = binding(random, &rpc.fields);
    let at = random.below(rpc.bindings.len());
    if rpc.bindings.is_empty() {
        rpc.bindings.push(new);
        return;
    }
    match random.below(9) {
        0 => drop(rpc.bindings.remove(at)),
        1 => rpc.bindings.push(new),
        2 => rpc.bindings.insert(0, new),
        3 => rpc.bindings.reverse(),
        4 => rpc.bindings[at].method = new.method,
        5 => rpc.bindings[at].body = body(random, &rpc.fields, &rpc.bindings[at].path.clone()),
        6 => rpc.bindings[at].response = random.pick(&["", "a", "b"]).to_owned(),
        7 => {
            // A literal becomes another one, or any; any segment becomes any number of them.
            let path = rpc.bindings[at].path.clone();
            let (from, to) =
                [("x", "y"), ("x", "*"), ("*", "**"), ("**", "*"), ("y", "x"), ("=*}", "=**}")][random.below(6)];
            let changed = path.replacen(from, to, 1);
            let is_valid = changed.matches("**").count() <= 1 && !changed.contains("***");
            if is_valid && changed.matches('{').count() == path.matches('{').count() {
                rpc.bindings[at].path = changed;
            }
        }
        _ => rpc.bindings[at].path = path(random, &rpc.fields),
    }
    // What is in the path is not the body too.
    for binding in rpc.bindings.iter_mut().filter(|binding| is_named(&binding.path, &binding.body)) {
        binding.body.clear();
    }
}

fn change_fields(random: &mut Random, rpc: &mut Rpc) {
    let at = random.below(rpc.fields.len());
    let (name, number) = (rpc.fields[at].name.clone(), rpc.fields[at].number);
    let is_used = rpc.bindings.iter().any(|binding| is_named(&binding.path, &name) || binding.body == name);
    match random.below(6) {
        0 | 1 if !is_used => drop(rpc.fields.remove(at)),
        // The field and all that names it.
        2 => {
            let new = format!("{name}_new");
            rpc.fields[at].name.clone_from(&new);
            for binding in &mut rpc.bindings {
                for end in ['=', '}', '.'] {
                    binding.path = binding.path.replace(&format!("{{{name}{end}"), &format!("{{{new}{end}"));
                }
                if binding.body == name {
                    binding.body.clone_from(&new);
                }
            }
        }
        3 => rpc.fields[at].json = Some(format!("{name}Json")),
        4 if !is_used => {
            // The key stays.
            rpc.fields[at].json = Some(rpc.fields[at].json());
            rpc.fields[at].name = format!("{name}_new");
        }
        5 if !rpc.fields[at].inner.is_empty() && !is_used => drop(rpc.fields[at].inner.pop()),
        _ if rpc.fields.iter().all(|field| field.number != 5) => rpc.fields.push(text(&format!("n{number}"), 5)),
        _ => {}
    }
}
