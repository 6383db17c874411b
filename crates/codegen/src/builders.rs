//! Writes calls: the client's methods, the builders that they return, and the traits of the
//! builders.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Ident, ImplItem, Item, parse_quote};

use crate::arguments::{Argument, optional, qualified, required};
use crate::calls::{Body, Call, Parameter, read};
use crate::description::{is_named, resources};
use crate::docs;
use crate::examples::Examples;
use crate::ids::Ids;
use crate::items::{is_of, module};
use crate::lists::List;
use crate::requests::RequestType;
use crate::sent::Sent;

/// Writes the client's methods, the builders, and the facts about each operation.
pub(crate) fn write(
    file: &mut syn::File,
    document: &Value,
    requests: &BTreeMap<Ident, RequestType>,
    ids: &Ids,
) -> Result<(), String> {
    let own: BTreeSet<Ident> =
        module(&mut file.items, "types").into_iter().flatten().filter_map(name_of).collect();
    let calls = read(file, document, requests)?;
    let lists: Vec<_> = calls.iter().map(|call| List::of(file, call, ids)).collect();
    let context = Context { document, requests, own: &own, ids };

    let mut builders = TokenStream::new();
    for (call, list) in calls.iter().zip(&lists) {
        builders.extend(call.builder_items(&context, list.as_ref()));
        builders.extend(call.operation());
        builders.extend(list.as_ref().map(|list| list.implementation(call)));
    }
    let index = docs::index_of_builders(document, &calls);
    let module: syn::ItemMod = syn::parse2(quote!(
        #[doc = #index]
        pub mod builder {
            use super::types;
            #[allow(unused_imports)]
            use super::{ByteStream, RequestBuilderExt, ResponseValue};
            #[allow(unused_imports)]
            use progenitor_client::Error as SendError;
            #builders
        }
    ))
    .map_err(|error| error.to_string())?;
    for item in &mut file.items {
        if matches!(item, Item::Mod(found) if found.ident == "builder") {
            *item = Item::Mod(module);
            break;
        }
    }
    let index = format!("\n\n{}", docs::index_of_methods(document, &calls));
    for item in &mut file.items {
        if let Item::Struct(client) = item
            && client.ident == "Client"
        {
            client.attrs.push(parse_quote!(#[doc = #index]));
        }
    }
    write_client(file, &context, &calls, &lists)?;
    let names = calls.iter().map(|call| &call.builder);
    file.items.push(parse_quote!(
        /// A probe of each operation.
        #[cfg(test)]
        pub(crate) fn probes() -> ::std::vec::Vec<crate::evidence::Probe> {
            [#(crate::evidence::Probe::of::<builder::#names>(),)*].into()
        }
    ));
    Ok(())
}

/// The data that all calls share.
struct Context<'c> {
    document: &'c Value,
    requests: &'c BTreeMap<Ident, RequestType>,
    /// The types of the module `types`.
    own: &'c BTreeSet<Ident>,
    ids: &'c Ids,
}

impl Context<'_> {
    fn examples(&self) -> Examples<'_> {
        Examples { requests: self.requests, own: self.own, ids: self.ids }
    }
}

fn name_of(item: &mut Item) -> Option<Ident> {
    match item {
        Item::Struct(found) => Some(found.ident.clone()),
        Item::Enum(found) => Some(found.ident.clone()),
        Item::Type(found) => Some(found.ident.clone()),
        _ => None,
    }
}

impl Call<'_> {
    fn spec(&self) -> TokenStream {
        let (id, method, path) = (self.id(), self.described.method(), self.described.path);
        let Sent { first, last, .. } = self.sent;
        let streamed = self.sent.is_bytes();
        let (retry_safe, needs_stack_id) =
            (self.described.is_retry_safe(), self.described.needs_stack_id());
        quote!(crate::operation::OperationSpec {
            id: #id,
            method: #method,
            path: #path,
            success: #first..=#last,
            streamed: #streamed,
            retry_safe: #retry_safe,
            needs_stack_id: #needs_stack_id,
        })
    }

    /// Returns the builder's struct and its own methods.
    fn builder_items(&self, context: &Context<'_>, list: Option<&List>) -> TokenStream {
        let Self { builder, needed, optional, derives, .. } = self;
        let visibility = if self.is_public() { quote!(pub) } else { quote!(pub(crate)) };
        let needed_names: Vec<_> = needed.iter().map(|parameter| &parameter.ident).collect();
        let needed_kinds: Vec<_> = needed.iter().map(|parameter| &parameter.kind).collect();
        let optional_names: Vec<_> = optional.iter().map(|parameter| &parameter.ident).collect();
        let optional_kinds = optional.iter().map(|parameter| &parameter.kind);
        let body_kind = self.body.iter().map(|body| &body.kind).collect::<Vec<_>>();
        let body = body_kind.iter().map(|_| format_ident!("body")).collect::<Vec<_>>();
        let setters = optional.iter().map(|parameter| {
            let setter = parameter.setter(context.ids);
            let ident = &parameter.ident;
            let clear =
                parameter.argument(context.ids).is_optional_list().then(|| docs::clear(ident));
            let clear =
                clear.filter(|(name, _)| !self.takes(&name.to_string())).map(|(name, doc)| {
                    quote!(
                        #[doc = #doc]
                        pub fn #name(mut self) -> Self {
                            self.#ident = ::std::default::Default::default();
                            self
                        }
                    )
                });
            quote!(#setter #clear)
        });
        let body_setters = self.body_setters(context);
        let sending = self.sending(context, list);
        let doc = docs::builder(self);
        let awaited = self.awaited();
        quote!(
            #[doc = #doc]
            #(#derives)*
            #[must_use = "a call does nothing until it is sent: `.send().await`"]
            #visibility struct #builder {
                client: super::Client,
                #(#needed_names: #needed_kinds,)*
                #(#optional_names: ::std::option::Option<#optional_kinds>,)*
                #(#body: #body_kind,)*
            }
            impl #builder {
                pub(crate) fn new(
                    client: super::Client,
                    #(#needed_names: #needed_kinds,)*
                    #(#body: #body_kind,)*
                ) -> Self {
                    Self {
                        client,
                        #(#needed_names,)*
                        #(#optional_names: ::std::option::Option::None,)*
                        #(#body,)*
                    }
                }
                #sending
                #(#setters)*
                #body_setters
            }
            #awaited
        )
    }

    /// Returns the methods that send the request.
    fn sending(&self, context: &Context<'_>, list: Option<&List>) -> TokenStream {
        // Hand-written calls have their own documentation and methods.
        if !self.is_public() {
            return TokenStream::new();
        }
        let output = &self.sent.output;
        let (returns, errors) = (docs::returns(self, list), docs::errors(self));
        let send = format!("Sends the request.\n\n{returns}\n\n{errors}");
        let response = "Sends the request, and returns the value with the status and the headers of \
                        the response.\n\n# Errors\n\nThose of [`send`](Self::send).";
        let listing = list.map(|list| list.methods(&context.examples().of(self, Some(list))));
        quote!(
            #listing
            #[doc = #send]
            pub async fn send(self) -> ::std::result::Result<#output, crate::Error> {
                crate::ext::send(self).await
            }
            #[doc = #response]
            pub async fn response(
                self,
            ) -> ::std::result::Result<ResponseValue<#output>, crate::Error> {
                crate::ext::response(self).await
            }
        )
    }

    fn awaited(&self) -> Option<TokenStream> {
        let (builder, output) = (&self.builder, &self.sent.output);
        self.is_public().then(|| {
            quote!(
                impl ::std::future::IntoFuture for #builder {
                    type Output = ::std::result::Result<#output, crate::Error>;
                    type IntoFuture = crate::ext::Sending<#output>;
                    fn into_future(self) -> Self::IntoFuture {
                        ::std::boxed::Box::pin(crate::ext::send(self))
                    }
                }
            )
        })
    }

    /// Returns the setters of the body's optional properties.
    fn body_setters(&self, context: &Context<'_>) -> TokenStream {
        let Some(Body { kind, request: Some(request) }) = &self.body else {
            return TokenStream::new();
        };
        let request = &context.requests[request];
        let mut setters = TokenStream::new();
        for property in &request.optional {
            let ident = &property.ident;
            let attributes = &property.attributes;
            let note = property.note_on_none();
            let taken = optional(&qualified(&property.kind, context.own)).kind;
            setters.extend(quote!(
                #(#attributes)*
                #note
                pub fn #ident(mut self, #ident: #taken) -> Self {
                    self.body = self.body.#ident(#ident);
                    self
                }
            ));
            let clear = property.clear().filter(|(name, _)| !request.has(name));
            setters.extend(clear.filter(|(name, _)| !self.takes(&name.to_string())).map(
                |(name, doc)| {
                    quote!(
                        #[doc = #doc]
                        pub fn #name(mut self) -> Self {
                            self.body = self.body.#name();
                            self
                        }
                    )
                },
            ));
        }
        let doc = match request.required.is_empty() {
            true => "Sets the whole body, with all that the other setters set.",
            false => {
                "Sets the whole body, with all that was given before and by the other setters."
            }
        };
        setters.extend(quote!(
            #[doc = #doc]
            pub fn body(mut self, body: #kind) -> Self {
                self.body = body;
                self
            }
        ));
        setters
    }

    /// Returns the implementation of `Operation`.
    fn operation(&self) -> TokenStream {
        let Self { builder, sent, .. } = self;
        let Sent { output, request, .. } = sent;
        let fields = self.fields();
        let (reader, spec) = (sent.reader(), self.spec());
        quote!(
            impl crate::operation::Operation for #builder {
                type Output = #output;
                type Reader = crate::operation::#reader;
                const SPEC: &'static crate::operation::OperationSpec = &#spec;
                fn client(&self) -> &super::Client {
                    &self.client
                }
                fn request(
                    self,
                ) -> (super::Client, ::std::result::Result<::reqwest::Request, SendError<()>>) {
                    let Self { client, #(#fields,)* } = self;
                    let make = || {
                        #(#request)*
                        Ok(request)
                    };
                    let request = make();
                    (client, request)
                }
            }
        )
    }

    /// Returns the client's method.
    fn method(&self, context: &Context<'_>, list: Option<&List>) -> TokenStream {
        let builder = &self.builder;
        let name = self.method_name();
        let mut taken: Vec<(Ident, Argument)> = self
            .needed
            .iter()
            .map(|parameter| (parameter.ident.clone(), required(&parameter.kind)))
            .collect();
        let mut values: Vec<TokenStream> =
            taken.iter().map(|(ident, argument)| argument.convert(ident)).collect();
        match &self.body {
            Some(Body { kind, request: Some(request) }) => {
                let request = &context.requests[request];
                let names = request.required.iter().map(|property| property.ident.clone());
                let names: Vec<_> = names.collect();
                taken.extend(request.required.iter().map(|property| {
                    (property.ident.clone(), required(&qualified(&property.kind, context.own)))
                }));
                values.push(quote!(#kind::new(#(#names),*)));
            }
            Some(Body { kind, request: None }) => {
                let (body, argument) = (format_ident!("body"), required(kind));
                values.push(argument.convert(&body));
                taken.push((body, argument));
            }
            None => {}
        }
        let arguments = taken.iter().map(|(ident, Argument { kind, .. })| quote!(#ident: #kind));
        let example = context.examples().of(self, list);
        let doc = docs::method(self, list, context.requests, &example);
        let deprecated = crate::deprecated::of_call(self.described.value);
        let words = self.described.search_words();
        quote!(
            #[doc = #doc]
            #(#[doc(alias = #words)])*
            #deprecated
            pub fn #name(&self, #(#arguments),*) -> builder::#builder {
                builder::#builder::new(self.clone(), #(#values),*)
            }
        )
    }
}

impl Parameter<'_> {
    fn argument(&self, ids: &Ids) -> Argument {
        let kind = &self.kind;
        match ids.item(self.value) {
            Some(id) => Argument::joined_list(id).optional(),
            None => optional(&parse_quote!(::std::option::Option<#kind>)),
        }
    }

    fn setter(&self, ids: &Ids) -> TokenStream {
        let ident = &self.ident;
        let argument = self.argument(ids);
        let (kind, convert) = (&argument.kind, argument.convert(ident));
        let doc = docs::parameter(self.value, argument.takes_none());
        let deprecated = crate::deprecated::of_parameter(self.value);
        quote!(
            #[doc = #doc]
            #deprecated
            pub fn #ident(mut self, #ident: #kind) -> Self {
                self.#ident = #convert;
                self
            }
        )
    }
}

/// Replaces progenitor's methods of the client with one block for each resource.
fn write_client(
    file: &mut syn::File,
    context: &Context<'_>,
    calls: &[Call<'_>],
    lists: &[Option<List>],
) -> Result<(), String> {
    let is_method = |item: &ImplItem| {
        matches!(item, ImplItem::Fn(function)
            if calls.iter().any(|call| is_named(&function.sig.ident, &call.id())))
    };
    for item in &mut file.items {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
            && is_of(&block.self_ty, "Client")
        {
            block.items.retain(|item| !is_method(item));
        }
    }
    file.items.retain(|item| {
        !matches!(item, Item::Impl(block)
            if block.trait_.is_none() && is_of(&block.self_ty, "Client") && block.items.is_empty())
    });
    let mut blocks = Vec::new();
    let named: Vec<(Option<&str>, &str)> = resources(context.document)
        .into_iter()
        .map(|(name, text)| (Some(name), text))
        .chain([(None, "")])
        .collect();
    for (resource, text) in named {
        let methods: Vec<_> = calls
            .iter()
            .zip(lists)
            .filter(|(call, _)| call.is_public() && call.described.tag() == resource)
            .map(|(call, list)| call.method(context, list.as_ref()))
            .collect();
        if methods.is_empty() {
            continue;
        }
        let of_resource = calls.iter().filter(|call| call.described.tag() == resource);
        let handwritten: Vec<_> =
            of_resource.filter(|call| !call.is_public()).map(Call::id).collect();
        let doc = docs::resource(resource, text, &handwritten);
        let block: syn::ItemImpl = syn::parse2(quote!(
            #[doc = #doc]
            impl Client {
                #(#methods)*
            }
        ))
        .map_err(|error| error.to_string())?;
        blocks.push(Item::Impl(block));
    }
    file.items.extend(blocks);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::{code, contains};
    use serde_json::{Value, json};

    /// A document with one path.
    fn document(path: &str, item: &Value, schemas: &Value) -> Value {
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "tags": [{"name": "load_tests", "description": "Scripts under a name."}],
            "paths": {path: item},
            "components": {"schemas": schemas},
        })
    }

    fn assert_contains(code: &str, expected: &[&str]) {
        for text in expected {
            assert!(contains(code, text), "{text} is not in {code}");
        }
    }

    #[test]
    fn tag_that_is_listed_twice_has_one_block() {
        let responses = json!({"200": {"description": ""}});
        let get = json!({"operationId": "get_it", "tags": ["load_tests"], "responses": responses});
        let mut document = document("/it", &json!({ "get": get }), &json!({}));
        let again = json!({"name": "load_tests", "description": "Again."});
        document["tags"].as_array_mut().expect("a list").push(again);
        let code = code(&document);
        assert_eq!(code.matches("pubfnget_it(").count(), 1, "{code}");
    }

    #[test]
    fn call_knows_its_success_and_how_its_response_is_read() {
        let operation = |id: &str, status: &str, content: Value| {
            let response = json!({"description": "", "content": content});
            json!({"operationId": id, "responses": {status: response}})
        };
        let number = json!({"application/json": {"schema": {"type": "integer"}}});
        let item = json!({
            "get": operation("count_runs", "200", number),
            "put": operation("create_run", "201", json!({"*/*": {}})),
            "delete": operation("delete_runs", "2XX", json!({})),
        });
        let code = code(&document("/runs", &item, &json!({})));
        assert_contains(
            &code,
            &[
                "id: \"count_runs\", method: \"GET\", path: \"/runs\", success: 200u16..=200u16, \
                 streamed: false,",
                "id: \"create_run\", method: \"PUT\", path: \"/runs\", success: 201u16..=201u16, \
                 streamed: true,",
                "id: \"delete_runs\", method: \"DELETE\", path: \"/runs\", success: \
                 200u16..=299u16, streamed: false,",
                "type Output = i64; type Reader = crate::operation::Json<i64>;",
                "type Output = ByteStream; type Reader = crate::operation::Bytes;",
                "type Output = (); type Reader = crate::operation::Empty;",
                "pub async fn send(self) -> ::std::result::Result<i64, crate::Error> {",
            ],
        );
        // The hand-written layer has these steps.
        for once in ["OperationInfo {", "client.pre(", "UnexpectedResponse("] {
            assert!(!contains(&code, once), "{once} is in {code}");
        }
    }

    #[test]
    fn retry_safety_and_the_stack_id_come_from_the_description() {
        let facts = |method: &str, extensions: &[(&str, Value)]| {
            let mut operation =
                json!({"operationId": "act", "responses": {"2XX": {"description": ""}}});
            for (name, value) in extensions {
                operation[*name] = value.clone();
            }
            code(&document("/runs", &json!({method: operation}), &json!({})))
        };
        for (method, extensions, expected) in [
            ("get", vec![], "retry_safe: true, needs_stack_id: true"),
            ("delete", vec![], "retry_safe: true"),
            ("patch", vec![], "retry_safe: false"),
            ("post", vec![], "retry_safe: false"),
            ("post", vec![("x-retry-safe", json!(true))], "retry_safe: true"),
            ("put", vec![("x-retry-safe", json!(false))], "retry_safe: false"),
            ("get", vec![("x-search-words", json!("cost, VUH"))], "#[doc(alias = \"VUH\")]"),
            ("get", vec![("x-needs-stack-id", json!(false))], "needs_stack_id: false"),
        ] {
            assert_contains(&facts(method, &extensions), &[expected]);
        }
    }

    #[test]
    fn required_values_are_arguments_and_optional_ones_are_setters() {
        let parameter = |location: &str, name: &str, required: bool, kind: &str| json!({"in": location, "name": name, "required": required, "schema": {"type": kind}});
        let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/label"}}});
        let operation = json!({
            "operationId": "set_label",
            "parameters": [
                parameter("query", "dry", false, "boolean"),
                parameter("path", "key", true, "string"),
                parameter("path", "project_id", true, "integer"),
            ],
            "requestBody": {"content": body, "required": true},
            "responses": {"2XX": {"description": ""}},
        });
        let schemas = json!({"label": {"type": "object", "required": ["value"], "properties": {
            "value": {"type": "string"}, "color": {"type": "string"},
        }}});
        // Arguments have the order of the path, even if the description lists them in another.
        let item = json!({"put": operation});
        let code = code(&document("/projects/{project_id}/labels/{key}", &item, &schemas));
        assert_contains(
            &code,
            &[
                "pub fn set_label( &self, project_id: i64, key: impl \
                 ::std::convert::Into<::std::string::String>, value: impl \
                 ::std::convert::Into<::std::string::String>, ) -> builder::SetLabel {",
                "builder::SetLabel::new( self.clone(), project_id, key.into(), types::Label::new(value), )",
                "pub fn dry(mut self, dry: impl crate::wire::IntoOption<bool>) -> Self {",
                "pub fn color( mut self, color: impl \
                 crate::wire::IntoOption<::std::string::String>, ) -> Self { self.body = \
                 self.body.color(color); self }",
                "type IntoFuture = crate::ext::Sending<()>;",
            ],
        );
        assert!(!code.contains("TryInto"), "a setter can fail: {code}");
    }

    #[test]
    fn body_that_cannot_be_taken_apart_is_an_argument() {
        let body = |schema: Value| {
            let operation = json!({
                "operationId": "act",
                "requestBody": {"content": {"application/json": {"schema": schema}}, "required": true},
                "responses": {"2XX": {"description": ""}},
            });
            let schemas = json!({
                "Odd": {"type": "object", "properties": {"stream": {"type": "string"}}},
            });
            code(&document("/runs", &json!({"post": operation}), &schemas))
        };
        let list = body(json!({"type": "array", "items": {"type": "string"}}));
        assert_contains(&list, &["pub fn act( &self, body: impl ::std::iter::IntoIterator<"]);
        // A property whose setter would hide a method of the call.
        let odd = body(json!({"$ref": "#/components/schemas/Odd"}));
        assert_contains(
            &odd,
            &["pub fn act( &self, body: impl ::std::convert::Into<types::Odd>, )"],
        );
    }

    #[test]
    fn operation_named_like_a_keyword_has_an_underscore() {
        for (name, builder) in [("async", "Async"), ("gen", "Gen")] {
            let operation = json!({"operationId": name, "responses": {"2XX": {"description": ""}}});
            let code = code(&document("/runs", &json!({"post": operation}), &json!({})));
            let method = format!("pub fn {name}_(&self) -> builder::{builder}");
            assert_contains(&code, &[&method, &format!("id: \"{name}\"")]);
            assert!(!contains(&code, &format!("pub fn {name}(")), "{code}");
        }
    }

    #[test]
    fn handwritten_call_has_no_method_and_a_private_builder() {
        let operation = json!({
            "operationId": "start_run",
            "x-handwritten": true,
            "responses": {"2XX": {"description": ""}},
        });
        let code = code(&document("/runs", &json!({"post": operation}), &json!({})));
        assert!(!contains(&code, "pub fn start_run"), "{code}");
        assert_contains(
            &code,
            &["pub(crate) struct StartRun {", "impl crate::operation::Operation for StartRun {"],
        );
        assert!(!contains(&code, "pub async fn send"), "{code}");
    }

    #[test]
    fn documentation_says_what_is_returned_which_errors_there_are_and_where_it_belongs() {
        let operation = json!({
            "operationId": "count_runs",
            "summary": "Count the runs",
            "tags": ["load_tests"],
            "x-error-statuses": {"404": "The load test does not exist.", "418": "Never."},
            "parameters": [{
                "in": "path", "name": "id", "required": true, "description": "The load test.",
                "schema": {"type": "integer"},
            }],
            "responses": {"200": {"description": "", "content": {
                "application/json": {"schema": {"type": "integer"}},
            }}},
        });
        let code = code(&document("/tests/{id}/runs", &json!({"get": operation}), &json!({})));
        assert_contains(
            &code,
            &[
                "/**# Load tests Scripts under a name.*/ impl Client {",
                "/**Count the runs. Returns a `i64`. # Arguments - `id`: The load test.",
                "let i64 = client.count_runs(42).send().await?;",
                "- [`NotFound`](crate::ErrorKind::NotFound) (404): The load test does not exist.",
                "From [`Client::count_runs`](crate::Client::count_runs).",
                "- Load tests: [`CountRuns`]",
            ],
        );
        assert!(!code.contains("418"), "{code}");
    }

    #[test]
    fn request_has_a_map_of_headers_only_if_a_header_is_set() {
        let request = |parameters: Value| {
            let operation = json!({
                "operationId": "list", "parameters": parameters,
                "responses": {"2XX": {"description": ""}},
            });
            code(&document("/runs", &json!({"get": operation}), &json!({})))
        };
        let query = json!([{"in": "query", "name": "id", "schema": {"type": "string"}}]);
        for parameters in [json!([]), query] {
            let code = request(parameters);
            assert!(!code.contains("header_map"), "{code}");
        }
        let header = json!([{"in": "header", "name": "Key", "schema": {"type": "string"}}]);
        let code = request(header);
        assert_contains(&code, &["header_map.append(\"Key\"", ".headers(header_map)"]);
    }

    #[test]
    fn new_operation_only_adds_lines() {
        let with = |names: &[&str]| {
            let operation = |name: &&str| {
                let responses = json!({"2XX": {"description": ""}});
                (format!("/{name}"), json!({"get": {"operationId": name, "responses": responses}}))
            };
            let paths: serde_json::Map<_, _> = names.iter().map(operation).collect();
            let mut document = document("/", &json!({}), &json!({}));
            document["paths"] = Value::Object(paths);
            crate::generate(&document.to_string()).expect("generates")
        };
        let (old, new) = (with(&["get_b", "get_c"]), with(&["get_a", "get_b", "get_c"]));
        let lost = old.lines().filter(|line| !new.lines().any(|kept| kept == *line));
        // Lists of all builders are on one line.
        let lost: Vec<_> =
            lost.filter(|line| !(line.contains("GetB") && line.contains("GetC"))).collect();
        assert!(lost.is_empty(), "{lost:#?}");
    }

    #[test]
    fn each_call_has_an_example_with_parameters_for_what_is_not_obvious() {
        let path = |name: &str, kind: &str| json!({"in": "path", "name": name, "required": true, "schema": {"type": kind}});
        let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Label"}}});
        let operation = json!({
            "operationId": "set_label",
            "parameters": [path("key", "string"), path("project_id", "integer")],
            "requestBody": {"content": body, "required": true},
            "responses": {"2XX": {"description": ""}},
        });
        let schemas = json!({
            "Label": {"type": "object", "required": ["color", "value"], "properties": {
                "value": {"type": "string"}, "color": {"$ref": "#/components/schemas/Color"},
            }},
            "Color": {"type": "object", "description": "A color.", "properties": {
                "name": {"type": "string"},
            }},
        });
        let item = json!({"put": operation});
        let code = code(&document("/projects/{project_id}/labels/{key}", &item, &schemas));
        assert_contains(
            &code,
            &[
                "# async fn example(client: k6_cloud::Client, color: k6_cloud::types::Color, value: \
                 ::std::string::String) -> Result<(), k6_cloud::Error> {",
                "client.set_label(42, \"key\", color, value).send().await?;",
            ],
        );
    }

    #[test]
    fn every_field_has_documentation() {
        let schema = json!({"$ref": "#/components/schemas/Run"});
        let response =
            json!({"description": "", "content": {"application/json": {"schema": schema}}});
        let operation = json!({"operationId": "get_run", "responses": {"200": response}});
        let schemas = json!({
            "Run": {
                "type": "object", "additionalProperties": {},
                "properties": {"cost": {"$ref": "#/components/schemas/Cost"}, "note": {"type": "string"}},
            },
            "Cost": {"type": "object", "description": "What it costs.", "properties": {
                "vuh": {"type": "number", "description": "How much."},
            }},
        });
        let code = code(&document("/run", &json!({"get": operation}), &schemas));
        for (text, field) in [
            ("///What it costs.", "pub cost:"),
            ("///The properties that have no field of their own, by their names.", "pub extra:"),
            ("///The `note` of the API.", "pub note:"),
            ("///How much.", "pub vuh:"),
        ] {
            let [text, field] =
                [text, field].map(|part| part.split_whitespace().collect::<String>());
            let before = code.split_once(&field).unwrap_or_else(|| panic!("{field} in {code}")).0;
            let last = before.rfind("///").map(|at| &before[at..]).unwrap_or_default();
            assert!(last.starts_with(&text), "{field}: {last}");
        }
    }
}
