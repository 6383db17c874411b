use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{destination, has_bytes, is_replaceable, probe, write, write_all, write_if_changed};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("lists");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("reads")
}

#[test]
fn file_is_replaced_and_nothing_else_is_left() {
    let folder = folder();
    let path = folder.path().join("a");
    write(&path, b"one").expect("written");
    write(&path, b"two").expect("written");
    assert_eq!((text(&path).as_str(), names(folder.path())), ("two", vec!["a".to_owned()]));
    let error = write(folder.path(), b"x").expect_err("a folder");
    assert_eq!(error.to_string(), "it is a folder");
    let missing = folder.path().join("missing/a");
    let error = write(missing, b"x").expect_err("no folder");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(!error.to_string().contains(".tmp"), "{error}");
}

#[test]
fn old_file_stays_until_the_new_one_is_complete() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").expect("writes");
    let mut old = fs::File::open(&path).expect("opens");
    write(&path, b"new").expect("written");
    let mut read = String::new();
    std::io::Read::read_to_string(&mut old, &mut read).expect("reads");
    // It was not written to in place.
    assert_eq!((read.as_str(), text(&path).as_str()), ("old", "new"));
}

#[test]
fn equal_bytes_are_not_written() {
    let folder = folder();
    let path = folder.path().join("a");
    assert!(is_replaceable(&path));
    assert!(write_if_changed(&path, b"x").expect("written"));
    let before = path.metadata().and_then(|found| found.modified()).expect("a time");
    assert!(!write_if_changed(&path, b"x").expect("equal"));
    assert_eq!(path.metadata().and_then(|found| found.modified()).expect("a time"), before);
    assert!(write_if_changed(&path, b"y").expect("written"));
    assert!(has_bytes(&path, b"y") && !has_bytes(&path, b"yy") && !has_bytes(folder.path(), b""));
}

#[test]
fn probe_creates_folders_and_nothing_else() {
    let folder = folder();
    let path = folder.path().join("new/deep/a");
    probe(&path).expect("it can be written");
    assert_eq!(names(&folder.path().join("new/deep")), Vec::<String>::new());
    write(&path, b"x").expect("written");
    probe(&path).expect("it can be written again");
    assert_eq!(text(&path), "x");
    probe(folder.path()).expect_err("a folder");
    // A file is in the way.
    probe(path.join("b")).expect_err("not a folder");
    let blocked = path.join("sub/deep/b");
    probe(blocked).expect_err("not a folder");
    assert_eq!(names(&folder.path().join("new/deep")), ["a"]);
}

#[test]
fn several_files_are_written_or_none() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a"), "old").expect("writes");
    fs::write(path("same"), "same").expect("writes");
    let files = [(path("a"), "new"), (path("b"), "new"), (path("same"), "same")];
    assert_eq!(write_all(&files).expect("written"), [path("a"), path("b")]);
    for wrong in [path("missing/c"), path("folder"), path("./a")] {
        let _ = fs::create_dir(path("folder"));
        let files = [(path("a"), "newer"), (path("fresh"), "newer"), (wrong.clone(), "newer")];
        let error = write_all(&files).expect_err("one cannot be written");
        assert_eq!(error.path, wrong);
        assert_eq!(text(&path("a")), "new");
        assert_eq!(names(folder.path()), ["a", "b", "folder", "same"]);
    }
}

#[test]
fn paths_of_one_file_have_one_destination() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let plain = destination(path("x/y/a")).expect("a path");
    assert_eq!(destination(path("x/./y/a")).expect("a path"), plain);
    assert_ne!(destination(path("x/y/b")).expect("a path"), plain);
}

#[cfg(unix)]
mod unix {
    use std::io::Read as _;
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().expect("a file").permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_are_those_of_the_old_file_or_of_any_new_one() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("usual"), "x").expect("writes");
        write(path("new"), b"x").expect("written");
        assert_eq!(mode(&path("new")), mode(&path("usual")));
        for bits in [0o600, 0o755, 0o664] {
            fs::set_permissions(path("new"), fs::Permissions::from_mode(bits)).expect("set");
            write(path("new"), b"y").expect("written");
            assert_eq!(mode(&path("new")), bits);
        }
    }

    #[test]
    fn link_stays_and_its_target_is_replaced() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("sub")).expect("creates");
        fs::write(path("sub/target"), "old").expect("writes");
        symlink("target", path("sub/near")).expect("links");
        symlink("sub/near", path("far")).expect("links");
        symlink("sub/not-yet", path("dangling")).expect("links");
        for (link, target) in [("far", "sub/target"), ("dangling", "sub/not-yet")] {
            probe(path(link)).expect("it can be written");
            write(path(link), b"new").expect("written");
            assert!(path(link).is_symlink(), "{link}");
            assert_eq!((text(&path(target)).as_str(), path(target).is_symlink()), ("new", false));
            let files = [(path(link), "newer")];
            write_all(&files).expect("written");
            assert!(path(link).is_symlink(), "{link}");
            assert_eq!(text(&path(target)), "newer");
        }
        let same = destination(path("far")).expect("a path");
        assert_eq!(destination(path("sub/target")).expect("a path"), same);
        write_all(&[(path("far"), "a"), (path("sub/target"), "b")]).expect_err("the same file");
        symlink("circle", path("circle")).expect("links");
        write(path("circle"), b"x").expect_err("a circle");
        assert!(path("circle").is_symlink());
    }

    fn pipe(path: &Path) {
        let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo");
        assert!(made.success());
    }

    #[test]
    fn pipe_is_written_to() {
        let folder = folder();
        let path = folder.path().join("pipe");
        pipe(&path);
        symlink("pipe", folder.path().join("link")).expect("links");
        for through in ["pipe", "link"] {
            let through = folder.path().join(through);
            // Nobody reads yet, so that opening it would wait.
            probe(&through).expect("it can be written");
            assert!(!has_bytes(&through, b"") && !is_replaceable(&through));
            let reader = std::thread::spawn({
                let path = path.clone();
                move || fs::read_to_string(path).expect("reads")
            });
            write(&through, b"text").expect("written");
            assert_eq!(reader.join().expect("the reader"), "text");
        }
        let reader = std::thread::spawn({
            let path = path.clone();
            move || fs::read_to_string(path).expect("reads")
        });
        let file = folder.path().join("file");
        let written = write_all(&[(path.clone(), "text"), (file.clone(), "x")]).expect("written");
        assert_eq!(reader.join().expect("the reader"), "text");
        assert_eq!(written, [file, path.clone()]);
        assert!(path.symlink_metadata().expect("a pipe").file_type().is_fifo());
    }

    #[test]
    fn socket_is_written_to() {
        let folder = folder();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).expect("bound");
        probe(&path).expect("it can be written");
        write(&path, b"text").expect("written");
        let mut read = String::new();
        listener.accept().expect("connected").0.read_to_string(&mut read).expect("reads");
        assert_eq!(read, "text");
        assert!(path.symlink_metadata().expect("a socket").file_type().is_socket());
    }

    #[test]
    fn device_that_fails_takes_the_files_back() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a"), "old").expect("writes");
        // Nobody listens.
        drop(UnixListener::bind(path("socket")).expect("bound"));
        let files = [(path("socket"), "x"), (path("a"), "new"), (path("b"), "new")];
        let error = write_all(&files).expect_err("nobody listens");
        assert_eq!(error.path, path("socket"));
        assert_eq!(
            (text(&path("a")).as_str(), names(folder.path())),
            ("old", vec!["a".to_owned(), "socket".to_owned()])
        );
    }
}
