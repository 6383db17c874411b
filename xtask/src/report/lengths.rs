//! How much of each part a report in Markdown shows, so that it fits a pull request.

/// How much of each part is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    /// The CHANGELOG entry, which repeats the changes.
    pub(super) changelog: bool,
    /// Lines of the diff of the surface, which repeats the Rust items of the changes.
    pub(super) surface: usize,
    /// Text changes of each kind.
    pub(super) texts: usize,
    /// Entries of each list of lossy steps and names.
    pub(super) notes: usize,
    /// Pointers and Rust items of each entry.
    pub(super) details: usize,
    /// Additive changes of each kind.
    pub(super) additive: usize,
    /// Breaking changes of each kind.
    pub(super) breaking: usize,
}

const EVERYTHING: Lengths = Lengths {
    changelog: true,
    surface: usize::MAX,
    texts: usize::MAX,
    notes: usize::MAX,
    details: usize::MAX,
    additive: usize::MAX,
    breaking: usize::MAX,
};

/// The order in which parts are shortened: repetition first, then long lists, the breaking changes
/// last.
const STEPS: &[fn(&mut Lengths, usize)] = &[
    |lengths, most| lengths.changelog = most > 0,
    |lengths, most| lengths.surface = most,
    |lengths, most| lengths.texts = most,
    |lengths, most| lengths.notes = most,
    |lengths, most| lengths.details = most,
    |lengths, most| lengths.additive = most,
    |lengths, most| lengths.breaking = most,
];

/// Finds the greatest lengths that fit. No part has more than `most` entries.
pub(super) fn longest(most: usize, fits: &dyn Fn(Lengths) -> bool) -> Lengths {
    let mut lengths = EVERYTHING;
    if fits(lengths) {
        return lengths;
    }
    for step in STEPS {
        let with = |most: usize| {
            let mut lengths = lengths;
            step(&mut lengths, most);
            lengths
        };
        if !fits(with(0)) {
            lengths = with(0);
            continue;
        }
        // The first fits and the second does not.
        let (mut low, mut high) = (0, most + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if fits(with(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return with(low);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::{EVERYTHING, Lengths, longest};

    fn size(lengths: Lengths) -> usize {
        let Lengths { changelog, surface, texts, notes, details, additive, breaking } = lengths;
        let lists = [surface, texts, notes, details, additive, breaking];
        lists.iter().map(|list| (*list).min(100)).sum::<usize>() + usize::from(changelog) * 100
    }

    #[test]
    fn repetition_goes_first_and_breaking_changes_last() {
        let found = |most: usize| longest(100, &|lengths| size(lengths) <= most);
        assert_eq!(found(700), EVERYTHING);
        assert_eq!(found(699), Lengths { changelog: false, ..EVERYTHING });
        let short = Lengths { changelog: false, surface: 0, ..EVERYTHING };
        assert_eq!(found(530), Lengths { surface: 30, ..short });
        assert_eq!(found(470), Lengths { texts: 70, ..short });
        let last = Lengths { texts: 0, notes: 0, details: 0, additive: 0, ..short };
        assert_eq!(found(130), Lengths { additive: 30, ..last });
        assert_eq!(found(5), Lengths { breaking: 5, ..last });
    }
}
