//! The state of the fake: its runs in the order of lists, and its inventory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::ids::FirstIds;
use crate::inventory::{Inventory, LoadTest};
use crate::list_query::ListQuery;
use crate::run::Run;
use crate::run::seed::RunSeed;
use crate::starts::Starts;
use crate::time::Reading;

/// The position of a run in a list: by creation, ties by id.
type Key = (DateTime<Utc>, i64);

/// The state of the fake.
#[derive(Debug)]
pub(crate) struct Store {
    runs: HashMap<i64, Run>,
    /// Sorted, so that a page is found without reading the runs before it.
    all: Vec<Key>,
    /// Sorted too, one list for each load test.
    by_test: BTreeMap<i64, Vec<Key>>,
    /// The runs that have not ended. Only they can change with the clock.
    ongoing: BTreeSet<i64>,
    /// The highest id so far, so that the id of a deleted run is not used again.
    highest: Option<i64>,
    pub(crate) inventory: Inventory,
    pub(crate) starts: Starts,
}

/// One page of a list.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    /// The runs' ids, in order.
    pub(crate) ids: Vec<i64>,
    /// The size of the whole filtered collection.
    pub(crate) total: usize,
    /// Whether another page follows.
    pub(crate) more: bool,
}

impl Store {
    /// Returns a store without runs and load tests, for a clock that was started at `started`.
    pub(crate) fn new(started: DateTime<Utc>, first_ids: FirstIds) -> Self {
        Self {
            runs: HashMap::new(),
            all: Vec::new(),
            by_test: BTreeMap::new(),
            ongoing: BTreeSet::new(),
            highest: None,
            inventory: Inventory::new(started, first_ids),
            starts: Starts::default(),
        }
    }

    /// Adds a load test, or replaces the one with its id.
    pub(crate) fn put_load_test(&mut self, load_test: LoadTest) {
        self.by_test.entry(load_test.id).or_default();
        self.inventory.load_tests.put(load_test.id, load_test);
    }

    /// Creates a load test, unless it exists.
    pub(crate) fn ensure_load_test(&mut self, id: i64) {
        self.by_test.entry(id).or_default();
        self.inventory.ensure_load_test(id);
    }

    /// Adds a run, or replaces the one with its id.
    pub(crate) fn insert(&mut self, run: Run) {
        self.remove(run.id);
        let key = (run.created, run.id);
        insert_sorted(&mut self.all, key);
        self.ensure_load_test(run.test_id);
        insert_sorted(self.by_test.entry(run.test_id).or_default(), key);
        self.highest = self.highest.max(Some(run.id));
        if !run.is_final() {
            self.ongoing.insert(run.id);
        }
        self.runs.insert(run.id, run);
    }

    /// Adds the run of a seed, and returns its id.
    pub(crate) fn add_run(&mut self, seed: RunSeed, reading: Reading) -> i64 {
        let (id, seed) = self.complete(seed);
        self.insert(seed.into_run(id, reading));
        id
    }

    /// Adds the run of a seed as it is started at `now`, and returns its id.
    pub(crate) fn start_run(&mut self, seed: RunSeed, now: DateTime<Utc>) -> i64 {
        let (id, seed) = self.complete(seed);
        self.insert(seed.into_started_run(id, now));
        id
    }

    /// Returns the id of a seed's run, and the seed with a load test and a project.
    fn complete(&mut self, mut seed: RunSeed) -> (i64, RunSeed) {
        let test = *seed.test_id.get_or_insert(self.inventory.first_ids.load_tests);
        self.ensure_load_test(test);
        let load_test = self.inventory.load_tests.get(test);
        seed.project_id = seed.project_id.or(load_test.map(|test| test.project_id));
        (seed.id.unwrap_or_else(|| self.next_id()), seed)
    }

    /// Returns the run.
    pub(crate) fn get(&self, id: i64) -> Option<&Run> {
        self.runs.get(&id)
    }

    /// Returns the ids of the newest runs of a load test, newest first; `None` if it does not exist.
    pub(crate) fn newest_of(&self, load_test: i64, count: usize) -> Option<Vec<i64>> {
        let keys = self.by_test.get(&load_test)?;
        Some(keys.iter().rev().take(count).map(|(_, id)| *id).collect())
    }

    /// Returns the run. Its id, load test and time of creation must not change.
    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Run> {
        self.runs.get_mut(&id)
    }

    /// Removes the run. Its load test stays.
    pub(crate) fn remove(&mut self, id: i64) -> Option<Run> {
        let run = self.runs.remove(&id)?;
        self.ongoing.remove(&id);
        let key = (run.created, run.id);
        remove_sorted(&mut self.all, key);
        if let Some(keys) = self.by_test.get_mut(&run.test_id) {
            remove_sorted(keys, key);
        }
        Some(run)
    }

    /// Returns whether a run that has not ended matches.
    pub(crate) fn is_running(&self, matches: impl Fn(&Run) -> bool) -> bool {
        self.ongoing.iter().filter_map(|id| self.runs.get(id)).any(matches)
    }

    /// Removes a load test, with its runs and its schedule.
    pub(crate) fn remove_load_test(&mut self, id: i64) {
        for (_, run) in self.by_test.remove(&id).unwrap_or_default() {
            self.remove(run);
        }
        self.inventory.load_tests.remove(id);
        self.inventory.remove_schedule_of(id);
    }

    /// Moves a load test and its runs to another project.
    pub(crate) fn move_load_test(&mut self, id: i64, project: i64) {
        if let Some(load_test) = self.inventory.load_tests.get_mut(id) {
            load_test.project_id = project;
        }
        for (_, run) in self.by_test.get(&id).into_iter().flatten() {
            if let Some(run) = self.runs.get_mut(run) {
                run.project_id = project;
            }
        }
    }

    /// Takes the steps of all runs that are due at `now`.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) {
        let runs = &mut self.runs;
        self.ongoing.retain(|id| {
            runs.get_mut(id).is_some_and(|run| {
                run.catch_up(now);
                !run.is_final()
            })
        });
    }

    /// Returns when the next step of any run is due.
    pub(crate) fn next_step_at(&self) -> Option<DateTime<Utc>> {
        self.ongoing.iter().filter_map(|id| self.runs.get(id)?.next_step_at()).min()
    }

    /// Returns when the oldest run was created.
    pub(crate) fn oldest(&self) -> Option<DateTime<Utc>> {
        self.all.first().map(|(created, _)| *created)
    }

    /// Removes the oldest run.
    pub(crate) fn remove_oldest(&mut self) {
        if let Some((_, id)) = self.all.first().copied() {
            self.remove(id);
        }
    }

    /// Returns an id that no run has had.
    pub(crate) fn next_id(&self) -> i64 {
        let first = self.inventory.first_ids.runs;
        let next = self.highest.map_or(first, |id| id.saturating_add(1));
        next.max(first)
    }

    /// Returns the number of saved runs.
    pub(crate) fn saved(&self) -> usize {
        self.runs.values().filter(|run| run.is_saved()).count()
    }

    /// Returns a page of all runs, or of the runs of one load test; `None` if that does not exist.
    pub(crate) fn page(&self, load_test: Option<i64>, query: &ListQuery) -> Option<Page> {
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
            .filter(|(_, id)| self.get(*id).is_some_and(|run| run.details.is_starred == starred))
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
    // No page follows an empty one: reading them would never end.
    let more = !ids.is_empty() && query.skip.saturating_add(ids.len()) < total;
    Page { ids, total, more }
}

fn insert_sorted(keys: &mut Vec<Key>, key: Key) {
    if let Err(at) = keys.binary_search(&key) {
        keys.insert(at, key);
    }
}

fn remove_sorted(keys: &mut Vec<Key>, key: Key) {
    if let Ok(at) = keys.binary_search(&key) {
        keys.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NOW;
    use crate::list_query::parse;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap_or_default()
    }

    /// Ids 1 to 5, created at 10, 20, 20, 30 and 40 seconds; 2 and 5 are starred.
    fn store() -> Store {
        let mut store = Store::new(NOW, FirstIds::default());
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
    fn removed_run_leaves_all_lists_and_its_load_test_stays() {
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
    fn ended_runs_are_not_updated_again() {
        let mut store = Store::new(NOW, FirstIds::default());
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
