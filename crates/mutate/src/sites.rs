//! Where a mistake can be made, and what is inserted there.
//!
//! Every mistake is a few insertions around code that stays as it is, so that mistakes can be nested. Its
//! switch is `crate::mutation::on(NUMBER)`.

use std::ops::Range;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, BinOp, Block, Expr, Lit, Stmt};

use crate::area::Area;

/// A mistake.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) number: u32,
    pub(crate) area: Area,
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    pub(crate) what: String,
    /// The code that it is about.
    pub(crate) range: Range<usize>,
    pub(crate) edits: Vec<Edit>,
}

/// Text that stands for a range of the source; the range is empty where it is inserted.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
}

/// Finds all mistakes that can be made in some areas.
pub(crate) fn of_areas(workspace: &Path, areas: &[Area]) -> Result<Vec<Site>, String> {
    let mut sites = Vec::new();
    for &area in areas {
        for file in area.files(workspace)? {
            let failed = |error: String| format!("{}: {error}", file.display());
            let text = std::fs::read_to_string(&file).map_err(|error| failed(error.to_string()))?;
            let parsed = syn::parse_file(&text).map_err(|error| failed(error.to_string()))?;
            let name = file.strip_prefix(workspace).unwrap_or(&file).to_owned();
            let mut finder = Finder { text: &text, area, file: name, sites };
            finder.visit_file(&parsed);
            sites = finder.sites;
        }
    }
    Ok(sites)
}

struct Finder<'t> {
    text: &'t str,
    area: Area,
    file: PathBuf,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn add(&mut self, node: &impl Spanned, what: &str, edits: Vec<(Range<usize>, String)>) {
        let span = node.span();
        let range = span.byte_range();
        let number = self.number();
        let source: String =
            self.text[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let source: String = source.chars().take(70).collect();
        self.sites.push(Site {
            number,
            area: self.area,
            file: self.file.clone(),
            line: span.start().line,
            what: format!("{what}: `{source}`"),
            range,
            edits: edits.into_iter().map(|(range, text)| Edit { range, text }).collect(),
        });
    }

    fn number(&self) -> u32 {
        self.sites.len() as u32 + 1
    }

    /// Puts code before and after a node.
    fn wrap(&mut self, node: &impl Spanned, what: &str, before: &str, after: &str) {
        let range = node.span().byte_range();
        let number = self.number().to_string();
        let filled = |text: &str| text.replace("ON", &format!("crate::mutation::on({number})"));
        let edits =
            vec![(range.start..range.start, filled(before)), (range.end..range.end, filled(after))];
        self.add(node, what, edits);
    }

    /// Makes a number larger by one.
    fn more(&mut self, node: &impl Spanned, what: &str) {
        let before = format!("crate::mutation::more({}, ", self.number());
        self.wrap(node, what, &before, ")");
    }

    fn binary(&mut self, found: &syn::ExprBinary) {
        let is_let = |side: &Expr| matches!(side, Expr::Let(_));
        match found.op {
            BinOp::And(_) => {
                for side in [&found.left, &found.right] {
                    if !is_let(side) && !has_let(side) {
                        self.wrap(&**side, "condition of && dropped", "((", ") || ON)");
                    }
                }
            }
            BinOp::Or(_) => {
                for side in [&found.left, &found.right] {
                    self.wrap(&**side, "condition of || dropped", "((", ") && !ON)");
                }
            }
            BinOp::Eq(_) | BinOp::Ne(_) => self.wrap(found, "comparison negated", "((", ") ^ ON)"),
            BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                self.wrap(found, "comparison negated", "((", ") ^ ON)");
                self.boundary(found);
            }
            BinOp::Add(_) | BinOp::Sub(_) => {
                self.more(&*found.right, "one more on the right side");
            }
            _ => {}
        }
    }

    /// Makes `<` of `<=`, and so on.
    fn boundary(&mut self, found: &syn::ExprBinary) {
        let function = match found.op {
            BinOp::Lt(_) => "lt",
            BinOp::Le(_) => "le",
            BinOp::Gt(_) => "gt",
            _ => "ge",
        };
        let (all, operator) = (found.span().byte_range(), found.op.span().byte_range());
        let number = self.number();
        let edits = vec![
            (all.start..all.start, format!("crate::mutation::{function}({number}, &(")),
            (operator, "), &(".to_owned()),
            (all.end..all.end, "))".to_owned()),
        ];
        self.add(found, "boundary moved", edits);
    }

    fn method(&mut self, call: &syn::ExprMethodCall) {
        let name = call.method.to_string();
        let swapped = match (name.as_str(), call.args.len()) {
            ("last", 0) | ("first", 0) | ("min", 1) | ("max", 1) => name.as_str(),
            ("any" | "all", 1) => {
                return self.wrap(call, "result negated", "((", ") ^ ON)");
            }
            (name, _) if name.starts_with("is_") || name == "contains" || name == "starts_with" => {
                return self.wrap(call, "result negated", "((", ") ^ ON)");
            }
            _ => return,
        };
        let (receiver, all) = (call.receiver.span().byte_range(), call.span().byte_range());
        let number = self.number();
        let inside = self.text[receiver.end..all.end].find('(').map(|at| receiver.end + at);
        let Some(open) = inside else { return };
        // The ends of a slice are borrowed.
        let (before, between) = if call.args.is_empty() { ("&(", ")") } else { ("", ", ") };
        let edits = vec![
            (
                receiver.start..receiver.start,
                format!("crate::mutation::{swapped}({number}, {before}"),
            ),
            (receiver.end..open + 1, between.to_owned()),
        ];
        self.add(call, "first for last, or min for max", edits);
    }
}

/// Returns whether a chain of conditions has a `let`, which cannot be put in parentheses.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(found) => has_let(&found.left) || has_let(&found.right),
        _ => false,
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.meta.require_list().is_ok_and(|list| {
                list.path.is_ident("cfg") && list.tokens.to_string().contains("test")
            })
    })
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_for_tests(&item.attrs) && item.sig.constness.is_none() {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) && item.sig.constness.is_none() {
            visit::visit_impl_item_fn(self, item);
        }
    }

    // What is computed at compile time cannot be switched.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            let Stmt::Expr(expression, semicolon) = statement else { continue };
            let drops = match expression {
                Expr::MethodCall(_) | Expr::Call(_) | Expr::Assign(_) | Expr::Binary(_) => {
                    semicolon.is_some()
                }
                Expr::Await(_) | Expr::Try(_) | Expr::Return(_) => semicolon.is_some(),
                Expr::If(found) => found.else_branch.is_none(),
                Expr::ForLoop(_) => true,
                _ => false,
            };
            if drops {
                self.wrap(statement, "step dropped", "if !ON { ", " }");
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr(&mut self, expression: &'ast Expr) {
        match expression {
            Expr::Binary(found) => self.binary(found),
            Expr::MethodCall(call) => self.method(call),
            Expr::Unary(found) if matches!(found.op, syn::UnOp::Not(_)) => {
                self.wrap(found, "not dropped", "((", ") ^ ON)");
            }
            Expr::Lit(found) => match &found.lit {
                Lit::Bool(_) => self.wrap(found, "constant negated", "(", " ^ ON)"),
                Lit::Int(_) => self.more(found, "constant off by one"),
                _ => {}
            },
            Expr::If(found) if matches!(*found.cond, Expr::Path(_) | Expr::Call(_)) => {
                self.wrap(&*found.cond, "condition negated", "((", ") ^ ON)");
            }
            _ => {}
        }
        visit::visit_expr(self, expression);
    }
}
