//! The generated code in a form that takes less time to compile, and does the same.
//!
//! Users wait for it in each cold build, and call a small part of it.

use syn::{Expr, ImplItem, ImplItemFn, Item, Lit, Stmt, parse_quote};

use crate::items::module;

/// Makes all of `file` cheaper.
pub(super) fn make(file: &mut syn::File) {
    if let Some(items) = module(&mut file.items, "builder") {
        functions(items, &mut share_conversion);
    }
    let types = module(&mut file.items, "types");
    if let Some(items) = types.and_then(|items| module(items, "builder")) {
        functions(items, &mut share_conversion);
    }
    functions(&mut file.items, &mut compile_where_used);
}

/// Changes each function of each `impl`, in modules too.
fn functions(items: &mut [Item], change: &mut impl FnMut(&mut ImplItemFn)) {
    for item in items {
        match item {
            Item::Mod(found) => {
                functions(found.content.as_mut().map_or(&mut [], |(_, items)| items), change);
            }
            Item::Impl(block) => {
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        change(function);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Leaves the machine code of what is not generic to the crates that call it: most of the builders
/// are used by nobody.
fn compile_where_used(function: &mut ImplItemFn) {
    // What is generic is compiled so anyway.
    if function.sig.generics.type_params().next().is_none() {
        function.attrs.push(parse_quote!(#[inline]));
    }
}

/// Calls one function of the crate in place of a setter's own closures and formatting. A setter of
/// another form stays as it is.
fn share_conversion(setter: &mut ImplItemFn) {
    if let [Stmt::Expr(Expr::Assign(assignment), Some(_)), Stmt::Expr(_, None)] =
        setter.block.stmts.as_mut_slice()
        && let Some(shared) = shared(&assignment.right)
    {
        *assignment.right = shared;
    }
}

/// Returns the call that does the same as `value.try_into().map_err(..)`, with or without a `map`
/// in between.
fn shared(conversion: &Expr) -> Option<Expr> {
    let Expr::MethodCall(outer) = conversion else { return None };
    let (Expr::MethodCall(inner), Some(Expr::Closure(failure))) =
        (&*outer.receiver, outer.args.first())
    else {
        return None;
    };
    (outer.method == "map_err").then_some(())?;
    let (into, map) = match (&*inner.receiver, inner.args.first()) {
        (Expr::MethodCall(into), Some(Expr::Path(map))) if inner.method == "map" => {
            (into, map.path.segments.last().map(|segment| segment.ident.to_string()))
        }
        _ => (inner, None),
    };
    (into.method == "try_into").then_some(())?;
    let value = &into.receiver;
    let (text, tells_why) = message(&failure.body)?;
    match (map.as_deref(), tells_why) {
        (None, false) => Some(parse_quote!(crate::setter::value(#value, #text))),
        (Some("Some"), false) => Some(parse_quote!(crate::setter::optional(#value, #text))),
        (None, true) => Some(parse_quote!(crate::setter::property(#value, #text))),
        (Some("from"), true) => Some(parse_quote!(crate::setter::body(#value, #text))),
        _ => None,
    }
}

/// The text of a failed conversion, and whether the reason stands behind it.
fn message(made: &Expr) -> Option<(String, bool)> {
    match made {
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(only, None)] => message(only),
            [Stmt::Macro(only)] => reason(&only.mac),
            _ => None,
        },
        Expr::MethodCall(call) if call.method == "to_string" => match &*call.receiver {
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => Some((text.value(), false)),
            _ => None,
        },
        Expr::Macro(made) => reason(&made.mac),
        _ => None,
    }
}

/// The text of a `format!` that ends with a colon and the reason.
fn reason(made: &syn::Macro) -> Option<(String, bool)> {
    made.path.is_ident("format").then_some(())?;
    let first = made.tokens.clone().into_iter().next()?;
    let text = syn::parse2::<syn::LitStr>(first.into()).ok()?.value();
    let (text, reason) = text.rsplit_once(": ")?;
    // Another text could have braces that are not to be shown.
    let plain = !text.contains(['{', '}']) && ["{}", "{e}", "{s}"].contains(&reason);
    plain.then(|| (text.to_owned(), true))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use syn::{Expr, ImplItemFn, Item, parse_quote};

    use super::{functions, message, shared};
    use crate::{generate, syntax};

    /// What the crate itself is generated from.
    fn lowered() -> String {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .expect("a workspace");
        std::fs::read_to_string(root.join("openapi/lowered.json")).expect("a lowered description")
    }

    fn each_function(mut check: impl FnMut(&ImplItemFn)) {
        let mut items: Vec<Item> = syntax(&lowered()).expect("generates").items;
        functions(&mut items, &mut |function| check(function));
    }

    #[test]
    fn setters_share_what_they_do() {
        let limits = json!({"type": "object", "properties": {"vus": {"type": "integer"}}});
        let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/limits"}}});
        let operation = json!({
            "operationId": "set_limits",
            "parameters": [
                {"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}},
                {"in": "query", "name": "dry", "schema": {"type": "boolean"}},
            ],
            "requestBody": {"content": body, "required": true},
            "responses": {"2XX": {"description": ""}},
        });
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/limits/{id}": {"put": operation}},
            "components": {"schemas": {"limits": limits}},
        });
        let code = generate(&document.to_string()).expect("generates");
        let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
        for (field, function, text) in [
            ("id", "value", "conversion to `i64` for id failed"),
            ("dry", "optional", "conversion to `bool` for dry failed"),
            ("body", "body", "conversion to `Limits` for body failed"),
            ("vus", "property", "error converting supplied value for vus"),
        ] {
            let start = format!("self.{field} = crate::setter::{function}( value, \"{text}\"");
            let code = code.replace("(value, ", "( value, ");
            assert!(code.contains(&start), "{start} is not in {code}");
        }
    }

    #[test]
    fn no_setter_of_the_client_is_left_out() {
        let (mut shared, mut own) = (0, Vec::new());
        each_function(|function| {
            let setter = function.sig.generics.type_params().any(|kind| kind.ident != "F");
            let body = quote::ToTokens::to_token_stream(&function.block).to_string();
            if setter && body.contains("crate :: setter ::") {
                shared += 1;
            } else if setter {
                own.push(function.sig.ident.to_string());
            }
        });
        assert!(shared > 250, "{shared} setters were found");
        assert_eq!(own, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_generic_is_compiled_where_it_is_used() {
        each_function(|function| {
            let generic = function.sig.generics.type_params().next().is_some();
            let inline = function.attrs.iter().filter(|a| a.path().is_ident("inline")).count();
            assert_eq!(inline, usize::from(!generic), "{}", function.sig.ident);
        });
    }

    #[test]
    fn other_conversions_stay_as_they_are() {
        let others: [Expr; 5] = [
            parse_quote!(value.try_into()),
            parse_quote!(value.into().map_err(|_| "failed".to_string())),
            parse_quote!(value.try_into().map(Ok).map_err(|_| "failed".to_string())),
            parse_quote!(value.try_into().map(Some).map_err(|e| format!("failed: {e}"))),
            parse_quote!(value.try_into().or_else(|_| "failed".to_string())),
        ];
        for other in others {
            assert!(shared(&other).is_none(), "{}", quote::quote!(#other));
        }
    }

    #[test]
    fn message_is_plain_text_with_or_without_the_reason() {
        let of = |made: Expr| message(&made);
        let failed = |tells_why| Some(("failed".to_owned(), tells_why));
        assert_eq!(of(parse_quote!("failed".to_string())), failed(false));
        assert_eq!(of(parse_quote!({ "failed".to_string() })), failed(false));
        assert_eq!(of(parse_quote!(format!("failed: {e}"))), failed(true));
        assert_eq!(of(parse_quote!({ format!("failed: {}", s) })), failed(true));
        assert_eq!(of(parse_quote!(format!("{name} failed: {e}"))), None);
        assert_eq!(of(parse_quote!(format!("failed: {e:?}"))), None);
        assert_eq!(of(parse_quote!(format!("failed"))), None);
        assert_eq!(of(parse_quote!(panic!("failed: {e}"))), None);
    }
}
