//! What protoc makes of files, where it is installed.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::judge::{Files, Told};

/// The version whose answers are ours; others may know other rules.
const VERSION: &str = "libprotoc 36.2";

/// What we refuse and protoc does not, by a part of our message, with the reason.
const OURS_ALONE: [(&str, &str); 0] = [];

/// What protoc refuses and we do not, by a part of its message, with the reason.
const THEIRS_ALONE: [(&str, &str); 6] = [
    ("must have a leading dot", "of a declaration's strings side by side the first is read alone"),
    ("is expected to have field name", "of a declaration's strings side by side the first is read alone"),
    ("is already defined in", "the oneofs that protoc makes for `optional` fields of proto3 have no names here"),
    ("Expect a decimal number", "the parser hands numbers in braces on as decimals"),
    ("Need space between number and identifier", "within braces numbers end where their digits do"),
    ("Expected \"]\", found \"[\"", "lists in lists are passed over where the type is not known"),
];

pub(super) fn is_refused_by_us_alone(fault: &Told) -> bool {
    OURS_ALONE.iter().any(|(part, _)| fault.message.contains(part))
}

pub(super) fn is_refused_by_protoc_alone(error: &str) -> bool {
    THEIRS_ALONE.iter().any(|(part, _)| error.contains(part))
}

pub(super) struct Protoc(String);

impl Protoc {
    /// The protoc of the variable `PROTOC` or on the path; otherwise why there is none to compare with.
    pub(super) fn find() -> Result<Protoc, String> {
        let program = std::env::var("PROTOC").unwrap_or_else(|_| "protoc".to_owned());
        let version = Command::new(&program).arg("--version").output();
        let version = version.map_err(|error| format!("`{program}` cannot be run: {error}"))?;
        match String::from_utf8_lossy(&version.stdout).trim() {
            VERSION => Ok(Protoc(program)),
            other => Err(format!("`{program}` is {other}, and answers are held to {VERSION}")),
        }
    }

    fn run(&self, directory: &Path, arguments: &[&str]) -> Output {
        Command::new(&self.0).arg("-I.").args(arguments).current_dir(directory).output().expect("it ran before")
    }

    /// Compiles files.
    ///
    /// # Errors
    ///
    /// The first error, without the place.
    pub(super) fn compile(&self, directory: &Path, paths: &[&str]) -> Result<(), String> {
        let fixed = ["--retain_options", "--descriptor_set_out=set"];
        let output = self.run(directory, &[&fixed, paths].concat());
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let error = text.lines().find(|line| !line.contains(": warning:")).unwrap_or_default();
        let path = paths.iter().find(|path| error.starts_with(**path));
        let rest = path.map_or(error, |path| &error[path.len()..]);
        Err(rest.trim_start_matches(|letter: char| letter == ':' || letter.is_ascii_digit()).trim().to_owned())
    }

    /// The descriptor of a file that compiles, as a text.
    pub(super) fn descriptor(&self, directory: &Path, path: &str) -> String {
        self.compile(directory, &[path]).expect("it did before");
        let set = std::fs::File::open(directory.join("set")).expect("protoc wrote it");
        // Named too, so that its own options are known.
        let arguments = ["-I.", "--decode=google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto", path];
        let mut decode = Command::new(&self.0);
        let output = decode.args(arguments).current_dir(directory).stdin(set).stderr(Stdio::null()).output();
        String::from_utf8_lossy(&output.expect("it ran before").stdout).into_owned()
    }
}

/// Writes files below a directory.
pub(super) fn write(directory: &Path, files: &Files) {
    for (path, text) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().expect("below the directory")).expect("a directory of our own");
        std::fs::write(path, text).expect("a directory of our own");
    }
}
