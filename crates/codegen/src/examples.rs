//! Examples in the documentation of calls. They are compiled as doc tests, so that an argument whose value
//! is not obvious is a parameter of the hidden function around the example.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase as _;
use quote::ToTokens as _;
use serde_json::Value;
use syn::{Ident, Type};

use crate::arguments::qualified;
use crate::calls::{Body, Call};
use crate::ids::Ids;
use crate::items::{argument, last_segment};
use crate::lists::List;
use crate::requests::RequestType;

/// What examples need to know of the client.
pub(crate) struct Examples<'e> {
    pub(crate) requests: &'e BTreeMap<Ident, RequestType>,
    /// The types of the module `types`.
    pub(crate) own: &'e BTreeSet<Ident>,
    pub(crate) ids: &'e Ids,
}

/// The arguments of a call in an example, and the parameters of the hidden function.
struct Arguments {
    values: Vec<String>,
    parameters: Vec<String>,
}

impl Examples<'_> {
    /// Returns an example of a call that sends it, or that reads a list.
    pub(crate) fn of(&self, call: &Call<'_>, list: Option<&List>) -> String {
        let arguments = self.arguments(call);
        let sent = format!("client.{}({})", call.method_name(), arguments.values.join(", "));
        let body = match (list, call.sent.output_name()) {
            (Some(_), _) => format!(
                "let mut rows = {sent}.stream();\n\
                 while let Some(row) = rows.try_next().await? {{\n    println!(\"{{row:?}}\");\n}}"
            ),
            (None, Some(name)) => format!("let {} = {sent}.send().await?;", variable(&name)),
            (None, None) => format!("{sent}.send().await?;"),
        };
        let parameters: String =
            arguments.parameters.iter().map(|one| format!(", {one}")).collect();
        // The attribute is for the doc test: it calls what is deprecated on purpose.
        let deprecated = call.described.value["deprecated"] == true;
        let attribute = if deprecated { "# #[expect(deprecated)]\n" } else { "" };
        format!(
            "```no_run\n\
             {attribute}# async fn example(client: k6_cloud::Client{parameters}) -> Result<(), k6_cloud::Error> {{\n\
             {body}\n\
             # Ok(()) }}\n```"
        )
    }

    fn arguments(&self, call: &Call<'_>) -> Arguments {
        let mut arguments = Arguments { values: Vec::new(), parameters: Vec::new() };
        for parameter in &call.needed {
            let text = sample_text(parameter.value);
            self.add(&mut arguments, &parameter.ident, &parameter.kind, text);
        }
        match &call.body {
            Some(Body { request: Some(request), .. }) => {
                for property in self.requests.get(request).into_iter().flat_map(|of| &of.required) {
                    self.add(&mut arguments, &property.ident, &property.kind, None);
                }
            }
            Some(Body { kind, request: None }) => {
                let body = quote::format_ident!("body");
                self.add(&mut arguments, &body, kind, None);
            }
            None => {}
        }
        arguments
    }

    fn add(&self, arguments: &mut Arguments, name: &Ident, kind: &Type, text: Option<&str>) {
        let value = self.value(kind, text);
        if value.is_none() {
            let kind = path_for_users(&qualified(kind, self.own));
            arguments.parameters.push(format!("{name}: {kind}"));
        }
        arguments.values.push(value.unwrap_or_else(|| name.to_string()));
    }

    /// Returns a value of a type, if one is obvious.
    fn value(&self, kind: &Type, text: Option<&str>) -> Option<String> {
        if self.ids.contains(kind) {
            return Some("42".to_owned());
        }
        match last_segment(kind)?.ident.to_string().as_str() {
            "i64" => Some("42".to_owned()),
            "String" => text.map(|text| format!("{text:?}")),
            "Vec" if self.is_made_of_an_id(argument(kind)?) => Some("[42, 43]".to_owned()),
            _ => None,
        }
    }

    fn is_made_of_an_id(&self, kind: &Type) -> bool {
        let request = last_segment(kind).and_then(|found| self.requests.get(&found.ident));
        self.ids.contains(kind)
            || request.is_some_and(|request| {
                matches!(request.required.as_slice(), [only] if self.ids.contains(&only.kind))
            })
    }
}

/// Returns the name of a type in a program of a user.
fn path_for_users(kind: &Type) -> String {
    let text: String = kind.to_token_stream().to_string().split_whitespace().collect();
    let mut text = text
        .replace("crate::generated::ids::", "k6_cloud::types::")
        .replace("crate::generated::enums::", "k6_cloud::types::")
        .replace("crate::wire::", "k6_cloud::wire::");
    for (found, shown) in
        [("<types::", "<k6_cloud::types::"), ("ByteStream", "k6_cloud::ByteStream")]
    {
        text = text.replace(found, shown);
    }
    match text.strip_prefix("types::") {
        Some(rest) => format!("k6_cloud::types::{rest}"),
        None => text,
    }
}

fn variable(name: &str) -> String {
    let name = name.to_snake_case();
    name.strip_suffix("_response").unwrap_or(&name).to_owned()
}

fn sample_text(parameter: &Value) -> Option<&str> {
    let examples = [&parameter["example"], &parameter["schema"]["example"]];
    let example = examples.into_iter().find_map(Value::as_str);
    // A path parameter such as `key` serves as its own value.
    let name = parameter["name"].as_str().filter(|_| parameter["in"] == "path");
    example.or(name)
}
