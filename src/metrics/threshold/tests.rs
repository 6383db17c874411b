use serde_json::{Value, json};

use super::{Aggregation, Definition, Observed, Parsed, definitions};
use crate::metrics::{MetricType, RawQuery};

fn all(thresholds: Value) -> Vec<Definition> {
    let options = json!({ "thresholds": thresholds });
    definitions(options.as_object())
}

fn one(metric: &str, expression: &str) -> Definition {
    let mut found = all(json!({ metric: [expression] }));
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn parsed(metric: &str, expression: &str) -> Parsed {
    one(metric, expression).parsed.unwrap_or_else(|error| panic!("{metric} {expression}: {error}"))
}

#[test]
fn every_aggregation_has_its_query() {
    for (kind, expression, query) in [
        (MetricType::Counter, "count>100", "increase"),
        (MetricType::Counter, "rate<10", "rate"),
        (MetricType::Gauge, "value<=3", "last"),
        (MetricType::Rate, "rate<0.01", "ratio"),
        (MetricType::Trend, "avg<200", "histogram_avg"),
        (MetricType::Trend, "min>=1", "histogram_min"),
        (MetricType::Trend, "max < 1e3", "histogram_max"),
        (MetricType::Trend, "med<200", "histogram_quantile(0.5)"),
        (MetricType::Trend, "p(95)<500", "histogram_quantile(0.95)"),
        (MetricType::Trend, " p( 99.9 ) < 1500 ", "histogram_quantile(0.999)"),
        (MetricType::Trend, "p(99.99)<1500", "histogram_quantile(0.9999)"),
        (MetricType::Trend, "p(0)>0", "histogram_quantile(0)"),
    ] {
        let found = parsed("m", expression).query(&kind).expect(expression);
        assert_eq!(RawQuery::from(found).query(), query, "{expression}");
    }
    assert!(parsed("m", "p(95)<1").query(&MetricType::Counter).is_none());
    assert!(parsed("m", "value<1").query(&MetricType::Trend).is_none());
}

#[test]
fn tags_are_read_with_and_without_quotes() {
    for (metric, selector) in [
        ("m", "m"),
        ("m{}", "m"),
        ("m{status:200}", r#"m{status="200"}"#),
        (" m { status : 200 , name:\"a b\" } ", r#"m{status="200",name="a b"}"#),
        // As the k6 tool does, quotes neither join tags nor have to be in pairs.
        ("m{name:it's,status:200}", r#"m{name="it's",status="200"}"#),
        ("m{name:'it's',status:\"200}", r#"m{name="it's",status="200"}"#),
        ("m{'name':\"\"a'\"}", r#"m{name="a"}"#),
        ("m{name:''}", r#"m{name=""}"#),
        ("m{url:https://x/y}", r#"m{url="https://x/y"}"#),
        ("m{group:'::main'}", r#"m{group="::main"}"#),
    ] {
        let query = parsed(metric, "avg<1").query(&MetricType::Trend).expect("a query");
        assert_eq!(RawQuery::from(query).metric(), selector, "{metric}");
    }
}

#[test]
fn threshold_holds_by_its_operator() {
    for (expression, value, held, headroom) in [
        ("p(95)<500", 400.0, true, Some(20.0)),
        ("p(95)<500", 500.0, false, Some(0.0)),
        ("p(95)<=500", 500.0, true, Some(0.0)),
        ("p(95)<500", 600.0, false, Some(-20.0)),
        ("p(95)>-10", 0.0, true, Some(100.0)),
        ("rate>0.95", 0.95, false, Some(0.0)),
        ("rate>=0.5", 0.75, true, Some(50.0)),
        ("count==0", 0.0, true, None),
        ("count===0", 1.0, false, None),
        ("count!=0", 1.0, true, None),
        ("rate<0", 0.0, false, None),
    ] {
        let threshold = one("m", expression).judge(Observed::Value(value));
        assert_eq!(threshold.held, Some(held), "{expression} {value}");
        assert_eq!(threshold.headroom_percent.map(f64::round), headroom, "{expression} {value}");
    }
}

#[test]
fn what_was_never_observed_passes_and_what_is_unreadable_is_unknown() {
    let never = one("m", "p(95)<500").judge(Observed::Never);
    assert_eq!((never.held, never.value), (Some(true), None));
    let unmatched = one("m{name:x}", "p(95)<500").judge(Observed::NoSeries);
    assert_eq!((unmatched.held, unmatched.note.is_some()), (None, true));
    let unreadable = one("m", "p(95)<500").judge(Observed::Unreadable("503".to_owned()));
    assert_eq!((unreadable.held, unreadable.note.as_deref()), (None, Some("503")));
}

#[test]
fn unparsable_threshold_is_listed_as_it_is() {
    for (metric, expression) in [
        ("m", "p(95)"),
        ("m", "p(101)<1"),
        ("m", "p95<1"),
        ("m", "avg<1s"),
        ("m", "avg=1"),
        ("m", "avg<inf"),
        ("m", "avg<NaN"),
        ("m", ""),
        ("m{a", "avg<1"),
        ("m{a}", "avg<1"),
        ("m{a:}", "avg<1"),
        ("m{a:1,}", "avg<1"),
        ("m{name:\"a, b\"}", "avg<1"),
        ("m}", "avg<1"),
        ("m", "avg<<1"),
    ] {
        let definition = one(metric, expression);
        assert!(definition.parsed.is_err(), "{metric} {expression}");
        let threshold = definition.judge(Observed::Never);
        assert_eq!((&*threshold.metric, &*threshold.expression), (metric, expression));
        assert_eq!(threshold.held, None);
    }
}

#[test]
fn options_may_have_any_form() {
    let found = all(json!({
        "a": ["rate<0.1", { "threshold": "p(90)<5", "abortOnFail": true, "delayAbortEval": "10s" }],
        "b": "avg<1",
        "c": null,
        "d": [7, {}],
    }));
    let shown: Vec<_> =
        found.iter().map(|d| (&*d.metric, &*d.expression, d.abort_on_fail)).collect();
    assert_eq!(
        shown,
        [
            ("a", "rate<0.1", false),
            ("a", "p(90)<5", true),
            ("b", "avg<1", false),
            ("d", "7", false),
            ("d", "{}", false),
        ]
    );
    assert_eq!(found.iter().filter(|definition| definition.parsed.is_err()).count(), 2);
    assert_eq!(parsed("m", "med<1").aggregation, Aggregation::Percentile(50.0));
    for odd in [json!(null), json!([]), json!("x"), json!({ "a": [] })] {
        assert_eq!(all(odd), []);
    }
    assert_eq!(definitions(None), []);
}
