//! The hand-written public items of the crate, found from its `lib.rs`.
//!
//! An item is listed by the path at which users see it. What else exports it is an alias of that.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use openapi_lowering::problem::Problem;
use syn::{Attribute, ImplItem, Item, ItemImpl, UseTree};

use super::{ItemKind, Marks, Surface, SurfaceReader, is_public};

/// The module that holds the generated client, whose items are read from its syntax tree.
const GENERATED: &str = "generated";

/// The path of a module from the root of the crate.
type ModulePath = Vec<String>;

/// Reads the hand-written public items of the crate at `root`; none if it has no `src/lib.rs`.
pub(crate) fn read(root: &Path) -> Result<Surface, Problem> {
    let source = root.join("src");
    if !source.join("lib.rs").exists() {
        return Ok(Surface::default());
    }
    let mut modules = BTreeMap::new();
    load(&source.join("lib.rs"), &source, Vec::new(), &mut modules)?;
    let reader =
        CrateReader { modules, public: BTreeMap::new(), surface: SurfaceReader::default() };
    reader.read()
}

/// Reads a file and the files of its modules. What is compiled for tests or documentation only is no part
/// of the crate.
fn load(
    file: &Path,
    folder: &Path,
    path: ModulePath,
    into: &mut BTreeMap<ModulePath, Vec<Item>>,
) -> Result<(), Problem> {
    let broken = |what: String| {
        Problem::new(file.display().to_string(), what, "make the crate compile, and try again")
    };
    let text = std::fs::read_to_string(file).map_err(|error| broken(error.to_string()))?;
    let items = syn::parse_file(&text).map_err(|error| broken(error.to_string()))?.items;
    load_items(items, folder, path, into)
}

fn load_items(
    items: Vec<Item>,
    folder: &Path,
    path: ModulePath,
    into: &mut BTreeMap<ModulePath, Vec<Item>>,
) -> Result<(), Problem> {
    for item in &items {
        let Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        if !is_compiled(&module.attrs) || (path.is_empty() && name == GENERATED) {
            continue;
        }
        let below = folder.join(&name);
        let path = [path.as_slice(), std::slice::from_ref(&name)].concat();
        match &module.content {
            Some((_, inner)) => load_items(inner.clone(), &below, path, into)?,
            None => {
                let beside = folder.join(format!("{name}.rs"));
                let file = if beside.exists() { beside } else { below.join("mod.rs") };
                load(&file, &below, path, into)?;
            }
        }
    }
    into.insert(path, items);
    Ok(())
}

/// Returns whether an item is compiled for users: not only for tests or documentation.
fn is_compiled(attributes: &[Attribute]) -> bool {
    !attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return false };
        let tokens = list.tokens.to_string();
        let words: Vec<_> = tokens.split(|c: char| !c.is_alphanumeric()).collect();
        list.path.is_ident("cfg")
            && !words.contains(&"not")
            && (words.contains(&"test") || words.contains(&"doctest"))
    })
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Ok(list) = attribute.meta.require_list() else { return false };
        list.path.is_ident("doc") && list.tokens.to_string() == "hidden"
    })
}

/// An item by the module that defines it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Definition {
    module: ModulePath,
    name: String,
}

/// What a path in a `use` leads to.
enum Target {
    Item(Definition),
    Module(ModulePath),
    /// An item of the generated client or of another crate.
    Elsewhere(String),
}

struct CrateReader {
    modules: BTreeMap<ModulePath, Vec<Item>>,
    /// The public path of each exported definition.
    public: BTreeMap<Definition, String>,
    surface: SurfaceReader,
}

impl CrateReader {
    fn read(mut self) -> Result<Surface, Problem> {
        self.exports()?;
        for (definition, path) in self.public.clone() {
            let items = self.modules[&definition.module].clone();
            for item in items.iter().filter(|item| name_of(item) == Some(definition.name.clone())) {
                self.define(item, &path);
            }
        }
        let modules: Vec<_> = self.modules.keys().cloned().collect();
        for module in modules {
            self.members(&module)?;
        }
        Ok(self.surface.surface)
    }

    /// Finds what is exported, from the root down.
    fn exports(&mut self) -> Result<(), Problem> {
        let mut queue = VecDeque::from([(ModulePath::new(), String::new())]);
        let mut seen = BTreeSet::new();
        while let Some((module, public)) = queue.pop_front() {
            if !seen.insert((module.clone(), public.clone())) {
                continue;
            }
            let Some(items) = self.modules.get(&module).cloned() else { continue };
            for item in items {
                match &item {
                    Item::Use(found) if is_public(&found.vis) && !is_hidden(&found.attrs) => {
                        for (path, name) in imports(found) {
                            self.export(&module, &path, &name, &public, &mut queue)?;
                        }
                    }
                    Item::Mod(found)
                        if is_public(&found.vis)
                            && is_compiled(&found.attrs)
                            && !is_hidden(&found.attrs) =>
                    {
                        let name = found.ident.to_string();
                        let inner = [module.as_slice(), std::slice::from_ref(&name)].concat();
                        queue.push_back((inner, format!("{public}{name}::")));
                    }
                    _ => {
                        if let Some(name) = name_of(&item).filter(|_| is_exported(&item)) {
                            let definition =
                                Definition { module: module.clone(), name: name.clone() };
                            self.add(definition, format!("{public}{name}"));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn export(
        &mut self,
        module: &[String],
        path: &[String],
        name: &str,
        public: &str,
        queue: &mut VecDeque<(ModulePath, String)>,
    ) -> Result<(), Problem> {
        let shown = format!("{public}{name}");
        match self.resolve(module, path, 0) {
            Some(Target::Item(definition)) => self.add(definition, shown),
            Some(Target::Module(target)) if name == "*" => {
                queue.push_back((target, public.to_owned()));
            }
            Some(Target::Module(target)) => queue.push_back((target, format!("{shown}::"))),
            Some(Target::Elsewhere(path)) => self.alias(&shown, &path),
            None => {
                let at =
                    format!("src, in `{}`", [&["crate".to_owned()], module].concat().join("::"));
                let what = format!("`{}` leads nowhere", path.join("::"));
                return Err(Problem::new(at, what, "make the crate compile, and try again"));
            }
        }
        Ok(())
    }

    fn add(&mut self, definition: Definition, path: String) {
        match self.public.get(&definition).cloned() {
            None => {
                self.public.insert(definition, path);
            }
            Some(first) => self.alias(&path, &first),
        }
    }

    fn alias(&mut self, path: &str, of: &str) {
        let line = match path == of {
            true => return,
            false => format!("use {path} = {of}"),
        };
        self.surface.put(ItemKind::Type, (path, ""), line, Marks::default());
    }

    /// Follows a path from a module, also through what other modules import.
    fn resolve(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let mut at: ModulePath = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module.split_last()?.1.to_vec(),
            "" => return Some(Target::Elsewhere(rest.join("::"))),
            _ => return self.step(module, path, depth, true),
        };
        let mut rest = rest;
        while let Some(("super", after)) =
            rest.split_first().map(|(word, after)| (word.as_str(), after))
        {
            at.pop()?;
            rest = after;
        }
        match rest.is_empty() {
            true => Some(Target::Module(at)),
            false => self.step(&at, rest, depth, false),
        }
    }

    /// Follows the first word of a path in a module, and then the rest.
    fn step(
        &self,
        module: &[String],
        path: &[String],
        depth: usize,
        outside: bool,
    ) -> Option<Target> {
        // A circle of imports does not compile.
        const MAX_DEPTH: usize = 32;
        let (first, rest) = path.split_first().filter(|_| depth < MAX_DEPTH)?;
        if module.is_empty() && first == GENERATED {
            return Some(Target::Elsewhere(rest.join("::")));
        }
        let child = [module, std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&child) {
            return match rest.is_empty() {
                true => Some(Target::Module(child)),
                false => self.step(&child, rest, depth + 1, false),
            };
        }
        let items = self.modules.get(module)?;
        if rest.is_empty() && items.iter().any(|item| name_of(item).as_ref() == Some(first)) {
            return Some(Target::Item(Definition { module: module.to_vec(), name: first.clone() }));
        }
        for found in items.iter().filter_map(|item| match item {
            Item::Use(found) => Some(found),
            _ => None,
        }) {
            for (path, name) in imports(found) {
                if name == *first {
                    return self.resolve(module, &[path.as_slice(), rest].concat(), depth + 1);
                }
            }
        }
        if outside || first == "*" {
            return Some(match first.as_str() {
                "*" => Target::Module(module.to_vec()),
                _ => Target::Elsewhere(path.join("::")),
            });
        }
        None
    }

    /// Lists an exported item under its public path.
    fn define(&mut self, item: &Item, path: &str) {
        let (prefix, _) =
            path.rsplit_once("::").map_or(("", path), |(prefix, name)| (prefix, name));
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}::") };
        self.surface.items(std::slice::from_ref(item), &prefix);
    }

    /// Lists the methods that a module gives to exported types, and the traits that it implements.
    fn members(&mut self, module: &[String]) -> Result<(), Problem> {
        let items = self.modules[module].clone();
        for item in &items {
            match item {
                Item::Impl(block) if is_compiled(&block.attrs) => self.block(module, block),
                Item::Macro(call) => {
                    for block in self.expanded(module, call)? {
                        self.block(module, &block);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn block(&mut self, module: &[String], block: &ItemImpl) {
        let syn::Type::Path(kind) = &*block.self_ty else { return };
        let words = kind.path.segments.iter().map(|segment| segment.ident.to_string());
        let words: Vec<_> = words.collect();
        let owner = match self.resolve(module, &words, 0) {
            Some(Target::Item(definition)) => match self.public.get(&definition) {
                Some(path) => path.clone(),
                None => return,
            },
            Some(Target::Elsewhere(path)) => path,
            _ => return,
        };
        if let Some((name, _)) = &block.trait_ {
            let name = name.segments.last().map(super::render::text).unwrap_or_default();
            self.surface.implements(&owner, &name);
            return;
        }
        for item in &block.items {
            match item {
                ImplItem::Fn(function)
                    if is_public(&function.vis)
                        && is_compiled(&function.attrs)
                        && !is_hidden(&function.attrs) =>
                {
                    self.surface.function(&owner, &function.sig, &function.attrs);
                }
                ImplItem::Const(found) if is_public(&found.vis) => {
                    let kind = super::render::text(&found.ty);
                    self.surface.constant(
                        &format!("{owner}::{}", found.ident),
                        &kind,
                        &found.attrs,
                    );
                }
                _ => {}
            }
        }
    }

    /// Returns what a macro of the crate makes of a type's name. A macro of another form must not hide
    /// public items.
    fn expanded(&self, module: &[String], call: &syn::ItemMacro) -> Result<Vec<ItemImpl>, Problem> {
        // These are read as they are, implement a trait of the standard library, or define nothing public.
        const KNOWN: [&str; 5] =
            ["macro_rules", "open_enum", "awaitable", "from_exact_integers", "thread_local"];
        let name = call.mac.path.segments.last().map(|last| last.ident.to_string());
        let name = name.unwrap_or_default();
        if KNOWN.contains(&name.as_str()) || !is_compiled(&call.attrs) {
            return Ok(Vec::new());
        }
        let rules = self.modules.values().flatten().find_map(|item| match item {
            Item::Macro(found) if found.ident.as_ref().is_some_and(|ident| *ident == name) => {
                Some(found.mac.tokens.clone())
            }
            _ => None,
        });
        let text = rules.map(|rules| rules.to_string()).unwrap_or_default();
        // One arm of the form `($type:ident) => { .. }`.
        let body = text
            .split_once("=>")
            .filter(|(head, _)| head.split_whitespace().collect::<String>() == "($type:ident)");
        let body = body.map(|(_, body)| body.trim().trim_end_matches(';').trim());
        let body = body.and_then(|body| body.strip_prefix('{')?.strip_suffix('}'));
        let code = body.map(|body| body.replace("$ type", &call.mac.tokens.to_string()));
        let parsed = code.as_deref().and_then(|code| syn::parse_str::<syn::File>(code).ok());
        let Some(parsed) = parsed else {
            return Err(Problem::new(
                format!("src, in `{}`", [&["crate".to_owned()], module].concat().join("::")),
                format!("the surface listing cannot see what the macro `{name}` defines"),
                "write the items out, or make it a macro of one arm, `($type:ident) => { impl $type .. }`",
            ));
        };
        Ok(parsed
            .items
            .into_iter()
            .filter_map(|item| match item {
                Item::Impl(block) => Some(block),
                _ => None,
            })
            .collect())
    }
}

/// The paths that a `use` names, each with the name that it gets. One from another crate begins with an
/// empty word.
fn imports(found: &syn::ItemUse) -> Vec<(Vec<String>, String)> {
    leaves(&found.tree, found.leading_colon.iter().map(|_| String::new()).collect())
}

fn leaves(tree: &UseTree, mut path: Vec<String>) -> Vec<(Vec<String>, String)> {
    match tree {
        UseTree::Path(found) => {
            path.push(found.ident.to_string());
            leaves(&found.tree, path)
        }
        UseTree::Name(found) if found.ident == "self" => {
            let name = path.last().cloned().unwrap_or_default();
            vec![(path, name)]
        }
        UseTree::Name(found) => {
            path.push(found.ident.to_string());
            vec![(path, found.ident.to_string())]
        }
        UseTree::Rename(found) => {
            let name = match found.rename == "_" {
                true => format!("{} as _", found.ident),
                false => found.rename.to_string(),
            };
            path.push(found.ident.to_string());
            vec![(path, name)]
        }
        UseTree::Glob(_) => {
            path.push("*".to_owned());
            vec![(path, "*".to_owned())]
        }
        UseTree::Group(found) => {
            found.items.iter().flat_map(|tree| leaves(tree, path.clone())).collect()
        }
    }
}

/// The name of an item that can be exported.
fn name_of(item: &Item) -> Option<String> {
    Some(match item {
        Item::Struct(found) => found.ident.to_string(),
        Item::Enum(found) => found.ident.to_string(),
        Item::Trait(found) => found.ident.to_string(),
        Item::Type(found) => found.ident.to_string(),
        Item::Fn(found) => found.sig.ident.to_string(),
        Item::Const(found) => found.ident.to_string(),
        Item::Static(found) => found.ident.to_string(),
        Item::Macro(found) => {
            let last = found.mac.path.segments.last()?;
            (last.ident == "open_enum").then_some(())?;
            syn::parse2::<super::OpenEnum>(found.mac.tokens.clone()).ok()?.name.to_string()
        }
        _ => return None,
    })
}

fn is_exported(item: &Item) -> bool {
    let (visibility, attributes) = match item {
        Item::Struct(found) => (&found.vis, &found.attrs),
        Item::Enum(found) => (&found.vis, &found.attrs),
        Item::Trait(found) => (&found.vis, &found.attrs),
        Item::Type(found) => (&found.vis, &found.attrs),
        Item::Fn(found) => (&found.vis, &found.attrs),
        Item::Const(found) => (&found.vis, &found.attrs),
        Item::Static(found) => (&found.vis, &found.attrs),
        // The macro makes the enum public.
        Item::Macro(_) => return true,
        _ => return false,
    };
    is_public(visibility) && is_compiled(attributes) && !is_hidden(attributes)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use openapi_lowering::problem::Problem;

    use super::read;

    /// Writes a crate of these files, and lists it.
    fn list(files: &[(&str, &str)]) -> Result<Vec<String>, Problem> {
        let root = tempfile::tempdir().expect("a folder");
        for (name, code) in files {
            let path = root.path().join("src").join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, code).expect("writes");
        }
        let listing = read(root.path())?.listing();
        Ok(listing.lines().skip(1).map(str::to_owned).collect())
    }

    #[test]
    fn items_are_listed_where_users_see_them() {
        let lines = list(&[
            (
                "lib.rs",
                "mod a; pub mod b; #[cfg(test)] mod tests; #[cfg(any(doc, doctest))] pub mod guide;
                 mod generated;
                 pub use a::{Settings, inner::Deep, later}; pub use ::http::Method;
                 pub use generated::{Client, types}; pub use types::Status;
                 #[doc(hidden)] pub use a::Secret;
                 pub mod prelude { pub use crate::{Settings, b::Act as _}; }",
            ),
            (
                "a/mod.rs",
                "pub(crate) mod inner;
                 pub struct Settings { pub limit: u8, private: u8 }
                 pub struct Secret; pub struct Unexported { pub a: u8 }
                 pub(crate) fn internal() {}
                 pub use inner::later;
                 macro_rules! setters { ($type:ident) => { impl $type {
                     pub fn limit(mut self, limit: u8) -> Self { self } } }; }
                 setters!(Settings);",
            ),
            (
                "a/inner.rs",
                "use super::Settings;
                 pub enum Deep { One, Two(u8) }
                 pub fn later(at: u8) -> Deep { Deep::One }
                 impl Settings { pub async fn run(&self) {} fn private(&self) {}
                     #[doc(hidden)] pub fn hidden(&self) {} #[cfg(test)] pub fn tested(&self) {} }
                 impl crate::Client { pub const MAX: u8 = 1; pub fn go(&self) {} }
                 impl super::Unexported { pub fn unseen(&self) {} }",
            ),
            (
                "b.rs",
                "pub const WAIT: u8 = 1; pub type Short = Vec<u8>; pub trait Act: Send { fn act(&self); }",
            ),
        ]);
        assert_eq!(
            lines.expect("reads"),
            [
                "const Client::MAX: u8",
                "const b::WAIT: u8",
                "enum Deep",
                "enum Deep::One",
                "enum Deep::Two(u8)",
                "fn Client::go(&self)",
                "fn Settings::async run(&self)",
                "fn Settings::limit(self, limit: u8) -> Self",
                "fn b::Act::act(&self)",
                "fn later(at: u8) -> Deep",
                "struct Settings",
                "struct Settings.limit: u8",
                "trait b::Act: Send",
                "type b::Short = Vec<u8>",
                "use Method = http::Method",
                "use Status = types::Status",
                "use prelude::Act as _ = b::Act",
                "use prelude::Settings = Settings",
            ]
        );
    }

    #[test]
    fn what_cannot_be_seen_is_an_error() {
        let unknown = [("lib.rs", "macro_rules! make { () => {} } make!();")];
        let message = list(&unknown).expect_err("a macro of another form").to_string();
        assert!(message.contains("the macro `make`"), "{message}");
        let missing = [("lib.rs", "pub use self::a::B; mod a {}")];
        let message = list(&missing).expect_err("an import that leads nowhere").to_string();
        assert!(message.contains("`self::a::B` leads nowhere"), "{message}");
        assert!(list(&[("lib.rs", "mod gone;")]).is_err());
    }

    #[test]
    fn every_public_item_of_this_crate_is_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let listing = read(&root).expect("reads").listing();
        for line in ["struct Error", "fn Client::start_load_test(", "fn WaitForTestRun::timeout("] {
            assert!(listing.contains(line), "{line}");
        }
    }
}
