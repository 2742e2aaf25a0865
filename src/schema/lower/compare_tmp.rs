//! Temporary.
use super::super::data::*;
use std::fmt::Write;
use crate::source::Span;
pub(crate) fn dump(d: &FileData) -> String {
    let mut o = String::new();
    let t = |x: Text| d.text(x).to_owned();
    let s = |x: Span| if x.is_none() { "none".to_owned() } else { format!("{}..{}", x.start, x.end) };
    let opts = |r: Run| -> String {
        d.options[r.range()].iter().map(|op| {
            let parts: Vec<String> = d.option_parts[op.parts.range()].iter().map(|p| format!("{}{}", t(p.name), p.extension)).collect();
            let v = match op.value {
                ValueData::Identifier(x) => format!("id {}", t(x)),
                ValueData::String(x) => format!("str {:?}", t(x)),
                ValueData::Bytes(i) => format!("bytes {:?}", d.byte_strings[i as usize]),
                ValueData::Aggregate(_) | ValueData::Message(_) => "agg".to_owned(),
                v => format!("{v:?}"),
            };
            format!("[{} = {v} @{}]", parts.join("."), s(op.span))
        }).collect()
    };
    let pl = |p: Declared| format!("@{} name {} doc {}", s(p.span), s(p.name), p.documented);
    writeln!(o, "syntax {:?} {} package {:?} {} long {}", d.syntax, s(d.syntax_span), d.package.map(t), s(d.package_span), d.has_long_names).unwrap();
    for i in &d.imports { writeln!(o, "import {} {:?} {}", t(i.path), i.kind, s(i.span)).unwrap(); }
    writeln!(o, "top {:?} {:?} {:?} opts {}", d.top_messages.len, d.top_enums.len, d.top_extensions.len, opts(d.options_run)).unwrap();
    let reserved = |r: &Reserved| {
        let rs: Vec<String> = d.ranges[r.ranges.range()].iter().map(|r| format!("{}-{} {}", r.start, r.end, s(r.span))).collect();
        let ns: Vec<String> = d.reserved_names[r.names.range()].iter().map(|r| format!("{} {}", t(r.name), s(r.span))).collect();
        format!("{rs:?} {ns:?} {}", s(r.span))
    };
    let field = |f: &FieldData| format!("field {} {} {:?} {:?} opt {} type {} parent {:?} oneof {:?} ext {:?} json {:?} default {:?} {} {} num {} ty {}", t(f.name), f.number, f.label, f.written_type, f.proto3_optional, t(f.type_name), f.parent, f.oneof.map(|o| t(d.oneofs[o as usize].name)), f.extendee.map(|e| (t(d.extendees[e as usize].name), s(d.extendees[e as usize].span))), f.json_name.map(t), f.default.map(t), opts(f.options), pl(f.place), s(f.number_span), s(f.type_span));
    for (i, m) in d.messages.iter().enumerate() {
        writeln!(o, "message {i} {} {} parent {:?} entry {} vis {:?} {} nested {:?} opts {} res {}", t(m.name), t(m.full_name), m.parent, m.map_entry, m.visibility, pl(m.place), (m.messages.len, if m.messages.len > 0 { m.messages.start } else { 0 }), opts(m.options), reserved(&m.reserved)).unwrap();
        for f in &d.fields[m.fields.range()] { writeln!(o, "  {}", field(f)).unwrap(); }
        for f in &d.fields[m.extensions.range()] { writeln!(o, "  x{}", field(f)).unwrap(); }
        for f in &d.oneofs[m.oneofs.range()] { writeln!(o, "  oneof {} {} {} {} {}", t(f.name), f.parent, f.synthetic, opts(f.options), pl(f.place)).unwrap(); }
        for r in &d.ranges[m.extension_ranges.range()] { writeln!(o, "  extr {} {} {} {}", r.start, r.end, opts(r.options), s(r.span)).unwrap(); }
        for e in m.enums.range() { writeln!(o, "  enum {}", t(d.enums[e].full_name)).unwrap(); }
    }
    for f in &d.fields[d.top_extensions.range()] { writeln!(o, "topx{}", field(f)).unwrap(); }
    for m in &d.enums {
        writeln!(o, "enum {} {} parent {:?} vis {:?} {} opts {} res {}", t(m.name), t(m.full_name), m.parent, m.visibility, pl(m.place), opts(m.options), reserved(&m.reserved)).unwrap();
        for v in &d.values[m.values.range()] { writeln!(o, "  value {} {} {} {} {}", t(v.name), v.number, opts(v.options), pl(v.place), s(v.number_span)).unwrap(); }
    }
    for m in &d.services {
        writeln!(o, "service {} {} {} opts {}", t(m.name), t(m.full_name), pl(m.place), opts(m.options)).unwrap();
        for v in &d.methods[m.methods.range()] { writeln!(o, "  rpc {} {} {} {} {} {} {} {} {}", t(v.name), t(v.input), t(v.output), v.client_streaming, v.server_streaming, opts(v.options), pl(v.place), s(v.input_span), s(v.output_span)).unwrap(); }
    }
    let mut details: Vec<String> = d.details.iter().map(|(f, k, sp)| format!("{} {k:?} {}", t(d.fields[*f as usize].name), s(*sp))).collect();
    details.sort();
    writeln!(o, "{details:?}").unwrap();
    o
}
#[test]
fn same_as_before() {
    let roots = std::env::var("TREES").unwrap();
    let (mut n, mut bad, mut refused_both) = (0, 0, 0);
    for root in roots.split(':') {
        for e in walkdir::WalkDir::new(root).into_iter().flatten().filter(|e| e.path().extension().is_some_and(|x| x == "proto")) {
            let Ok(text) = std::fs::read_to_string(e.path()) else { continue };
            let source = crate::source::SourceFile::new("x".into(), text.clone());
            let (old, old_faults) = crate::schema::parse(&source);
            let tree = crate::syntax::parse(&text);
            let (mut new, mut faults) = super::tree::lower(&tree);
            faults.extend(tree.faults().iter().cloned());
            assert_eq!(tree.text(), text, "{}", e.path().display());
            n += 1;
            let Some(old) = old else {
                if faults.is_empty() { bad += 1; println!("ACCEPTED {}: old {:?}", e.path().display(), old_faults[0]); } else { refused_both += 1; }
                continue;
            };
            if old_faults.is_empty() != faults.is_empty() {
                bad += 1;
                println!("FAULTS {}: old {:?} new {:?}", e.path().display(), old_faults, faults);
                continue;
            }
            let mut old = std::sync::Arc::try_unwrap(old.data).unwrap();
            old.details.dedup_by_key(|(f, k, _)| (*f, *k));
            new.details.dedup_by_key(|(f, k, _)| (*f, *k));
            let (a, b) = (dump(&old), dump(&new));
            if a != b {
                bad += 1;
                if let Some((x, y)) = a.lines().zip(b.lines()).find(|(x, y)| x != y) { println!("DIFF {}\n old {x}\n new {y}", e.path().display()); }
                else { println!("DIFF len {}", e.path().display()); }
            }
        }
    }
    println!("{n} files, {bad} bad, {refused_both} refused by both");
}
