//! Rows that do not match the description.

use k6_cloud::prelude::*;
use serde_json::{Value, json};

use super::server::{ListServer, Page, runs};
use crate::scripted::{self, CANARY};

/// Reads a list to its end. An id is a row that was read, `None` a row that was not.
async fn read_all(
    client: &Client,
    top: i64,
    concurrency: usize,
) -> (Vec<Option<TestRunId>>, Vec<Error>, Option<Error>) {
    let mut list = client.list_test_runs().top(top).stream().concurrency(concurrency);
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    loop {
        match list.try_next().await {
            Ok(Some(run)) => rows.push(Some(run.id)),
            Ok(None) => return (rows, errors, None),
            Err(error) if error.row_index().is_some() => {
                rows.push(None);
                errors.push(error);
            }
            Err(error) => {
                assert!(list.try_next().await.is_ok_and(|run| run.is_none()), "no end");
                return (rows, errors, Some(error));
            }
        }
    }
}

/// A list of which all is right but its rows.
async fn list_of(rows: Vec<String>) -> ListServer {
    ListServer::start(move |window| {
        let size = i64::try_from(rows.len()).expect("a small number");
        let page = window.of(&rows, 1000);
        let end = window.skip + i64::try_from(page.len()).expect("a small number");
        Page::of(page).count(size).next_within(end, size)
    })
    .await
}

fn edited(run: &str, edit: impl FnOnce(&mut Value)) -> String {
    let mut run: Value = serde_json::from_str(run).expect("JSON");
    edit(&mut run);
    run.to_string()
}

#[tokio::test]
async fn other_rows_are_read_and_the_error_says_which_row() {
    let mut rows = runs(0..2_500).await;
    rows[1_500] = edited(&rows[1_500], |run| run["execution_duration"] = json!(0.5));
    let server = list_of(rows).await;
    for concurrency in [1, 4] {
        let before = server.windows().len();
        let (rows, errors, end) = read_all(&server.client(), 1000, concurrency).await;
        assert!(end.is_none(), "{end:?}");
        let expected = (0..2_500).map(|id| (id != 1_500).then_some(TestRunId::new(id)));
        assert!(rows.into_iter().eq(expected));
        assert_eq!(errors.len(), 1);
        let error = &errors[0];
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.row_index(), Some(1_500));
        // In the page that begins with row 999.
        assert_eq!(error.json_path(), Some("value[501].execution_duration"));
        assert_eq!(error.operation(), Some("list_test_runs"));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
        let shown = error.to_string();
        for part in ["list_test_runs: ", "row 1500", "(id 1500)", "`0.5`", "64-bit integer"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains(" line ") && !shown.contains('\n'), "{shown}");
        assert_eq!(server.windows().len() - before, 3, "the second look needs no request");
    }
}

/// Rows that cannot be read, each with the reason.
fn unreadable(run: &str) -> Vec<(&'static str, String)> {
    let deep = format!("{{\"a\": {}1{}}}", "[".repeat(300), "]".repeat(300));
    let with = |name: &str, value: &str| {
        let edited = edited(run, |run| run[name] = json!("here"));
        edited.replace("\"here\"", value)
    };
    vec![
        ("a fraction", with("execution_duration", "0.5")),
        ("null", with("status", "null")),
        ("another type", with("test_id", "\"7\"")),
        ("no date", with("created", "\"yesterday\"")),
        ("a number that is too large", with("execution_duration", "1e999")),
        ("half of a surrogate pair", with("note", "\"\\ud800\"")),
        ("deep nesting", with("options", &deep)),
        ("an id that is none", with("id", "\"one\"")),
        ("a missing id", edited(run, |run| drop(run.as_object_mut().map(|run| run.remove("id"))))),
        (
            "a missing property",
            edited(run, |run| drop(run.as_object_mut().map(|run| run.remove("note")))),
        ),
        ("a name twice", run.replacen('{', "{\"note\": \"]}\",", 1)),
        ("an empty object", "{}".to_owned()),
        ("an array", "[1, {\"a\": \"],[\"}]".to_owned()),
        ("a string", "\"a \\\" } ] string\"".to_owned()),
        ("a number", "-1.5e3".to_owned()),
        ("nothing", "null".to_owned()),
    ]
}

#[tokio::test]
async fn any_row_can_be_unreadable_anywhere() {
    let good = runs(0..25).await;
    for (what, row) in unreadable(&good[0]) {
        // Alone, side by side, and where two pages meet: a page has 10 new rows.
        for places in
            [vec![0], vec![4], vec![9], vec![10], vec![24], vec![8, 9, 10], vec![0, 9, 19, 24]]
        {
            let mut rows = good.clone();
            for place in &places {
                let id = 1_000 + place;
                rows[*place] = row.replace("\"id\":0,", &format!("\"id\":{id},"));
            }
            let server = list_of(rows).await;
            let (rows, errors, end) = read_all(&server.client(), 10, 1).await;
            let shown = format!("{what} at {places:?}: {rows:?} {errors:?} {end:?}");
            assert!(end.is_none(), "{shown}");
            let is_bad = |id: i64| places.contains(&usize::try_from(id).expect("an index"));
            assert!(
                rows.into_iter().eq((0..25).map(|id| (!is_bad(id)).then_some(TestRunId::new(id)))),
                "{shown}"
            );
            let indexes = errors.iter().filter_map(Error::row_index);
            assert!(
                indexes.eq(places.iter().map(|place| i64::try_from(*place).expect("small"))),
                "{shown}"
            );
            for error in errors {
                assert!(
                    error.kind() == ErrorKind::Decode
                        && error.json_path().is_some_and(|p| p.starts_with("value["))
                );
            }
        }
    }
}

#[tokio::test]
async fn list_without_a_readable_row_is_read_to_its_end() {
    for row in ["null", "{}", "{\"id\": 5}"] {
        let server = list_of(vec![row.to_owned(); 25]).await;
        let (rows, errors, end) = read_all(&server.client(), 10, 1).await;
        // Rows that have the same id are the same row.
        if row.contains('5') {
            assert_eq!(
                (rows.len(), end.is_some_and(|end| end.kind() == ErrorKind::Pagination)),
                (1, true)
            );
        } else {
            assert!(end.is_none(), "{row}: {end:?}");
            assert_eq!((rows.len(), errors.len()), (25, 25), "{row}");
        }
    }
}

#[tokio::test]
async fn unreadable_row_that_changes_is_reported_once() {
    let good = runs(0..25).await;
    let server = ListServer::start(move |window| {
        let mut rows = good.clone();
        let duration = 0.5 + window.number as f64;
        rows[9] = edited(&rows[9], |run| run["execution_duration"] = json!(duration));
        let page = window.of(&rows, 1000);
        Page::of(page).count(25)
    })
    .await;
    let (rows, errors, end) = read_all(&server.client(), 10, 1).await;
    assert!(end.is_none() && rows.len() == 25 && errors.len() == 1, "{rows:?} {errors:?} {end:?}");
    assert_eq!(server.windows(), [(0, 10), (9, 11), (19, 11)], "the row is found again by its id");
}

#[tokio::test]
async fn error_of_a_row_follows_its_page() {
    let mut rows = runs(0..30).await;
    rows[12] = "null".to_owned();
    rows[3] = "1".to_owned();
    let server = list_of(rows).await;
    let mut pages = server.client().list_test_runs().top(10).pages();
    let mut seen = Vec::new();
    loop {
        match pages.try_next().await {
            Ok(Some(page)) => seen.push(format!("{}", page.rows.len())),
            Ok(None) => break,
            Err(error) => seen.push(format!("row {:?}", error.row_index().expect("of a row"))),
        }
    }
    assert_eq!(seen, ["9", "row 3", "9", "row 12", "10"]);
}

#[tokio::test]
async fn collect_all_fails_and_names_the_row() {
    let mut rows = runs(0..30).await;
    rows[12] = edited(&rows[12], |run| run["cost"] = json!({ "total_vuh": "much" }));
    let server = list_of(rows).await;
    let list = server.client().list_test_runs().top(10).collect_all(30).await;
    let error = list.expect_err("a row cannot be read");
    assert_eq!((error.kind(), error.row_index()), (ErrorKind::Decode, Some(12)));
    assert!(error.json_path().is_some_and(|path| path.starts_with("value[3].cost")), "{error:?}");
    assert!(
        error.to_string().contains("row 12 ") && error.to_string().contains("(id 12)"),
        "{error}"
    );
    // More rows than allowed matter more.
    let error = server.client().list_test_runs().collect_all(29).await.expect_err("too many");
    assert!(error.kind() == ErrorKind::LimitExceeded, "{error}");
}

#[tokio::test]
async fn row_is_shown_without_the_token() {
    let mut rows = runs(0..3).await;
    rows[1] =
        edited(&rows[1], |run| run["execution_duration"] = json!(format!("Bearer {CANARY}\n")));
    rows[2] = edited(&rows[2], |run| run["k6_versions"] = json!({ CANARY: 5 }));
    let server = list_of(rows).await;
    let (_, errors, _) = read_all(&server.client(), 10, 1).await;
    assert_eq!(errors.len(), 2);
    for error in errors {
        let shown = format!("{error} {error:?} {:?}", error.json_path());
        assert!(!shown.contains(CANARY) && !error.to_string().contains('\n'), "{shown}");
    }
}

#[tokio::test]
async fn message_is_kept_if_the_token_is_a_common_word() {
    let mut rows = runs(0..3).await;
    rows[1] = edited(&rows[1], |run| run["execution_duration"] = json!(0.5));
    let server = list_of(rows).await;
    let client = scripted::builder(&server.base).token("expected").build().expect("complete");
    let (_, errors, _) = read_all(&client, 10, 1).await;
    assert!(errors[0].to_string().contains("expected a 64-bit integer"), "{}", errors[0]);
}

#[tokio::test]
async fn page_that_is_not_a_page_ends_the_stream() {
    let rows = runs(0..3).await.join(",");
    for (body, path) in [
        ("{\"value\": {}}".to_owned(), Some("value")),
        (format!("{{\"value\": [{rows}], \"@count\": \"many\"}}"), Some("@count")),
        (format!("{{\"value\": [null, {rows}], \"@nextLink\": 5}}"), Some("value[0]")),
        (format!("{{\"value\": [null, {rows}], \"value\": []}}"), Some("value[0]")),
        ("[]".to_owned(), None),
        ("<html>".to_owned(), None),
        (format!("{{\"value\": [null, {rows}]}} more"), None),
        (format!("{{\"value\": [null, {rows}"), None),
    ] {
        let server = ListServer::of_bodies({
            let body = body.clone();
            move |_| body.clone()
        });
        let server = server.await;
        let (rows, errors, end) = read_all(&server.client(), 10, 1).await;
        let end = end.expect("an error");
        assert!(
            rows.is_empty() && errors.is_empty() && end.kind() == ErrorKind::Decode,
            "{body}: {end}"
        );
        if let Some(path) = path {
            assert_eq!(end.json_path(), Some(path), "{body}");
        }
    }
}

#[tokio::test]
async fn rows_beside_an_unreadable_one_are_the_same_as_without_it() {
    let rows = runs(0..3).await;
    let edits: [(&str, &str); 4] = [
        ("execution_duration", "5.0"),
        ("options", "{\"a\": 1022.5285714285715, \"b\": 18446744073709551615, \"c\": [null]}"),
        ("note", "\"\\u00e9 \\ud83d\\ude00 \\\\\\\" ]\""),
        ("status_history", "null"),
    ];
    let rows = rows.into_iter().map(|row| {
        edits.iter().fold(row, |row, (name, value)| {
            edited(&row, |run| run[name] = json!("here")).replace("\"here\"", value)
        })
    });
    let mut rows: Vec<_> = rows.collect();
    let client = list_of(rows.clone()).await.client();
    let alone = client.list_test_runs().collect_all(3).await.expect("all can be read");
    rows.insert(1, "null".to_owned());
    let server = list_of(rows).await;
    let mut list = server.client().list_test_runs().stream();
    assert_eq!(list.try_next().await.expect("a row").as_ref(), Some(&alone[0]));
    assert!(list.try_next().await.is_err_and(|error| error.row_index() == Some(1)));
    for expected in &alone[1..] {
        assert_eq!(list.try_next().await.expect("a row").as_ref(), Some(expected));
    }
    assert_eq!((list.total(), list.duplicates()), (Some(4), 0));
}
