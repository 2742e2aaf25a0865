//! Functions of the lists and sets extensions.

use crate::cel::functions::Sig::{Any, Bool, Int, ListA, ListOfAny};
use crate::cel::functions::{Called, Function, Overload, row};
use crate::cel::meter::Meter;
use crate::cel::program::Failure;
use crate::cel::value::{List, Value};

const TWO_LISTS: &[Overload] = &[Overload::function(&[ListA, ListA], Bool)];

pub(super) static FUNCTIONS: &[Function] = &[
    row("lists.range", &[Overload::function(&[Int], crate::cel::Sig::ListOf(&Int))], range),
    row("distinct", &[Overload::method(&[ListA], ListA)], distinct),
    row(
        "flatten",
        &[Overload::method(&[ListOfAny], ListOfAny), Overload::method(&[ListOfAny, Int], ListOfAny)],
        flatten,
    ),
    row("slice", &[Overload::method(&[ListA, Int, Int], ListA)], slice),
    row("sort", &[Overload::method(&[ListA], ListA)], sort),
    row("first", &[Overload::method(&[ListA], Any)], |_, args| end(args, |elements| elements.get(0))),
    row("last", &[Overload::method(&[ListA], Any)], |_, args| {
        end(args, |elements| elements.get(elements.len().checked_sub(1)?))
    }),
    row("reverse", &[Overload::method(&[ListA], ListA)], reverse),
];

/// Functions of the sets extension, which takes lists as sets.
pub(super) static SETS: &[Function] = &[
    row("sets.contains", TWO_LISTS, contains),
    row("sets.equivalent", TWO_LISTS, equivalent),
    row("sets.intersects", TWO_LISTS, intersects),
];

fn range<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::Int(count)] = args else { return Ok(None) };
    meter.make_elements(usize::try_from(*count).unwrap_or(0))?;
    Ok(Some(Value::list((0..*count).map(Value::Int).collect())))
}

/// Whether a list has an element.
fn has<'v>(elements: impl Iterator<Item = Value<'v>>, wanted: &Value<'v>, meter: &mut Meter) -> Result<bool, Failure> {
    for element in elements {
        if element.equals(wanted, meter)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn distinct<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(elements)] = args else { return Ok(None) };
    meter.make_elements(elements.len())?;
    let mut kept: Vec<Value<'v>> = Vec::new();
    for element in elements.iter() {
        if !has(kept.iter().cloned(), &element, meter)? {
            kept.push(element);
        }
    }
    Ok(Some(Value::list(kept)))
}

fn flatten<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let (elements, depth) = match args {
        [Value::List(elements)] => (elements, 1),
        [Value::List(elements), Value::Int(depth)] if *depth >= 0 => (elements, *depth),
        [Value::List(_), Value::Int(_)] => return Err(Failure::failed("`flatten` takes no negative depth")),
        _ => return Ok(None),
    };
    let mut flat = Vec::new();
    flatten_into(&mut flat, elements, depth, meter)?;
    Ok(Some(Value::list(flat)))
}

fn flatten_into<'v>(
    flat: &mut Vec<Value<'v>>,
    elements: &List<'v>,
    depth: i64,
    meter: &mut Meter,
) -> Result<(), Failure> {
    for element in elements.iter() {
        meter.make_elements(1)?;
        match element {
            Value::List(inner) if depth > 0 => flatten_into(flat, &inner, depth - 1, meter)?,
            other => flat.push(other),
        }
    }
    Ok(())
}

fn slice<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(elements), Value::Int(start), Value::Int(end)] = args else { return Ok(None) };
    let outside = || {
        let length = elements.len();
        Failure::Failed(format!("a slice from {start} to {end} is outside of a list of {length} elements"))
    };
    let from = usize::try_from(*start).map_err(|_| outside())?;
    let to = usize::try_from(*end).map_err(|_| outside())?;
    if from > to || to > elements.len() {
        return Err(outside());
    }
    meter.make_elements(to - from)?;
    Ok(Some(Value::list((from..to).filter_map(|at| elements.get(at)).collect())))
}

fn sort<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(elements)] = args else { return Ok(None) };
    meter.make_elements(elements.len())?;
    meter.steps_of(elements.len().saturating_mul(4))?;
    let mut sorted: Vec<Value<'v>> = elements.iter().collect();
    if let [first, rest @ ..] = &sorted[..]
        && let Some(other) = rest.iter().find(|other| first.order(other).is_none())
    {
        let (one, other) = (first.type_name(), other.type_name());
        return Err(Failure::Failed(format!("`sort` takes values with an order, not `{}` with `{}`", &*one, &*other)));
    }
    sorted.sort_by(|left, right| left.order(right).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Some(Value::list(sorted)))
}

fn end<'v>(args: &[Value<'v>], element: fn(&List<'v>) -> Option<Value<'v>>) -> Called<'v> {
    Ok(match args {
        [Value::List(elements)] => Some(element(elements).map_or(Value::Optional(None), Value::some)),
        _ => None,
    })
}

/// Reverses a list, or a text: the strings extension has a function of that name too.
pub(super) fn reverse<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    if let [Value::Text(text)] = args {
        meter.make(text.len())?;
        return Ok(Some(Value::shared_text(text.chars().rev().collect::<String>())));
    }
    let [Value::List(elements)] = args else { return Ok(None) };
    meter.make_elements(elements.len())?;
    Ok(Some(Value::list((0..elements.len()).rev().filter_map(|at| elements.get(at)).collect())))
}

/// Whether a list has all elements of another.
fn covers<'v>(elements: &List<'v>, others: &List<'v>, meter: &mut Meter) -> Result<bool, Failure> {
    for other in others.iter() {
        if !has(elements.iter(), &other, meter)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn contains<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(left), Value::List(right)] = args else { return Ok(None) };
    Ok(Some(Value::Bool(covers(left, right, meter)?)))
}

fn equivalent<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(left), Value::List(right)] = args else { return Ok(None) };
    Ok(Some(Value::Bool(covers(left, right, meter)? && covers(right, left, meter)?)))
}

fn intersects<'v>(meter: &mut Meter, args: &[Value<'v>]) -> Called<'v> {
    let [Value::List(left), Value::List(right)] = args else { return Ok(None) };
    for element in left.iter() {
        if has(right.iter(), &element, meter)? {
            return Ok(Some(Value::Bool(true)));
        }
    }
    Ok(Some(Value::Bool(false)))
}
