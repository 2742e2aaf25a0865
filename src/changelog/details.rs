//! Which properties differ between two elements, and how that is shown. What is the same under another name is for its
//! callers to say.

use rustc_hash::{FxHashMap, FxHashSet};

use super::properties::{Property, SEVERAL};
use super::{declaration, kind_of};
use crate::report::changelog::{Detail, ElementKind};
use crate::schema::Element;

/// The properties of an element that differ.
pub(super) struct Details {
    pub(super) kind: ElementKind,
    pub(super) symbol: String,
    pub(super) all: Vec<Detail>,
}

impl Details {
    pub(super) fn add(&mut self, property: &str, before: Option<String>, after: Option<String>) {
        let (kind, symbol, property) = (self.kind, self.symbol.clone(), property.to_owned());
        self.all.push(Detail { kind, symbol, property, before, after });
    }

    /// Adds each property that differs: those that can be there several times by their values.
    pub(super) fn differing(&mut self, old: Vec<Property>, new: Vec<Property>, is_same: &dyn Fn(&str) -> bool) {
        let (old_lists, old): (Vec<Property>, Vec<Property>) =
            old.into_iter().partition(|property| SEVERAL.contains(&property.name.as_str()));
        let (new_lists, new): (Vec<Property>, Vec<Property>) =
            new.into_iter().partition(|property| SEVERAL.contains(&property.name.as_str()));
        let mut rest: FxHashMap<String, String> =
            new.into_iter().map(|property| (property.name, property.value)).collect();
        for Property { name, value } in old {
            let now = rest.remove(&name);
            if now.as_ref() != Some(&value) && !(now.is_some() && is_same(&name)) {
                self.add(&name, Some(value), now);
            }
        }
        let mut rest: Vec<(String, String)> = rest.into_iter().collect();
        rest.sort_unstable();
        for (name, value) in rest {
            self.add(&name, None, Some(value));
        }
        let values = |list: &[Property]| -> FxHashSet<(String, String)> {
            list.iter().map(|property| (property.name.clone(), property.value.clone())).collect()
        };
        let (old, new) = (values(&old_lists), values(&new_lists));
        for Property { name, value } in old_lists {
            if !new.contains(&(name.clone(), value.clone())) {
                self.add(&name, Some(value), None);
            }
        }
        for Property { name, value } in new_lists {
            if !old.contains(&(name.clone(), value.clone())) {
                self.add(&name, None, Some(value));
            }
        }
    }
}

/// What was there and what is: the whole of a member, and of what has members what differs.
pub(super) fn texts(before: Element<'_>, after: Element<'_>, details: &[Detail]) -> (Option<String>, Option<String>) {
    let is_member = matches!(
        kind_of(after),
        ElementKind::Field | ElementKind::Extension | ElementKind::EnumValue | ElementKind::Rpc
    );
    if is_member {
        return (Some(declaration::whole(before)), Some(declaration::whole(after)));
    }
    let of_side = |side: fn(&Detail) -> Option<&String>| {
        declaration::statements(
            details.iter().filter_map(|detail| Some((detail.property.as_str(), side(detail)?.as_str()))),
        )
    };
    (of_side(|detail| detail.before.as_ref()), of_side(|detail| detail.after.as_ref()))
}
