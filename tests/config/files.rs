//! Where configurations are found, and what reading them from a disk reports.

use std::fs;
use std::path::Path;

use protolint::config::{self, Config};
use protolint::finding::Finding;
use protolint::source::Sources;

#[test]
fn discovery_goes_up_to_the_repository() {
    let top = tempfile::tempdir().unwrap();
    let at = |path: &str| top.path().join(path);
    fs::create_dir_all(at("repository/proto/acme")).unwrap();
    fs::create_dir_all(at("repository/.git")).unwrap();
    fs::create_dir_all(at("repository/proto/protolint.yaml")).unwrap();
    fs::write(at("protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository/proto/acme")), None);
    fs::write(at("repository/protolint.yml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository/proto/acme")), Some(at("repository/protolint.yml")));
    fs::write(at("repository/protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("repository")), Some(at("repository/protolint.yaml")));
    assert_eq!(config::discover(&at("")), Some(at("protolint.yaml")));
    let roundabout = config::discover(&at("repository/proto/acme/../..")).unwrap();
    assert_eq!(roundabout.canonicalize().unwrap(), at("repository/protolint.yaml").canonicalize().unwrap());
}

#[test]
fn discovery_finds_buf_configurations() {
    let top = tempfile::tempdir().unwrap();
    let at = |path: &str| top.path().join(path);
    for directory in ["one/acme", "two", "three", ".git"] {
        fs::create_dir_all(at(directory)).unwrap();
    }
    fs::write(at("buf.work.yaml"), "version: v1\ndirectories: [./one/, two]").unwrap();
    for directory in ["one", "three"] {
        fs::write(at(directory).join("buf.yaml"), "version: v1").unwrap();
    }
    assert_eq!(config::discover(&at("one/acme")), Some(at("buf.work.yaml")));
    assert_eq!(config::discover(&at("two")), Some(at("buf.work.yaml")));
    assert_eq!(config::discover(&at("three")), Some(at("three/buf.yaml")));
    fs::write(at("protolint.yaml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("two")), Some(at("protolint.yaml")));
    fs::write(at("one/acme/protolint.yml"), "version: 1").unwrap();
    assert_eq!(config::discover(&at("one/acme")), Some(at("one/acme/protolint.yml")));
}

fn load(path: &Path) -> Result<Config, Vec<Finding>> {
    config::load(path, "shown.yaml".to_owned(), &mut Sources::new())
}

#[test]
fn loading_looks_at_directories() {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("protolint.yaml");
    fs::create_dir_all(top.path().join("protos")).unwrap();
    fs::write(top.path().join("file"), "").unwrap();
    fs::write(&path, "version: 1\nroots: [protos]").unwrap();
    let config = load(&path).unwrap();
    assert_eq!((config.directory.as_path(), config.roots), (top.path(), vec!["protos".to_owned()]));
    fs::write(&path, "version: 1\nroots: [proto, protos, file]\nincludes: [vendor/x]\nchek: 1").unwrap();
    let findings = load(&path).unwrap_err();
    let told: Vec<_> = findings.iter().map(|finding| (&*finding.message, finding.help.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("directory `proto` does not exist", "did you mean `protos`?"),
            ("`file` is not a directory", "directories are relative to the directory of this file"),
            ("directory `vendor/x` does not exist", "directories are relative to the directory of this file"),
            ("unknown key `chek`", "did you mean `check`?"),
        ]
    );
}

#[test]
fn loading_what_is_no_text() {
    let top = tempfile::tempdir().unwrap();
    let path = top.path().join("protolint.yaml");
    let only = |path: &Path| {
        let [finding] = &load(path).unwrap_err()[..] else { panic!() };
        finding.clone()
    };
    let absent = only(&path);
    assert_eq!((absent.rule, absent.place), ("INPUT_UNREADABLE", None));
    assert_eq!(absent.message, "`shown.yaml` cannot be read: no such file or directory");
    assert_eq!(only(top.path()).rule, "INPUT_UNREADABLE");
    fs::write(&path, b"version: 1\nroots: [\xff]").unwrap();
    let encoding = only(&path);
    assert_eq!((encoding.message.as_str(), encoding.place.unwrap().span.start), ("the file is not UTF-8 text", 19));
    fs::write(&path, vec![b'#'; (1 << 20) + 1]).unwrap();
    assert_eq!(only(&path).message, "`shown.yaml` is larger than 1 MiB");
    fs::write(&path, format!("version: 1 #{}", "#".repeat((1 << 20) - 12))).unwrap();
    assert!(load(&path).is_ok());
}
