//! The runs, and the order that lists need.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::inventory::Inventory;
use super::query::ListQuery;
use super::run::Run;
use super::starts::Starts;

/// The place of a run in a list: created ascending, ties by id.
type Key = (DateTime<Utc>, i64);

/// The state behind the API.
#[derive(Debug, Default)]
pub(super) struct Store {
    runs: HashMap<i64, Run>,
    /// Sorted, so that a page is cut out without a look at the runs before it.
    all: Vec<Key>,
    /// Sorted too, one list for each load test that exists.
    by_test: BTreeMap<i64, Vec<Key>>,
    /// The runs that go on, so that those which have ended are not looked at for each request.
    ongoing: BTreeSet<i64>,
    /// The highest id there ever was, so that a deleted run's id is not given again.
    highest: Option<i64>,
    pub(super) inventory: Inventory,
    pub(super) starts: Starts,
}

/// One page of a list.
#[derive(Debug, PartialEq)]
pub(super) struct Page {
    /// The runs' ids, in order.
    pub(super) ids: Vec<i64>,
    /// The size of the whole filtered collection.
    pub(super) total: usize,
    /// Whether another page follows.
    pub(super) more: bool,
}

impl Store {
    /// Makes the load test exist.
    pub(super) fn add_load_test(&mut self, id: i64) {
        self.by_test.entry(id).or_default();
        self.inventory.ensure_load_test(id);
    }

    /// Puts the run in, in place of the one that has its id.
    pub(super) fn insert(&mut self, run: Run) {
        self.remove(run.id);
        let key = (run.created, run.id);
        place(&mut self.all, key);
        self.add_load_test(run.test_id);
        place(self.by_test.entry(run.test_id).or_default(), key);
        self.highest = self.highest.max(Some(run.id));
        if !run.is_final() {
            self.ongoing.insert(run.id);
        }
        self.runs.insert(run.id, run);
    }

    /// Returns the run.
    pub(super) fn get(&self, id: i64) -> Option<&Run> {
        self.runs.get(&id)
    }

    /// Returns the run, whose id, load test and time of creation have to stay as they are.
    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut Run> {
        self.runs.get_mut(&id)
    }

    /// Takes the run out. Its load test goes on existing.
    pub(super) fn remove(&mut self, id: i64) -> Option<Run> {
        let run = self.runs.remove(&id)?;
        self.ongoing.remove(&id);
        let key = (run.created, run.id);
        displace(&mut self.all, key);
        if let Some(keys) = self.by_test.get_mut(&run.test_id) {
            displace(keys, key);
        }
        Some(run)
    }

    /// Whether a run that has not ended is as asked for.
    pub(super) fn is_running(&self, is_wanted: impl Fn(&Run) -> bool) -> bool {
        self.ongoing.iter().filter_map(|id| self.runs.get(id)).any(is_wanted)
    }

    /// Takes a load test out, with its runs and its schedule.
    pub(super) fn remove_load_test(&mut self, id: i64) {
        for (_, run) in self.by_test.remove(&id).unwrap_or_default() {
            self.remove(run);
        }
        self.inventory.load_tests.remove(id);
        self.inventory.remove_schedule_of(id);
    }

    /// Moves a load test into another project, with its runs.
    pub(super) fn move_load_test(&mut self, id: i64, project: i64) {
        if let Some(load_test) = self.inventory.load_tests.get_mut(id) {
            load_test.project_id = project;
        }
        for (_, run) in self.by_test.get(&id).into_iter().flatten() {
            if let Some(run) = self.runs.get_mut(run) {
                run.project_id = project;
            }
        }
    }

    /// Brings every run to where it is at `now`.
    pub(super) fn catch_up(&mut self, now: DateTime<Utc>) {
        let runs = &mut self.runs;
        self.ongoing.retain(|id| {
            runs.get_mut(id).is_some_and(|run| {
                run.catch_up(now);
                !run.is_final()
            })
        });
    }

    /// Returns when the oldest run was created.
    pub(super) fn oldest(&self) -> Option<DateTime<Utc>> {
        self.all.first().map(|(created, _)| *created)
    }

    /// Takes the oldest run out.
    pub(super) fn remove_oldest(&mut self) {
        if let Some((_, id)) = self.all.first().copied() {
            self.remove(id);
        }
    }

    /// Returns an id that no run has had, and that is `first` at least.
    pub(super) fn next_id(&self, first: i64) -> i64 {
        let next = self.highest.map_or(first, |id| id.saturating_add(1));
        next.max(first)
    }

    /// Returns the number of saved runs.
    pub(super) fn saved(&self) -> usize {
        self.runs.values().filter(|run| run.is_saved()).count()
    }

    /// Returns a page of all runs, or of one load test's; `None` when it does not exist.
    pub(super) fn page(&self, load_test: Option<i64>, query: &ListQuery) -> Option<Page> {
        let keys = match load_test {
            Some(id) => self.by_test.get(&id)?,
            None => &self.all,
        };
        let keys = window(keys, query.created_after, query.created_before);
        let Some(starred) = query.starred else {
            return Some(cut(keys, query));
        };
        let keys: Vec<Key> = keys
            .iter()
            .filter(|(_, id)| self.get(*id).is_some_and(|run| run.starred == starred))
            .copied()
            .collect();
        Some(cut(&keys, query))
    }
}

fn window(keys: &[Key], after: Option<DateTime<Utc>>, before: Option<DateTime<Utc>>) -> &[Key] {
    let end =
        before.map_or(keys.len(), |before| keys.partition_point(|(created, _)| *created < before));
    let start = after.map_or(0, |after| keys.partition_point(|(created, _)| *created < after));
    keys.get(start..end).unwrap_or_default()
}

fn cut(keys: &[Key], query: &ListQuery) -> Page {
    let total = keys.len();
    let ids = |key: &Key| key.1;
    let ids: Vec<i64> = if query.descending() {
        let keys = keys.iter().rev().skip(query.skip);
        keys.take(query.top).map(ids).collect()
    } else {
        let keys = keys.iter().skip(query.skip);
        keys.take(query.top).map(ids).collect()
    };
    // A page of no runs leads nowhere: following it would never end.
    let more = !ids.is_empty() && query.skip.saturating_add(ids.len()) < total;
    Page { ids, total, more }
}

fn place(keys: &mut Vec<Key>, key: Key) {
    if let Err(at) = keys.binary_search(&key) {
        keys.insert(at, key);
    }
}

fn displace(keys: &mut Vec<Key>, key: Key) {
    if let Ok(at) = keys.binary_search(&key) {
        keys.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::super::NOW;
    use super::super::query::parse;
    use super::super::run_seed::RunSeed;
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap_or_default()
    }

    /// Ids 1 to 5, created at 10, 20, 20, 30 and 40 seconds; 2 and 5 are starred.
    fn store() -> Store {
        let mut store = Store::default();
        for (id, second) in [(4, 30), (3, 20), (1, 10), (5, 40), (2, 20)] {
            let starred = id == 2 || id == 5;
            let seed = RunSeed::passed().created(at(second)).starred(starred);
            store.insert(seed.into_run(id, NOW));
        }
        store
    }

    fn page(store: &Store, raw: &str) -> (Vec<i64>, usize, bool) {
        let query = parse(raw).expect(raw);
        let page = store.page(None, &query).expect("all runs");
        (page.ids, page.total, page.more)
    }

    #[test]
    fn order_is_created_with_ties_by_id() {
        let store = store();
        assert_eq!(page(&store, "").0, [1, 2, 3, 4, 5]);
        assert_eq!(page(&store, "$orderby=created").0, [1, 2, 3, 4, 5]);
        assert_eq!(page(&store, "$orderby=created+desc").0, [5, 4, 3, 2, 1]);
    }

    #[test]
    fn pages_go_on_until_the_last() {
        let store = store();
        assert_eq!(page(&store, "$top=2"), (vec![1, 2], 5, true));
        assert_eq!(page(&store, "$top=2&$skip=2"), (vec![3, 4], 5, true));
        assert_eq!(page(&store, "$top=2&$skip=4"), (vec![5], 5, false));
        assert_eq!(page(&store, "$top=2&$skip=3"), (vec![4, 5], 5, false));
        assert_eq!(page(&store, "$top=2&$skip=9"), (vec![], 5, false));
        assert_eq!(page(&store, "$top=0"), (vec![], 5, false));
    }

    #[test]
    fn after_is_inclusive_and_before_is_not() {
        let store = store();
        let window = "created_after=1970-01-01T00:00:20Z&created_before=1970-01-01T00:00:40Z";
        assert_eq!(page(&store, window), (vec![2, 3, 4], 3, false));
        let turned = "created_after=1970-01-01T00:00:40Z&created_before=1970-01-01T00:00:20Z";
        assert_eq!(page(&store, turned), (vec![], 0, false));
    }

    #[test]
    fn starred_filters_before_the_page_is_cut() {
        let store = store();
        assert_eq!(page(&store, "is_starred=true"), (vec![2, 5], 2, false));
        assert_eq!(page(&store, "is_starred=0&$top=2"), (vec![1, 3], 3, true));
    }

    #[test]
    fn removed_run_is_in_no_list_and_its_load_test_stays() {
        let mut store = store();
        let test = store.get(1).map_or(0, |run| run.test_id);
        for id in 1..=5 {
            assert!(store.remove(id).is_some());
            assert!(store.remove(id).is_none());
        }
        assert_eq!(page(&store, ""), (vec![], 0, false));
        let query = parse("").expect("an empty query");
        assert!(store.page(Some(test), &query).is_some());
        assert!(store.page(Some(test + 1), &query).is_none());
    }

    #[test]
    fn run_that_has_ended_is_not_looked_at_again() {
        let mut store = Store::default();
        for (id, seed) in [(1, RunSeed::passed()), (2, RunSeed::timed()), (3, RunSeed::running())] {
            store.insert(seed.into_run(id, NOW));
        }
        let ongoing = |store: &Store| store.ongoing.iter().copied().collect::<Vec<_>>();
        store.catch_up(NOW);
        assert_eq!(ongoing(&store), [2, 3]);
        store.catch_up(NOW + chrono::TimeDelta::days(1));
        assert_eq!(ongoing(&store), [3]);
        store.insert(RunSeed::passed().into_run(3, NOW));
        assert_eq!(ongoing(&store), [0; 0]);
    }
}
