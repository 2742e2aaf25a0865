//! Evaluates the operations of a program. An error of one part is an error of the whole, unless another part decides.
//! Work and memory are bounded.

use super::functions::mismatch;
use super::meter::{Limits, Meter};
use super::pattern::Pattern;
use super::program::{CallOp, Failure, Op};
use super::value::Value;

mod comprehension;
mod select;

pub(super) use select::shown;

/// What an operation gives.
pub(super) type Evaluated<'v> = Result<Value<'v>, Failure>;

pub(super) struct Evaluator<'a, 'v> {
    variables: &'a [Value<'v>],
    locals: Vec<Value<'v>>,
    meter: Meter,
}

impl<'a, 'v> Evaluator<'a, 'v> {
    pub(super) fn new(variables: &'a [Value<'v>], limits: Limits) -> Self {
        Evaluator { variables, locals: Vec::new(), meter: Meter::new(limits) }
    }

    /// An evaluator that goes on with what is left of limits.
    pub(super) fn with_meter(variables: &'a [Value<'v>], meter: Meter) -> Self {
        Evaluator { variables, locals: Vec::new(), meter }
    }

    /// What is left of its limits.
    pub(super) fn into_meter(self) -> Meter {
        self.meter
    }

    pub(super) fn value(&mut self, op: &'v Op) -> Evaluated<'v> {
        self.meter.step()?;
        match op {
            Op::Constant(constant) => Ok(constant.value()),
            Op::Variable(at) => {
                let unknown = || Failure::Unknown("a variable has no value".to_owned());
                self.variables.get(*at).cloned().ok_or_else(unknown)
            }
            Op::Local(at) => Ok(self.locals.get(*at).cloned().expect("the macro of a local variable is evaluated")),
            Op::Select(selection) => self.select(selection),
            Op::Has(selection) => self.has(selection),
            Op::OptionalSelect(selection) => self.select_optional(selection),
            Op::Conditional(parts) => self.conditional(parts),
            Op::And(terms) => self.decide(terms, false),
            Op::Or(terms) => self.decide(terms, true),
            Op::Call(call) => self.call(call),
            Op::Matches(parts) => self.matches(&parts.0, &parts.1),
            Op::List(elements) => self.list(elements),
            Op::Map(entries) => self.map(entries),
            Op::Optional(_) => Err(Failure::failed("an optional element is not in a list or map")),
            Op::Loop(parts) => self.comprehension(parts),
            Op::Bind(parts) => {
                let value = self.value(&parts.0)?;
                self.with_local(value, &parts.1)
            }
            Op::OptionalMap(parts) => self.optional_map(&parts.0, &parts.1, parts.2),
            Op::Unknown(what) => Err(Failure::Unknown(what.to_string())),
        }
    }

    /// Evaluates an operation with one more local variable.
    fn with_local(&mut self, value: Value<'v>, op: &'v Op) -> Evaluated<'v> {
        self.locals.push(value);
        let result = self.value(op);
        self.locals.pop();
        result
    }

    fn conditional(&mut self, [condition, yes, no]: &'v [Op; 3]) -> Evaluated<'v> {
        match self.value(condition)? {
            Value::Bool(true) => self.value(yes),
            Value::Bool(false) => self.value(no),
            other => Err(no_overload("_?_:_", false, &[other])),
        }
    }

    /// `&&` and `||`: one term that `decides` settles it, whatever becomes of the others.
    fn decide(&mut self, terms: &'v [Op], decides: bool) -> Evaluated<'v> {
        let mut failure = None;
        for term in terms {
            match self.value(term) {
                Ok(Value::Bool(value)) if value == decides => return Ok(Value::Bool(decides)),
                Ok(Value::Bool(_)) => {}
                Ok(other) => {
                    let operator = if decides { "||" } else { "&&" };
                    let message = format!("`{operator}` takes `bool`, not `{}`", &*other.type_name());
                    merge(&mut failure, Failure::Failed(message));
                }
                Err(limit) if limit.is_limit() => return Err(limit),
                Err(other) => merge(&mut failure, other),
            }
        }
        failure.map_or(Ok(Value::Bool(!decides)), Err)
    }

    fn call(&mut self, call: &'v CallOp) -> Evaluated<'v> {
        match &*call.args {
            [] => self.apply(call, &[]),
            [one] => {
                let args = [self.value(one)?];
                self.apply(call, &args)
            }
            [one, two] => {
                let args = [self.value(one)?, self.value(two)?];
                self.apply(call, &args)
            }
            [one, two, three] => {
                let args = [self.value(one)?, self.value(two)?, self.value(three)?];
                self.apply(call, &args)
            }
            many => {
                let args = many.iter().map(|arg| self.value(arg)).collect::<Result<Vec<_>, _>>()?;
                self.apply(call, &args)
            }
        }
    }

    fn apply(&mut self, call: &CallOp, args: &[Value<'v>]) -> Evaluated<'v> {
        let given = (call.function)(&mut self.meter, args)?;
        given.ok_or_else(|| no_overload(call.name, call.is_member, args))
    }

    fn matches(&mut self, text: &'v Op, pattern: &Pattern) -> Evaluated<'v> {
        match self.value(text)? {
            Value::Text(text) => Ok(Value::Bool(pattern.is_match(&text, &mut self.meter)?)),
            other => Err(no_overload("matches", true, &[other, Value::text("")])),
        }
    }

    fn list(&mut self, ops: &'v [Op]) -> Evaluated<'v> {
        self.meter.make_elements(ops.len())?;
        let mut elements = Vec::with_capacity(ops.len());
        for op in ops {
            match op {
                Op::Optional(op) => match self.value(op)? {
                    Value::Optional(value) => elements.extend(value.map(|value| (*value).clone())),
                    other => return Err(not_optional(&other)),
                },
                op => elements.push(self.value(op)?),
            }
        }
        Ok(Value::list(elements))
    }

    fn map(&mut self, ops: &'v [(Op, Op)]) -> Evaluated<'v> {
        self.meter.make_elements(ops.len() * 2)?;
        let mut entries = Vec::with_capacity(ops.len());
        for (key, value) in ops {
            let key = self.value(key)?;
            let value = match value {
                Op::Optional(op) => match self.value(op)? {
                    Value::Optional(Some(value)) => (*value).clone(),
                    Value::Optional(None) => continue,
                    other => return Err(not_optional(&other)),
                },
                op => self.value(op)?,
            };
            self.insert(&mut entries, key, value)?;
        }
        Ok(Value::map(entries))
    }

    /// Adds an entry to a map that is made.
    fn insert(
        &mut self,
        entries: &mut Vec<(Value<'v>, Value<'v>)>,
        key: Value<'v>,
        value: Value<'v>,
    ) -> Result<(), Failure> {
        self.meter.steps_of(entries.len() / 4)?;
        if !key.is_key() {
            return Err(Failure::Failed(format!("`{}` cannot be the type of a map's key", &*key.type_name())));
        }
        if entries.iter().any(|(other, _)| other.is_same_key(&key)) {
            return Err(Failure::Failed(format!("a map has the key {} twice", shown(&key))));
        }
        entries.push((key, value));
        Ok(())
    }

    fn optional_map(&mut self, optional: &'v Op, transform: &'v Op, is_flat: bool) -> Evaluated<'v> {
        match self.value(optional)? {
            Value::Optional(None) => Ok(Value::Optional(None)),
            Value::Optional(Some(value)) => {
                let result = self.with_local((*value).clone(), transform)?;
                match result {
                    Value::Optional(_) if is_flat => Ok(result),
                    other if is_flat => Err(not_optional(&other)),
                    other => Ok(Value::some(other)),
                }
            }
            other => Err(not_optional(&other)),
        }
    }
}

fn not_optional(value: &Value<'_>) -> Failure {
    Failure::Failed(format!("an optional value is expected, not `{}`", &*value.type_name()))
}

/// The failure of a call that no overload takes.
fn no_overload(function: &str, is_member: bool, args: &[Value<'_>]) -> Failure {
    let names: Vec<String> = args.iter().map(|arg| arg.type_name().to_string()).collect();
    match (function, &names[..]) {
        ("_?_:_", [condition]) => Failure::Failed(format!("the condition of `? :` is `{condition}`, not `bool`")),
        _ => Failure::Failed(mismatch(function, is_member, &names)),
    }
}

/// Keeps the failure that says most: what is unknown may decide yet, so that an error is not certain.
fn merge(kept: &mut Option<Failure>, other: Failure) {
    match kept {
        None => *kept = Some(other),
        Some(Failure::Failed(_)) if matches!(other, Failure::Unknown(_)) => *kept = Some(other),
        Some(_) => {}
    }
}
