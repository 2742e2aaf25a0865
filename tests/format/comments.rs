//! What a parser attaches comments to: by the path of each element in its descriptor.

use std::collections::BTreeMap;

use prost_reflect::prost_types::{FileDescriptorProto, SourceCodeInfo};

/// For each path, the words of its comments: above, after it, and apart.
pub type Owned = BTreeMap<String, [Vec<String>; 3]>;

/// The comments of a text by their owners; none where the parser cannot read it.
pub fn owned(text: &str) -> Option<Owned> {
    let file = protox::file::File::from_source("a.proto", text.trim_start_matches('\u{feff}')).ok()?;
    Some(of_file(file.file_descriptor_proto()))
}

/// The comments of a descriptor by their owners.
pub fn of_file(file: &FileDescriptorProto) -> Owned {
    let mut owned = Owned::new();
    let nothing = SourceCodeInfo::default();
    for location in &file.source_code_info.as_ref().unwrap_or(&nothing).location {
        let comments = [
            location.leading_comments.iter().map(|text| words(text)).collect(),
            location.trailing_comments.iter().map(|text| words(text)).collect(),
            location.leading_detached_comments.iter().map(|text| words(text)).collect::<Vec<String>>(),
        ];
        if comments.iter().any(|comments| !comments.is_empty()) {
            let path = match location.path[..] {
                // Imports by what they import: their order may change.
                [3, at] => format!("import {}", file.dependency[at as usize]),
                _ => format!("{:?}", location.path),
            };
            let own: &mut [Vec<String>; 3] = owned.entry(path).or_default();
            own.iter_mut().zip(comments).for_each(|(own, more)| own.extend(more));
        }
    }
    owned
}

fn words(comment: &str) -> String {
    comment.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A comment that an owner had and has no more, or whose owner is another one now.
pub fn lost(before: &Owned, after: &Owned) -> Option<String> {
    let nothing = Default::default();
    before.iter().find_map(|(path, had)| {
        let has = after.get(path).unwrap_or(&nothing);
        let kinds = ["above", "after", "apart"].iter().zip(had.iter().zip(has));
        let missing = kinds.flat_map(|(kind, (had, has))| {
            had.iter().filter(|comment| !has.contains(comment)).map(move |comment| (kind, comment))
        });
        missing.map(|(kind, comment)| format!("the comment {comment:?} {kind} {path} is lost: {has:?}")).next()
    })
}
