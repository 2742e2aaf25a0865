//! Evaluates macros: what they visit, and what they make of it.

use super::{Evaluated, Evaluator, merge};
use crate::cel::program::{Failure, Loop, Op};
use crate::cel::syntax::MacroKind;
use crate::cel::value::{List, Map, Value};

/// What a macro visits.
enum Range<'v> {
    List(List<'v>),
    Map(Map<'v>),
}

impl<'v> Range<'v> {
    fn len(&self) -> usize {
        match self {
            Range::List(elements) => elements.len(),
            Range::Map(entries) => entries.len(),
        }
    }

    /// The index or key, and the element or value.
    fn entry(&self, at: usize) -> Option<(Value<'v>, Value<'v>)> {
        match self {
            Range::List(elements) => Some((Value::length(at), elements.get(at)?)),
            Range::Map(entries) => entries.get(at),
        }
    }

    /// What the only variable of a macro stands for: an element or a key.
    fn single(&self, at: usize) -> Option<Value<'v>> {
        match self {
            Range::List(elements) => elements.get(at),
            Range::Map(entries) => entries.get(at).map(|(key, _)| key),
        }
    }
}

/// What a macro has found so far.
#[derive(Default)]
struct Found<'v> {
    failure: Option<Failure>,
    matches: usize,
    elements: Vec<Value<'v>>,
    entries: Vec<(Value<'v>, Value<'v>)>,
}

impl<'v> Evaluator<'_, 'v> {
    pub(super) fn comprehension(&mut self, parts: &'v Loop) -> Evaluated<'v> {
        let range = match self.value(&parts.range)? {
            Value::List(elements) => Range::List(elements),
            Value::Map(entries) => Range::Map(entries),
            other => {
                return Err(Failure::Failed(format!("a macro takes a list or a map, not `{}`", &*other.type_name())));
            }
        };
        let depth = self.locals.len();
        let result = self.visit(parts, &range);
        self.locals.truncate(depth);
        result
    }

    fn visit(&mut self, parts: &'v Loop, range: &Range<'v>) -> Evaluated<'v> {
        let depth = self.locals.len();
        let mut found = Found::default();
        for at in 0..range.len() {
            self.locals.truncate(depth);
            if parts.has_two {
                let Some((first, second)) = range.entry(at) else { break };
                self.locals.push(first);
                self.locals.push(second);
            } else {
                let Some(element) = range.single(at) else { break };
                self.locals.push(element);
            }
            if let Some(decided) = self.turn(parts, depth, &mut found)? {
                return Ok(decided);
            }
        }
        if let Some(failure) = found.failure {
            return Err(failure);
        }
        Ok(match parts.kind {
            MacroKind::All => Value::Bool(true),
            MacroKind::Exists => Value::Bool(false),
            MacroKind::ExistsOne => Value::Bool(found.matches == 1),
            MacroKind::TransformMap | MacroKind::TransformMapEntry => Value::map(found.entries),
            _ => Value::list(found.elements),
        })
    }

    /// Visits one element; gives the result of the macro once it is decided.
    fn turn(&mut self, parts: &'v Loop, depth: usize, found: &mut Found<'v>) -> Result<Option<Value<'v>>, Failure> {
        let holds = match &parts.predicate {
            None => Ok(true),
            Some(predicate) => self.holds(predicate),
        };
        match (parts.kind, holds) {
            (MacroKind::All, Ok(false)) => return Ok(Some(Value::Bool(false))),
            (MacroKind::Exists, Ok(true)) => return Ok(Some(Value::Bool(true))),
            (MacroKind::All | MacroKind::Exists, Err(failure)) if !failure.is_limit() => {
                merge(&mut found.failure, failure);
            }
            (_, Err(failure)) => return Err(failure),
            (_, Ok(false)) | (MacroKind::All, _) => {}
            (MacroKind::ExistsOne, Ok(true)) => found.matches += 1,
            (kind, Ok(true)) => self.collect(kind, parts, depth, found)?,
        }
        Ok(None)
    }

    fn holds(&mut self, predicate: &'v Op) -> Result<bool, Failure> {
        match self.value(predicate)? {
            Value::Bool(holds) => Ok(holds),
            other => {
                Err(Failure::Failed(format!("the condition of a macro takes `bool`, not `{}`", &*other.type_name())))
            }
        }
    }

    /// Adds what a macro makes of an element.
    fn collect(
        &mut self,
        kind: MacroKind,
        parts: &'v Loop,
        depth: usize,
        found: &mut Found<'v>,
    ) -> Result<(), Failure> {
        self.meter.make_elements(1)?;
        let local = self.locals.get(depth).cloned().unwrap_or(Value::Null);
        let made = match &parts.transform {
            None => {
                found.elements.push(local);
                return Ok(());
            }
            Some(transform) => self.value(transform)?,
        };
        match (kind, made) {
            (MacroKind::TransformMap, made) => self.insert(&mut found.entries, local, made),
            (MacroKind::TransformMapEntry, Value::Map(made)) => {
                for (key, value) in made.iter() {
                    self.meter.make_elements(1)?;
                    self.insert(&mut found.entries, key, value)?;
                }
                Ok(())
            }
            (MacroKind::TransformMapEntry, other) => Err(Failure::Failed(format!(
                "`transformMapEntry` takes a map of one entry, not `{}`",
                &*other.type_name()
            ))),
            (_, made) => {
                found.elements.push(made);
                Ok(())
            }
        }
    }
}
