//! The rules that configurations have declared, each once for the life of the process. Ids and pages of rules are
//! `&'static str` wherever findings are made, suppressed and shown, and rules of one's own are no exception: each is
//! leaked, and a declaration that is read again, as by an editor with each key, gives the same rule.

use std::sync::{LazyLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use super::compile::{ExpressionFault, compile};
use super::{Declaration, page};
use crate::rules::{Check, Rule};

#[derive(Default)]
struct Declared {
    rules: FxHashMap<Declaration, &'static Rule>,
    /// By the address of the id.
    by_id: FxHashMap<usize, &'static Rule>,
}

static DECLARED: LazyLock<RwLock<Declared>> = LazyLock::new(RwLock::default);

/// The rule that a declaration makes.
///
/// # Errors
///
/// What is wrong with its expressions.
pub(crate) fn declare(declaration: Declaration) -> Result<&'static Rule, Vec<ExpressionFault>> {
    let known = DECLARED.read().unwrap_or_else(PoisonError::into_inner).rules.get(&declaration).copied();
    if let Some(rule) = known {
        return Ok(rule);
    }
    let own = compile(declaration.clone())?;
    let mut declared = DECLARED.write().unwrap_or_else(PoisonError::into_inner);
    // Another thread may have been faster.
    if let Some(rule) = declared.rules.get(&declaration) {
        return Ok(rule);
    }
    let id: &'static str = String::leak(declaration.id.clone());
    let page = page::page(&declaration);
    let rule: &'static Rule = Box::leak(Box::new(Rule { id, page, check: Check::Own(Box::leak(Box::new(own))) }));
    declared.by_id.insert(id.as_ptr().addr(), rule);
    declared.rules.insert(declaration, rule);
    Ok(rule)
}

/// The rule whose own id this is: ids of two configurations may be the same text and stand for two rules, so the text
/// alone does not say which.
pub(crate) fn rule_of(id: &'static str) -> Option<&'static Rule> {
    DECLARED.read().unwrap_or_else(PoisonError::into_inner).by_id.get(&id.as_ptr().addr()).copied()
}
