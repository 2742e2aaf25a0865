//! What the policies of a configuration promise of a schema; the run that reads them reports it.

use crate::rules::{Check, Rule, rule};

pub(super) const RULES: &[&Rule] = &[&POLICY_REACHES_EXEMPT];

// The configuration is compared with a schema.
rule!(breaking POLICY_REACHES_EXEMPT: Check::Elsewhere);
