//! From when on something deprecated may be deleted, by the terms of the policy.

use super::Age;
use crate::date::Date;
use crate::history::Release;
use crate::report::summary::counted;
use crate::rules::settings::DeprecationTerms;

/// Whether something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    Now,
    /// No release has it as deprecated: so many have to, and so many days have to pass after the first of them.
    Unreleased {
        releases: u32,
        days: u32,
    },
    /// From that day on, and after so many more releases.
    Later {
        from: Option<Date>,
        releases: u32,
    },
}

impl Due {
    /// When something of that age may be deleted; what is gone already may have been too early.
    pub(crate) fn new(age: Age, terms: &DeprecationTerms, releases: &[Release], today: Date) -> Due {
        let (min_releases, min_days) = (terms.min_releases.unwrap_or(0), terms.min_days.unwrap_or(0));
        let all = releases.len() as u32;
        let first = age.since.and_then(|since| Some((since, releases.get(since as usize)?)));
        let Some((since, first)) = first else {
            return Due::Unreleased { releases: min_releases, days: min_days };
        };
        // What a release lacks was deleted by the day of that release.
        let gone = releases.get(age.last as usize + 1);
        let (day, end) = gone.map_or((today, all), |release| (release.day, age.last + 1));
        let missing = min_releases.saturating_sub(end - since);
        let from = first.day.plus(min_days);
        let from = (from > day).then_some(from);
        if missing == 0 && from.is_none() { Due::Now } else { Due::Later { from, releases: missing } }
    }

    /// `may be deleted from 2027-03-01 on, and after 1 more release`, without the first two words.
    pub(crate) fn when(self) -> String {
        let more = |releases: u32| counted(releases as usize, "more release");
        match self {
            Due::Now => "deleted now".to_owned(),
            Due::Unreleased { releases, days } => {
                let releases = releases.max(1);
                let verb = if releases == 1 { "has" } else { "have" };
                let releases = counted(releases as usize, "release");
                match days {
                    0 => format!("deleted after {releases} {verb} it as deprecated"),
                    days => format!(
                        "deleted after {releases} {verb} it as deprecated, and {} after the first of them",
                        counted(days as usize, "day")
                    ),
                }
            }
            Due::Later { from: Some(day), releases: 0 } => format!("deleted from {day} on"),
            Due::Later { from: Some(day), releases } => format!("deleted from {day} on, and after {}", more(releases)),
            Due::Later { from: None, releases } => format!("deleted after {}", more(releases)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Age, Due};
    use crate::date::Date;
    use crate::history::Release;
    use crate::rules::settings::DeprecationTerms;

    #[test]
    fn releases_and_days_both_have_to_pass() {
        let day = |text: &str| Date::parse(text).expect("a day");
        let release =
            |(name, text): (&str, &str)| Release { name: name.to_owned(), others: Vec::new(), day: day(text) };
        let releases = [("v1", "2026-01-01"), ("v2", "2026-03-01"), ("v3", "2026-05-01")].map(release);
        let terms = |min_releases, min_days| DeprecationTerms { min_releases, min_days, require: None };
        let both = terms(Some(2), Some(60));
        let since = |since: u32| Age { since: Some(since), last: 2 };
        for (age, terms, today, when) in [
            (since(0), &both, "2026-05-02", "deleted now"),
            (since(1), &both, "2026-05-02", "deleted now"),
            (since(1), &both, "2026-04-29", "deleted from 2026-04-30 on"),
            (since(1), &both, "2026-04-30", "deleted now"),
            (since(2), &both, "2026-05-02", "deleted from 2026-06-30 on, and after 1 more release"),
            (since(2), &both, "2026-12-31", "deleted after 1 more release"),
            (since(2), &terms(Some(3), None), "2026-05-02", "deleted after 2 more releases"),
            (since(2), &terms(None, Some(0)), "2026-05-02", "deleted now"),
            (
                since(3),
                &both,
                "2026-05-02",
                "deleted after 2 releases have it as deprecated, and 60 days after the first of them",
            ),
            (since(3), &terms(None, Some(0)), "2026-05-02", "deleted after 1 release has it as deprecated"),
            (
                Age { since: None, last: 2 },
                &both,
                "2026-05-02",
                "deleted after 2 releases have it as deprecated, and 60 days after the first of them",
            ),
            // v2 was the last release to have it, so it was deleted by the day of v3.
            (Age { since: Some(0), last: 1 }, &both, "2027-01-01", "deleted now"),
            (Age { since: Some(1), last: 1 }, &both, "2027-01-01", "deleted after 1 more release"),
            (Age { since: Some(1), last: 1 }, &terms(None, Some(90)), "2027-01-01", "deleted from 2026-05-30 on"),
        ] {
            assert_eq!(Due::new(age, terms, &releases, day(today)).when(), when, "{age:?} {terms:?} {today}");
        }
    }
}
