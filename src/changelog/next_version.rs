//! The version that comes after another one. It knows nothing of changes but how much of a version has to grow.

use std::fmt;

use super::Bump;

/// A version as semantic versioning has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: [u64; 3],
    /// Whether it is a release: greater than any pre-release of the same numbers.
    is_release: bool,
    pre_release: Vec<Identifier>,
}

/// A part of a pre-release: numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier {
    Number(u64),
    Word(String),
}

impl Version {
    /// Reads `1.2.3`, `v1.2`, `release/1.2.3-rc.1+5`: what stands before the first digit after the last `/` is no part of it.
    fn read(text: &str) -> Option<Version> {
        let text = text.rsplit('/').next().unwrap_or_default();
        let text = &text[text.find(|c: char| c.is_ascii_digit())?..];
        let text = text.split('+').next().unwrap_or_default();
        let (numbers, pre_release) = text.split_once('-').map_or((text, ""), |(numbers, rest)| (numbers, rest));
        let numbers: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
        let identifier = |part: &str| match part.parse() {
            Ok(number) => Identifier::Number(number),
            Err(_) => Identifier::Word(part.to_owned()),
        };
        let pre_release: Vec<Identifier> =
            if pre_release.is_empty() { Vec::new() } else { pre_release.split('.').map(identifier).collect() };
        (numbers.len() <= 3).then(|| Version {
            numbers: [at(0), at(1), at(2)],
            is_release: pre_release.is_empty(),
            pre_release,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The smallest version that may come after another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextVersion {
    /// Which part of the version grows. Before 1.0.0 that is one less than elsewhere: a breaking change is minor, and all
    /// else a patch.
    pub bump: Bump,
    /// Whether that was so.
    pub is_initial: bool,
    after: Version,
    smallest: Version,
}

impl NextVersion {
    /// What comes after a version, such as a tag; `None` where that is none.
    pub fn after(version: &str, bump: Bump) -> Option<NextVersion> {
        let after = Version::read(version)?;
        let is_initial = after.numbers[0] == 0;
        let bump = match (is_initial, bump) {
            (true, Bump::Major) => Bump::Minor,
            (true, _) => Bump::Patch,
            (false, bump) => bump,
        };
        let [major, minor, patch] = after.numbers;
        let numbers = match bump {
            // A pre-release may still break what its release will have.
            _ if !after.is_release => after.numbers,
            Bump::Major => [major.saturating_add(1), 0, 0],
            Bump::Minor => [major, minor.saturating_add(1), 0],
            Bump::Patch => [major, minor, patch.saturating_add(1)],
        };
        let smallest = Version { numbers, is_release: true, pre_release: Vec::new() };
        Some(NextVersion { bump, is_initial, after, smallest })
    }

    /// The smallest release that may come next.
    pub fn smallest(&self) -> String {
        self.smallest.to_string()
    }

    /// Whether a version may come next: a release, or a pre-release of one that may. `None` where it is no version.
    pub fn allows(&self, version: &str) -> Option<bool> {
        let version = Version::read(version)?;
        Some(version.numbers >= self.smallest.numbers && version > self.after)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bump, NextVersion};

    #[test]
    fn versions_grow_by_what_changed() {
        for (from, bump, smallest, allowed, refused) in [
            ("v1.4.2", Bump::Major, "2.0.0", vec!["2.0.0", "v2.0.0-rc.1", "2.1.0", "3.0.0"], vec!["1.5.0", "1.4.3"]),
            ("v1.4.2", Bump::Minor, "1.5.0", vec!["1.5.0", "1.6.0", "2.0.0"], vec!["1.4.3", "1.4.2", "1.0.0"]),
            ("api/v1.4", Bump::Patch, "1.4.1", vec!["1.4.1", "1.5.0"], vec!["1.4.0", "1.4", "0.9.0"]),
            ("0.3.1", Bump::Major, "0.4.0", vec!["0.4.0", "1.0.0"], vec!["0.3.2"]),
            ("0.3.1", Bump::Minor, "0.3.2", vec!["0.3.2", "0.4.0"], vec!["0.3.1"]),
            (
                "2.0.0-rc.1",
                Bump::Major,
                "2.0.0",
                vec!["2.0.0", "2.0.0-rc.2", "2.0.0-rc.10"],
                vec!["2.0.0-rc.1", "2.0.0-beta"],
            ),
        ] {
            let next = NextVersion::after(from, bump).expect("it is a version");
            assert_eq!(next.smallest(), smallest, "{from}");
            for version in allowed {
                assert_eq!(next.allows(version), Some(true), "{version} after {from}");
            }
            for version in refused {
                assert_eq!(next.allows(version), Some(false), "{version} after {from}");
            }
        }
        for text in ["main", "", "1.2.3.4", "v99999999999999999999.1"] {
            assert_eq!(NextVersion::after(text, Bump::Major), None, "{text}");
        }
    }
}
