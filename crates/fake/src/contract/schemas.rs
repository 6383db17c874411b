//! The JSON Schemas of a description, and integers of 64 bits.

use boon::{Compiler, Format, SchemaIndex, Schemas};
use serde_json::Value;

/// The format of integers that fit into 64 bits.
const INT64: &str = "int64";

/// Compiles the schemas of one description.
pub(super) struct SchemaCompiler {
    compiler: Compiler,
    compiled: Schemas,
}

impl SchemaCompiler {
    /// Nothing is fetched from there.
    const LOCATION: &str = "fake:///openapi/overlaid.json";

    pub(super) fn new(document: &Value) -> Result<Self, String> {
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        compiler.register_format(Format { name: INT64, func: check_int64 });
        let added = compiler.add_resource(Self::LOCATION, document.clone());
        added.map_err(|error| error.to_string())?;
        Ok(Self { compiler, compiled: Schemas::new() })
    }

    /// Compiles the schema at a JSON pointer.
    pub(super) fn compile(&mut self, pointer: &str) -> Result<SchemaIndex, String> {
        let location = format!("{}#{}", Self::LOCATION, pointer.replace('%', "%25"));
        self.compiler.compile(&location, &mut self.compiled).map_err(|error| format!("{error:#}"))
    }

    /// Returns the compiled schemas.
    pub(super) fn into_compiled(self) -> Schemas {
        self.compiled
    }
}

/// Gives all integers of a description the format `int64`, unless they have another. The service
/// stores them in 64 bits, whether or not the description says so.
pub(super) fn add_integer_format(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            let is_integer = match keywords.get("type") {
                Some(Value::String(name)) => name == "integer",
                Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
                _ => false,
            };
            if is_integer && !keywords.contains_key("format") {
                keywords.insert("format".to_owned(), INT64.into());
            }
            keywords.values_mut().for_each(add_integer_format);
        }
        Value::Array(values) => values.iter_mut().for_each(add_integer_format),
        _ => {}
    }
}

/// Closes all objects whose properties a description names, unless it says what others may be.
pub(super) fn close_objects(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if keywords.get("properties").is_some_and(Value::is_object) {
                keywords.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            keywords.values_mut().for_each(close_objects);
        }
        Value::Array(values) => values.iter_mut().for_each(close_objects),
        _ => {}
    }
}

fn check_int64(value: &Value) -> Result<(), Box<dyn std::error::Error>> {
    match value {
        Value::Number(number) if to_int64(number).is_none() => {
            Err("the number does not fit into 64 bits".into())
        }
        _ => Ok(()),
    }
}

/// Returns a number as an integer of 64 bits, if it is one: `200.0` is 200.
pub(super) fn to_int64(number: &serde_json::Number) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let whole = || {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        // In this range, the conversion is exact.
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        (-LIMIT..LIMIT).contains(&float).then_some(float as i64)
    };
    number.as_i64().or_else(|| if number.is_f64() { whole() } else { None })
}
