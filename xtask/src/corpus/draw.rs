//! Small descriptions, drawn by chance: every kind of schema, parameter and body, with odd names.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Names that Rust, serde or the generated code has a use for, or that meet in snake case.
const NAMES: &[&str] = &[
    "id",
    "name",
    "type",
    "fooBar",
    "foo-bar",
    "foo_baz",
    "$top",
    "@nextLink",
    "1a",
    "self",
    "new",
    "extra",
    "value",
    "client",
    "request",
    "response",
    "url",
    "send",
    "body",
    "stream",
    "pages",
    "count",
    "default",
    "result",
    "into_future",
    "header_map",
    "x-y.z",
    "a b",
    "名前",
];

const FORMATS: &[&str] = &["date-time", "date", "uuid", "uri", "email", "binary", "byte", "int32"];

const TAGS: &[&str] = &["things", "Things", "odd tag", "<b>", "self"];

/// A source of descriptions, which repeats for the same seed.
pub(super) struct Draw {
    random: Rng,
    /// The number of components.
    components: usize,
}

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let components = random.usize(1..5);
        Self { random, components }
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.random.u8(0..100) < percent
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.random.usize(0..of.len())]
    }

    fn names(&mut self, most: usize) -> Vec<&'static str> {
        let mut names = Vec::new();
        for _ in 0..self.random.usize(0..=most) {
            let name = self.one(NAMES);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    pub(super) fn document(&mut self) -> Value {
        let schemas: Map<String, Value> =
            (0..self.components).map(|at| (format!("S{at}"), self.component(at))).collect();
        let mut paths = Map::new();
        for index in 0..self.random.usize(1..4) {
            let (path, item) = self.path(index);
            paths.insert(path, item);
        }
        let tags: Vec<_> =
            (0..self.random.usize(0..3)).map(|_| json!({ "name": self.one(TAGS) })).collect();
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "tags": tags,
            "paths": paths,
            "components": { "schemas": schemas },
        })
    }

    fn path(&mut self, index: usize) -> (String, Value) {
        let mut parameters = Vec::new();
        let mut path = format!("/p{index}");
        for name in self.names(4) {
            let location = self.one(&["query", "query", "path", "header", "cookie"]);
            let token = |c: char| c.is_ascii_alphanumeric() || "$-._".contains(c);
            if (location == "header" && !name.chars().all(token))
                || (location == "path" && name.contains(' '))
            {
                continue;
            }
            let required = location == "path" || (location != "cookie" && self.chance(40));
            if location == "path" {
                path = format!("{path}/{{{name}}}");
            }
            let schema = self.parameter_schema();
            let mut parameter = json!({
                "in": location, "name": name, "required": required, "schema": schema,
            });
            if self.chance(20) {
                parameter["explode"] = self.random.bool().into();
            }
            parameters.push(parameter);
        }
        let method = self.one(&["get", "put", "post", "patch", "delete"]);
        let mut operation = json!({
            "operationId": format!("{}_{index}", self.one(&["fetch", "makeIt", "op", "type"])),
            "parameters": parameters,
            "responses": self.responses(),
        });
        if self.chance(50) {
            operation["tags"] = json!([self.one(TAGS)]);
        }
        if method != "get" && method != "delete" && self.chance(85) {
            operation["requestBody"] = self.body();
        }
        (path, json!({ method: operation }))
    }

    fn parameter_schema(&mut self) -> Value {
        match self.random.u8(0..10) {
            0 => json!({ "type": "array", "items": self.scalar() }),
            1 => json!({ "type": ["string", "integer"] }),
            2 => json!({ "type": ["integer", "null"] }),
            3 => self.reference(0),
            4 => json!({ "type": "object", "properties": { "a": self.scalar() } }),
            _ => self.scalar(),
        }
    }

    fn body(&mut self) -> Value {
        let mut content = Map::new();
        for _ in 0..self.random.usize(1..3) {
            let kind = self.one(&[
                "application/json",
                "application/json",
                "application/json",
                "application/merge-patch+json",
                "application/x-www-form-urlencoded",
                "text/plain",
                "application/octet-stream",
                "multipart/form-data",
                "application/xml",
            ]);
            content.insert(kind.to_owned(), json!({ "schema": self.top() }));
        }
        json!({ "content": content, "required": self.random.bool() })
    }

    fn responses(&mut self) -> Value {
        let mut responses = Map::new();
        for _ in 0..self.random.usize(1..3) {
            let status = self.one(&["200", "200", "201", "204", "2XX", "default", "404"]);
            let mut response = json!({ "description": "" });
            if status != "204" && self.chance(85) {
                let kind = self.one(&[
                    "application/json",
                    "application/json",
                    "application/json",
                    "application/hal+json",
                    "text/plain",
                    "*/*",
                ]);
                response["content"] = json!({ kind: { "schema": self.top() } });
            }
            responses.insert(status.to_owned(), response);
        }
        Value::Object(responses)
    }

    /// The schema of a body: mostly a component, as descriptions have it.
    fn top(&mut self) -> Value {
        match self.random.u8(0..10) {
            0 => self.schema(2, 0),
            1 => json!({ "type": "array", "items": self.reference(0) }),
            2 => json!({}),
            _ => self.reference(0),
        }
    }

    /// A reference to a component from this one on, so that none is put together of itself.
    fn reference(&mut self, from: usize) -> Value {
        let at = self.random.usize(from.min(self.components - 1)..self.components);
        json!({ "$ref": format!("#/components/schemas/S{at}") })
    }

    fn component(&mut self, at: usize) -> Value {
        match self.random.u8(0..10) {
            0 | 1 => self.schema(2, at + 1),
            2 => json!({ "type": "string", "enum": ["a", "b-c", "B c", ""] }),
            _ => self.object(2, at + 1),
        }
    }

    fn schema(&mut self, depth: usize, from: usize) -> Value {
        let refers = from < self.components;
        match self.random.u8(0..14) {
            0 | 1 if refers => self.reference(from),
            2 if refers => json!({ "anyOf": [self.reference(from), { "type": "null" }] }),
            3 if depth > 0 => {
                let mut list = json!({ "type": "array", "items": self.schema(depth - 1, from) });
                if self.chance(15) {
                    list.as_object_mut().expect("an object").remove("items");
                }
                list
            }
            4 if depth > 0 => {
                json!({ "type": "object", "additionalProperties": self.schema(depth - 1, from) })
            }
            5 | 6 if depth > 0 => self.object(depth - 1, from),
            7 if depth > 0 => self.parts(depth - 1, from),
            8 if depth > 0 => self.union(depth - 1, from),
            9 => json!({}),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        let kind = self.one(&["string", "integer", "number", "boolean"]);
        let mut schema = json!({ "type": kind });
        match (kind, self.random.u8(0..6)) {
            ("string", 0) => schema["enum"] = json!(["a", "b"]),
            ("string", 1) => schema = json!({ "const": "only" }),
            ("string", 2 | 3) => schema["format"] = self.one(FORMATS).into(),
            ("string", 4) => schema["default"] = "d".into(),
            ("integer", 0) => schema["enum"] = json!([1, 2]),
            ("integer", 1) => schema["format"] = self.one(&["int32", "int64", "uint8"]).into(),
            ("integer", 2) => schema["default"] = 1.into(),
            ("boolean", 0) => schema["default"] = true.into(),
            ("number", 0) => schema = json!({ "type": ["number", "string"] }),
            _ => {}
        }
        if self.chance(25)
            && let Some(kind) = schema.get("type").and_then(Value::as_str).map(str::to_owned)
        {
            schema["type"] = json!([kind, "null"]);
            if let Some(Value::Array(values)) = schema.get_mut("enum") {
                values.push(Value::Null);
            }
        }
        schema
    }

    fn object(&mut self, depth: usize, from: usize) -> Value {
        let names = self.names(4);
        let properties: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), self.schema(depth, from))).collect();
        let mut required: Vec<_> = names.into_iter().filter(|_| self.random.bool()).collect();
        if self.chance(5) {
            required.push("undeclared");
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        match self.random.u8(0..12) {
            0 => schema["additionalProperties"] = self.scalar(),
            1 => schema["additionalProperties"] = true.into(),
            2 => schema["additionalProperties"] = false.into(),
            3 => schema["additionalProperties"] = json!({}),
            4 if depth > 0 => schema["allOf"] = json!([self.object(depth - 1, from)]),
            5 if depth > 0 => schema["oneOf"] = self.union(depth - 1, from)["oneOf"].take(),
            6 if self.chance(50) => schema["type"] = json!(["object", "null"]),
            _ => {}
        }
        if schema.get("oneOf").is_some_and(Value::is_null) {
            schema.as_object_mut().expect("an object").remove("oneOf");
        }
        schema
    }

    fn parts(&mut self, depth: usize, from: usize) -> Value {
        let mut parts = Vec::new();
        for _ in 0..self.random.usize(1..4) {
            let part = match from < self.components && self.chance(50) {
                true => self.reference(from),
                false => self.object(depth, from),
            };
            parts.push(part);
        }
        json!({ "allOf": parts })
    }

    fn union(&mut self, depth: usize, from: usize) -> Value {
        let kind = self.one(&["oneOf", "anyOf"]);
        let tagged = self.chance(60);
        let mut arms = Vec::new();
        for index in 0..self.random.usize(1..4) {
            let mut arm = match self.random.u8(0..4) {
                0 if from < self.components => self.reference(from),
                1 if !tagged => self.scalar(),
                _ => self.object(depth, from),
            };
            if tagged && arm.get("properties").is_some() {
                arm["properties"]["kind"] = json!({ "const": format!("k{index}") });
                arm["required"] = json!(["kind"]);
            }
            arms.push(arm);
        }
        if self.chance(20) {
            arms.push(json!({ "type": "null" }));
        }
        json!({ kind: arms })
    }
}
