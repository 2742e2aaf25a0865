//! Patterns over paths and over full names: the only place that uses `globset`.

use std::collections::BTreeMap;

use globset::{Glob, GlobMatcher, GlobSet, GlobSetBuilder};

/// Patterns over paths with `/` between components: `*` stays within a component, `**` does not. A pattern that names
/// a directory covers what is below it.
#[derive(Clone, Debug)]
pub struct PathPatterns {
    patterns: Vec<String>,
    /// For each pattern itself, and what lies below it.
    set: GlobSet,
    /// Plain paths, each with its index; these are in no set.
    paths: BTreeMap<String, usize>,
}

impl Default for PathPatterns {
    fn default() -> PathPatterns {
        PathPatterns { patterns: Vec::new(), set: GlobSet::empty(), paths: BTreeMap::new() }
    }
}

impl PartialEq for PathPatterns {
    fn eq(&self, other: &PathPatterns) -> bool {
        self.patterns == other.patterns && self.paths == other.paths
    }
}

impl PathPatterns {
    /// Compiles patterns.
    ///
    /// # Errors
    ///
    /// The index of the first pattern that is malformed, and what is wrong with it.
    pub fn new(patterns: Vec<String>) -> Result<PathPatterns, (usize, String)> {
        let mut builder = GlobSetBuilder::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let trimmed = pattern.trim_start_matches("./").trim_end_matches('/');
            for pattern in [trimmed.to_owned(), format!("{trimmed}/**")] {
                builder.add(glob(&pattern).map_err(|fault| (index, fault))?);
            }
        }
        let set = builder.build().map_err(|fault| (0, fault.kind().to_string()))?;
        Ok(PathPatterns { patterns, set, paths: BTreeMap::new() })
    }

    /// Paths that stand for themselves and for what is below them; `.` stands for everything.
    pub fn literal(paths: Vec<String>) -> PathPatterns {
        let by_path = paths.iter().cloned().zip(0..).collect();
        PathPatterns { patterns: paths, set: GlobSet::empty(), paths: by_path }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether one of them covers `path`.
    pub fn matches(&self, path: &str) -> bool {
        !self.is_empty() && (self.set.is_match(path) || self.above(path).next().is_some())
    }

    /// The indexes of those that cover `path`.
    pub fn matching(&self, path: &str) -> Vec<usize> {
        let mut indexes: Vec<usize> = self.set.matches(path).into_iter().map(|index| index / 2).collect();
        indexes.extend(self.above(path));
        indexes.dedup();
        indexes
    }

    /// The plain paths that are `path` or above it.
    fn above<'p>(&'p self, path: &'p str) -> impl Iterator<Item = usize> + 'p {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        let above = ["."].into_iter().chain(ends.map(|end| &path[..end]));
        above.filter(|_| !self.paths.is_empty()).filter_map(|above| self.paths.get(above).copied())
    }

    /// Patterns that mean the same where they are taken for patterns.
    pub fn as_globs(&self) -> Vec<String> {
        let glob = |pattern: &String| match self.paths.contains_key(pattern) {
            true if pattern == "." => "**".to_owned(),
            true => globset::escape(pattern),
            false => pattern.clone(),
        };
        self.patterns.iter().map(glob).collect()
    }

    /// The patterns as written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

fn glob(pattern: &str) -> Result<Glob, String> {
    globset::GlobBuilder::new(pattern).literal_separator(true).build().map_err(|fault| fault.kind().to_string())
}

/// Patterns over full names such as `acme.user.v1.User.*`: `*` stays within a component, `**` does not.
#[derive(Clone, Debug, Default)]
pub struct NamePatterns {
    patterns: Vec<String>,
    matchers: Vec<GlobMatcher>,
}

impl PartialEq for NamePatterns {
    fn eq(&self, other: &NamePatterns) -> bool {
        self.patterns == other.patterns
    }
}

impl NamePatterns {
    /// Compiles patterns.
    ///
    /// # Errors
    ///
    /// The index of the first pattern that is malformed, and what is wrong with it.
    pub fn new(patterns: Vec<String>) -> Result<NamePatterns, (usize, String)> {
        let compile = |(index, pattern): (usize, &String)| {
            glob(&pattern.replace('.', "/")).map(|glob| glob.compile_matcher()).map_err(|fault| (index, fault))
        };
        let matchers = patterns.iter().enumerate().map(compile).collect::<Result<_, _>>()?;
        Ok(NamePatterns { patterns, matchers })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether one of them is of the full name or of something around it: a pattern is for a name with all that is in it,
    /// and one for all that is in a package for the package too.
    pub fn covers(&self, full_name: &str) -> bool {
        let inner = format!("{full_name}._");
        let ends = inner.match_indices('.').map(|(at, _)| at).chain([inner.len()]);
        ends.into_iter().any(|end| self.matches(&inner[..end]))
    }

    /// Whether one of them covers the full name.
    pub fn matches(&self, full_name: &str) -> bool {
        let path = full_name.replace('.', "/");
        self.matchers.iter().any(|matcher| matcher.is_match(&path))
    }

    /// The patterns as written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}
