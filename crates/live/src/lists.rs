//! Checks that lists are counted, cut into pages, sorted and filtered as described.

use serde_json::Value;

use crate::calls::{Values, rows};
use crate::description::{Description, Operation};
use crate::finding::{Finding, Kind};
use crate::order::is_sorted;
use crate::relay::Relay;
use crate::survey::{Survey, client_error};

/// How often a list is read again that changed in the meantime.
const ATTEMPTS: usize = 3;

/// A list that is being checked.
struct List<'a> {
    operation: &'a Operation,
    values: &'a Values,
    /// The rows of a request without parameters.
    base: Vec<Value>,
    /// The number of rows, if it is known.
    total: usize,
    /// What was found, with the request. It is dropped if the list changed.
    found: Vec<(String, Finding)>,
}

/// A page.
struct Page {
    rows: Vec<Value>,
    count: Option<u64>,
    has_next: bool,
}

impl Page {
    fn of(body: &Value) -> Self {
        Self {
            rows: body["value"].as_array().cloned().unwrap_or_default(),
            count: body["@count"].as_u64(),
            has_next: body["@nextLink"].as_str().is_some_and(|link| !link.is_empty()),
        }
    }
}

/// What tells rows apart.
pub(crate) fn key(row: &Value) -> &Value {
    ["id", "project_id"]
        .into_iter()
        .map(|name| &row[name])
        .find(|key| !key.is_null())
        .unwrap_or(row)
}

fn same_rows(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| key(a) == key(b))
}

/// Checks a list with the values of its path.
pub(crate) async fn check(survey: &mut Survey<'_>, operation: &Operation, values: &Values) {
    for _ in 0..ATTEMPTS {
        let Some(base) = page(survey, operation, "the whole list", values).await else { return };
        let mut list =
            List { operation, values, total: base.rows.len(), base: base.rows, found: Vec::new() };
        list.check(survey, base.has_next).await;
        let again = page(survey, operation, "the whole list", values).await;
        if again.is_some_and(|again| same_rows(&again.rows, &list.base)) {
            for (case, finding) in list.found {
                survey.add(&operation.id, &case, finding);
            }
            survey.rows.insert(operation.id.clone(), list.base);
            return;
        }
    }
    survey.note(
        &operation.id,
        "the list changed while it was read, so that its pages were not compared",
    );
}

async fn page(
    survey: &mut Survey<'_>,
    operation: &Operation,
    case: &str,
    values: &Values,
) -> Option<Page> {
    let response = survey.exchange(operation, case, values).await?;
    response.is_success().then(|| response.json()).flatten().map(|body| Page::of(&body))
}

impl List<'_> {
    fn add(&mut self, case: &str, kind: Kind, expected: &str, found: &str) {
        self.found.push((case.to_owned(), Finding::new(kind, expected, found)));
    }

    /// Whether all rows were in the response without parameters.
    fn is_whole(&self) -> bool {
        self.total == self.base.len()
    }

    async fn check(&mut self, survey: &mut Survey<'_>, has_next: bool) {
        if self.operation.has_query("$count") {
            self.count(survey, has_next).await;
        } else if has_next {
            self.add("the whole list", Kind::NextLink, "no next link", "a next link");
        }
        if self.operation.has_query("$top") {
            self.pages(survey).await;
        }
        if self.operation.has_query("$orderby") {
            self.orders(survey).await;
        }
        let names: Vec<String> = self
            .operation
            .parameters_in("query")
            .map(|parameter| parameter.name.clone())
            .filter(|name| !name.starts_with('$'))
            .collect();
        for name in names {
            self.filter(survey, &name).await;
        }
        self.by_client(survey).await;
    }

    async fn count(&mut self, survey: &mut Survey<'_>, has_next: bool) {
        let case = "`$count=true`";
        let values = self.values.clone().with("$count", true);
        let Some(page) = page(survey, self.operation, case, &values).await else { return };
        let Some(count) = page.count else {
            return self.add(case, Kind::Count, "`@count`", "no `@count`");
        };
        self.total = usize::try_from(count).unwrap_or(usize::MAX);
        let rows = self.base.len();
        if self.total < rows || (self.total > rows && !has_next) {
            self.add(case, Kind::Count, "`@count` is the number of rows", "another number");
            self.total = rows;
        }
        if has_next && self.total == rows {
            self.add(
                "the whole list",
                Kind::NextLink,
                "no next link after the last row",
                "a next link",
            );
        }
    }

    async fn pages(&mut self, survey: &mut Survey<'_>) {
        let mut windows = vec![(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (2, 5)];
        windows.push((self.total.saturating_sub(1), 2));
        windows.push((self.total, 1));
        windows.push((self.total.saturating_add(1000), 1));
        windows.push((0, 1000));
        for (skip, top) in windows {
            let case = match skip {
                0 => format!("`$top={top}`"),
                1 | 2 => format!("`$top={top}`, `$skip={skip}`"),
                _ => format!("`$top={top}`, `$skip` at the end"),
            };
            let mut values = self.values.clone().with("$top", top);
            if skip > 0 {
                values = values.with("$skip", skip);
            }
            let Some(page) = page(survey, self.operation, &case, &values).await else { continue };
            self.window(&case, skip, top, &page);
        }
    }

    fn window(&mut self, case: &str, skip: usize, top: usize, page: &Page) {
        let wanted = top.min(self.total.saturating_sub(skip));
        match page.rows.len().cmp(&wanted) {
            std::cmp::Ordering::Greater => {
                self.add(case, Kind::PageSize, "the requested number of rows", "more rows");
            }
            std::cmp::Ordering::Less => {
                self.add(case, Kind::PageSize, "the requested number of rows", "fewer rows");
            }
            std::cmp::Ordering::Equal => {
                let of_list: Vec<_> = self.base.iter().skip(skip).take(top).cloned().collect();
                // The response without parameters may end before the window.
                if of_list.len() == wanted && !same_rows(&of_list, &page.rows) {
                    self.add(case, Kind::Pages, "the rows of the whole list", "other rows");
                }
            }
        }
        let more = skip.saturating_add(wanted) < self.total && wanted > 0;
        if more != page.has_next {
            let name = |has: bool| if has { "a next link" } else { "no next link" };
            self.add(case, Kind::NextLink, name(more), name(page.has_next));
        }
        if page.count.is_some() {
            self.add(case, Kind::Count, "no `@count` without `$count`", "`@count`");
        }
    }

    async fn orders(&mut self, survey: &mut Survey<'_>) {
        let is_scalar = |value: &Value| value.is_string() || value.is_number();
        let mut fields: Vec<String> = Vec::new();
        for (name, _) in self
            .base
            .iter()
            .filter_map(Value::as_object)
            .flatten()
            .filter(|(_, value)| is_scalar(value))
        {
            if survey.description.names.contains(name) && !fields.contains(name) {
                fields.push(name.clone());
            }
        }
        for field in fields {
            for direction in ["", " desc"] {
                self.order(survey, &field, direction).await;
            }
        }
    }

    async fn order(&mut self, survey: &mut Survey<'_>, field: &str, direction: &str) {
        let case = format!("`$orderby={field}{direction}`");
        let values = self.values.clone().with("$orderby", format!("{field}{direction}"));
        let Some(response) = survey.exchange(self.operation, &case, &values).await else { return };
        let expected = crate::errors::of_reference(survey, self.operation, &values).await;
        let Some(expected) = expected else { return };
        if expected.is_success() != response.is_success() {
            let name = |accepts: bool| {
                if accepts { "the order is accepted" } else { "the order is rejected" }
            };
            return self.add(
                &case,
                Kind::Order,
                name(expected.is_success()),
                name(response.is_success()),
            );
        }
        let Some(body) = response.json().filter(|_| response.is_success()) else { return };
        let page = Page::of(&body);
        if !is_sorted(&page.rows, field, !direction.is_empty()) {
            self.add(&case, Kind::Order, "rows in the requested order", "rows in another order");
        }
        if self.is_whole() && page.rows.len() != self.base.len() {
            self.add(&case, Kind::Order, "the rows of the whole list", "other rows");
        }
    }

    async fn filter(&mut self, survey: &mut Survey<'_>, name: &str) {
        for filter in crate::filter::of(name, &self.base) {
            let case = format!("`{name}={}`", filter.shown);
            let values = self.values.clone().with(name, &filter.value);
            let Some(page) = page(survey, self.operation, &case, &values).await else { continue };
            if !page.rows.iter().all(|row| filter.matches(row)) {
                self.add(&case, Kind::Filter, "only rows that match", "rows that do not match");
            }
            let is_there = |row: &Value| page.rows.iter().any(|other| key(other) == key(row));
            if self.is_whole() && !self.base.iter().filter(|row| filter.matches(row)).all(is_there)
            {
                self.add(&case, Kind::Filter, "all rows that match", "rows are missing");
            }
        }
    }

    /// Reads the list by the client, in one page after another and ahead.
    async fn by_client(&mut self, survey: &mut Survey<'_>) {
        let cap = survey.max_rows.min(self.base.len());
        let size = cap.div_ceil(3).max(1);
        for ahead in [1, 3] {
            let case = if ahead == 1 { "by pages" } else { "by pages, ahead" };
            let paged = self.operation.has_query("$top");
            let values =
                if paged { self.values.clone().with("$top", size) } else { self.values.clone() };
            survey.relay.forward();
            let read =
                Box::pin(read_rows(&survey.relay, self.operation, &values, ahead, cap)).await;
            match read {
                None => {}
                Some(Err(error)) => {
                    let finding = client_error(&error, survey.description);
                    self.found.push((case.to_owned(), finding));
                }
                Some(Ok(read)) => {
                    let expected: Vec<_> = self.base.iter().take(cap + 1).cloned().collect();
                    if !same_rows(&expected, &read) {
                        self.add(case, Kind::Pages, "the rows of the whole list", "other rows");
                    }
                }
            }
            *survey.requests.entry(self.operation.id.clone()).or_default() +=
                survey.relay.take().len() as u64;
        }
    }
}

async fn read_rows(
    relay: &Relay,
    operation: &Operation,
    values: &Values,
    ahead: usize,
    cap: usize,
) -> Option<Result<Vec<Value>, k6_cloud::Error>> {
    // One more than the whole list can have, so that rows too many are seen.
    rows(relay.client(), &operation.id, values, ahead, cap.saturating_add(1)).await
}

/// Whether an operation returns a list.
pub(crate) fn is_list(operation: &Operation, description: &Description) -> bool {
    operation.row(description).is_some()
}
