//! The rules for parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    Draft, Lowering, RuleId, array, boolean, names, object, origin, prose, required, string,
    unknown_key,
};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// How deep a chain of references and unions is followed to see what a parameter is.
const MOST_HOPS: usize = 6;

/// What the value of a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A boolean, number or string.
    Scalar(&'static str),
    /// One of several scalars.
    Scalars,
    Array,
    Null,
    Other,
}

impl Lowering<'_> {
    pub(super) fn parameters(
        &mut self,
        list: &Value,
        place: &Place,
        into: &mut Parameters,
    ) -> Result<(), Problem> {
        let mut own = BTreeSet::new();
        for (index, parameter) in array(list, place)?.iter().enumerate() {
            let lowered = self.listed_parameter(parameter, &place.at(index), &mut own, into);
            self.keep(lowered);
        }
        Ok(())
    }

    fn listed_parameter(
        &mut self,
        parameter: &Value,
        place: &Place,
        own: &mut BTreeSet<Key>,
        into: &mut Parameters,
    ) -> Result<(), Problem> {
        let (parameter, place) = {
            let (parameter, place) = self.resolve(parameter, place)?;
            (object(parameter, &place)?.clone(), place)
        };
        let name = string(required(&parameter, "name", &place)?, &place.at("name"))?;
        let location = string(required(&parameter, "in", &place)?, &place.at("in"))?;
        if location == "header" && self.options.dropped_headers.contains(&name.to_ascii_lowercase())
        {
            self.note(RuleId::ClientHeader, "the client sets the header itself", &place);
            return Ok(());
        }
        if location == "querystring" {
            self.note(RuleId::NewParameter, "the whole query cannot be one parameter", &place);
            return Ok(());
        }
        if location == "cookie" {
            if parameter.get("required") == Some(&Value::Bool(true)) {
                let fix = "remove it, or its `required`, with an overlay action";
                return Err(place.problem("the client cannot send a required cookie", fix));
            }
            self.note(RuleId::Cookie, "the optional cookie is never sent", &place);
            return Ok(());
        }
        let lowered = self.parameter(&parameter, name, location, &place)?;
        let key = Key(location.to_owned(), name.to_owned());
        let same = |(other, _): &(Value, Place)| {
            origin::without_marks(&other["schema"]) == origin::without_marks(&lowered["schema"])
                && without_schema(other) == without_schema(&lowered)
        };
        // The same parameter twice does no harm.
        if !own.insert(key.clone()) && !into.0.get(&key).is_some_and(same) {
            let fix = "remove one of them with an overlay action";
            let what = format!("the parameter {name:?} is there twice and differs");
            return Err(place.problem(what, fix));
        }
        into.0.insert(key, (lowered, place));
        Ok(())
    }

    fn parameter(
        &mut self,
        parameter: &Members,
        name: &str,
        location: &str,
        place: &Place,
    ) -> Result<Value, Problem> {
        let mut out = Members::new();
        let mut schema = None;
        for (key, value) in parameter {
            let at = place.at(key);
            match key.as_str() {
                "name" | "in" => {
                    out.insert(key.clone(), value.clone());
                }
                "deprecated" | "required" => {
                    out.insert(key.clone(), boolean(value, &at)?.into());
                }
                "description" => {
                    out.insert(key.clone(), prose::neutralise(string(value, &at)?).into());
                }
                "schema" => schema = Some(self.schema(value, &at)),
                "content" => {
                    let effect = "the caller writes the value as a string";
                    self.note(RuleId::ParameterContent, effect, &at);
                    schema = Some(json!({ "type": "string" }));
                }
                "style" | "explode" | "example" | "examples" => {}
                key if self.options.parameter_extension.as_deref() == Some(key) => {
                    out.insert(key.to_owned(), string(value, &at)?.into());
                }
                "allowReserved" | "allowEmptyValue" => {
                    self.note(RuleId::Unread, super::NOT_READ, &at);
                }
                key if key.starts_with("x-") => self.note(RuleId::Unread, super::NOT_READ, &at),
                _ => return Err(unknown_key(&at)),
            }
        }
        if location == "path" && parameter.get("required") != Some(&Value::Bool(true)) {
            let fix = "set it with an overlay action";
            return Err(place.problem("a path parameter must be `required: true`", fix));
        }
        let mut schema = match schema {
            Some(schema) => schema,
            None => {
                self.note(RuleId::ParameterSchema, "the caller gives a string", place);
                json!({ "type": "string" })
            }
        };
        let kind = parameter.get("schema");
        let kind = kind.map_or(Kind::Scalar("string"), |schema| self.kind(schema, 0));
        self.check_style(parameter, location, kind, &mut schema, place)?;
        if let Some(members) = schema.as_object_mut() {
            // A parameter that may be left out needs no null, and no default: the server has it.
            members.remove("nullable");
            if members.remove("default").is_some() {
                let at = place.at("schema").at("default");
                self.note(RuleId::Unread, "the server knows the default", &at);
            }
        }
        out.insert("name".into(), name.into());
        out.insert("schema".into(), schema);
        Ok(Value::Object(out))
    }

    /// Lists and objects that are written neither as `a=1&a=2` nor as `a=1,2` are joined by the
    /// caller.
    fn check_style(
        &mut self,
        parameter: &Members,
        location: &str,
        kind: Kind,
        schema: &mut Value,
        place: &Place,
    ) -> Result<(), Problem> {
        let standard = if location == "query" { "form" } else { "simple" };
        let style = parameter.get("style").and_then(Value::as_str).unwrap_or(standard);
        if location == "path" && style != "simple" {
            let what = format!("the path style {style:?} cannot be generated");
            return Err(place.at("style").problem(what, "remove it with an overlay action"));
        }
        let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
        let items = parameter.get("schema").and_then(|schema| self.items_of(schema));
        let plain_items =
            items.is_none_or(|items| !matches!(self.kind(items, 0), Kind::Array | Kind::Other));
        let in_query_form = location == "query" && style == "form" && plain_items;
        let plain = match kind {
            Kind::Array => in_query_form && explode,
            Kind::Scalars => location == "query",
            Kind::Other => false,
            Kind::Scalar(_) | Kind::Null => true,
        };
        if kind == Kind::Array
            && in_query_form
            && !explode
            && let Some(format) = &self.options.comma_separated_format
        {
            // The generated code has a type for these, which joins what the caller gives.
            *schema = json!({ "type": "string", "format": format });
        } else if !plain {
            let effect = "the caller writes the value as a string";
            self.note(RuleId::ParameterStyle, effect, place);
            *schema = json!({ "type": "string" });
        }
        Ok(())
    }

    fn kind(&self, schema: &Value, hops: usize) -> Kind {
        let Some(members) = self.resolve_schema(schema).and_then(Value::as_object) else {
            return Kind::Other;
        };
        if hops == MOST_HOPS {
            return Kind::Other;
        }
        let null = |values: &Vec<Value>| !values.is_empty() && values.iter().all(Value::is_null);
        if members.get("enum").and_then(Value::as_array).is_some_and(null) {
            return Kind::Null;
        }
        let mut kinds: Vec<Kind> = if let Some(name) = members.get("type") {
            match name {
                Value::Array(names) => names.iter().map(kind_of_type).collect(),
                name => vec![kind_of_type(name)],
            }
        } else if let Some(Value::Array(values)) = members.get("enum") {
            values.iter().map(|value| kind_of_type(&super::schema::type_of(value).into())).collect()
        } else if let Some(value) = members.get("const") {
            vec![kind_of_type(&super::schema::type_of(value).into())]
        } else {
            let arms = ["anyOf", "oneOf"].iter().find_map(|key| members.get(*key)?.as_array());
            match (arms, members.get("allOf").and_then(Value::as_array)) {
                (Some(arms), None) => arms.iter().map(|arm| self.kind(arm, hops + 1)).collect(),
                (None, Some(all)) if all.len() == 1 => vec![self.kind(&all[0], hops + 1)],
                _ => vec![Kind::Other],
            }
        };
        // An arm that is only null adds nothing to a union.
        let only_null = !kinds.is_empty() && kinds.iter().all(|kind| *kind == Kind::Null);
        kinds.retain(|kind| *kind != Kind::Null);
        kinds.sort_unstable();
        kinds.dedup();
        match kinds.as_slice() {
            [only] => *only,
            several
                if !several.is_empty()
                    && several.iter().all(|kind| matches!(kind, Kind::Scalar(_))) =>
            {
                Kind::Scalars
            }
            _ if only_null => Kind::Null,
            _ => Kind::Other,
        }
    }

    /// The items of a list, also behind references and beside null.
    fn items_of<'v>(&'v self, schema: &'v Value) -> Option<&'v Value> {
        let members = self.resolve_schema(schema)?.as_object()?;
        let arms =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| members.get(key)?.as_array());
        members.get("items").or_else(|| arms.flatten().find_map(|arm| arm.get("items")))
    }
}

impl Lowering<'_> {
    /// Gives a parameter another name in the generated code where its own is taken. Its name in
    /// requests stays.
    pub(super) fn name_parameters(&mut self, parameters: &mut Parameters) {
        let Some(extension) = self.options.parameter_extension.clone() else { return };
        let mut taken = self.options.reserved.of_calls.clone();
        taken.insert("body".to_owned());
        let given = parameters.0.values().filter_map(|(parameter, _)| parameter.get(&extension));
        taken.extend(given.filter_map(Value::as_str).filter_map(names::of_parameter));
        for (Key(_, name), (parameter, place)) in &mut parameters.0 {
            if parameter.get(&extension).is_some() {
                continue;
            }
            let own = names::of_parameter(name);
            if own.as_ref().is_some_and(|own| taken.insert(own.clone())) {
                continue;
            }
            let base = own.map_or("parameter".to_owned(), |own| format!("{own}_parameter"));
            let mut unique = base.clone();
            for number in 2.. {
                if taken.insert(unique.clone()) {
                    break;
                }
                unique = format!("{base}{number}");
            }
            parameter[extension.as_str()] = unique.into();
            let effect = "its name is taken in the generated code, which calls it otherwise";
            self.notes.push(Draft::new(
                RuleId::ParameterName,
                RuleId::ParameterName.kind(),
                place,
                effect,
            ));
        }
    }
}

fn kind_of_type(name: &Value) -> Kind {
    match name.as_str() {
        Some("array") => Kind::Array,
        Some("boolean") => Kind::Scalar("boolean"),
        Some("integer") => Kind::Scalar("integer"),
        Some("number") => Kind::Scalar("number"),
        Some("string") => Kind::Scalar("string"),
        Some("null") => Kind::Null,
        _ => Kind::Other,
    }
}

fn without_schema(parameter: &Value) -> Vec<(&String, &Value)> {
    parameter.as_object().into_iter().flatten().filter(|(key, _)| *key != "schema").collect()
}

/// The location and name of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(String, String);

/// An operation's parameters, each with its location in the description: its own replace those of
/// the path with the same location and name.
#[derive(Clone, Default)]
pub(super) struct Parameters(BTreeMap<Key, (Value, Place)>);

impl Parameters {
    pub(super) fn insert_header(&mut self, name: &str, required: bool, types: &[&str]) {
        let known =
            |Key(location, other): &Key| location == "header" && other.eq_ignore_ascii_case(name);
        if self.0.keys().any(known) {
            return;
        }
        let types: Vec<_> = types.iter().map(|name| format!("`{name}`")).collect();
        let parameter = json!({
            "name": name,
            "in": "header",
            "required": required,
            "description": prose::neutralise(&format!("Content type: {}.", types.join(" or "))),
            "schema": { "type": "string" },
        });
        self.0.insert(Key("header".to_owned(), name.to_owned()), (parameter, Place::root()));
    }

    /// Returns the parameters in the order of their location and name, or nothing without any.
    pub(super) fn into_list(self) -> Option<Value> {
        let list: Vec<Value> = self.0.into_values().map(|(parameter, _)| parameter).collect();
        (!list.is_empty()).then(|| list.into())
    }
}
