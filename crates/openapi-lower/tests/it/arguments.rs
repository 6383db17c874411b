//! Arguments, exit codes and messages.

use openapi_lowering::{Choice, RuleId};
use serde_json::Value;

use crate::support::{Folder, SHOP, run_on};

#[test]
fn standard_input_goes_to_standard_output() {
    let ran = run_on(SHOP, &[]);
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""));
    let document: Value = serde_json::from_str(&ran.output).expect("JSON");
    assert_eq!(document["openapi"], "3.0.3");
    let note = &document["components"]["schemas"]["Order"]["properties"]["note"];
    assert_eq!(note["nullable"], true);
    assert!(ran.output.ends_with("}\n"), "a final newline");
}

#[test]
fn output_is_the_same_as_json_and_as_yaml() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    for arguments in [
        &["shop.yaml", "-o", "a.json"][..],
        &["shop.yaml", "-o", "b.yaml"],
        &["shop.yaml", "-o", "c.yml"],
        &["shop.yaml", "-o", "d", "--format", "yaml"],
    ] {
        assert_eq!(folder.run(arguments).code, 0, "{arguments:?}");
    }
    let json = folder.json("a.json");
    for file in ["b.yaml", "c.yml", "d"] {
        let yaml: Value = serde_yaml::from_str(&folder.read(file)).expect(file);
        assert_eq!(yaml, json, "{file}");
        assert!(!folder.read(file).starts_with('{'), "{file} is YAML");
    }
    // Lowering the result again changes nothing, from either format.
    for file in ["a.json", "b.yaml"] {
        assert_eq!(folder.run(&[file, "-o", "again.json"]).code, 0);
        assert_eq!(folder.read("again.json"), folder.read("a.json"), "{file}");
    }
}

#[test]
fn overlays_are_applied_in_order() {
    let overlay = |action: &str| {
        let head = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n";
        format!("{head}- {{description: why, {action}}}\n")
    };
    let folder = Folder::with(&[
        ("shop.yaml", SHOP),
        ("one.yaml", &overlay("target: $.info, update: {title: One}")),
        ("two.yaml", &overlay("target: $.info, update: {title: Two}")),
        ("nothing.yaml", &overlay("target: $.x, remove: true")),
    ]);
    let mut arguments = vec!["shop.yaml"];
    for file in ["one.yaml", "two.yaml", "nothing.yaml"] {
        arguments.extend(["--overlay", file]);
    }
    let ran = folder.run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    assert!(ran.output.contains("\"title\": \"Two\""), "{}", ran.output);
    let warning = "warning: nothing.yaml: overlay action 0 matches nothing at $.x";
    assert!(ran.errors.starts_with(warning), "{}", ran.errors);
}

#[test]
fn report_names_rule_kind_and_pointers() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    let ran = folder.run(&["shop.yaml", "-o", "out.json", "--report", "--report-file", "n.json"]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
    let pointer = "/components/schemas/Order/propertyNames";
    let line = ran.errors.lines().find(|line| line.contains(pointer)).expect(&ran.errors);
    assert!(line.starts_with("widened: "), "{line}");
    assert!(line.ends_with("(property-names)"), "{line}");

    let report = folder.json("n.json");
    let notes = report["notes"].as_array().expect("a list");
    assert_eq!(notes.len() + 1, ran.errors.lines().count(), "{}", ran.errors);
    let note = notes.iter().find(|note| note["rule"] == "property-names").expect("a note");
    assert_eq!(note["kind"], "widened");
    assert_eq!(note["source"], pointer);
    let document = folder.json("out.json");
    for note in notes {
        let result = note["result"].as_str().expect("a pointer").trim_start_matches('#');
        assert!(document.pointer(result).is_some(), "{note}");
    }
    // To standard output, as text.
    let ran = folder.run(&["shop.yaml", "-o", "out.json", "--report-file", "-"]);
    assert!(ran.output.contains(line), "{}", ran.output);
}

#[test]
fn description_that_loses_nothing_has_an_empty_report() {
    let exact = SHOP.replace("      propertyNames: {pattern: '^[a-z]+$'}\n", "");
    assert_ne!(exact, SHOP);
    let ran = run_on(&exact, &["--report"]);
    assert_eq!(ran.errors, "nothing was lost or changed in meaning\n");
}

#[test]
fn rules_can_be_chosen_one_by_one() {
    let ran = run_on(SHOP, &["--rule", "property-names=deny"]);
    assert_eq!((ran.code, ran.output.as_str()), (1, ""));
    let start = "error: /components/schemas/Order/propertyNames: ";
    assert!(ran.errors.starts_with(start), "{}", ran.errors);

    let cannot_keep = |rule: &&RuleId| !rule.choices().contains(&Choice::Keep);
    let limited = RuleId::ALL.iter().find(cannot_keep).expect("a rule that cannot keep");
    for (rule, part) in [
        ("property-names", "write it as RULE=CHOICE"),
        ("nothing=drop", "there is no rule \"nothing\": use one of "),
        ("property-names=burn", "use keep, rewrite, drop or deny"),
        (&format!("{limited}=keep"), "this rule supports only "),
    ] {
        let ran = run_on(SHOP, &["--rule", rule]);
        assert_eq!(ran.code, 2, "{rule}");
        assert!(ran.errors.contains(part), "{rule}: {}", ran.errors);
    }
}

#[test]
fn profiles_differ() {
    let [faithful, progenitor, tolerant] = ["faithful", "progenitor", "tolerant"].map(|profile| {
        let ran = run_on(SHOP, &["--profile", profile]);
        assert_eq!(ran.code, 0, "{profile}: {}", ran.errors);
        ran.output
    });
    assert!(faithful.contains("exclusiveMinimum"), "{faithful}");
    assert!(!tolerant.contains("exclusiveMinimum"), "{tolerant}");
    assert_ne!(progenitor, faithful);
}

#[test]
fn wrong_arguments_are_told_apart_from_errors() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    for arguments in [&[][..], &["shop.yaml", "--nothing"], &["shop.yaml", "--profile", "x"]] {
        assert_eq!(folder.run(arguments).code, 2, "{arguments:?}");
    }
    for (arguments, start) in [
        (&["shop.yaml", "--check"][..], "error: --check: there is no file to compare: name it"),
        (&["shop.yaml", "--report-file", "-"], "error: --report-file: the result goes to standard"),
        (&["-", "--overlay", "-"], "error: --overlay: standard input can be read only once"),
    ] {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.output.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.errors.starts_with(start), "{}", ran.errors);
    }
}

#[test]
fn all_problems_are_listed_at_once() {
    let wrong = SHOP
        .replace("type: [string, 'null']", "type: [string, 5]")
        .replace("$ref: '#/components/schemas/Order'", "$ref: 'other.yaml#/Order'")
        .replace("required: [id, note]", "required: 5");
    let ran = run_on(&wrong, &[]);
    assert_eq!((ran.code, ran.output.as_str()), (1, ""));
    for part in [
        "error: /components/schemas/Order/required: ",
        "error: /components/schemas/Order/properties/note/type/1: ",
        "/content/application~1json/schema/items/$ref: \"other.yaml#/Order\" refers to another",
    ] {
        assert!(ran.errors.contains(part), "{part}: {}", ran.errors);
    }
    assert!(ran.errors.ends_with("3 problems; nothing was written\n"), "{}", ran.errors);
}

#[test]
fn limits_say_how_to_raise_them() {
    let folder = Folder::with(&[("shop.yaml", SHOP)]);
    let ran = folder.run(&["shop.yaml", "--max-bytes", "100"]);
    let expected =
        "error: shop.yaml: it has more than 100 bytes: raise the limit with --max-bytes\n";
    assert_eq!((ran.code, ran.errors.as_str()), (1, expected));
    for (option, part) in [
        ("--max-values", "more than 5 keys and values"),
        ("--max-depth", "nested more than 5 levels deep"),
    ] {
        let ran = folder.run(&["shop.yaml", option, "5"]);
        assert!(ran.errors.contains(part), "{option}: {}", ran.errors);
        assert!(ran.errors.contains(&format!("raise the limit with {option}")), "{}", ran.errors);
        assert_eq!(ran.code, 1);
    }
    let ran = folder.run(&["shop.yaml", "--profile", "tolerant", "--max-parts", "5"]);
    assert_eq!(ran.code, 1, "{}", ran.errors);
    assert!(
        ran.errors.contains("more than 5: raise the limit with --max-parts, or "),
        "{}",
        ran.errors
    );
    let ran = folder.run(&["shop.yaml", "--max-parts", "5"]);
    assert_eq!(ran.code, 0, "{}", ran.errors);
}

#[test]
fn help_says_what_is_lost() {
    let ran = Folder::with(&[]).run(&["--help"]);
    assert_eq!(ran.code, 0);
    for part in ["comments", "Keys are sorted", "--max-parts"] {
        assert!(ran.output.contains(part), "{part}: {}", ran.output);
    }
}

#[cfg(not(feature = "preserve-order"))]
#[test]
fn order_of_the_source_needs_a_feature() {
    let ran = run_on(SHOP, &["--key-order", "source"]);
    assert_eq!(ran.code, 2);
    assert!(ran.errors.contains("--features preserve-order"), "{}", ran.errors);
}

#[cfg(feature = "preserve-order")]
#[test]
fn order_of_the_source_is_kept() {
    let ran = run_on(SHOP, &["--key-order", "source"]);
    let keys = ["openapi", "info", "paths", "components", "id", "note", "count"];
    let places = keys.map(|key| ran.output.find(&format!("\"{key}\":")).expect(key));
    assert!(places.is_sorted(), "{}", ran.output);
}
