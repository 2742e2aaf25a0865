//! Versions of packages: `v1`, `v1beta2`, `v1p1alpha3`, `v1test`, as buf reads them.

/// How stable a versioned package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stability {
    /// `v1`.
    Stable,
    /// `v1beta1`.
    Beta,
    /// `v1alpha1`.
    Alpha,
    /// `v1test`.
    Test,
}

impl Stability {
    /// All of them.
    pub const ALL: [Stability; 4] = [Stability::Stable, Stability::Beta, Stability::Alpha, Stability::Test];

    /// The word that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Stability::Stable => "stable",
            Stability::Beta => "beta",
            Stability::Alpha => "alpha",
            Stability::Test => "test",
        }
    }
}

/// The stability that a package's last component states; `None` if it is no version, or the only component.
pub(crate) fn stability(package: &str) -> Option<Stability> {
    let (_, last) = package.rsplit_once('.')?;
    let version = last.strip_prefix('v')?;
    if let Some((major, _)) = version.split_once("test") {
        return is_number(major).then_some(Stability::Test);
    }
    let (word, stability) = match (version.contains("alpha"), version.contains("beta")) {
        (true, true) => return None,
        (true, false) => ("alpha", Stability::Alpha),
        (false, true) => ("beta", Stability::Beta),
        (false, false) => return is_number(version).then_some(Stability::Stable),
    };
    let (major, minor) = version.split_once(word)?;
    let major_fits = match major.split_once('p') {
        Some((major, patch)) => is_number(major) && is_number(patch),
        None => is_number(major),
    };
    (major_fits && (minor.is_empty() || is_number(minor))).then_some(stability)
}

/// What a package without a version could be called: what its last component has of one counts, or else it gets one.
pub(crate) fn versioned(package: &str) -> String {
    let (parent, last) = package.rsplit_once('.').unwrap_or(("", package));
    let lower = last.to_ascii_lowercase();
    let marked = ["version", "ver", "v"].iter().find_map(|mark| lower.strip_prefix(mark));
    let rest =
        marked.map(|rest| rest.trim_start_matches('_')).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let Some(rest) = rest.filter(|_| !parent.is_empty()) else { return format!("{package}.v1") };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let major = if is_number(&rest[..end]) { &rest[..end] } else { "1" };
    let is_test = rest[end..].contains("test");
    let is_late = ["beta", "rc", "candidate"].iter().any(|word| rest[end..].contains(word));
    let stage = match rest[end..].contains(|c: char| c.is_ascii_alphabetic()) {
        false => "",
        true if is_test => "test",
        true if is_late => "beta1",
        true => "alpha1",
    };
    format!("{parent}.v{major}{stage}")
}

/// A decimal number from 1 to 2^31 - 1; leading zeros are taken.
fn is_number(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<i32>().is_ok_and(|number| number >= 1)
}

/// Whether a package says by its version that it may still change.
pub(crate) fn is_unstable(package: &str) -> bool {
    stability(package).is_some_and(|stability| stability != Stability::Stable)
}

/// The next version of a stable package: `acme.v2` of `acme.v1`; `None` of others.
pub(crate) fn next_major(package: &str) -> Option<String> {
    stability(package).filter(|stability| *stability == Stability::Stable)?;
    let (parent, version) = package.rsplit_once(".v")?;
    Some(format!("{parent}.v{}", version.parse::<u32>().ok()? + 1))
}

#[cfg(test)]
mod tests {
    use super::{stability, versioned};

    #[test]
    fn a_package_gets_a_version_in_the_place_of_what_looks_like_one() {
        for (package, expected) in [
            ("acme.user", "acme.user.v1"),
            ("v1", "v1.v1"),
            ("acme.v1development", "acme.v1alpha1"),
            ("acme.v2_rc3", "acme.v2beta1"),
            ("acme.v1betaX", "acme.v1beta1"),
            ("acme.V3", "acme.v3"),
            ("acme.version4", "acme.v4"),
            ("acme.v0", "acme.v1"),
            ("acme.v1_2", "acme.v1"),
            ("acme.v1testing_x", "acme.v1test"),
            ("acme.video", "acme.video.v1"),
        ] {
            assert_eq!(versioned(package), expected);
            assert!(stability(&versioned(package)).is_some(), "{package}");
        }
    }
}
