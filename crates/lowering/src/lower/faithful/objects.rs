//! The objects of OpenAPI around the schemas.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::keywords::is_known_dialect;
use super::kinds::Holds::{Data, List, Map, New, One, Schema, Schemas};
use super::kinds::{Holds, Kind};
use super::{Version, Writer};
use crate::lower::rules::{Choice, NoteKind, RuleId};
use crate::lower::{array, object, origin, string};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// Keywords of a parameter that descriptions put in its schema by mistake.
const MISPLACED: &[&str] = &["allowReserved", "explode", "style"];

/// The longest chain of references between objects.
const MOST_ALIASES: usize = 32;

/// Returns the version of OpenAPI that a description is written in.
pub(super) fn check_version(document: &Value) -> Result<Version, Problem> {
    let root = Place::root();
    let source = object(document, &root)?;
    let supported = "give it an OpenAPI 3.1 description";
    match source.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => Ok(Version::V3_0),
        Some(Value::String(version))
            if version.starts_with("3.1.") || version.starts_with("3.2.") =>
        {
            Ok(Version::V3_1)
        }
        Some(Value::Number(number)) => {
            let what = format!("the version {number} is a number");
            let fix = "set it to the string '3.1.0' with an overlay action";
            Err(root.at("openapi").problem(what, fix))
        }
        Some(other) => {
            Err(root.at("openapi").problem(format!("version {other} is not supported"), supported))
        }
        None if source.contains_key("swagger") => {
            Err(root.at("swagger").problem("this is a Swagger 2.0 document", supported))
        }
        None => Err(root.problem("there is no `openapi` version", supported)),
    }
}

/// The names of security schemes that 3.0 does not have.
pub(super) fn dropped_schemes(document: &Value) -> BTreeSet<String> {
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let new = |scheme: &Value| scheme.get("type").is_some_and(|name| name == "mutualTLS");
    let new = schemes.into_iter().flatten().filter(|(_, scheme)| new(scheme));
    new.map(|(name, _)| name.clone()).collect()
}

/// Whether null is a value of a member, or its problem is found elsewhere.
fn is_null_allowed(kind: Kind, key: &str) -> bool {
    let known = kind.members().unwrap_or_default();
    let is_known = known.iter().any(|(name, _)| *name == key);
    let values = ["example", "value", "dataValue", "requestBody", "info", "openapi"];
    !is_known || (values.contains(&key) && kind != Kind::Operation)
}

impl<'a> Writer<'a> {
    pub(super) fn document(&mut self) -> Value {
        let root = Place::root();
        let Some(source) = self.source.as_object() else { return Value::Null };
        self.check_dialect_of_document(source, &root);
        let mut written = self.members_of(Kind::Document, source, &root);
        written.insert("openapi".into(), "3.0.3".into());
        for key in ["info", "paths"] {
            if !source.contains_key(key) && (key == "info" || self.is_for_client()) {
                self.reject(root.problem(
                    format!("the description has no `{key}`"),
                    "check that the source is the API's description",
                ));
            }
        }
        written.entry("paths").or_insert_with(|| json!({}));
        self.add_demanded(&mut written);
        Value::Object(written)
    }

    fn check_dialect_of_document(&mut self, source: &Members, root: &Place) {
        let Some(dialect) = source.get("jsonSchemaDialect") else { return };
        let known = dialect.as_str().is_some_and(is_known_dialect);
        if !known {
            self.reject(root.at("jsonSchemaDialect").problem(
                format!("the schema dialect {dialect} is not supported"),
                "remove it with an overlay action if the schemas are those of OpenAPI 3.1",
            ));
        }
    }

    /// Adds the schemas that something refers to.
    fn add_demanded(&mut self, document: &mut Members) {
        let mut demanded = Members::new();
        self.demanded_schemas(&mut demanded);
        if demanded.is_empty() {
            return;
        }
        let components = document.entry("components").or_insert_with(|| json!({}));
        if let Value::Object(components) = components
            && let Value::Object(schemas) = components.entry("schemas").or_insert_with(|| json!({}))
        {
            schemas.extend(demanded);
        }
    }

    fn members_of(&mut self, kind: Kind, source: &Members, place: &Place) -> Members {
        let source = self.adapted(kind, source, place);
        let source = source.as_ref();
        let mut written = Members::new();
        for (key, value) in source {
            let at = place.at(key);
            if key.starts_with("x-") {
                written.insert(key.clone(), value.clone());
                continue;
            }
            if value.is_null() && kind.members().is_some() && !is_null_allowed(kind, key) {
                self.note(RuleId::NullMember, NoteKind::Dropped, &at, "null says nothing here");
                continue;
            }
            let holds = match kind.members() {
                None if kind == Kind::Responses => Some(One(Kind::Response)),
                None => Some(One(Kind::PathItem)),
                Some(known) => known.iter().find(|(name, _)| name == key).map(|(_, holds)| *holds),
            };
            match holds {
                Some(New) => self.drop_new(kind, key, &at),
                Some(_) if kind == Kind::Responses && self.is_dropped_response(key, source) => {
                    written.insert(key.clone(), self.only_description(value, &at));
                }
                Some(holds) => {
                    let member = self.member(kind, (key, value), holds, &at);
                    let member = self.keep(member).flatten();
                    written.extend(member.map(|member| (key.clone(), member)));
                }
                None if key == "$self" || key == "jsonSchemaDialect" => {}
                None => self.drop_unknown(&at),
            }
        }
        self.join_examples(kind, &mut written, place);
        self.complete(kind, (source, &mut written), place);
        written
    }

    /// Whether a client drops a response without reading it.
    fn is_dropped_response(&self, status: &str, responses: &Members) -> bool {
        let success = |status: &str| status.len() == 3 && status.starts_with('2');
        let drops = self.is_for_client() && self.drops(RuleId::ErrorResponses);
        drops
            && match status {
                "default" => responses.keys().any(|status| success(status)),
                status => status.len() == 3 && status.starts_with(['1', '3', '4', '5']),
            }
    }

    fn only_description(&self, response: &Value, place: &Place) -> Value {
        let (response, at) = self.followed(response, place);
        let description = response.get("description").cloned();
        let mut written = json!({ "description": description.unwrap_or_else(|| "".into()) });
        origin::mark(&mut written, &at);
        written
    }

    fn drop_new(&mut self, kind: Kind, key: &str, at: &Place) {
        let (rule, detail) = match kind {
            Kind::PathItem => (RuleId::Method, "OpenAPI 3.0 has no such method"),
            _ => (RuleId::NewMember, "OpenAPI 3.0 has no such member"),
        };
        // A client is not told of text that it would not show.
        if !self.is_for_client() || matches!(key, "query" | "additionalOperations" | "itemSchema") {
            self.note(rule, NoteKind::Dropped, at, detail);
        }
    }

    fn drop_unknown(&mut self, at: &Place) {
        if self.choice(RuleId::UnknownMember) == Choice::Deny {
            let fix = "remove it with an overlay action";
            self.reject(at.problem("OpenAPI 3.1 has no such key here", fix));
        } else {
            let detail = "OpenAPI has no such member";
            self.note(RuleId::UnknownMember, NoteKind::Dropped, at, detail);
        }
    }

    /// Writes a member, or returns nothing for one that the result does not have.
    fn member(
        &mut self,
        kind: Kind,
        (key, value): (&str, &Value),
        holds: Holds,
        at: &Place,
    ) -> Result<Option<Value>, Problem> {
        Ok(Some(match holds {
            Data => match (kind, key) {
                (Kind::Document | Kind::Operation, "security") => self.security(value, at)?,
                _ => return self.copied(key, value, at),
            },
            New => return Ok(None),
            Schema => self.schema(value, at),
            Schemas => {
                object(value, at)?;
                self.component_schemas(at)
            }
            One(kind) => self.object(kind, value, at)?,
            List(kind) => {
                let mut list = Vec::new();
                for (index, value) in array(value, at)?.iter().enumerate() {
                    let at = at.at(index);
                    if !self.is_dropped(kind, value, &at) {
                        let written = self.object(kind, value, &at);
                        list.extend(self.keep(written).map(|written| (at, written)));
                    }
                }
                self.without_repeated(kind, list).into()
            }
            Map(below) => {
                let mut map = Members::new();
                for (name, value) in object(value, at)? {
                    let at = at.at(name);
                    if !self.is_dropped(below, value, &at) {
                        let written = self.object(below, value, &at);
                        let Some(mut written) = self.keep(written) else { continue };
                        let shown = match kind {
                            Kind::Components => self.shown_name(name, &at, &mut written),
                            _ => name.clone(),
                        };
                        map.insert(shown, written);
                    }
                }
                return Ok(self.renamed_map(key, map, at));
            }
        }))
    }

    /// Members that 3.0 has under another name, or nowhere.
    fn renamed_map(&mut self, key: &str, map: Members, at: &Place) -> Option<Value> {
        match key {
            "webhooks" if self.choice(RuleId::Webhooks) != Choice::Rewrite => {
                let detail = "webhooks call a server; the client does not receive them";
                self.note(RuleId::Webhooks, NoteKind::Dropped, at, detail);
                None
            }
            // Where they are referred to, they are written.
            "mediaTypes" => None,
            "pathItems" if !self.is_for_client() => None,
            _ => Some(Value::Object(map)),
        }
    }

    /// Whether a member of a list or map is one that 3.0 does not have.
    fn is_dropped(&mut self, kind: Kind, value: &Value, at: &Place) -> bool {
        let says = |key: &str, wanted: &str| {
            let target = self.followed(value, at).0;
            target.get(key).is_some_and(|value| value == wanted)
        };
        match kind {
            // What is made for a client drops it later: an index must stay what it is.
            Kind::Parameter if !self.is_for_client() && says("in", "querystring") => {
                let detail = "OpenAPI 3.0 has no parameter that is the whole query";
                self.note(RuleId::NewParameter, NoteKind::Dropped, at, detail);
                true
            }
            Kind::SecurityScheme if says("type", "mutualTLS") => {
                let detail = "OpenAPI 3.0 has no security scheme `mutualTLS`";
                self.note(RuleId::SecurityScheme, NoteKind::Dropped, at, detail);
                true
            }
            _ => false,
        }
    }

    pub(super) fn object(
        &mut self,
        kind: Kind,
        value: &Value,
        place: &Place,
    ) -> Result<Value, Problem> {
        let source = object(value, place)?;
        if let Some(reference) = source.get("$ref")
            && kind.may_be_a_reference()
        {
            return self.reference(kind, source, string(reference, &place.at("$ref"))?, place);
        }
        Ok(Value::Object(self.members_of(kind, source, place)))
    }

    /// A reference stays one, unless it leads to where 3.0 has nothing.
    fn reference(
        &mut self,
        kind: Kind,
        source: &Members,
        reference: &str,
        place: &Place,
    ) -> Result<Value, Problem> {
        let pointer = self.index.target(reference, place, &place.at("$ref"))?;
        let moved = match kind {
            Kind::MediaType => true,
            Kind::PathItem => !self.is_for_client() && pointer.starts_with("/components/pathItems"),
            _ => false,
        };
        if moved {
            return self.written_in_place(kind, source, place);
        }
        let mut written = Members::new();
        if !self.is_for_client() {
            self.check_end(source, place)?;
        }
        written.insert("$ref".into(), format!("#{}", self.shown_pointer(&pointer)).into());
        if kind == Kind::PathItem {
            let mut beside = source.clone();
            beside.remove("$ref");
            written.extend(self.members_of(kind, &beside, place));
            return Ok(Value::Object(written));
        }
        for key in source.keys().filter(|key| *key != "$ref") {
            if !self.is_for_client() {
                let detail = "OpenAPI 3.0 ignores what stands beside a reference";
                self.note(RuleId::NewMember, NoteKind::Dropped, &place.at(key), detail);
            }
        }
        Ok(Value::Object(written))
    }

    /// What stands beside a reference goes before what it leads to.
    fn written_in_place(
        &mut self,
        kind: Kind,
        source: &Members,
        place: &Place,
    ) -> Result<Value, Problem> {
        let (target, at) = self.followed_all(source, place)?;
        let mut written = self.members_of(kind, object(target, &at)?, &at);
        let mut beside = source.clone();
        beside.remove("$ref");
        if !beside.is_empty() {
            written.extend(self.members_of(kind, &beside, place));
        }
        let mut written = Value::Object(written);
        origin::mark(&mut written, &at);
        Ok(written)
    }

    fn followed_all(&self, source: &Members, place: &Place) -> Result<(&'a Value, Place), Problem> {
        let mut reference = source.get("$ref").cloned();
        let mut place = place.clone();
        let mut hops = 0;
        let mut found = (&Value::Null, place.clone());
        while let Some(Value::String(next)) = &reference {
            hops += 1;
            if hops > MOST_ALIASES {
                return Err(place.at("$ref").problem(
                    format!("{next:?} refers to itself in a circle"),
                    "break the circle with an overlay action",
                ));
            }
            let pointer = self.index.target(next, &place, &place.at("$ref"))?;
            let target = self.source.pointer(&pointer).unwrap_or(&Value::Null);
            place = crate::lower::names::place_of(&pointer);
            found = (target, place.clone());
            reference = target.get("$ref").cloned();
        }
        Ok(found)
    }

    /// What a value, or the reference that it is, leads to; the value itself if that is nothing.
    pub(super) fn followed<'v>(&self, value: &'v Value, place: &Place) -> (&'v Value, Place)
    where
        'a: 'v,
    {
        let source = value.as_object().filter(|source| source.contains_key("$ref"));
        let target = source.and_then(|source| self.followed_all(source, place).ok());
        target.unwrap_or_else(|| (value, place.clone()))
    }

    /// Members that stand where 3.0 does not have them.
    fn adapted<'m>(&mut self, kind: Kind, source: &'m Members, place: &Place) -> Cow<'m, Members> {
        // A copy of an object has all below it, so it is made only where it must be.
        if !matches!(kind, Kind::Example | Kind::License | Kind::Parameter) {
            return Cow::Borrowed(source);
        }
        let mut source = source.clone();
        match kind {
            Kind::Parameter => self.move_misplaced(&mut source, place),
            Kind::License => {
                let identifier = source.remove("identifier");
                if let Some(identifier) = identifier.as_ref().and_then(Value::as_str)
                    && !source.contains_key("url")
                {
                    let url = format!("https://spdx.org/licenses/{identifier}.html");
                    source.insert("url".into(), url.into());
                    if !self.is_for_client() {
                        let detail = "the license is named by its address";
                        let at = place.at("identifier");
                        self.note(RuleId::NewMember, NoteKind::Rewritten, &at, detail);
                    }
                }
            }
            Kind::Example => {
                for key in ["dataValue", "serializedValue"] {
                    if let Some(value) = source.remove(key) {
                        source.entry("value").or_insert(value);
                    }
                }
            }
            _ => {}
        }
        Cow::Owned(source)
    }

    /// Moves `style` and the like from the schema to the parameter, where they belong.
    fn move_misplaced(&mut self, parameter: &mut Members, place: &Place) {
        let location = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
        let styles = super::valid::styles_of(location);
        for key in MISPLACED {
            // A style that the parameter cannot have is a keyword without a meaning.
            let right = |value: &Value| match value.as_str() {
                Some(style) => *key == "style" && styles.contains(&style),
                None => *key != "style" && value.is_boolean(),
            };
            let Some(Value::Object(schema)) = parameter.get_mut("schema") else { return };
            let Some(value) = schema.get(*key).filter(|value| right(value)).cloned() else {
                continue;
            };
            // The parameter's own counts; then the schema's is a keyword without a meaning.
            if parameter.contains_key(*key) {
                continue;
            }
            if let Some(Value::Object(schema)) = parameter.get_mut("schema") {
                schema.remove(*key);
            }
            parameter.insert((*key).to_owned(), value);
            let detail = "the keyword is read as the parameter's, where OpenAPI has it";
            let at = place.at("schema").at(key);
            self.note(RuleId::MisplacedKeyword, NoteKind::Rewritten, &at, detail);
        }
    }

    /// Adds what 3.0 requires and newer versions do not.
    fn complete(&mut self, kind: Kind, (source, written): (&Members, &mut Members), place: &Place) {
        if self.is_for_client() {
            return;
        }
        self.add_missing(kind, source, written, place);
        self.conform(kind, written, place);
        match kind {
            Kind::MediaType => self.complete_media_type(written, place),
            Kind::Operation => {
                written.entry("responses").or_insert_with(|| json!({}));
                if let Some(Value::Object(responses)) = written.get_mut("responses")
                    && responses.keys().all(|status| status.starts_with("x-"))
                {
                    responses.insert("default".into(), json!({ "description": "" }));
                }
            }
            Kind::Response => {
                written.entry("description").or_insert_with(|| "".into());
            }
            Kind::Document => {
                if let Some(webhooks) = written.remove("webhooks") {
                    written.entry("x-webhooks").or_insert(webhooks);
                    let detail = "webhooks are written as the extension `x-webhooks`";
                    let at = place.at("webhooks");
                    self.note(RuleId::Webhooks, NoteKind::Rewritten, &at, detail);
                }
            }
            Kind::Parameter
                if written.get("in").is_some_and(|location| location == "path")
                    && written.get("required") != Some(&Value::Bool(true)) =>
            {
                let fix = "set it with an overlay action";
                self.reject(place.problem("a path parameter must be `required: true`", fix));
            }
            _ => {}
        }
    }
}
