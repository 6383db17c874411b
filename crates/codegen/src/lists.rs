//! Lists. Those in pages have builders that take a window, and responses with rows and a next link. The
//! others come whole: their responses have only rows.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Ident, Item};

use crate::calls::{Call, Parameter};
use crate::ids::Ids;
use crate::items::{argument, last_segment};

/// The parameters that select the rows of a page. All others stay the same from page to page.
const WINDOW: [&str; 3] = ["count", "skip", "top"];

/// A call whose response is a list, or a page of one.
pub(crate) struct List {
    /// Whether the list comes in pages.
    pub(crate) is_paged: bool,
    /// The type of a row.
    pub(crate) row: Ident,
    /// The property with a unique value for each row.
    key: Option<Key>,
}

/// A property with a unique value for each row.
pub(crate) struct Key {
    property: Ident,
    /// Whether its type is that of an id, and not an integer.
    is_id: bool,
}

impl List {
    /// Returns the list that a call returns, if it returns one.
    pub(crate) fn of(file: &syn::File, call: &Call<'_>, ids: &Ids) -> Option<Self> {
        let types = structs(file);
        let takes = |name: &str, kind: &str| {
            let parameter = call.optional.iter().find(|parameter| parameter.ident == name);
            let kind_of = |parameter: &Parameter<'_>| {
                last_segment(&parameter.kind).is_some_and(|found| found.ident == kind)
            };
            parameter.is_some_and(kind_of)
        };
        let page = &last_segment(&call.sent.output)?.ident;
        let (_, fields) = types.iter().find(|(found, _)| *found == page)?;
        let field = |name: &str, kind: &str| {
            let field =
                fields.iter().find(|field| field.ident.as_ref().is_some_and(|n| n == name))?;
            (last_segment(&field.ty)?.ident == kind).then_some(&field.ty)
        };
        let has_window = takes("count", "bool") && takes("skip", "i64") && takes("top", "i64");
        let has_link = field("next_link", "Option").and(field("count", "Option")).is_some();
        let is_paged = has_window && has_link;
        // A response with more than rows is no list, and neither is that of a change.
        if !is_paged && (fields.len() > 1 || call.described.method() != "GET") {
            return None;
        }
        let row = last_segment(argument(field("value", "Vec")?)?)?.ident.clone();
        // The key tells rows of several pages apart.
        let key = if is_paged { key_of(&types, &row, ids) } else { None };
        Some(Self { is_paged, row, key })
    }

    /// Returns the methods of the builder that read all pages.
    pub(crate) fn methods(&self, example: &str) -> TokenStream {
        let row = &self.row;
        let stream = format!(
            "Returns the rows as a stream, which requests a page when it needs one.\n\n\
             Nothing is sent before you poll the stream. See [`ListExt`](crate::ListExt) for rows \
             that come and go while the list is read, that cannot be read, or that are missing.\n\n\
             {example}",
        );
        let stream = match self.is_paged {
            true => stream,
            false => stream.replace(
                "Returns the rows as a stream, which requests a page when it needs one.",
                "Returns the rows as a stream. The list comes whole, in one response.",
            ),
        };
        let pages = "Returns the pages as a stream; otherwise like [`stream`](Self::stream).";
        let all = "Returns all rows, if there are at most `cap`.\n\n# Errors\n\n\
                   [`LimitExceeded`](crate::ErrorKind::LimitExceeded) if there are more than \
                   `cap` rows, [`Decode`](crate::ErrorKind::Decode) if a row cannot be read, \
                   [`Pagination`](crate::ErrorKind::Pagination) if pages do not fit together or \
                   rows are missing, and those of [`send`](Self::send).";
        quote!(
            #[doc = #stream]
            pub fn stream(self) -> crate::RowStream<types::#row> {
                crate::ext::stream(self)
            }
            #[doc = #pages]
            pub fn pages(self) -> crate::PageStream<types::#row> {
                crate::ext::pages(self)
            }
            #[doc = #all]
            pub async fn collect_all(
                self,
                cap: usize,
            ) -> ::std::result::Result<::std::vec::Vec<types::#row>, crate::Error> {
                crate::ext::pages(self).collect_all(cap).await
            }
        )
    }

    /// Returns the implementation of `ListOperation`.
    pub(crate) fn implementation(&self, call: &Call<'_>) -> TokenStream {
        let (builder, row) = (&call.builder, &self.row);
        let is_window = |name: &Ident| self.is_paged && WINDOW.iter().any(|window| name == window);
        let needed = call.needed.iter().map(|parameter| {
            let kind = &parameter.kind;
            (&parameter.ident, quote!(#kind))
        });
        let others = call.optional.iter().filter(|parameter| !is_window(&parameter.ident));
        let others = others.map(|parameter| {
            let kind = &parameter.kind;
            (&parameter.ident, quote!(::std::option::Option<#kind>))
        });
        let (kept, kinds): (Vec<_>, Vec<_>) = needed.chain(others).unzip();
        let (key, key_name) = match &self.key {
            Some(Key { property, is_id }) => {
                let name = property.to_string();
                let number = is_id.then(|| quote!(.get()));
                (quote!(Some(row.#property #number)), quote!(Some(#name)))
            }
            None => (quote!(None), quote!(None)),
        };
        let window = if self.is_paged { quote!(count: _, skip, top,) } else { quote!() };
        let parts = match self.is_paged {
            true => quote!(crate::operation::Window { skip, top }),
            false => quote!(crate::operation::Window { skip: None, top: None }),
        };
        let page = match self.is_paged {
            true => quote!(
                let (count, skip, top) = (Some(true), Some(skip), Some(top));
                #builder { client, count, skip, top, #(#kept,)* }
            ),
            false => quote!(
                let _ = (skip, top);
                #builder { client, #(#kept,)* }
            ),
        };
        let facts = match self.is_paged {
            true => quote!(count: page.count, next_link: page.next_link,),
            false => quote!(count: None, next_link: None,),
        };
        let unused = self.key.is_none().then(|| quote!(let _ = row;));
        quote!(
            impl crate::operation::ListOperation for #builder {
                const KEY: ::std::option::Option<&'static str> = #key_name;
                type Item = types::#row;
                type Filters = (#(#kinds,)*);
                fn into_parts(self) -> (super::Client, crate::operation::Window, Self::Filters) {
                    let Self { client, #window #(#kept,)* } = self;
                    (client, #parts, (#(#kept,)*))
                }
                fn page(
                    client: super::Client,
                    (#(#kept,)*): Self::Filters,
                    skip: i64,
                    top: i64,
                ) -> Self {
                    #page
                }
                fn into_rows(page: Self::Output) -> crate::operation::RawPage<Self::Item> {
                    crate::operation::RawPage {
                        rows: page.value,
                        #facts
                    }
                }
                fn key(row: &Self::Item) -> Option<i64> {
                    #unused
                    #key
                }
            }
        )
    }
}

/// Returns the structs of the module `types`, with their fields.
fn structs(file: &syn::File) -> Vec<(&Ident, Vec<&Field>)> {
    let module = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    let items = module.into_iter().flat_map(|(_, items)| items);
    let structs = items.filter_map(|item| match item {
        Item::Struct(found) => Some((&found.ident, found.fields.iter().collect())),
        _ => None,
    });
    structs.collect()
}

/// Returns the property with a unique value for each row: `id`, or else the only property that is
/// an id.
fn key_of(types: &[(&Ident, Vec<&Field>)], row: &Ident, ids: &Ids) -> Option<Key> {
    let (_, fields) = types.iter().find(|(name, _)| *name == row)?;
    let keys = fields.iter().filter_map(|field| {
        let is_id = ids.contains(&field.ty);
        let is_key = is_id || last_segment(&field.ty).is_some_and(|found| found.ident == "i64");
        let property = field.ident.clone().filter(|_| is_key)?;
        Some(Key { property, is_id })
    });
    let mut keys: Vec<_> = keys.collect();
    if let Some(id) = keys.iter().position(|key| key.property == "id") {
        return Some(keys.swap_remove(id));
    }
    keys.retain(|key| key.is_id || key.property.to_string().ends_with("_id"));
    if keys.len() == 1 { keys.pop() } else { None }
}
