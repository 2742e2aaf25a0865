//! Inputs reach the program as they were written, whatever they hold; what it finds reaches people.

use serde_json::{Value, json};

use crate::runner::Job;
use crate::support::repository::{ITEM, ITEM_PATH, ORDER, ORDER_PATH, Scratch, schema};

/// A schema with a name that no lint rule lets pass.
const UGLY: &str = "message ugly {}\n";

/// The repository `w`, whose one commit holds these files.
fn project(files: &[(&str, &str)]) -> Option<Scratch> {
    let scratch = Scratch::new()?;
    scratch.git("", "init -q w");
    scratch.commit("w", files);
    Some(scratch)
}

fn job(scratch: &Scratch) -> Option<Job<'_>> {
    let payload = json!({"before": "0".repeat(40), "repository": {"default_branch": "main"}});
    Some(Job::new(scratch, "w", "push", payload)?.variable("GITHUB_REF", "refs/heads/main"))
}

#[test]
fn nothing_is_ever_executed() {
    let Some(scratch) = project(&[(ORDER_PATH, &schema(ORDER)), ("a b/shop/v1/item.proto", &schema(UGLY))]) else {
        return;
    };
    for text in
        ["$(touch pwned)", "`touch pwned`", "; touch pwned", "x' ; touch pwned '", "&& touch pwned", "x\ntouch pwned"]
    {
        for input in
            ["paths", "args", "check-args", "breaking-args", "against", "version", "working-directory", "check"]
        {
            let Some(job) = job(&scratch) else { return };
            assert!(!job.with(input, text).run().succeeded, "{input}: {text}");
        }
        let Some(job) = job(&scratch) else { return };
        job.with("sarif-file", text).run();
        let mut entries = walkdir::WalkDir::new(scratch.path("")).into_iter().map(Result::unwrap);
        assert!(entries.all(|entry| entry.file_name() != "pwned"), "{text} was executed");
    }
}

#[test]
fn words_and_lines_keep_their_blanks() {
    let files =
        [("a b/shop/v1/item.proto", &*schema(UGLY)), ("it's/shop/v1/order.proto", &*schema("message worse {}\n"))];
    let Some(scratch) = project(&files) else { return };
    let Some(job) = job(&scratch) else { return };
    let outcome = job.with("paths", "\n  a b/shop\nit's\n").with("args", "--fail-on  'error'").run();
    outcome.is("1", &["::error file=a b/shop/v1/item.proto,line=3,", "::error file=it's/shop/v1/order.proto,line=3,"]);
    // A path is never an option, and quotes keep a word together.
    let Some(job) = self::job(&scratch) else { return };
    job.with("check-args", "--config 'no such.yaml'").run().is("2", &["`no such.yaml` cannot be read"]);
    let Some(job) = self::job(&scratch) else { return };
    job.with("paths", "--fail-on=never").run().is("2", &["`--fail-on=never`"]);
    let Some(job) = self::job(&scratch) else { return };
    job.with("args", "--use 'MESSAGE").run().is("2", &["unclosed quote in `args`"]);
}

#[test]
fn both_commands_run_and_the_worse_end_counts() {
    let Some(scratch) = project(&[(ORDER_PATH, &schema(ORDER))]) else { return };
    scratch.commit("w", &[(ORDER_PATH, &schema(&ORDER.replace("int32", "string").replace("count", "Count")))]);
    let job = |check: &str, breaking: &str| {
        let payload = json!({"before": scratch.git("w", "rev-parse HEAD~1")});
        Some(Job::new(&scratch, "w", "push", payload)?.with("check", check).with("breaking", breaking))
    };
    let Some(both) = job("true", "true") else { return };
    let outcome = both.run();
    outcome.is("1", &["title=FIELD_SAME_TYPE", "title=FIELD_LOWER_SNAKE_CASE", "compared 1 file", "checked 1 file"]);
    let (breaking, check) = (outcome.summary.find("## protolint breaking"), outcome.summary.find("## protolint check"));
    assert!(breaking.is_some() && breaking < check, "{}", outcome.summary);
    job("true", "false").unwrap().run().is("1", &["checked 1 file"]).lacks("compared");
    job("false", "true").unwrap().run().is("1", &["compared 1 file"]).lacks("checked");
    // One that cannot do its job keeps the other from nothing.
    let outcome = job("true", "true").unwrap().with("breaking-args", "--layers wrong").run();
    outcome.is("2", &["invalid value 'wrong'", "title=FIELD_LOWER_SNAKE_CASE"]);
    job("true", "true").unwrap().with("args", "--fail-on never").run().is("0", &["title=FIELD_SAME_TYPE"]);
}

/// The artifacts and categories that a SARIF file is about.
fn told(sarif: &str) -> (Vec<String>, Vec<String>) {
    let sarif: Value = serde_json::from_str(sarif).unwrap();
    let runs = sarif["runs"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let results = runs.iter().flat_map(|run| run["results"].as_array().unwrap());
    let uri = "/locations/0/physicalLocation/artifactLocation/uri";
    let uris = results.map(|result| text(result.pointer(uri).unwrap())).collect();
    (uris, runs.iter().map(|run| text(&run["automationDetails"]["id"])).collect())
}

#[test]
fn places_are_reported_from_the_top_of_the_workspace() {
    let below = |path: &str| format!("se,rvices/a b/{path}");
    let order = below(ORDER_PATH);
    let Some(scratch) =
        project(&[(&order, &schema(UGLY)), (&below(ITEM_PATH), &schema(&ITEM.replace("Item", "item")))])
    else {
        return;
    };
    let Some(job) = job(&scratch) else { return };
    let job = job.with("working-directory", "se,rvices/a b").with("paths", "proto");
    job.run().is("1", &[&format!("::error file={},line=3,", order.replace(',', "%2C"))]);
    if !std::process::Command::new("jq").arg("--version").output().is_ok_and(|run| run.status.success()) {
        eprintln!("skipped in part: there is no `jq`");
        return;
    }
    let outcome = job.with("sarif-file", "out/p l.sarif").run();
    outcome.is("1", &[]);
    assert_eq!(outcome.outputs["sarif-file"], "out/p l.sarif");
    let (mut uris, categories) = told(&std::fs::read_to_string(scratch.path("w/out/p l.sarif")).unwrap());
    uris.dedup();
    let encoded = |path: &str| below(path).replace(',', "%2C").replace(' ', "%20");
    assert_eq!(uris, [encoded(ITEM_PATH), encoded(ORDER_PATH)]);
    assert_eq!(categories, ["protolint/check/", "protolint/breaking/"]);
}
