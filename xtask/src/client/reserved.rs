//! The methods of the client that are written by hand: no operation may have the name of one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use heck::ToSnakeCase as _;
use openapi_lowering::problem::Problem;
use serde_json::Value;
use syn::{ImplItem, Item, Type};

/// Returns the names, without those of operations whose calls are written by hand.
pub(super) fn of_client(document: &Value) -> Result<BTreeSet<String>, Problem> {
    static NAMES: OnceLock<Result<BTreeSet<String>, Problem>> = OnceLock::new();
    let source = || read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../src"));
    let mut names = NAMES.get_or_init(source).clone()?;
    let items = document["paths"].as_object().into_iter().flatten();
    let operations = items.filter_map(|(_, item)| item.as_object()).flatten();
    for (_, operation) in operations.filter(|(_, operation)| operation["x-handwritten"] == true) {
        names.remove(&operation["operationId"].as_str().unwrap_or_default().to_snake_case());
    }
    Ok(names)
}

/// Reads the methods of the client in a folder of source code.
fn read(folder: &Path) -> Result<BTreeSet<String>, Problem> {
    let mut names = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| unreadable(&folder, &error.to_string());
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                // All operations of the prebuilt client would be reserved.
                && !path.ends_with("prebuilt.rs")
            {
                file(path, &mut names)?;
            }
        }
    }
    Ok(names)
}

fn file(path: PathBuf, into: &mut BTreeSet<String>) -> Result<(), Problem> {
    let code = std::fs::read_to_string(&path).map_err(|e| unreadable(&path, &e.to_string()))?;
    // Most files have no method of the client, and parsing takes a moment.
    if !code.lines().any(|line| line.contains("impl") && line.contains("Client")) {
        return Ok(());
    }
    let file = syn::parse_file(&code).map_err(|e| unreadable(&path, &e.to_string()))?;
    methods(&file.items, into);
    Ok(())
}

fn methods(items: &[Item], into: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                methods(module.content.as_ref().map_or(&[], |(_, items)| items), into);
            }
            Item::Impl(block) if block.trait_.is_none() && is_client(&block.self_ty) => {
                into.extend(block.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
}

fn is_client(kind: &Type) -> bool {
    matches!(kind, Type::Path(path)
        if path.path.segments.last().is_some_and(|segment| segment.ident == "Client"))
}

fn unreadable(path: &Path, what: &str) -> Problem {
    let fix = "check the source code of the client, which has the names that are taken";
    Problem::new(path.display().to_string(), what, fix)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{of_client, read};
    use crate::client::{lower, options};
    use openapi_lowering::preflight;

    fn document(id: &str) -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"operationId": id, "responses": {}}}},
        })
    }

    #[test]
    fn operation_with_the_name_of_a_hand_written_method_is_rejected() {
        let names = of_client(&json!({})).expect("the source can be read");
        assert!(names.len() > 30, "{names:?}");
        for name in &names {
            let document = document(name);
            let lowered = lower(&document).expect("lowers");
            let options = options(&document).expect("options");
            let message = preflight::check(&lowered, &options).expect_err(name).to_string();
            assert!(
                message.contains("client's functions") || message.contains("taken"),
                "{message}"
            );
        }
        let listed = document("list_load_tests");
        let lowered = lower(&listed).expect("lowers");
        assert!(preflight::check(&lowered, &options(&listed).expect("options")).is_ok());
    }

    #[test]
    fn hand_written_call_of_an_operation_is_not_taken() {
        let mut document = document("startLoadTest");
        let all = of_client(&document).expect("reads");
        assert!(all.contains("start_load_test"), "{all:?}");
        document["paths"]["/a"]["get"]["x-handwritten"] = true.into();
        assert!(!of_client(&document).expect("reads").contains("start_load_test"));
    }

    #[test]
    fn methods_are_found_in_every_file_but_the_prebuilt_client() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, code: &str| {
            std::fs::write(folder.path().join(name), code).expect("writes");
        };
        std::fs::create_dir(folder.path().join("sub")).expect("a folder");
        write("sub/a.rs", "mod inner { impl crate::Client { pub(crate) fn a() {} } }");
        write("b.rs", "impl Client { fn b(&self) {} const C: u8 = 1; } impl Other { fn d() {} }");
        write("prebuilt.rs", "impl Client { pub fn e() {} }");
        let names = read(folder.path()).expect("reads");
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b"]);
        write("broken.rs", "impl Client {");
        let message = read(folder.path()).expect_err("broken").to_string();
        assert!(message.contains("broken.rs"), "{message}");
    }
}
