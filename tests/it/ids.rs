//! Ids: what calls take, what they reject, and how ids are read.

use k6_cloud::metrics::{Baseline, HTTP_REQS, Runs};
use k6_cloud::prelude::*;
use k6_cloud::wire::IntoOption;
use k6_cloud_fake::{FakeCloud, LoadTestSeed, ProjectSeed, RunSeed, ScheduleSeed};
use serde_json::{Value, json};

use crate::client_of;

/// Fails to compile if a type converts to another one, in one of the ways that calls use.
macro_rules! reject {
    ($from:ty => $to:ty) => {
        const _: fn() = || {
            // With a conversion, both implementations fit, and the compiler cannot choose.
            trait NoConversion<A> {
                fn choose() {}
            }
            struct ToValue;
            struct ToOption;
            struct ToPatch;
            impl<T: ?Sized> NoConversion<()> for T {}
            impl<T: Into<$to>> NoConversion<ToValue> for T {}
            impl<T: IntoOption<$to>> NoConversion<ToOption> for T {}
            impl<T: Into<Patch<$to>>> NoConversion<ToPatch> for T {}
            let _ = <$from as NoConversion<_>>::choose;
            let _ = <&'static $from as NoConversion<_>>::choose;
            let _ = <Option<$from> as NoConversion<_>>::choose;

            trait NotComparable<A> {
                fn choose() {}
            }
            impl<T: ?Sized> NotComparable<()> for T {}
            impl<T: PartialEq<$to>> NotComparable<ToValue> for T {}
            let _ = <$from as NotComparable<_>>::choose;
        };
    };
}

/// Each type of ids against each other one.
macro_rules! reject_each_other {
    ($($id:ident)*) => { reject_each_other!(@each [$($id)*] [$($id)*]); };
    (@each [$first:ident $($rest:ident)*] $all:tt) => {
        reject_each_other!(@one $first $all);
        reject_each_other!(@each [$($rest)*] $all);
    };
    (@each [] $all:tt) => {};
    (@one $id:ident [$($other:ident)*]) => { $(reject_each_other!(@pair $id $other);)* };
    (@pair LabelKeyId LabelKeyId) => {};
    (@pair LoadTestId LoadTestId) => {};
    (@pair LoadZoneId LoadZoneId) => {};
    (@pair ProjectId ProjectId) => {};
    (@pair ScheduleId ScheduleId) => {};
    (@pair StackId StackId) => {};
    (@pair TestRunId TestRunId) => {};
    (@pair $from:ident $to:ident) => { reject!($from => $to); };
}

reject_each_other! { LabelKeyId LoadTestId LoadZoneId ProjectId ScheduleId StackId TestRunId }

// Only one integer converts, so that literals have a type. Strings are parsed, which can fail.
reject! { i32 => TestRunId }
reject! { u64 => TestRunId }
reject! { String => TestRunId }
reject! { &'static str => TestRunId }
reject! { TestRunId => types::AllowedProjectToUpdate }
reject! { LoadTestId => types::AllowedProjectToUpdate }
reject! { ProjectId => types::AllowedLoadZoneToUpdate }

/// Ids have no methods of the integer by `Deref`.
const _: fn() = || {
    trait NoDeref<A> {
        fn choose() {}
    }
    struct Found;
    impl<T: ?Sized> NoDeref<()> for T {}
    impl<T: std::ops::Deref> NoDeref<Found> for T {}
    let _ = <TestRunId as NoDeref<_>>::choose;
};

/// What is said in the documentation of ids.
fn is_an_id<T>()
where
    T: Copy + Ord + std::hash::Hash + std::fmt::Display + std::fmt::Debug + Send + Sync + 'static,
    T: std::str::FromStr<Err = std::num::ParseIntError> + From<i64> + Into<i64>,
    T: serde::Serialize + serde::de::DeserializeOwned,
{
}

#[test]
fn every_type_of_ids_has_what_a_key_needs() {
    is_an_id::<LabelKeyId>();
    is_an_id::<LoadTestId>();
    is_an_id::<LoadZoneId>();
    is_an_id::<ProjectId>();
    is_an_id::<ScheduleId>();
    is_an_id::<StackId>();
    is_an_id::<TestRunId>();
}

#[tokio::test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "references are tested")]
async fn calls_take_integers_ids_and_references_of_every_size() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    for number in [1, 42, 3_000_000_000, i64::MAX - 1, 0, -7] {
        let test = fake.add_load_test(LoadTestSeed::new(format!("Test {number}")).id(number));
        let run = fake.add_run(RunSeed::passed().id(number).test_id(test));
        assert_eq!((run.get(), test.get()), (number, number));
        let read = client.get_test_run(number).send().await.expect("by its number");
        assert_eq!((read.id, read.test_id), (run, test));
        for call in [client.get_test_run(read.id), client.get_test_run(&read.id)] {
            assert_eq!(call.send().await.expect("by its id"), read);
        }
        let listed = client.list_load_test_runs(read.test_id).send().await.expect("a list");
        assert_eq!(listed.value.first().map(|run| run.id), Some(run));
        assert_eq!(client.test_run(read.id).id(), run);
        let waited = client.wait_for_test_run(&read.id).await.expect("it has ended");
        assert_eq!(waited.id, run);
        let parsed: TestRunId = number.to_string().parse().expect("an id");
        assert_eq!(parsed, run);
    }
    let literal = client.get_test_run(42).send().await.expect("a literal");
    assert_eq!(literal.id, 42);
}

#[tokio::test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "references are tested")]
async fn lists_take_numbers_ids_and_iterators() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let projects = client.list_projects().collect_all(100).await.expect("the projects");
    let ids: Vec<ProjectId> = projects.iter().map(|project| project.id).collect();
    assert_eq!(ids, [5001, 5002, 5003]);
    let all = client.list_project_limits();
    for call in [
        all.clone().project_id_in([5001, 5002, 5003]),
        all.clone().project_id_in(&ids),
        all.clone().project_id_in(ids.clone()),
        all.clone().project_id_in(projects.iter().map(|project| project.id)),
    ] {
        fake.clear_requests();
        assert_eq!(call.send().await.expect("limits").value.len(), 3);
        let query = fake.requests()[0].query.clone();
        assert_eq!(query.as_deref(), Some("project_id_in=5001%2C5002%2C5003"));
    }
    let zone = fake.add_load_zone(k6_cloud_fake::LoadZoneSeed::private("own"));
    let opened = |call: k6_cloud::builder::ReplaceLoadZoneAllowedProjects| async move {
        call.send().await.expect("replaced").value.len()
    };
    assert_eq!(opened(client.replace_load_zone_allowed_projects(zone, [5001, 5002])).await, 2);
    assert_eq!(opened(client.replace_load_zone_allowed_projects(&zone, &ids)).await, 3);
    let runs = [fake.add_run(RunSeed::passed()), fake.add_run(RunSeed::passed())];
    assert_eq!(Runs::ids(runs), Runs::ids(runs.map(TestRunId::get)));
    let query = client.query_load_test(101, Runs::ids(&runs), HTTP_REQS.rate()).await;
    assert!(query.is_ok(), "{query:?}");
    let baseline = Baseline::Run(7.into());
    assert_eq!(baseline, Baseline::Run(TestRunId::new(7)));
}

#[tokio::test]
#[expect(clippy::needless_borrows_for_generic_args, reason = "references are tested")]
async fn optional_ids_take_numbers_ids_and_none() {
    let fake = FakeCloud::builder().runs(0).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let project = fake.add_project(ProjectSeed::new("Shop 2"));
    let options = || serde_json::from_value::<types::Options>(json!({})).expect("options");
    let call = || client.validate_options(options());
    for (call, sent) in [
        (call().project_id(project), json!(project)),
        (call().project_id(&project), json!(project)),
        (call().project_id(project.get()), json!(project)),
        (call().project_id(Some(project)), json!(project)),
        (call().project_id(5_001), json!(5_001)),
        (call().project_id(None), Value::Null),
    ] {
        fake.clear_requests();
        call.send().await.expect("valid");
        let body: Value = serde_json::from_slice(&fake.requests()[0].body).expect("JSON");
        assert_eq!(body["project_id"], sent);
    }
}

/// Returns a value in which each integer is written with a fraction of zero.
fn with_fractions(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_i64() => json!(number.as_f64()),
        Value::Array(list) => list.iter().map(with_fractions).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| match name.as_str() {
                // These are kept as they are.
                "options" => (name.clone(), value.clone()),
                _ => (name.clone(), with_fractions(value)),
            });
            members.collect()
        }
        other => other.clone(),
    }
}

fn reads_fractions<T>(value: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let json = serde_json::to_value(value).expect("writes");
    let fractions = with_fractions(&json);
    assert_ne!(json, fractions, "there is no integer in {json}");
    assert_eq!(&serde_json::from_value::<T>(fractions).expect("reads"), value);
}

#[tokio::test]
async fn ids_with_a_fraction_of_zero_are_read() {
    let fake = FakeCloud::builder().runs(1).start().await.expect("the fake starts");
    let client = client_of(&fake);
    let test = fake.add_load_test(LoadTestSeed::new("A").id(150).baseline_test_run_id(900_001));
    fake.add_schedule(test, ScheduleSeed::cron("@daily", "UTC"));
    fake.add_label_key("team");
    let label = types::ProjectLabelPutItem::new("web").key("team");
    reads_fractions(&client.replace_project_labels(5_001, [label]).send().await.expect("labels"));
    reads_fractions(&client.list_label_keys().send().await.expect("keys"));
    reads_fractions(&client.get_load_test(test).send().await.expect("a load test"));
    reads_fractions(&client.get_load_test_schedule(test).send().await.expect("a schedule"));
    reads_fractions(&client.list_load_zones().send().await.expect("zones"));
    reads_fractions(&client.get_project(5_001).send().await.expect("a project"));
    reads_fractions(&client.get_project_limits(5_001).send().await.expect("limits"));
    reads_fractions(&client.get_test_run(900_001).send().await.expect("a run"));
    reads_fractions(&client.authenticate(fake.stack_url()).send().await.expect("a stack"));
    reads_fractions(&types::MoveLoadTest::new(5_001));
    let patch = serde_json::from_value::<types::PatchLoadTest>(json!({"baseline_test_run_id": 7}));
    reads_fractions(&patch.expect("a patch"));
    reads_fractions(&types::AllowedProjectToUpdate::from(5_001));
    reads_fractions(&types::AllowedLoadZoneToUpdate::from(11));
}
