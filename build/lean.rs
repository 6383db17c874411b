//! The generated code in a form that takes less time to compile, and does the same.
//!
//! Users wait for it in each cold build, and call a small part of it.

use syn::{Expr, ImplItem, ImplItemFn, Item, Lit, Stmt, parse_quote};

use super::items::module;

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
