//! Servers that give fewer rows than requested.

use serde_json::json;

use super::read;
use crate::moving::{Moving, Quirks, run, template};
use crate::scripted::{Reply, Scripted};

#[tokio::test]
async fn server_with_smaller_pages_is_followed() {
    for largest in [1, 2, 7, 10] {
        for concurrency in [1, 3] {
            let quirks = Quirks { largest, ..Quirks::default() };
            let server = Moving::with((0..40).collect(), quirks, |_, _| {}).await;
            let list = server.client().list_test_runs().stream().concurrency(concurrency);
            let (runs, error) = read(list).await;
            assert!(error.is_none(), "{error:?}");
            assert_eq!(runs, (0..40).collect::<Vec<_>>(), "{largest} {concurrency}");
            assert!(server.windows().len() <= 2 * 40 / largest + 6, "{:?}", server.windows());
        }
    }
}

#[tokio::test]
async fn page_without_a_link_is_not_the_end_while_the_count_says_more() {
    for largest in [1000, 7, 1] {
        let quirks = Quirks { links: false, largest, ..Quirks::default() };
        let server = Moving::with((0..25).collect(), quirks, |_, _| {}).await;
        let (runs, error) = read(server.client().list_test_runs().top(10).stream()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(runs, (0..25).collect::<Vec<_>>(), "{largest}");
    }
}

#[tokio::test]
async fn one_short_page_does_not_change_the_page_size() {
    let template = template().await;
    let page = |ids: std::ops::Range<i64>, next: Option<i64>| {
        let rows: Vec<_> = ids.map(|id| run(&template, id)).collect();
        let mut page = json!({ "value": rows, "@count": 40 });
        if let Some(next) = next {
            page["@nextLink"] = json!(format!("?$skip={next}"));
        }
        Reply::json(200, &page)
    };
    let server =
        Scripted::start([page(0..1, Some(1)), page(0..20, Some(20)), page(19..40, None)]).await;
    let (runs, error) = read(server.client().list_test_runs().top(20).stream()).await;
    assert!(error.is_none(), "{error:?}");
    assert!(runs.into_iter().eq(0..40));
    let lines = server.lines();
    assert!(lines[1].ends_with("skip=0&%24top=21"), "{lines:?}");
}
