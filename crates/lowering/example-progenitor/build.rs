//! Generates the client of an OpenAPI 3.1 description.

use std::{env, error::Error, fs, path::Path};

use openapi_lowering::{Options, Profile, lower, parse};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=library.yaml");
    let document = parse::parse(&fs::read("library.yaml")?, "library.yaml")?;
    let lowered = lower(&document, &Options::new(Profile::Progenitor))?;
    let description = lowered.to_openapiv3()?;
    let code = progenitor::Generator::default().generate_tokens(&description)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("client.rs"), code.to_string())?;
    Ok(())
}
