//! What the hand-written layer needs to know of each operation: the traits of `src/operation.rs`,
//! implemented for its builder.

use std::collections::BTreeMap;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use quote::{ToTokens as _, format_ident, quote};
use serde_json::Value;
use syn::{Expr, ImplItem, ImplItemFn, Item, Pat, Stmt, parse_quote};

use crate::items::module;

/// Implements the traits of `src/operation.rs` for the builder of every operation, and lists the
/// operations' facts, sorted by their ids.
pub(super) fn implement(file: &mut syn::File, document: &Value) -> Result<(), String> {
    let mut facts: Vec<_> = operations(document).collect();
    facts.sort();
    let structs = |name: &str| -> Vec<(syn::Ident, Vec<syn::Field>)> {
        let module = file.items.iter().find_map(|item| match item {
            Item::Mod(module) if module.ident == name => module.content.as_ref(),
            _ => None,
        });
        let items = module.into_iter().flat_map(|(_, items)| items);
        let structs = items.filter_map(|item| match item {
            Item::Struct(found) => {
                Some((found.ident.clone(), found.fields.iter().cloned().collect()))
            }
            _ => None,
        });
        structs.collect()
    };
    let (builders, types) = (structs("builder"), structs("types"));
    let mut calls = take_calls(file)?;
    let mut implementations = Vec::new();
    let mut listed = Vec::new();
    for (at, (id, method, path)) in facts.iter().enumerate() {
        let name = format_ident!("{}", id.to_upper_camel_case());
        let missing = || format!("the generated client has no builder::{name} for {id}");
        let (_, fields) = builders.iter().find(|(found, _)| *found == name).ok_or_else(missing)?;
        let Sent { output, first, last, request } =
            calls.remove(&name.to_string()).ok_or_else(missing)?;
        let answer = match output.to_token_stream().to_string().as_str() {
            "()" => quote!(Empty),
            "ByteStream" => quote!(Bytes),
            _ => quote!(Json<#output>),
        };
        let streamed = answer.to_string() == "Bytes";
        listed.push(quote!(crate::operation::Facts {
            id: #id, method: #method, path: #path, success: #first..=#last, streamed: #streamed,
        }));
        let names: Vec<_> = fields.iter().filter_map(|field| field.ident.clone()).collect();
        let given: Vec<_> = names.iter().filter(|name| *name != "client").collect();
        implementations.push(quote!(
            impl crate::operation::Operation for #name<'_> {
                type Output = #output;
                type Answer = crate::operation::#answer;
                const FACTS: &'static crate::operation::Facts = &super::OPERATIONS[#at];
                fn client(&self) -> &super::Client {
                    self.client
                }
                fn request(self, client: &super::Client) -> Result<::reqwest::Request, Error<()>> {
                    let Self { client: _, #(#given,)* } = self;
                    #(#request)*
                    Ok(request)
                }
            }
        ));
        if let Some(row) = row_of_page(&output, fields, &types) {
            let kept: Vec<_> = given
                .iter()
                .filter(|name| !["count", "skip", "top"].iter().any(|window| **name == window))
                .collect();
            let kinds = fields.iter().filter(|field| {
                field.ident.as_ref().is_some_and(|name| kept.iter().any(|kept| **kept == name))
            });
            let kinds = kinds.map(|field| &field.ty);
            let key = match key_of(&types, &row) {
                Some(key) => quote!(Some(row.#key)),
                None => quote!(None),
            };
            implementations.push(quote!(
                impl crate::operation::ListOperation for #name<'_> {
                    type Item = types::#row;
                    type Filters = (#(#kinds,)*);
                    type Detached = #name<'static>;
                    fn into_parts(self) -> (crate::operation::Window, Self::Filters) {
                        let Self { client: _, count: _, skip, top, #(#kept,)* } = self;
                        (crate::operation::Window { skip, top }, (#(#kept,)*))
                    }
                    fn page<'c>(
                        client: &'c super::Client,
                        (#(#kept,)*): Self::Filters,
                        skip: i64,
                        top: i64,
                    ) -> impl crate::operation::Operation<Output = Self::Output> + 'c {
                        let (count, skip, top) = (Ok(Some(true)), Ok(Some(skip)), Ok(Some(top)));
                        #name { client, count, skip, top, #(#kept,)* }
                    }
                    fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
                        crate::operation::RawPage {
                            rows: page.value,
                            count: page.count,
                            next_link: page.next_link,
                        }
                    }
                    fn key(row: &Self::Item) -> Option<i64> {
                        #key
                    }
                }
            ));
        }
    }
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            for tokens in std::mem::take(&mut implementations) {
                items.push(Item::Impl(syn::parse2(tokens).map_err(|error| error.to_string())?));
            }
        }
    }
    file.items.push(parse_quote!(
        pub(crate) static OPERATIONS: &[crate::operation::Facts] = &[#(#listed,)*];
    ));
    Ok(())
}

/// Id, method and path of each operation.
pub(super) fn operations(document: &Value) -> impl Iterator<Item = (String, String, &String)> {
    const METHODS: [&str; 8] =
        ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        let operations = members.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.filter_map(move |(method, operation)| {
            let id = operation["operationId"].as_str()?.to_snake_case();
            Some((id, method.to_uppercase(), path))
        })
    })
}

/// What the generator knows of a call, taken out of its `send`.
struct Sent {
    /// What it gives on success.
    output: syn::Type,
    /// The statuses of a success.
    first: u16,
    last: u16,
    /// Makes the `request` of the `client` and of the builder's fields.
    request: Vec<syn::Stmt>,
}

/// Takes each builder's `send` apart, by the name of the builder, and leaves in it a call of the
/// crate's own.
///
/// All but the request is the same for each call, and so is written once: compilers need longer for
/// an `async fn` with every step in it than for all the rest of a call.
fn take_calls(file: &mut syn::File) -> Result<BTreeMap<String, Sent>, String> {
    let mut calls = BTreeMap::new();
    let builders = module(&mut file.items, "builder").into_iter().flatten();
    for item in builders {
        let Item::Impl(block) = item else { continue };
        let Some(owner) = last_segment(&block.self_ty).map(|owner| owner.ident.to_string()) else {
            continue;
        };
        for item in &mut block.items {
            if let ImplItem::Fn(function) = item
                && function.sig.ident == "send"
            {
                let unknown = || {
                    format!(
                        "progenitor's builder::{owner}::send has a form that crates/codegen/src/operations.rs \
                         does not know: adapt it to this version of progenitor"
                    )
                };
                let sent = take_call(function).ok_or_else(unknown)?;
                function.block = parse_quote!({
                    let client = self.client;
                    crate::operation::send(self, client).await
                });
                calls.insert(owner.clone(), sent);
            }
        }
    }
    Ok(calls)
}

fn take_call(function: &ImplItemFn) -> Option<Sent> {
    let syn::ReturnType::Type(_, result) = &function.sig.output else { return None };
    let output = argument(argument(result)?)?.clone();
    let names = |stmt: &Stmt, name: &str| match stmt {
        Stmt::Local(local) => matches!(&local.pat, Pat::Ident(pat) if pat.ident == name),
        _ => false,
    };
    let [Stmt::Local(fields), rest @ ..] = function.block.stmts.as_slice() else { return None };
    matches!(&fields.pat, Pat::Struct(_)).then_some(())?;
    let made = rest.iter().position(|stmt| names(stmt, "request"))?;
    let (request, rest) = rest.split_at(made + 1);
    let [info, .., Stmt::Expr(Expr::Match(answers), None)] = rest else { return None };
    names(info, "info").then_some(())?;
    // The lowering leaves one success to each call.
    let [success, _] = answers.arms.as_slice() else { return None };
    let (first, last) = match &success.pat {
        Pat::Lit(status) => (number(status)?, number(status)?),
        Pat::Range(range) => {
            (number_of(range.start.as_deref()?)?, number_of(range.end.as_deref()?)?)
        }
        _ => return None,
    };
    Some(Sent { output, first, last, request: request.to_vec() })
}

fn number_of(expression: &Expr) -> Option<u16> {
    match expression {
        Expr::Lit(literal) => number(literal),
        _ => None,
    }
}

fn number(literal: &syn::ExprLit) -> Option<u16> {
    match &literal.lit {
        syn::Lit::Int(number) => number.base10_parse().ok(),
        _ => None,
    }
}

/// The row of a list that comes in pages: the builder takes a window, the output has rows and a
/// link.
fn row_of_page(
    output: &syn::Type,
    given: &[syn::Field],
    types: &[(syn::Ident, Vec<syn::Field>)],
) -> Option<syn::Ident> {
    let takes = |name: &str, kind: &str| {
        let field = given.iter().find(|field| field.ident.as_ref().is_some_and(|n| n == name))?;
        let optional = argument(&field.ty)?;
        (last_segment(optional)?.ident == "Option").then_some(())?;
        (last_segment(argument(optional)?)?.ident == kind).then_some(())
    };
    takes("count", "bool").and(takes("skip", "i64")).and(takes("top", "i64"))?;
    let page = &last_segment(output)?.ident;
    has_field(types, page, "next_link", "Option").then_some(())?;
    has_field(types, page, "count", "Option").then_some(())?;
    let (_, fields) = types.iter().find(|(name, _)| name == page)?;
    let rows = fields.iter().find(|field| field.ident.as_ref().is_some_and(|n| n == "value"))?;
    (last_segment(&rows.ty)?.ident == "Vec").then_some(())?;
    Some(last_segment(argument(&rows.ty)?)?.ident.clone())
}

/// What tells the rows of a list apart: their `id`, else the only id that they carry.
fn key_of(types: &[(syn::Ident, Vec<syn::Field>)], row: &syn::Ident) -> Option<syn::Ident> {
    let (_, fields) = types.iter().find(|(name, _)| name == row)?;
    let numbers = fields
        .iter()
        .filter(|field| last_segment(&field.ty).is_some_and(|segment| segment.ident == "i64"));
    let names: Vec<_> = numbers.filter_map(|field| field.ident.clone()).collect();
    let ids = || names.iter().filter(|name| name.to_string().ends_with("_id"));
    let only = || ids().next().filter(|_| ids().count() == 1);
    names.iter().find(|name| *name == "id").or_else(only).cloned()
}

fn has_field(
    types: &[(syn::Ident, Vec<syn::Field>)],
    owner: &syn::Ident,
    name: &str,
    kind: &str,
) -> bool {
    types.iter().filter(|(found, _)| found == owner).flat_map(|(_, fields)| fields).any(|field| {
        field.ident.as_ref().is_some_and(|found| found == name)
            && last_segment(&field.ty).is_some_and(|segment| segment.ident == kind)
    })
}

fn last_segment(kind: &syn::Type) -> Option<&syn::PathSegment> {
    match kind {
        syn::Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The first type argument: the `T` of a `Vec<T>`.
fn argument(kind: &syn::Type) -> Option<&syn::Type> {
    match &last_segment(kind)?.arguments {
        syn::PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(kind) => Some(kind),
                _ => None,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use syn::{ImplItemFn, parse_quote};

    use super::take_call;
    use crate::generate;

    #[test]
    fn call_knows_its_success_and_how_its_answer_is_read() {
        let operation = |id: &str, status: &str, content: serde_json::Value| {
            let answer = json!({"description": "", "content": content});
            json!({"operationId": id, "responses": {status: answer}})
        };
        let number = json!({"application/json": {"schema": {"type": "integer"}}});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/runs": {
                "get": operation("count_runs", "200", number),
                "put": operation("create_run", "201", json!({"*/*": {}})),
                "delete": operation("delete_runs", "2XX", json!({})),
            }},
            "components": {},
        });
        let code = generate(&document.to_string()).expect("generates");
        let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
        for expected in [
            "id: \"count_runs\", method: \"GET\", path: \"/runs\", success: 200u16..=200u16, \
             streamed: false,",
            "id: \"create_run\", method: \"PUT\", path: \"/runs\", success: 201u16..=201u16, \
             streamed: true,",
            "id: \"delete_runs\", method: \"DELETE\", path: \"/runs\", success: 200u16..=299u16, \
             streamed: false,",
            "type Output = i64; type Answer = crate::operation::Json<i64>;",
            "type Output = ByteStream; type Answer = crate::operation::Bytes;",
            "type Output = (); type Answer = crate::operation::Empty;",
        ] {
            assert!(code.contains(expected), "{expected} is not in {code}");
        }
        // The steps of sending are the crate's own.
        for once in ["OperationInfo {", "client.pre(", "UnexpectedResponse("] {
            assert!(!code.contains(once), "{once} is in {code}");
        }
    }

    #[test]
    fn call_of_another_form_is_not_taken_apart() {
        let known: ImplItemFn = parse_quote!(
            pub async fn send(self) -> Result<ResponseValue<i64>, Error<()>> {
                let Self { client } = self;
                let mut request = client.client.get("/runs").build()?;
                let info = OperationInfo { operation_id: "count_runs" };
                match response.status().as_u16() {
                    200u16 => ResponseValue::from_response(response).await,
                    _ => Err(Error::UnexpectedResponse(response)),
                }
            }
        );
        assert!(take_call(&known).is_some());
        // Without the fields, the request, the facts; with an answer too many, and with none.
        for (at, with) in [(0, None), (1, None), (2, None), (3, Some(true)), (3, Some(false))] {
            let mut other = known.clone();
            let stmts = &mut other.block.stmts;
            match with {
                None => drop(stmts.remove(at)),
                Some(more) => {
                    let syn::Stmt::Expr(syn::Expr::Match(answers), _) = &mut stmts[at] else {
                        panic!("a match")
                    };
                    if more {
                        answers.arms.push(parse_quote!(201u16 => Ok(1),));
                    } else {
                        answers.arms.remove(0);
                    }
                }
            }
            assert!(take_call(&other).is_none(), "{at} {with:?}");
        }
    }
}
