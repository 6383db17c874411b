//! The forms of the responses with metrics, as JSON Schemas.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Value, json};

/// The schemas of the responses.
pub(super) struct Shapes {
    pub(super) schemas: Schemas,
    pub(super) lists: [SchemaIndex; 6],
}

/// Indexes of [`Shapes::lists`].
pub(super) const RUN_METRICS: usize = 0;
pub(super) const LOAD_TEST_METRICS: usize = 1;
pub(super) const LABEL_SETS: usize = 2;
pub(super) const STRINGS: usize = 3;
pub(super) const MATRIX: usize = 4;
pub(super) const VECTOR: usize = 5;

impl Shapes {
    pub(super) fn new() -> Result<Self, String> {
        let object = |required: &[&str], properties: Value| json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false });
        let list = |name: &str, items: Value| {
            object(&[name], json!({ name: { "type": "array", "items": items } }))
        };
        let wrapped = |data: Value| {
            object(&["status", "data"], json!({ "status": { "enum": ["success"] }, "data": data }))
        };
        let string = json!({ "type": "string" });
        let kind = json!({ "enum": ["counter", "gauge", "rate", "trend"] });
        let labels = json!({ "type": "object", "additionalProperties": string });
        let result = |result_type: &str, points: Value| {
            let pair = json!({
                "type": "array", "minItems": 2, "maxItems": 2,
                "prefixItems": [{ "type": "number" }, { "type": ["number", "string", "null"] }],
            });
            let mut values = json!({ "type": "array", "items": pair });
            if points.is_number() {
                values["minItems"] = points.clone();
                values["maxItems"] = points;
            }
            let series =
                object(&["metric", "values"], json!({ "metric": labels, "values": values }));
            wrapped(object(
                &["resultType", "result"],
                json!({ "resultType": { "enum": [result_type] }, "result": { "type": "array", "items": series } }),
            ))
        };
        let metric = json!({ "id": string, "name": string, "origin": string, "test_run_id": { "type": "integer" }, "type": kind });
        let all = [
            list("value", object(&["id", "name", "origin", "test_run_id", "type"], metric)),
            list(
                "value",
                object(
                    &["name", "type", "labels"],
                    json!({ "name": string, "type": kind, "labels": { "type": "array", "items": string } }),
                ),
            ),
            wrapped(json!({ "type": "array", "items": labels })),
            wrapped(json!({ "type": "array", "items": string })),
            result("matrix", Value::Null),
            result("vector", json!(1)),
        ];
        let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
        let mut lists = Vec::new();
        for (number, schema) in all.into_iter().enumerate() {
            let location = format!("live:///metrics/{number}.json");
            compiler.add_resource(&location, schema).map_err(|error| error.to_string())?;
            lists.push(
                compiler.compile(&location, &mut schemas).map_err(|error| error.to_string())?,
            );
        }
        let lists = lists.try_into().map_err(|_| "there are six shapes".to_owned())?;
        Ok(Self { schemas, lists })
    }
}
