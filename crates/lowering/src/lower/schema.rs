//! The rules for schemas, in the order in which they apply.
//!
//! Each rule takes a schema's members, its location and the lowering, and rewrites the members in
//! 3.0.3. The rules for composition (`anyOf`, `oneOf`, null arms) are in [`super::unions`].

use serde_json::{Value, json};

use super::{Lowering, RuleId, array, object, origin, prose, string, unions, wrong_type};
use crate::problem::{Place, Problem};
use crate::schemas::{Holds, Members, holds};

type Rule = fn(&mut Lowering<'_>, &mut Members, &Place) -> Result<(), Problem>;

/// Every rule; the order matters where a comment says so.
const RULES: &[Rule] = &[
    // First: an arm that is left alone joins the schema, and the other rules must see it there.
    unions::drop_null_arms,
    drop_annotations,
    drop_nothing,
    type_from_enum,
    nullable_only_with_null_in_enum,
    open_additional_properties,
    default_null,
];

impl Lowering<'_> {
    /// Lowers a component's schema.
    pub(super) fn component(&mut self, schema: &Value, place: &Place) -> Value {
        let lowered = self.schema(schema, place);
        if lowered.get("$ref").is_some() {
            // An alias that only leads back to itself stands for no type, and whoever follows it
            // never arrives.
            let ends = self.resolve(schema, place).map(|_| ());
            self.keep(ends);
        }
        lowered
    }

    /// Lowers a schema and all below it. What is wrong with it is recorded, and the rest is
    /// checked all the same.
    pub(super) fn schema(&mut self, schema: &Value, place: &Place) -> Value {
        let mut members = match schema {
            Value::Object(members) => members.clone(),
            other => {
                self.problems.push(wrong_type(other, place, "a schema"));
                return json!({});
            }
        };
        let place = &origin::of(&members, place);
        origin::mark_children(&mut members, place);
        for rule in RULES {
            let applied = rule(self, &mut members, place);
            self.keep(applied);
        }
        let mut lowered = Members::new();
        for (key, value) in &members {
            if origin::is_mark(key) {
                lowered.insert(key.clone(), value.clone());
                continue;
            }
            let at = origin::of_keyword(&members, place, key);
            let member = self.member(key, value, place, &at);
            if let Some(member) = self.keep(member) {
                lowered.insert(key.clone(), member);
            }
        }
        let mut lowered = Value::Object(lowered);
        origin::mark(&mut lowered, place);
        lowered
    }

    /// Lowers the value of the keyword `key`, which is at `at` in the schema at `place`.
    fn member(
        &mut self,
        key: &str,
        value: &Value,
        place: &Place,
        at: &Place,
    ) -> Result<Value, Problem> {
        match (key, holds(key)) {
            ("description", _) => Ok(prose::neutralise(string(value, at)?).into()),
            ("$ref", _) => self.schema_reference(string(value, at)?, place).map(Value::from),
            ("additionalProperties", _) if value.is_boolean() => Ok(value.clone()),
            (_, None) => Ok(value.clone()),
            (_, Some(Holds::One)) => Ok(self.schema(value, at)),
            (_, Some(Holds::List)) => {
                let schemas = array(value, at)?.iter().enumerate();
                Ok(schemas.map(|(index, schema)| self.schema(schema, &at.at(index))).collect())
            }
            (_, Some(Holds::Map)) => {
                let mut out = Members::new();
                for (name, property) in object(value, at)? {
                    let at = at.at(name);
                    if is_nothing(property) {
                        let effect = "a property that must be absent is ignored";
                        let at = origin::of_value(property, &at);
                        self.note(RuleId::Nothing, effect, &at);
                        continue;
                    }
                    out.insert(name.clone(), self.schema(property, &at));
                }
                Ok(Value::Object(out))
            }
        }
    }
}

fn drop_annotations(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.remove("discriminator").is_some() {
        let effect = "arms are told apart by their shape, not by the discriminator";
        let at = origin::of_keyword(members, place, "discriminator");
        lowering.note(RuleId::Discriminator, effect, &at);
    }
    Ok(())
}

/// What allows nothing is read as any value. Inside of unions the first stage took such arms away.
fn drop_nothing(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.remove("not").is_some() {
        let effect = "a schema that allows nothing is read as any value";
        let at = origin::of_keyword(members, place, "not");
        lowering.note(RuleId::Nothing, effect, &at);
    }
    Ok(())
}

/// 3.0 needs a `type` beside an enum for the generator to know what its values are.
fn type_from_enum(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    let Some(values) = members.get("enum") else {
        return Ok(());
    };
    let at = origin::of_keyword(members, place, "enum");
    let values = array(values, &at)?;
    if values.is_empty() {
        let fix = "give the values, or remove the enum, with an overlay action";
        return Err(at.problem("an enum without values allows nothing", fix));
    }
    if values.iter().any(|value| value.is_object() || value.is_array()) {
        let effect = "an enum of values that are not scalars is read as any value of their type";
        lowering.note(RuleId::MixedEnum, effect, &at);
        members.remove("enum");
        return Ok(());
    }
    if members.contains_key("type") || unions::has_composition(members) {
        return Ok(());
    }
    let mut kinds: Vec<&str> =
        values.iter().filter(|value| !value.is_null()).map(type_of).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let nullable = values.iter().any(Value::is_null);
    match kinds.as_slice() {
        [] => {
            lowering.note(
                RuleId::OnlyNull,
                "a value that is always null is read as any value",
                &at,
            );
            members.remove("enum");
        }
        [kind] => {
            members.insert("type".into(), (*kind).into());
        }
        ["integer", "number"] => {
            members.insert("type".into(), "number".into());
        }
        _ => {
            lowering.note(RuleId::MixedEnum, "an enum of mixed types is read as any value", &at);
            members.remove("enum");
        }
    }
    if nullable {
        members.insert("nullable".into(), true.into());
    }
    Ok(())
}

/// An enum without null does not allow null, whatever `nullable` says; one with null needs it.
fn nullable_only_with_null_in_enum(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    let nullable = members.get("nullable") == Some(&Value::Bool(true));
    if !nullable {
        members.remove("nullable");
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        let listed = values.iter().any(Value::is_null);
        if nullable && !listed {
            members.remove("nullable");
        } else if listed && !nullable {
            // Without a type nothing else allows the null.
            members.insert("nullable".into(), true.into());
        }
    }
    Ok(())
}

/// With `true` beside properties the generator drops the extra keys in silence; `{}` keeps them.
fn open_additional_properties(
    _: &mut Lowering<'_>,
    members: &mut Members,
    _: &Place,
) -> Result<(), Problem> {
    let beside =
        members.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    if let Some(open) = members.get_mut("additionalProperties")
        && beside
        && open == &Value::Bool(true)
    {
        *open = json!({});
    }
    Ok(())
}

/// A default of null says what `nullable` already says; elsewhere it contradicts the type.
fn default_null(
    lowering: &mut Lowering<'_>,
    members: &mut Members,
    place: &Place,
) -> Result<(), Problem> {
    if members.get("default") != Some(&Value::Null) {
        return Ok(());
    }
    if !unions::allows_null(lowering, members, 0) {
        let effect = "the default is null, which the type does not allow";
        lowering.note(RuleId::DropDefault, effect, &origin::of_keyword(members, place, "default"));
    }
    members.remove("default");
    Ok(())
}

/// The name of a value's type.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether the first stage says that a schema allows nothing.
fn is_nothing(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| {
        members.get("not").and_then(Value::as_object).is_some_and(|not| origin::plain_len(not) == 0)
            && origin::plain_len(members) == 1
    })
}
