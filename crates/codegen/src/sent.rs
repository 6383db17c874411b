//! Takes the request, the type of the response and its statuses from progenitor's `send`.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{Expr, ImplItemFn, Pat, Stmt, Type, parse_quote};

use crate::items::{argument, arguments, is_of, last_segment};

/// The parts of a `send` that progenitor generated.
pub(crate) struct Sent {
    /// The type of a successful response.
    pub(crate) output: Type,
    /// The range of statuses of a successful response.
    pub(crate) first: u16,
    pub(crate) last: u16,
    /// The statements that make `request` from `client` and from the builder's fields.
    pub(crate) request: Vec<Stmt>,
}

impl Sent {
    /// Takes the parts from the `send` of a builder.
    ///
    /// Everything but the request is the same for each call, and so is written once, by hand. An
    /// `async fn` with every step would take longer to compile than all the rest of a call.
    pub(crate) fn take(function: &ImplItemFn) -> Option<Self> {
        let syn::ReturnType::Type(_, result) = &function.sig.output else { return None };
        let output = argument(argument(result)?)?.clone();
        let names =
            |stmt: &Stmt, name: &str| matches!(stmt, Stmt::Local(local) if is_named(local, name));
        let [Stmt::Local(fields), rest @ ..] = function.block.stmts.as_slice() else { return None };
        matches!(&fields.pat, Pat::Struct(_)).then_some(())?;
        let made = rest.iter().position(|stmt| names(stmt, "request"))?;
        let (request, rest) = rest.split_at(made + 1);
        let [info, .., Stmt::Expr(Expr::Match(responses), None)] = rest else { return None };
        names(info, "info").then_some(())?;
        // The lowering leaves one successful response in each operation.
        let [success, _] = responses.arms.as_slice() else { return None };
        let (first, last) = match &success.pat {
            Pat::Lit(status) => (number(status)?, number(status)?),
            Pat::Range(range) => {
                (number_of(range.start.as_deref()?)?, number_of(range.end.as_deref()?)?)
            }
            _ => return None,
        };
        let mut request: Vec<_> =
            request.iter().filter(|stmt| !is_conversion(stmt)).cloned().collect();
        drop_version_header(&mut request);
        for stmt in &mut request {
            *stmt = syn::parse2(write_in_place(stmt.to_token_stream())).ok()?;
        }
        Some(Self { output, first, last, request })
    }

    /// Returns whether the response is passed on as a stream of bytes.
    pub(crate) fn is_bytes(&self) -> bool {
        is_of(&self.output, "ByteStream")
    }

    /// Returns the type that reads a successful response.
    pub(crate) fn reader(&self) -> TokenStream {
        let output = &self.output;
        match output {
            Type::Tuple(tuple) if tuple.elems.is_empty() => quote!(Empty),
            _ if self.is_bytes() => quote!(Bytes),
            _ => quote!(Json<#output>),
        }
    }

    /// Returns the type of a successful response, as a path for links in documentation.
    pub(crate) fn output_name(&self) -> Option<String> {
        let segment = last_segment(&self.output)?;
        arguments(&self.output).next().is_none().then(|| segment.ident.to_string())
    }
}

/// Returns whether a statement checks that a field was converted. Our fields always are.
fn is_conversion(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Local(local) if local.init.as_ref().is_some_and(|init| {
        init.expr.to_token_stream().to_string().ends_with("map_err (Error :: InvalidRequest) ?")
    }))
}

/// progenitor puts the description's version on every request; the API has no such header. Without
/// it, most requests need no map of headers.
fn drop_version_header(stmts: &mut Vec<Stmt>) {
    let is_of_map = |stmt: &Stmt| stmt.to_token_stream().to_string().starts_with("header_map");
    stmts.retain(|stmt| {
        !(is_of_map(stmt) && stmt.to_token_stream().to_string().contains("\"api-version\""))
    });
    let is_used = stmts.iter().any(|stmt| match stmt {
        Stmt::Local(local) => {
            !is_named(local, "header_map") && !is_named(local, "request") && mentions_map(stmt)
        }
        _ => mentions_map(stmt),
    });
    if !is_used {
        stmts.retain(|stmt| !matches!(stmt, Stmt::Local(local) if is_named(local, "header_map")));
    }
    for stmt in stmts {
        let Stmt::Local(local) = stmt else { continue };
        if is_named(local, "header_map") {
            // The map would reserve capacity for the header that was just removed.
            *stmt = parse_quote!(let mut header_map = ::reqwest::header::HeaderMap::new(););
        } else if is_named(local, "request") {
            // Nothing changes it any more.
            local.attrs.clear();
            if let Pat::Ident(pat) = &mut local.pat {
                pat.mutability = None;
            }
            if let Some(init) = local.init.as_mut().filter(|_| !is_used) {
                drop_headers(&mut init.expr);
            }
        }
    }
}

fn is_named(local: &syn::Local, name: &str) -> bool {
    matches!(&local.pat, Pat::Ident(pat) if pat.ident == name)
}

fn mentions_map(stmt: &Stmt) -> bool {
    stmt.to_token_stream().to_string().contains("header_map")
}

/// Removes the call of `headers` from the calls that build a request.
fn drop_headers(expression: &mut Expr) {
    match expression {
        Expr::Try(inner) => drop_headers(&mut inner.expr),
        Expr::MethodCall(call) if call.method == "headers" => {
            let receiver = (*call.receiver).clone();
            *expression = receiver;
        }
        Expr::MethodCall(call) => drop_headers(&mut call.receiver),
        _ => {}
    }
}

/// Encodes values of the path while the address is written, instead of two new strings for each.
fn write_in_place(tokens: TokenStream) -> TokenStream {
    let mut written = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_encoded = matches!(&token, TokenTree::Ident(name) if name == "encode_path");
        match (token, tokens.peek()) {
            (_, Some(TokenTree::Group(value))) if is_encoded => {
                // `&id.to_string()`: the value without its last three tokens.
                let value: Vec<_> = value.stream().into_iter().collect();
                let value = value.get(..value.len().saturating_sub(3)).unwrap_or_default();
                let value = TokenStream::from_iter(value.iter().cloned());
                tokens.next();
                written.extend(quote!(crate::wire::PathValue(#value)));
            }
            (TokenTree::Group(group), _) => {
                let mut inner = Group::new(group.delimiter(), write_in_place(group.stream()));
                inner.set_span(group.span());
                written.extend([TokenTree::Group(inner)]);
            }
            (token, _) => written.extend([token]),
        }
    }
    written
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

#[cfg(test)]
mod tests {
    use syn::{ImplItemFn, parse_quote};

    use super::Sent;

    #[test]
    fn send_of_another_form_is_not_taken_apart() {
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
        assert!(Sent::take(&known).is_some());
        // Without the fields, the request or the facts; with too many responses, and with none.
        for (at, with) in [(0, None), (1, None), (2, None), (3, Some(true)), (3, Some(false))] {
            let mut other = known.clone();
            let stmts = &mut other.block.stmts;
            match with {
                None => drop(stmts.remove(at)),
                Some(more) => {
                    let syn::Stmt::Expr(syn::Expr::Match(responses), _) = &mut stmts[at] else {
                        panic!("a match")
                    };
                    if more {
                        responses.arms.push(parse_quote!(201u16 => Ok(1),));
                    } else {
                        responses.arms.remove(0);
                    }
                }
            }
            assert!(Sent::take(&other).is_none(), "{at} {with:?}");
        }
    }
}
