//! Versions of packages: `v1`, `v1beta2`, `v1p1alpha3`, `v1test`, as buf reads them.

/// How stable a versioned package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stability {
    Stable,
    Alpha,
    Beta,
    Test,
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

/// A decimal number from 1 to 2^31 - 1; leading zeros are taken.
fn is_number(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<i32>().is_ok_and(|number| number >= 1)
}

/// Whether a package says by its version that it may still change.
pub(crate) fn is_unstable(package: &str) -> bool {
    stability(package).is_some_and(|stability| stability != Stability::Stable)
}
