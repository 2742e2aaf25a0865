//! Lists and maps: those that an expression spells out are kept in the program, all others are shared.
//! It must not know where they come from.

use std::rc::Rc;

use super::{Constant, Value};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;

/// Where elements are kept.
#[derive(Debug)]
pub(in crate::cel) enum Source<'v, Constant, Element> {
    Program(&'v [Constant]),
    Shared(Rc<Vec<Element>>),
}

impl<C, E> Clone for Source<'_, C, E> {
    fn clone(&self) -> Self {
        match self {
            Source::Program(constants) => Source::Program(constants),
            Source::Shared(elements) => Source::Shared(Rc::clone(elements)),
        }
    }
}

/// A list.
#[derive(Debug, Clone)]
pub(crate) struct List<'v>(pub(in crate::cel) Source<'v, Constant, Value<'v>>);

/// A map; its entries keep their order.
#[derive(Debug, Clone)]
pub(crate) struct Map<'v>(pub(in crate::cel) Source<'v, (Constant, Constant), (Value<'v>, Value<'v>)>);

impl<'v> List<'v> {
    /// How many elements it has.
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Source::Program(constants) => constants.len(),
            Source::Shared(elements) => elements.len(),
        }
    }

    /// An element.
    pub(crate) fn get(&self, at: usize) -> Option<Value<'v>> {
        match &self.0 {
            Source::Program(constants) => constants.get(at).map(Constant::value),
            Source::Shared(elements) => elements.get(at).cloned(),
        }
    }

    /// Its elements.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Value<'v>> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<'v> Map<'v> {
    /// How many entries it has.
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Source::Program(constants) => constants.len(),
            Source::Shared(entries) => entries.len(),
        }
    }

    /// An entry.
    pub(crate) fn get(&self, at: usize) -> Option<(Value<'v>, Value<'v>)> {
        match &self.0 {
            Source::Program(constants) => constants.get(at).map(|(key, value)| (key.value(), value.value())),
            Source::Shared(entries) => entries.get(at).cloned(),
        }
    }

    /// Its entries.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Value<'v>, Value<'v>)> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// The value at a key.
    pub(in crate::cel) fn lookup(&self, key: &Value<'v>, meter: &mut Meter) -> Result<Option<Value<'v>>, Failure> {
        meter.steps_of(self.len() / 8)?;
        Ok(match &self.0 {
            Source::Program(constants) => {
                let found = constants.iter().find(|(entry, _)| entry.value().is_same_key(key));
                found.map(|(_, value)| value.value())
            }
            Source::Shared(entries) => {
                entries.iter().find(|(entry, _)| entry.is_same_key(key)).map(|(_, value)| value.clone())
            }
        })
    }

    /// The value at a key that is a name.
    pub(in crate::cel) fn lookup_name(&self, name: &str, meter: &mut Meter) -> Result<Option<Value<'v>>, Failure> {
        meter.steps_of(self.len() / 8)?;
        Ok(match &self.0 {
            Source::Program(constants) => {
                let is = |constant: &Constant| matches!(constant, Constant::Text(text) if **text == *name);
                constants.iter().find(|(entry, _)| is(entry)).map(|(_, value)| value.value())
            }
            Source::Shared(entries) => {
                let is = |value: &Value<'_>| matches!(value, Value::Text(text) if **text == *name);
                entries.iter().find(|(entry, _)| is(entry)).map(|(_, value)| value.clone())
            }
        })
    }
}
