//! Files: compared, replaced as a whole, left alone.

use crate::support::{Folder, SHOP};

#[test]
fn check_tells_fresh_from_stale_and_writes_nothing() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    let check = ["shop.yaml", "-o", "out.json", "--report-file", "notes.txt", "--check"];
    let ran = folder.run(&check);
    assert_eq!(ran.code, 4, "a file that is missing is stale");
    let message = "out.json is not up to date: run the same command without --check\n";
    assert_eq!(ran.errors, message);
    assert_eq!(folder.files(), ["shop.yaml"]);

    assert_eq!(folder.run(&check[..5]).code, 0);
    assert_eq!(folder.run(&check).code, 0);
    std::fs::write(folder.path("out.json"), folder.read("out.json") + " ").expect("a file");
    assert_eq!(folder.run(&check).code, 4);
    assert!(folder.read("out.json").ends_with(' '));
}

#[test]
fn file_with_the_same_bytes_is_not_touched() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    let run = || assert_eq!(folder.run(&["shop.yaml", "-o", "out.json"]).code, 0);
    run();
    let changed = || std::fs::metadata(folder.path("out.json")).expect("a file").modified();
    let before = changed().expect("a time");
    std::thread::sleep(std::time::Duration::from_millis(20));
    run();
    assert_eq!(changed().expect("a time"), before);
}

#[test]
fn failed_run_leaves_the_old_file_and_no_other() {
    let folder = Folder::with(&[("shop.yaml", "openapi: 3.1.0\n"), ("out.json", "old")]);
    let ran = folder.run(&["shop.yaml", "-o", "out.json", "--report-file", "notes.txt"]);
    assert_eq!(ran.code, 1);
    assert_eq!(folder.read("out.json"), "old");
    assert_eq!(folder.files(), ["out.json", "shop.yaml"]);
}

#[test]
fn files_that_cannot_be_read_or_written_are_named() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    for (arguments, start) in [
        (&["missing.yaml"][..], "error: missing.yaml: "),
        (&["shop.yaml", "--overlay", "o.yaml"], "error: o.yaml: "),
        (&["shop.yaml", "-o", "no/out.json"], "error: no/out.json: "),
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, 1);
        assert!(ran.errors.starts_with(start), "{}", ran.errors);
        assert!(!ran.errors.contains(".openapi-lower-"), "{}", ran.errors);
    }
    assert_eq!(folder.files(), ["shop.yaml"]);
}

#[test]
fn input_can_be_replaced_by_the_output() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    assert_eq!(folder.run(&["shop.yaml", "-o", "shop.yaml"]).code, 0);
    assert!(folder.read("shop.yaml").contains("openapi: \"3.0.3\""));
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::with(&[("shop.yaml", SHOP), ("real.json", "old")]);
    let (link, real) = (folder.path("out.json"), folder.path("real.json"));
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    std::fs::set_permissions(&real, PermissionsExt::from_mode(0o640)).expect("permissions");
    assert_eq!(folder.run(&["shop.yaml", "-o", "out.json"]).code, 0);
    assert!(link.is_symlink());
    assert!(folder.read("real.json").contains("3.0.3"));
    let mode = |path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&real), 0o640);
    assert_eq!(folder.run(&["shop.yaml", "-o", "new.json"]).code, 0);
    assert_eq!(mode(&folder.path("new.json")), 0o644);
}

#[cfg(unix)]
#[test]
fn pipes_are_written_to_and_stay() {
    use std::os::unix::fs::FileTypeExt as _;

    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    let pipes = ["out.json", "notes.md"];
    for name in pipes {
        let made = std::process::Command::new("mkfifo").arg(folder.path(name)).status();
        assert!(made.expect("mkfifo").success());
    }
    let readers = pipes.map(|name| {
        let path = folder.path(name);
        std::thread::spawn(move || std::fs::read_to_string(path).expect("reads"))
    });
    let arguments = ["shop.yaml", "-o", "out.json", "--report-file", "notes.md"];
    assert_eq!(folder.run(&arguments).code, 0);
    for name in pipes {
        let found = folder.path(name).symlink_metadata().expect("it exists");
        assert!(found.file_type().is_fifo(), "{name}");
    }
    for reader in readers {
        assert!(!reader.join().expect("the reader").is_empty());
    }
}
