//! The payloads of the worked example: `testdata/payload` has posts of the blog API, which this file makes.

use std::fmt::Write;

use super::folder;

/// A post, as JSON.
fn post(at: u32) -> String {
    // Numbers without a pattern that compresses.
    let random = |salt: u32, below: u32| (at.wrapping_mul(2_654_435_761).rotate_left(salt) >> 7) % below;
    let author = ["ann", "ben", "cho"][random(3, 3) as usize];
    let status = match random(5, 10) {
        0 => "POST_STATUS_DRAFT",
        _ => "POST_STATUS_PUBLISHED",
    };
    let mut json = format!(
        r#"{{"id": "post-{at:04}", "slug": "about-{}", "title": "About number {at}", "body": "{}", "status": "{status}", "#,
        random(7, 900),
        "All of it. ".repeat(1 + random(9, 12) as usize).trim_end()
    );
    let _ = write!(json, r#""author": {{"id": "{author}", "displayName": "{}"}}, "#, author.to_uppercase());
    let _ = write!(json, r#""createdAt": "2026-{:02}-{:02}T08:00:00Z", "#, 1 + random(11, 12), 1 + random(13, 28));
    let tags = &["\"schemas\"", "\"news\"", "\"tools\""][..1 + random(15, 3) as usize];
    let _ = write!(json, r#""tags": [{}], "viewCount": "{}""#, tags.join(", "), random(17, 90_000));
    if random(19, 4) == 0 {
        let _ = write!(json, r#", "templateParams": {{"theme": "dark", "width": "{}"}}"#, 600 + random(21, 3) * 100);
    }
    if random(23, 5) == 0 {
        json.push_str(r#", "commentsClosed": true"#);
    }
    json + "}\n"
}

#[test]
fn the_posts_are_those_that_are_made_here() {
    let file = folder("testdata/payload/acme.blog.v1.Post/posts.jsonl");
    let posts: String = (1..=60).map(post).collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &posts).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == posts, "UPDATE_EXPECT=1 cargo test --test payload blog");
}
