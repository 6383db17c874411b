//! What OpenAPI 3.0 requires of its objects, beside the types of their members. A description that
//! cannot have it is rejected, so that the result is always valid.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Writer;
use super::kinds::Kind;
use crate::lower::rules::{NoteKind, RuleId};
use crate::lower::{array, object, origin, string};
use crate::problem::{Place, Problem};
use crate::schemas::Members;

/// The values of `in`, each with the styles that it may have.
const STYLES: &[(&str, &[&str])] = &[
    ("cookie", &["form"]),
    ("header", &["simple"]),
    ("path", &["label", "matrix", "simple"]),
    ("query", &["deepObject", "form", "pipeDelimited", "spaceDelimited"]),
];

/// Members of a parameter that describe how `schema` is written.
const BESIDE_SCHEMA: &[&str] = &["allowReserved", "example", "examples", "explode", "style"];

/// The flows of OAuth 2: the addresses that each requires, and the one that it does not have.
const FLOWS: &[(&str, &[&str], Option<&str>)] = &[
    ("authorizationCode", &["authorizationUrl", "tokenUrl"], None),
    ("clientCredentials", &["tokenUrl"], Some("authorizationUrl")),
    ("implicit", &["authorizationUrl"], Some("tokenUrl")),
    ("password", &["tokenUrl"], Some("authorizationUrl")),
];

/// The members that each type of security scheme requires; `description` and `type` aside, it has
/// no others.
const SCHEMES: &[(&str, &[&str])] = &[
    ("apiKey", &["in", "name"]),
    ("http", &["scheme"]),
    ("oauth2", &["flows"]),
    ("openIdConnect", &["openIdConnectUrl"]),
];

const FIX: &str = "correct it with an overlay action";

fn is_status(key: &str) -> bool {
    let [first, rest @ ..] = key.as_bytes() else { return false };
    let digits = rest.iter().all(u8::is_ascii_digit) || rest == b"XX";
    key.len() == 3 && (b'1'..=b'5').contains(first) && digits
}

fn text<'m>(members: &'m Members, key: &str) -> &'m str {
    members.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The styles of parameters in a location, such as `query`.
pub(super) fn styles_of(location: &str) -> &'static [&'static str] {
    let styles = STYLES.iter().find(|(known, _)| *known == location);
    styles.map(|(_, styles)| *styles).unwrap_or_default()
}

impl Writer<'_> {
    /// Makes an object valid, or rejects it.
    pub(super) fn conform(&mut self, kind: Kind, written: &mut Members, place: &Place) {
        match kind {
            Kind::Encoding => self.check_style("query", written, place),
            Kind::Flow => self.conform_flow(written, place),
            Kind::Header => {
                self.check_style("header", written, place);
                self.conform_content(written, place);
            }
            Kind::Link
                if written.contains_key("operationId") && written.contains_key("operationRef") =>
            {
                let what = "a link has `operationId` or `operationRef`, and not both";
                self.reject(place.problem(what, "remove one with an overlay action"));
            }
            Kind::Parameter => self.conform_parameter(written, place),
            Kind::Paths => self.conform_paths(written, place),
            Kind::Responses => self.conform_responses(written, place),
            Kind::SecurityScheme => self.conform_scheme(written, place),
            _ => {}
        }
    }

    /// Leaves out a member that says nothing where it is.
    fn leave_out(&mut self, written: &mut Members, key: &str, place: &Place) {
        if written.remove(key).is_some() {
            let detail = "OpenAPI 3.0 has no such member here";
            self.note(RuleId::UnknownMember, NoteKind::Dropped, &place.at(key), detail);
        }
    }

    fn reject_missing(&mut self, written: &Members, key: &str, place: &Place) {
        if !written.contains_key(key) {
            let what = format!("`{key}` is missing");
            self.reject(place.problem(what, "add it with an overlay action"));
        }
    }

    fn conform_parameter(&mut self, written: &mut Members, place: &Place) {
        let location = text(written, "in").to_owned();
        if STYLES.iter().any(|(known, _)| *known == location) {
            self.check_style(&location, written, place);
        } else if written.contains_key("in") {
            let what = format!("there are no parameters in {location:?}");
            let fix = "set it to path, query, header or cookie with an overlay action";
            self.reject(place.at("in").problem(what, fix));
        }
        self.conform_content(written, place);
    }

    fn check_style(&mut self, location: &str, written: &mut Members, place: &Place) {
        let styles = styles_of(location);
        let style = text(written, "style").to_owned();
        if style.is_empty() && !written.contains_key("style") || styles.contains(&style.as_str()) {
            return;
        }
        if location == "cookie" && style == "cookie" {
            // New in 3.2; without it, the value is written in the only style that 3.0 has.
            self.leave_out(written, "style", place);
            return;
        }
        let what = format!("OpenAPI 3.0 has no style {style:?} here");
        let fix = format!("set it to {} with an overlay action", styles.join(" or "));
        self.reject(place.at("style").problem(what, fix));
    }

    /// A value is described by `schema`, or by one media type in `content`.
    fn conform_content(&mut self, written: &mut Members, place: &Place) {
        let Some(content) = written.get("content") else { return };
        let count = content.as_object().map_or(0, Members::len);
        if count != 1 {
            let what = format!("one media type is required here, and there are {count}");
            self.reject(place.at("content").problem(what, FIX));
        }
        if written.contains_key("schema") {
            let what = "there is `schema` or `content`, and not both";
            self.reject(place.problem(what, "remove one with an overlay action"));
        }
        for key in BESIDE_SCHEMA {
            self.leave_out(written, key, place);
        }
    }

    fn conform_flow(&mut self, written: &mut Members, place: &Place) {
        let name = place.as_str().rsplit('/').next().unwrap_or_default();
        let Some((_, required, foreign)) = FLOWS.iter().find(|(known, ..)| *known == name) else {
            return;
        };
        for key in *required {
            self.reject_missing(written, key, place);
        }
        if let Some(foreign) = foreign {
            self.leave_out(written, foreign, place);
        }
        if !written.contains_key("scopes") {
            written.insert("scopes".into(), json!({}));
            let detail = "a required member is missing, and is added with an empty value";
            self.note(RuleId::MissingMember, NoteKind::Rewritten, place, detail);
        }
    }

    fn conform_scheme(&mut self, written: &mut Members, place: &Place) {
        let name = text(written, "type").to_owned();
        let Some((_, required)) = SCHEMES.iter().find(|(known, _)| *known == name) else {
            if written.contains_key("type") {
                let names: Vec<_> = SCHEMES.iter().map(|(name, _)| *name).collect();
                let what = format!("there is no type of security scheme {name:?}");
                let fix = format!("set it to {} with an overlay action", names.join(" or "));
                self.reject(place.at("type").problem(what, fix));
            }
            return;
        };
        for key in *required {
            self.reject_missing(written, key, place);
        }
        let location = text(written, "in").to_owned();
        if name == "apiKey"
            && written.contains_key("in")
            && !["header", "query", "cookie"].contains(&location.as_str())
        {
            let what = format!("there are no API keys in {location:?}");
            let fix = "set it to header, query or cookie with an overlay action";
            self.reject(place.at("in").problem(what, fix));
        }
        let bearer = name == "http" && text(written, "scheme").eq_ignore_ascii_case("bearer");
        let belongs = |key: &str| {
            matches!(key, "description" | "type")
                || key.starts_with("x-")
                || origin::is_mark(key)
                || required.contains(&key)
                || (bearer && key == "bearerFormat")
        };
        let others: Vec<_> = written.keys().filter(|key| !belongs(key)).cloned().collect();
        for key in others {
            self.leave_out(written, &key, place);
        }
    }

    fn conform_paths(&mut self, written: &mut Members, place: &Place) {
        let wrong = |path: &&String| !path.starts_with('/') && !path.starts_with("x-");
        let wrong: Vec<String> = written.keys().filter(wrong).cloned().collect();
        for path in wrong {
            self.respell(
                written,
                (&path, format!("/{path}")),
                place,
                "a path must start with a slash",
            );
        }
    }

    fn conform_responses(&mut self, written: &mut Members, place: &Place) {
        let right = |key: &str| key == "default" || key.starts_with("x-") || is_status(key);
        let wrong: Vec<String> = written.keys().filter(|key| !right(key)).cloned().collect();
        for key in wrong {
            let upper = key.to_ascii_uppercase();
            let upper = if is_status(&upper) { upper } else { key.clone() };
            self.respell(written, (&key, upper), place, "this is not a status");
        }
    }

    /// Gives a member its right key, or rejects it if that is not known, or is taken.
    fn respell(
        &mut self,
        written: &mut Members,
        (key, right): (&str, String),
        place: &Place,
        what: &str,
    ) {
        let at = place.at(key);
        let Some(mut value) = written.remove(key) else { return };
        if key == right || key.starts_with('$') || written.contains_key(&right) {
            let fix = "remove it, and add it corrected, with overlay actions";
            self.reject(at.problem(what, fix));
            return;
        }
        let detail = "the key is written as OpenAPI has it";
        self.note(RuleId::Spelling, NoteKind::Rewritten, &at, detail);
        origin::mark(&mut value, &at);
        written.insert(right, value);
    }

    /// OpenAPI has `example` or `examples`: one example is one of several.
    pub(super) fn join_examples(&mut self, kind: Kind, written: &mut Members, place: &Place) {
        if !matches!(kind, Kind::Header | Kind::MediaType | Kind::Parameter)
            || !written.contains_key("example")
        {
            return;
        }
        let Some(Value::Object(examples)) = written.get_mut("examples") else { return };
        let mut name = "example".to_owned();
        let mut number = 2;
        while examples.contains_key(&name) {
            name = format!("example{number}");
            number += 1;
        }
        let Some(example) = written.remove("example") else { return };
        if let Some(Value::Object(examples)) = written.get_mut("examples") {
            examples.insert(name, json!({ "value": example }));
        }
        if !self.is_for_client() {
            let detail = "beside `examples` the example is one of them";
            self.note(RuleId::Annotation, NoteKind::Rewritten, &place.at("example"), detail);
        }
    }

    /// Tags and parameters are different from each other.
    pub(super) fn without_repeated(&mut self, kind: Kind, list: Vec<(Place, Value)>) -> Vec<Value> {
        let checked = matches!(kind, Kind::Parameter | Kind::Tag) && list.len() > 1;
        let mut seen = BTreeSet::new();
        let mut kept = Vec::new();
        for (at, value) in list {
            let new = !checked
                || self.is_for_client()
                || seen.insert(origin::without_marks(&value).to_string());
            if new {
                kept.push(value);
            } else {
                let detail = "the same is listed before";
                self.note(RuleId::UnknownMember, NoteKind::Dropped, &at, detail);
            }
        }
        kept
    }

    /// Writes security requirements. Those of a scheme that 3.0 does not have go, and so do the
    /// roles of schemes that have none in 3.0.
    pub(super) fn security(&mut self, value: &Value, at: &Place) -> Result<Value, Problem> {
        if self.is_for_client() {
            return Ok(value.clone());
        }
        let mut kept = Vec::new();
        for (index, requirement) in array(value, at)?.iter().enumerate() {
            let at = at.at(index);
            let members = object(requirement, &at)?;
            let mut left = Members::new();
            for (name, roles) in members {
                let at = at.at(name);
                if self.dropped_schemes.contains(name) {
                    let detail = "the security scheme cannot be said in OpenAPI 3.0";
                    self.note(RuleId::SecurityScheme, NoteKind::Dropped, &at, detail);
                    continue;
                }
                let roles = self.roles(name, roles, &at)?;
                left.insert(self.shown_in("securitySchemes", name), roles);
            }
            if !left.is_empty() || members.is_empty() {
                kept.push(Value::Object(left));
            }
        }
        Ok(kept.into())
    }

    fn roles(&mut self, scheme: &str, roles: &Value, at: &Place) -> Result<Value, Problem> {
        for (index, role) in array(roles, at)?.iter().enumerate() {
            string(role, &at.at(index))?;
        }
        let place = Place::root().at("components").at("securitySchemes").at(scheme);
        let known = self.source.pointer(place.as_str());
        let known = known.map(|known| self.followed(known, &place).0);
        let name = known.and_then(|known| known.get("type")?.as_str()).unwrap_or_default();
        let without_roles = matches!(name, "apiKey" | "http");
        if without_roles && roles.as_array().is_some_and(|roles| !roles.is_empty()) {
            let detail = "OpenAPI 3.0 has no roles of API keys and HTTP schemes";
            self.note(RuleId::SecurityScheme, NoteKind::Dropped, at, detail);
            return Ok(json!([]));
        }
        Ok(roles.clone())
    }
}
