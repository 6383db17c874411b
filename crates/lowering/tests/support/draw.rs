//! Schemas of JSON Schema 2020-12 and instances, drawn by chance.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const NAMES: &[&str] = &["a", "b", "c", "xa"];

/// A source of schemas and instances, which repeats for the same seed.
pub(crate) struct Draw {
    random: Rng,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Rng::with_seed(seed) }
    }

    /// Component schemas, of which the first is called `It`.
    pub(crate) fn schemas(&mut self) -> Value {
        let mut schemas = Map::new();
        // References lead forward only: a schema that consists of itself allows nothing finite.
        for (index, name) in ["It", "Second", "Third"].into_iter().enumerate() {
            schemas.insert(name.to_owned(), self.schema(3 - index.min(1), index));
        }
        Value::Object(schemas)
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.random.u8(0..100) < percent
    }

    fn name(&mut self) -> String {
        NAMES[self.random.usize(0..NAMES.len())].to_owned()
    }

    fn names(&mut self) -> Vec<String> {
        let mut names: Vec<_> = (0..self.random.usize(0..3)).map(|_| self.name()).collect();
        names.dedup();
        names.sort();
        names.dedup();
        names
    }

    /// A schema of some keywords. `component` is the number of the component that it is in.
    fn schema(&mut self, depth: usize, component: usize) -> Value {
        if self.chance(6) {
            return Value::Bool(self.random.bool());
        }
        let mut schema = Map::new();
        for _ in 0..self.random.usize(1..4) {
            self.keyword(&mut schema, depth, component);
        }
        Value::Object(schema)
    }

    fn keyword(&mut self, schema: &mut Map<String, Value>, depth: usize, component: usize) {
        if depth > 0 && self.chance(60) {
            self.keyword_with_schemas(schema, depth - 1, component);
            return;
        }
        let number = json!(self.random.i32(0..4));
        let (key, value) = match self.random.u8(0..22) {
            0..=4 => ("type", self.types()),
            5 => ("const", self.instance()),
            6 | 7 => ("enum", (0..self.random.usize(0..4)).map(|_| self.instance()).collect()),
            8 => ("minimum", number),
            9 => ("exclusiveMinimum", number),
            10 => ("exclusiveMaximum", number),
            11 => ("multipleOf", json!(self.random.i32(1..4))),
            12 => ("maxLength", number),
            13 => ("minItems", number),
            14 => ("maxItems", number),
            15 => ("uniqueItems", json!(true)),
            16 => ("minProperties", number),
            17 => ("maxProperties", number),
            18 => ("required", json!(self.names())),
            19 => ("dependentRequired", json!({ self.name(): self.names() })),
            20 => ("description", json!("text")),
            _ => ("pattern", json!("^[a-c]+$")),
        };
        schema.insert(key.to_owned(), value);
    }

    fn keyword_with_schemas(
        &mut self,
        schema: &mut Map<String, Value>,
        depth: usize,
        component: usize,
    ) {
        let one = |draw: &mut Self| draw.schema(depth, component);
        let (key, value) = match self.random.u8(0..26) {
            0..=2 => ("properties", self.map(depth, component)),
            3 => ("patternProperties", json!({ "^x": one(self) })),
            4 => ("additionalProperties", one(self)),
            5 => ("unevaluatedProperties", one(self)),
            6 => ("propertyNames", self.schema_of_names()),
            7 => ("dependentSchemas", json!({ self.name(): one(self) })),
            8 | 9 => ("items", one(self)),
            10 => ("prefixItems", self.list(depth, component)),
            11 => ("contains", one(self)),
            12 => ("unevaluatedItems", one(self)),
            13 | 14 => ("allOf", self.list(depth, component)),
            15 | 16 => ("anyOf", self.union(depth, component)),
            17 | 18 => ("oneOf", self.union(depth, component)),
            19 => ("not", one(self)),
            20 => ("if", one(self)),
            21 => ("then", one(self)),
            22 => ("else", one(self)),
            23 => ("minContains", json!(self.random.i32(0..3))),
            _ if component < 2 => {
                let name = if component == 0 && self.random.bool() { "Second" } else { "Third" };
                ("$ref", json!(format!("#/components/schemas/{name}")))
            }
            _ => ("title", json!("Title")),
        };
        schema.insert(key.to_owned(), value);
    }

    fn types(&mut self) -> Value {
        let all = ["null", "boolean", "integer", "number", "string", "array", "object"];
        let mut types: Vec<_> =
            (0..self.random.usize(1..4)).map(|_| all[self.random.usize(0..all.len())]).collect();
        types.sort_unstable();
        types.dedup();
        match types.as_slice() {
            [only] if self.random.bool() => json!(only),
            several => json!(several),
        }
    }

    fn map(&mut self, depth: usize, component: usize) -> Value {
        let names = self.names();
        names.into_iter().map(|name| (name, self.schema(depth, component))).collect()
    }

    fn list(&mut self, depth: usize, component: usize) -> Value {
        (0..self.random.usize(1..3)).map(|_| self.schema(depth, component)).collect()
    }

    /// Arms, often with one for null or with constants.
    fn union(&mut self, depth: usize, component: usize) -> Value {
        let mut arms: Vec<Value> = (0..self.random.usize(1..4))
            .map(|_| match self.random.u8(0..8) {
                0 => json!({ "type": "null" }),
                1 => json!({ "const": self.instance() }),
                _ => self.schema(depth, component),
            })
            .collect();
        self.random.shuffle(&mut arms);
        arms.into()
    }

    fn schema_of_names(&mut self) -> Value {
        match self.random.u8(0..4) {
            0 => json!({ "enum": self.names() }),
            1 => json!({ "const": self.name() }),
            2 => json!({ "maxLength": 1 }),
            _ => Value::Bool(self.random.bool()),
        }
    }

    /// A value of few levels, such as schemas talk about.
    pub(crate) fn instance(&mut self) -> Value {
        self.value(2)
    }

    fn value(&mut self, depth: usize) -> Value {
        let kinds = if depth == 0 { 5 } else { 9 };
        match self.random.u8(0..kinds) {
            0 => Value::Null,
            1 => self.random.bool().into(),
            2 => self.random.i32(-1..5).into(),
            3 => ["a", "b", "foo", ""][self.random.usize(0..4)].into(),
            4 => json!(f64::from(self.random.i32(0..4)) + 0.5),
            5 | 6 => (0..self.random.usize(0..4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let names: Vec<_> = (0..self.random.usize(0..4)).map(|_| self.name()).collect();
                names.into_iter().map(|name| (name, self.value(depth - 1))).collect()
            }
        }
    }
}
