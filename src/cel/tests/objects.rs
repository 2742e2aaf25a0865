//! Objects of an embedder: their attributes are typed, found when the expression is compiled, and read when it runs.

use std::cell::Cell;

use super::{EVERYTHING, compile, shown};
use crate::cel::{Attribute, Failure, FaultKind, Limits, Object, ObjectType, Program, Type, Value};

static BOOK: ObjectType = ObjectType {
    name: "book",
    attributes: &[
        Attribute { name: "title", of: || Type::Text, docs: "What is on its cover." },
        Attribute { name: "pages", of: || Type::Int, docs: "How many pages it has." },
        Attribute { name: "sequel", of: || Type::Object(&BOOK), docs: "The book that continues it." },
        Attribute { name: "tags", of: || Type::map(Type::Text, Type::Dyn), docs: "What readers say." },
    ],
};

static SHELF: ObjectType = ObjectType {
    name: "shelf",
    attributes: &[Attribute { name: "books", of: || Type::list(Type::Object(&BOOK)), docs: "" }],
};

#[derive(Debug)]
struct Book<'v> {
    title: &'v str,
    pages: i64,
    sequel: Option<&'v Book<'v>>,
    reads: &'v Cell<usize>,
}

impl<'v> Object<'v> for &'v Book<'v> {
    fn object_type(&self) -> &'static ObjectType {
        &BOOK
    }

    fn get(&self, attribute: usize) -> Option<Value<'v>> {
        self.reads.set(self.reads.get() + 1);
        match attribute {
            0 => Some(Value::text(self.title)),
            1 => Some(Value::Int(self.pages)),
            2 => self.sequel.map(Value::object),
            _ => Some(Value::map(vec![(Value::text("good"), Value::Bool(true))])),
        }
    }

    fn identity(&self) -> (usize, usize) {
        (std::ptr::from_ref(*self).addr(), 0)
    }
}

#[derive(Debug)]
struct Shelf<'v>(&'v [Book<'v>]);

impl<'v> Object<'v> for Shelf<'v> {
    fn object_type(&self) -> &'static ObjectType {
        &SHELF
    }

    fn get(&self, _: usize) -> Option<Value<'v>> {
        Some(Value::list(self.0.iter().map(Value::object).collect()))
    }

    fn identity(&self) -> (usize, usize) {
        (0, 0)
    }
}

#[test]
fn attributes_are_read_where_an_expression_names_them() {
    let reads = Cell::new(0);
    let second = Book { title: "Two", pages: 20, sequel: None, reads: &reads };
    let first = Book { title: "One", pages: 10, sequel: Some(&second), reads: &reads };
    let variables = [("book", Type::Object(&BOOK)), ("other", Type::Dyn)];
    for (text, expected) in [
        ("book.title", "\"One\""),
        ("book.pages + 1", "11"),
        ("book.sequel.title + book.title", "\"TwoOne\""),
        ("has(book.sequel) && !has(book.sequel.sequel)", "true"),
        ("book.sequel.sequel == null", "true"),
        ("book == book && book.sequel != book", "true"),
        ("other.title", "\"Two\""),
        ("other == book.sequel", "true"),
        ("other.pages > book.pages", "true"),
        ("book.tags.good", "true"),
        ("type(book) == type(other)", "true"),
        ("book.?sequel.?sequel.hasValue()", "false"),
        ("[book, other].map(each, each.title)", "[\"One\", \"Two\"]"),
        ("book.sequel.sequel.title", "failed: `.title` cannot be read, as its operand is `null`"),
        ("other.author", "failed: `book` has no attribute `author`"),
        ("book.tags.bad", "failed: there is no key `bad`"),
    ] {
        let program = Program::compile(text, &EVERYTHING, None, &variables).unwrap();
        let values = [Value::object(&first), Value::object(&second)];
        let result = match program.evaluate(&values, Limits::DEFAULT) {
            Ok(value) => shown(&value),
            Err(Failure::Failed(why)) => format!("failed: {why}"),
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(result, expected, "{text}");
    }
    reads.set(0);
    let program = compile("book.pages == 10 || book.title == ''", &variables).unwrap();
    program.evaluate(&[Value::object(&first)], Limits::DEFAULT).unwrap();
    assert_eq!(reads.get(), 1, "what decides nothing is not read");
}

#[test]
fn attributes_have_types_and_nearest_names() {
    let variables = [("shelf", Type::Object(&SHELF))];
    let program = compile("shelf.books.map(book, book.title)", &variables).unwrap();
    assert_eq!(program.result_type().name(), "list(string)");
    let faults = compile("shelf.books.exists(book, book.titl == 1)", &variables).unwrap_err();
    let fault = &faults[0];
    assert_eq!((fault.kind, fault.span.clone()), (FaultKind::Meaning, 30..34));
    assert_eq!(fault.message, "`book` has no attribute `titl`");
    assert_eq!(fault.help.as_deref(), Some("did you mean `title`?"));
    let faults = compile("shelf.books.exists(book, book.title == 1)", &variables).unwrap_err();
    assert_eq!(faults[0].message, "`==` takes no `string` with `int`");
    assert_eq!(faults[0].span, 25..40);
}

#[test]
fn programs_are_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&compile("[1, 2].exists(each, each == 2)", &[]).unwrap());
}

#[test]
fn books_on_a_shelf_are_visited() {
    let reads = Cell::new(0);
    let books: Vec<Book<'_>> = ["a", "b"].map(|title| Book { title, pages: 1, sequel: None, reads: &reads }).into();
    let program = compile("shelf.books.exists(book, book.title == 'b')", &[("shelf", Type::Object(&SHELF))]).unwrap();
    let value = program.evaluate(&[Value::object(Shelf(&books))], Limits::DEFAULT).unwrap();
    assert_eq!(shown(&value), "true");
}
