//! Makes the generated code faster to compile, without a change of behaviour.
//!
//! Every cold build of a user compiles all of it, and users call a small part of it.

use syn::{ImplItem, ImplItemFn, Item, parse_quote};

/// Marks functions that are not generic `#[inline]`, so that only crates that call them compile them
/// to machine code. Most builders are never used.
pub(crate) fn inline(file: &mut syn::File) {
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

fn compile_where_used(function: &mut ImplItemFn) {
    // Generic functions are compiled where they are used anyway.
    if function.sig.generics.type_params().next().is_none() {
        function.attrs.push(parse_quote!(#[inline]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use syn::Item;

    use super::functions;
    use crate::syntax;

    #[test]
    fn what_is_not_generic_is_compiled_where_it_is_used() {
        let operation = json!({
            "operationId": "set_limits",
            "parameters": [
                {"in": "path", "name": "id", "required": true, "schema": {"type": "integer"}},
            ],
            "responses": {"2XX": {"description": ""}},
        });
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/limits/{id}": {"put": operation}},
            "components": {},
        });
        let mut items: Vec<Item> = syntax(&document.to_string()).expect("generates").items;
        let mut seen = 0;
        functions(&mut items, &mut |function| {
            let generic = function.sig.generics.type_params().next().is_some();
            let inline = function.attrs.iter().filter(|a| a.path().is_ident("inline")).count();
            assert_eq!(inline, usize::from(!generic), "{}", function.sig.ident);
            seen += 1;
        });
        assert!(seen > 8, "{seen} functions were seen");
    }
}
