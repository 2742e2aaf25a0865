//! The fields that an expression of protovalidate names: those it selects from what is known to be a message. It finds no
//! faults in expressions.

use super::text::ReadText;
use super::{Visit, message_of};
use crate::cel::{self, Expr, MacroKind, Node};
use crate::rules::protovalidate::LIBRARIES;
use crate::schema::{Element, Field, FieldType, Label, Message};

/// What an expression gives, as far as fields can be selected from it.
#[derive(Clone)]
pub(super) enum Held<'s> {
    Message(Message<'s>),
    List(Box<Held<'s>>),
    /// By its values.
    Map(Box<Held<'s>>),
    /// A value without fields.
    Scalar,
    Unknown,
}

impl<'s> Held<'s> {
    /// What expressions in the options of an element call `this`.
    pub(super) fn this(of: Element<'s>) -> Held<'s> {
        match of {
            Element::Message(message) => Held::of_message(message),
            Element::Field(field) => Held::of_field(field),
            _ => Held::Unknown,
        }
    }

    fn of_field(field: Field<'s>) -> Held<'s> {
        let one = match field.field_type() {
            FieldType::Message(entry) if entry.is_map_entry() => {
                let value = entry.field_numbered(2).map_or(Held::Unknown, Held::of_field);
                return Held::Map(Box::new(value));
            }
            FieldType::Message(_) => message_of(field).map_or(Held::Unknown, Held::of_message),
            FieldType::Scalar(_) | FieldType::Enum(_) => Held::Scalar,
            FieldType::Unresolved => Held::Unknown,
        };
        if field.label() == Label::Repeated { Held::List(Box::new(one)) } else { one }
    }

    /// Well-known messages are values of other types in expressions.
    fn of_message(message: Message<'s>) -> Held<'s> {
        match message.full_name().starts_with("google.protobuf.") {
            true => Held::Unknown,
            false => Held::Message(message),
        }
    }
}

/// The names in a text that is an expression.
pub(super) fn names<'s>(text: &mut ReadText<'_>, visit: &mut Visit<'_, 's>) {
    match cel::parse(text.written, LIBRARIES) {
        Ok(node) => {
            let mut reader = Reader { text, visit, variables: Vec::new() };
            reader.held(&node);
        }
        Err(_) => {
            let words = text.written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            words.into_iter().for_each(|word| text.doubt(word));
        }
    }
}

struct Reader<'r, 'v, 'w, 's> {
    text: &'r mut ReadText<'w>,
    visit: &'r mut Visit<'v, 's>,
    /// Those of macros, the innermost last.
    variables: Vec<(String, Held<'s>)>,
}

impl<'s> Reader<'_, '_, '_, 's> {
    /// What a part of an expression gives; the fields that it names are passed on.
    fn held(&mut self, node: &Node) -> Held<'s> {
        match &node.expr {
            Expr::Ident(name) => match self.variables.iter().rev().find(|(variable, _)| variable == name) {
                Some((_, held)) => held.clone(),
                None if name == "this" => self.visit.this.clone(),
                None => Held::Unknown,
            },
            Expr::Select(operand, name) => self.select(operand, name, node.at),
            Expr::Has(operand, name) => {
                self.select(operand, name, node.at);
                Held::Scalar
            }
            Expr::Call { function, target, args } => self.call(function, target.as_deref(), args),
            Expr::And(terms) | Expr::Or(terms) => {
                terms.iter().for_each(|term| _ = self.held(term));
                Held::Scalar
            }
            Expr::List(elements) => {
                let held: Vec<Held<'_>> = elements.iter().map(|element| self.held(element)).collect();
                Held::List(Box::new(held.into_iter().next().unwrap_or(Held::Unknown)))
            }
            Expr::Map(entries) => {
                for (key, value) in entries {
                    self.held(key);
                    self.held(value);
                }
                Held::Unknown
            }
            Expr::Struct(_, fields) => {
                for (name, value) in fields {
                    self.text.doubt(name);
                    self.held(value);
                }
                Held::Unknown
            }
            Expr::Optional(value) => self.held(value),
            Expr::Macro(parts) => {
                let range = self.held(&parts.range);
                let element = match &range {
                    Held::List(element) => (**element).clone(),
                    Held::Map(_) => Held::Scalar,
                    _ => Held::Unknown,
                };
                self.variables.push((parts.variable.clone(), element));
                parts.predicate.iter().for_each(|predicate| _ = self.held(predicate));
                let transformed = parts.transform.as_ref().map(|transform| self.held(transform));
                self.variables.pop();
                match parts.kind {
                    MacroKind::Filter => range,
                    MacroKind::Map => Held::List(Box::new(transformed.unwrap_or(Held::Unknown))),
                    MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => Held::Scalar,
                    _ => Held::Unknown,
                }
            }
            _ => Held::Scalar,
        }
    }

    fn select(&mut self, operand: &Node, name: &str, at: usize) -> Held<'s> {
        match self.held(operand) {
            Held::Message(message) => match message.field_named(name) {
                Some(field) => {
                    self.text.refer(field, at, name, self.visit);
                    Held::of_field(field)
                }
                None => {
                    self.text.doubt(name);
                    Held::Unknown
                }
            },
            // What is selected from a map is a key.
            Held::Map(value) => *value,
            Held::List(_) | Held::Scalar | Held::Unknown => {
                self.text.doubt(name);
                Held::Unknown
            }
        }
    }

    fn call(&mut self, function: &str, target: Option<&Node>, args: &[Node]) -> Held<'s> {
        target.into_iter().for_each(|target| _ = self.held(target));
        let held: Vec<Held<'_>> = args.iter().map(|arg| self.held(arg)).collect();
        match (function, &held[..]) {
            ("_[_]", [Held::List(inner) | Held::Map(inner), _]) => (**inner).clone(),
            ("_?_:_", [_, Held::Unknown, other] | [_, other, _]) => other.clone(),
            ("_?_:_" | "_[_]", _) => Held::Unknown,
            _ => Held::Scalar,
        }
    }
}
