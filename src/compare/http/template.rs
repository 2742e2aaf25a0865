//! Path templates by the grammar that `google/api/http.proto` documents: literals, `*`, `**`, variables such as
//! `{name=shelves/*}`, and a verb such as `:cancel`. It knows nothing of rpcs and fields.

/// A part of a path between two slashes, as a template has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    Literal(String),
    /// `*`: any one.
    One,
    /// `**`: any number of them, none included.
    Many,
}

/// `{name=shelves/*}`: a field, and the segments whose text it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// The names from the request message to the field.
    pub(crate) path: Vec<String>,
    /// The first of its segments, and the one after the last.
    range: (usize, usize),
}

/// A path template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) segments: Vec<Segment>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) verb: Option<String>,
}

impl Template {
    /// The template that a text is.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as the end of a sentence that starts with the text.
    pub(crate) fn parse(text: &str) -> Result<Template, String> {
        let Some(rest) = text.strip_prefix('/') else { return Err("does not start with `/`".to_owned()) };
        let mut template = Template { segments: Vec::new(), variables: Vec::new(), verb: None };
        let last = rest.rfind(['/', '}']).map_or(0, |at| at + 1);
        let (path, verb) = match rest[last..].rfind(':') {
            Some(at) => (&rest[..last + at], Some(&rest[last + at + 1..])),
            None => (rest, None),
        };
        if let Some(verb) = verb {
            literal(verb)?;
            template.verb = Some(verb.to_owned());
        }
        // `/` alone has no segments.
        let mut rest = path;
        while !rest.is_empty() {
            rest = template.part(rest)?;
            rest = match rest.strip_prefix('/') {
                Some("") => return Err("ends with `/`".to_owned()),
                Some(more) => more,
                None if rest.is_empty() => rest,
                None => return Err("has text after `}`".to_owned()),
            };
        }
        match template.segments.iter().filter(|segment| **segment == Segment::Many).count() {
            0 | 1 => Ok(template),
            _ => Err("has more than one `**`".to_owned()),
        }
    }

    /// Takes a segment or a variable from the start of a text, and gives the rest.
    fn part<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        let Some(inner) = text.strip_prefix('{') else {
            let end = text.find('/').unwrap_or(text.len());
            self.segments.push(segment(&text[..end])?);
            return Ok(&text[end..]);
        };
        let Some((variable, rest)) = inner.split_once('}') else { return Err("has `{` without `}`".to_owned()) };
        let (path, segments) = variable.split_once('=').unwrap_or((variable, "*"));
        let first = self.segments.len();
        for text in segments.split('/') {
            self.segments.push(segment(text)?);
        }
        if !path.split('.').all(is_name) {
            return Err(format!("has a variable whose name `{path}` is not the path of a field"));
        }
        let path = path.split('.').map(str::to_owned).collect();
        self.variables.push(Variable { path, range: (first, self.segments.len()) });
        Ok(rest)
    }

    /// The fewest segments that a path of it has.
    pub(crate) fn shortest(&self) -> usize {
        self.segments.iter().filter(|segment| **segment != Segment::Many).count()
    }

    /// Whether paths of it can have any number of segments.
    pub(crate) fn is_open(&self) -> bool {
        self.segments.contains(&Segment::Many)
    }

    /// Whether a path of so many segments can be one of it.
    pub(crate) fn has_length(&self, length: usize) -> bool {
        self.width(length).is_some()
    }

    /// How many segments its `**` takes in a path of so many; `None` where no path of it has so many.
    fn width(&self, length: usize) -> Option<usize> {
        let width = length.checked_sub(self.shortest())?;
        (width == 0 || self.is_open()).then_some(width)
    }

    /// For each segment of a path of that length the text that it must have, if it must; `None` where no path of the
    /// template has that length.
    pub(crate) fn of_length(&self, length: usize) -> Option<Vec<Option<&str>>> {
        let width = self.width(length)?;
        let mut texts = Vec::with_capacity(length);
        for segment in &self.segments {
            match segment {
                Segment::Literal(text) => texts.push(Some(text.as_str())),
                Segment::One => texts.push(None),
                Segment::Many => texts.extend(std::iter::repeat_n(None, width)),
            }
        }
        Some(texts)
    }

    /// Whether a path is one of it.
    pub(crate) fn matches(&self, segments: &[String], verb: Option<&str>) -> bool {
        let Some(width) = self.width(segments.len()).filter(|_| self.verb.as_deref() == verb) else { return false };
        let mut at = 0;
        self.segments.iter().all(|segment| {
            let is_same = match segment {
                Segment::Literal(text) => *text == segments[at],
                Segment::One | Segment::Many => true,
            };
            at += if *segment == Segment::Many { width } else { 1 };
            is_same
        })
    }

    /// The text that each variable takes from a path of the template.
    pub(crate) fn captured(&self, segments: &[String]) -> Vec<(&[String], String)> {
        let width = self.width(segments.len()).unwrap_or_default();
        let position = |at: usize| {
            let many = self.segments[..at].contains(&Segment::Many);
            if many { at + width - 1 } else { at }
        };
        let text = |variable: &Variable| {
            let (from, to) = variable.range;
            segments.get(position(from)..position(to)).unwrap_or_default().join("/")
        };
        self.variables.iter().map(|variable| (variable.path.as_slice(), text(variable))).collect()
    }
}

fn segment(text: &str) -> Result<Segment, String> {
    Ok(match text {
        "*" => Segment::One,
        "**" => Segment::Many,
        _ => {
            literal(text)?;
            Segment::Literal(text.to_owned())
        }
    })
}

/// What a literal must not be.
fn literal(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("has an empty segment".to_owned());
    }
    let is_wrong = |letter: &char| "{}*=?#".contains(*letter) || letter.is_whitespace() || letter.is_control();
    match text.chars().find(is_wrong) {
        Some(letter) => Err(format!("has `{}` in the segment `{}`", letter.escape_debug(), text.escape_debug())),
        None => Ok(()),
    }
}

fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    text.starts_with(is_letter) && text.chars().all(|letter| is_letter(letter) || letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn path(text: &str) -> Vec<String> {
        text.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn templates_match_the_paths_that_the_grammar_says() {
        let cases: [(&str, &[&str], &[&str]); 8] = [
            ("/v1/shelves", &["v1/shelves"], &["v1", "v1/shelves/1", "v1/books"]),
            ("/v1/{shelf}", &["v1/1"], &["v1", "v1/1/2"]),
            ("/v1/{name=shelves/*}", &["v1/shelves/1"], &["v1/shelves", "v1/books/1"]),
            ("/v1/{name=**}", &["v1", "v1/1", "v1/1/2"], &["v2", "v2/1"]),
            ("/v1/{name=shelves/**}/books", &["v1/shelves/books", "v1/shelves/1/2/books"], &["v1/shelves/1"]),
            ("/", &[""], &["v1"]),
            ("/v1/*/{a}/{b=x/*}", &["v1/1/2/x/3"], &["v1/1/2/3/x"]),
            ("/v1/a:b/c", &["v1/a:b/c"], &["v1/a/c"]),
        ];
        for (template, paths, others) in cases {
            let parsed = Template::parse(template).unwrap();
            for (text, expected) in paths.iter().map(|path| (path, true)).chain(others.iter().map(|path| (path, false)))
            {
                assert_eq!(parsed.matches(&path(text), None), expected, "{template} {text}");
            }
        }
        let cancel = Template::parse("/v1/{name=operations/*}:cancel").unwrap();
        assert!(cancel.matches(&path("v1/operations/1"), Some("cancel")));
        assert!(!cancel.matches(&path("v1/operations/1"), None));
    }

    #[test]
    fn variables_take_the_text_of_their_segments() {
        let captured = |template: &str, text: &str| {
            let template = Template::parse(template).unwrap();
            let captured = template.captured(&path(text)).into_iter();
            captured.map(|(path, text)| format!("{}={text}", path.join("."))).collect::<Vec<_>>()
        };
        assert_eq!(captured("/v1/{a.b}/{c=x/*}", "v1/1/x/2"), ["a.b=1", "c=x/2"]);
        assert_eq!(captured("/v1/{a=x/**}/{b}", "v1/x/1/2/3"), ["a=x/1/2", "b=3"]);
        assert_eq!(captured("/v1/**/{b}", "v1/3"), ["b=3"]);
        assert_eq!(captured("/v1/{a=**}", "v1"), ["a="]);
    }

    #[test]
    fn what_is_no_template_says_why() {
        let cases = [
            ("v1", "does not start with `/`"),
            ("", "does not start with `/`"),
            ("/v1/", "ends with `/`"),
            ("/v1//a", "has an empty segment"),
            ("/v1/{a", "has `{` without `}`"),
            ("/v1/{a}b", "has text after `}`"),
            ("/v1/{1a}", "has a variable whose name `1a` is not the path of a field"),
            ("/v1/{a=}", "has an empty segment"),
            ("/v1/{}", "has a variable whose name `` is not the path of a field"),
            ("/v1/{a={b}}", "has `{` in the segment `{b`"),
            ("/v1/**/**", "has more than one `**`"),
            ("/v1/a*", "has `*` in the segment `a*`"),
            ("/v1/a?b=c", "has `?` in the segment `a?b=c`"),
            ("/v1/a:", "has an empty segment"),
            ("/v1/a b", "has ` ` in the segment `a b`"),
        ];
        for (text, fault) in cases {
            assert_eq!(Template::parse(text), Err(fault.to_owned()), "{text}");
        }
    }
}
