//! The build script in the README is the one that is compiled here.

#[test]
fn readme_shows_this_build_script() {
    let build = include_str!("../build.rs");
    // Its first line says what it is for.
    let (_, shown) = build.split_once("\n\n").expect("a first line and the code");
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&format!("```rust,ignore\n{shown}```")), "copy build.rs to README.md");
}

#[test]
fn readme_shows_this_description_of_features() {
    let manifest = include_str!("../Cargo.toml");
    assert!(manifest.contains("features = [\"openapiv3\"]"), "correct the README too");
    assert!(include_str!("../../README.md").contains("features = [\"openapiv3\"]"));
}
