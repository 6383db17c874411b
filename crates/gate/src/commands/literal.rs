//! What stands in a script: its options, if they are a plain literal, and the files that it needs.

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    Argument, ArrayExpressionElement, AssignmentExpression, BindingPatternKind, CallExpression,
    Declaration, ExportAllDeclaration, ExportNamedDeclaration, Expression, ImportDeclaration,
    ImportExpression, ObjectExpression, ObjectPropertyKind, Program, PropertyKind, Statement,
    UnaryOperator, VariableDeclaration,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};
use serde_json::{Map, Value};

const NAME: &str = "options";

/// Returns the options that a script exports as `export const options = {..}`, in JavaScript or
/// TypeScript. A script that exports none has no options.
///
/// # Errors
///
/// Why they cannot be read, as the end of a sentence.
pub(super) fn options(source: &str) -> Result<Map<String, Value>, String> {
    let allocator = Allocator::default();
    let parse = |kind| {
        let parsed = Parser::new(&allocator, source, kind).parse();
        let is_read = !parsed.panicked && parsed.errors.is_empty();
        is_read.then_some(parsed.program)
    };
    let program = parse(SourceType::mjs()).or_else(|| parse(SourceType::ts()));
    let program = program.ok_or("the script could not be read as JavaScript or TypeScript")?;
    let at = |span: Span| {
        let before = source.get(..span.start as usize).unwrap_or_default();
        format!("line {}", before.matches('\n').count() + 1)
    };
    let mut changes = Changes::default();
    changes.visit_program(&program);
    if let Some(span) = changes.found {
        return Err(format!("the script changes its options in {}", at(span)));
    }
    let Some(exported) = exported(&program) else { return Ok(Map::new()) };
    let literal = exported.map_err(|span| {
        format!("they are not a literal that stands in the script ({})", at(span))
    })?;
    object(literal).map_err(|span| format!("they are not a plain literal ({})", at(span)))
}

/// Returns the first file beside the script that it needs, with its line; `None` if there is none or the
/// script cannot be read. k6 reads modules by `import`, `export from` and `require`, and data by `open`.
pub(super) fn local_file(source: &str) -> Option<(String, usize)> {
    let allocator = Allocator::default();
    let parse = |kind| {
        let parsed = Parser::new(&allocator, source, kind).parse();
        (!parsed.panicked && parsed.errors.is_empty()).then_some(parsed.program)
    };
    let program = parse(SourceType::mjs()).or_else(|| parse(SourceType::ts()))?;
    let mut files = LocalFiles::default();
    files.visit_program(&program);
    let (path, span) = files.found?;
    let before = source.get(..span.start as usize).unwrap_or_default();
    Some((path, before.matches('\n').count() + 1))
}

/// Finds the first file beside the script.
#[derive(Default)]
struct LocalFiles {
    found: Option<(String, Span)>,
}

impl LocalFiles {
    fn module(&mut self, name: &str, span: Span) {
        if name.starts_with(['.', '/']) || name.starts_with("file:") {
            self.add(name, span);
        }
    }

    fn add(&mut self, name: &str, span: Span) {
        if self.found.as_ref().is_none_or(|(_, found)| span.start < found.start) {
            self.found = Some((name.to_owned(), span));
        }
    }
}

impl<'a> Visit<'a> for LocalFiles {
    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        // Types are not there when the script runs.
        if !it.import_kind.is_type() {
            self.module(&it.source.value, it.span);
        }
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        self.module(&it.source.value, it.span);
    }

    fn visit_export_named_declaration(&mut self, it: &ExportNamedDeclaration<'a>) {
        if let Some(source) = &it.source {
            self.module(&source.value, it.span);
        }
        walk::walk_export_named_declaration(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        if let Expression::StringLiteral(name) = &it.source {
            self.module(&name.value, it.span);
        }
        walk::walk_import_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        let first = it.arguments.first().and_then(Argument::as_expression);
        if let (Expression::Identifier(callee), Some(Expression::StringLiteral(name))) =
            (&it.callee, first)
        {
            match callee.name.as_str() {
                "require" => self.module(&name.value, it.span),
                "open" if !name.value.contains("://") => self.add(&name.value, it.span),
                _ => {}
            }
        }
        walk::walk_call_expression(self, it);
    }
}

/// Returns the object that the script exports as its options, or where it exports something else.
fn exported<'a, 'b>(program: &'b Program<'a>) -> Option<Result<&'b ObjectExpression<'a>, Span>> {
    let mut exports = None;
    for statement in &program.body {
        match statement {
            // The other file may export options too.
            Statement::ExportAllDeclaration(export) => return Some(Err(export.span)),
            Statement::ExportNamedDeclaration(export) => {
                if let Some(Declaration::VariableDeclaration(declaration)) = &export.declaration
                    && let Some(found) = declared(declaration, NAME)
                {
                    return Some(found);
                }
                let named = export.specifiers.iter();
                let mut named = named.filter(|specifier| specifier.exported.name() == NAME);
                if let Some(specifier) = named.next() {
                    let is_here = export.source.is_none();
                    exports = Some((specifier.local.name().to_string(), is_here, specifier.span));
                }
            }
            _ => {}
        }
    }
    let (local, is_here, span) = exports?;
    let mut declarations = program.body.iter().filter(|_| is_here).filter_map(|statement| {
        let Statement::VariableDeclaration(declaration) = statement else { return None };
        declared(declaration, &local)
    });
    Some(declarations.next().unwrap_or(Err(span)))
}

fn declared<'a, 'b>(
    declaration: &'b VariableDeclaration<'a>,
    name: &str,
) -> Option<Result<&'b ObjectExpression<'a>, Span>> {
    let mut declarators = declaration.declarations.iter();
    let declarator = declarators.find(|declarator| match &declarator.id.kind {
        BindingPatternKind::BindingIdentifier(id) => id.name == name,
        // `export const { options } = ...`
        _ => declarator.id.get_binding_identifiers().iter().any(|id| id.name == name),
    })?;
    let is_plain = matches!(declarator.id.kind, BindingPatternKind::BindingIdentifier(_));
    let value = declarator.init.as_ref().filter(|_| is_plain);
    // Also inside of parentheses, `as` and `satisfies`.
    Some(match value.map(Expression::get_inner_expression) {
        Some(Expression::ObjectExpression(object)) => Ok(object),
        _ => Err(declarator.span),
    })
}

/// Returns the object, or the place of a part that only running the script would tell.
fn object(object: &ObjectExpression<'_>) -> Result<Map<String, Value>, Span> {
    let mut map = Map::new();
    for property in &object.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else {
            return Err(property.span());
        };
        let is_plain = property.kind == PropertyKind::Init
            && !(property.method || property.shorthand || property.computed);
        let key = property.key.static_name().filter(|key| is_plain && key != "__proto__");
        let key = key.ok_or(property.span)?;
        map.insert(key.into_owned(), value(&property.value)?);
    }
    Ok(map)
}

fn value(expression: &Expression<'_>) -> Result<Value, Span> {
    let expression = expression.get_inner_expression();
    let other = Err(expression.span());
    Ok(match expression {
        Expression::BooleanLiteral(literal) => Value::Bool(literal.value),
        Expression::NullLiteral(_) => Value::Null,
        Expression::NumericLiteral(literal) => number(literal.value),
        Expression::StringLiteral(literal) => Value::String(literal.value.to_string()),
        Expression::TemplateLiteral(template) => match template.single_quasi() {
            Some(text) => Value::String(text.to_string()),
            None => return other,
        },
        Expression::UnaryExpression(unary) => match (unary.operator, &unary.argument) {
            (UnaryOperator::UnaryNegation, Expression::NumericLiteral(literal)) => {
                number(-literal.value)
            }
            (UnaryOperator::UnaryPlus, Expression::NumericLiteral(literal)) => {
                number(literal.value)
            }
            _ => return other,
        },
        Expression::ObjectExpression(nested) => Value::Object(object(nested)?),
        Expression::ArrayExpression(array) => {
            let elements = array.elements.iter().map(|element| match element {
                ArrayExpressionElement::SpreadElement(spread) => Err(spread.span),
                ArrayExpressionElement::Elision(elision) => Err(elision.span),
                element => element.as_expression().map_or(Err(element.span()), value),
            });
            Value::Array(elements.collect::<Result<_, _>>()?)
        }
        _ => return other,
    })
}

/// Returns a number as JSON writes it: 5 and not 5.0.
fn number(value: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.fract() == 0.0 && value.abs() <= EXACT {
        true => Value::from(value as i64),
        false => Value::from(value),
    }
}

/// Finds a place that changes the options, or exports them in another way.
#[derive(Default)]
struct Changes {
    found: Option<Span>,
}

impl<'a> Visit<'a> for Changes {
    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        let target = it.left.as_simple_assignment_target();
        let object = target.and_then(|target| target.as_member_expression());
        let is_options = match (object, target.and_then(|target| target.get_identifier_name())) {
            (Some(member), _) => {
                root(member.object()).is_some_and(|name| name == NAME || name == "exports")
                    || is_module_exports(member.object())
                    || (root(member.object()) == Some("module"))
            }
            (None, name) => name == Some(NAME),
        };
        if is_options {
            self.found.get_or_insert(it.span);
        }
        walk::walk_assignment_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        // Such as `Object.assign(options, ..)`.
        let first = it.arguments.first().and_then(Argument::as_expression);
        let is_of_object =
            it.callee.as_member_expression().and_then(|callee| root(callee.object()));
        if is_of_object == Some("Object") && first.and_then(root) == Some(NAME) {
            self.found.get_or_insert(it.span);
        }
        walk::walk_call_expression(self, it);
    }
}

fn is_module_exports(expression: &Expression<'_>) -> bool {
    root(expression) == Some("module")
}

/// Returns the name at the beginning of `a.b[c].d`.
fn root<'a>(expression: &Expression<'a>) -> Option<&'a str> {
    let mut expression = expression.get_inner_expression();
    while let Some(member) = expression.as_member_expression() {
        expression = member.object().get_inner_expression();
    }
    match expression {
        Expression::Identifier(identifier) => Some(identifier.name.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{local_file, options};

    #[test]
    fn files_beside_the_script_are_found() {
        for (source, expected) in [
            (
                "import http from 'k6/http';\nimport { u } from './lib/u.js';",
                Some(("./lib/u.js", 2)),
            ),
            ("import '../setup.js';", Some(("../setup.js", 1))),
            ("import x from '/abs/x.js';", Some(("/abs/x.js", 1))),
            ("import x from 'file:///x.js';", Some(("file:///x.js", 1))),
            ("export * from './a.js';", Some(("./a.js", 1))),
            ("export { a } from './a.js';", Some(("./a.js", 1))),
            ("const a = require('./a.js');", Some(("./a.js", 1))),
            ("export default () => { import('./a.js') }", Some(("./a.js", 1))),
            ("const users = JSON.parse(open('users.json'));", Some(("users.json", 1))),
            ("import { a } from './b.ts';\nconst x: number = 1;", Some(("./b.ts", 1))),
            ("open('z.csv');\nimport './a.js';", Some(("z.csv", 1))),
            (
                "import http from 'k6/http';\nimport { x } from 'https://jslib.k6.io/x/1.0.0/index.js';",
                None,
            ),
            ("import type { T } from './types.ts';", None),
            ("// import './a.js'\nconst s = \"import './b.js'\";", None),
            ("file.open('x'); open(name); require(name)", None),
            ("import {", None),
        ] {
            let found = local_file(source);
            assert_eq!(
                found.as_ref().map(|(path, line)| (path.as_str(), *line)),
                expected,
                "{source}"
            );
        }
    }

    #[test]
    fn literals_are_read() {
        for (source, expected) in [
            (
                "export const options = { vus: 10, duration: '1m' };",
                json!({"vus": 10, "duration": "1m"}),
            ),
            (
                "export let options = { 'vus': +3, \"a-b\": [1, -2.5, null, true,], 7: `x` }",
                json!({"vus": 3, "a-b": [1, -2.5, null, true], "7": "x"}),
            ),
            (
                "// export const options = { vus: 1 }\nexport const a = 1, options = ({ vus: 2 });",
                json!({"vus": 2}),
            ),
            ("const load = { vus: 4 };\nexport { load as options };", json!({"vus": 4})),
            (
                "import { Options } from 'k6/options';\nexport const options: Options = { vus: 5 } as const;",
                json!({"vus": 5}),
            ),
            ("export const options = { vus: 6 } satisfies Options;", json!({"vus": 6})),
            ("export const options = { vus: 1, vus: 8 };", json!({"vus": 8})),
            ("export default function () {}", json!({})),
            (
                "export default function () { const options = { a: 1 }; f(options); return options.a }",
                json!({}),
            ),
            (
                "export const options = { s: { x: { executor: 'constant-vus', vus: 9, duration: '5m' } } };\n\
              export default () => { const o = exec.test.options; }",
                json!({"s": {"x": {"executor": "constant-vus", "vus": 9, "duration": "5m"}}}),
            ),
            (
                "export const options = { vus: 2 };\nObject.assign(other, options);\nfill(options);",
                json!({"vus": 2}),
            ),
            (
                "export const options = { vus: 3 };\nother.options = 4; other.vus = 5;",
                json!({"vus": 3}),
            ),
        ] {
            assert_eq!(options(source).map(serde_json::Value::Object), Ok(expected), "{source}");
        }
    }

    #[test]
    fn what_only_running_the_script_tells_is_an_error() {
        for (source, part) in [
            ("export const options = { vus: __ENV.VUS };", "not a plain literal (line 1)"),
            ("\nexport const options = {\n  vus: 1,\n  duration: time(),\n};", "(line 4)"),
            ("export const options = { ...base };", "not a plain literal"),
            ("export const options = { [key]: 1 };", "not a plain literal"),
            ("export const options = { vus };", "not a plain literal"),
            ("export const options = { a: [...b] };", "not a plain literal"),
            ("export const options = { a: `${b}` };", "not a plain literal"),
            ("export const options = { get vus() { return 1 } };", "not a plain literal"),
            ("export const options = { __proto__: { vus: 1 } };", "not a plain literal"),
            ("export const options = load();", "not a literal that stands in the script"),
            ("export const { options } = load;", "not a literal that stands in the script"),
            ("export { options } from './options.js';", "not a literal that stands in the script"),
            ("import { options } from './o.js';\nexport { options };", "not a literal that stands"),
            ("export * from './options.js';", "not a literal that stands in the script"),
            (
                "export let options = { vus: 1 };\noptions.vus = 500;",
                "changes its options in line 2",
            ),
            ("export let options = {};\noptions = { vus: 500 };", "changes its options in line 2"),
            ("export let options = { s: {} };\noptions['s'].x = 500;", "changes its options"),
            ("export const options = {};\nObject.assign(options, big);", "changes its options"),
            (
                "export let options = {};\nlet a = (options.vus = 500);",
                "changes its options in line 2",
            ),
            (
                "export let options = {};\na.b = options = { vus: 5 };",
                "changes its options in line 2",
            ),
            (
                "export let options = {};\nuse(() => { Object.assign(options.s, big) });",
                "changes its options in line 2",
            ),
            ("exports.options = { vus: 500 };", "changes its options"),
            ("module.exports.options = { vus: 500 };", "changes its options"),
            ("module.exports = { options: { vus: 500 } };", "changes its options"),
            ("export const options = {", "could not be read as JavaScript"),
            ("<html><title>Sign in</title></html>", "could not be read as JavaScript"),
        ] {
            let why = options(source).expect_err(source);
            assert!(why.contains(part), "{source}: {why}");
        }
    }
}
