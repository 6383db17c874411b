//! Mistakes that no test can see, each with the reason.

use std::collections::BTreeMap;
use std::path::Path;

use crate::sites::Site;

/// What `explained.txt` says: lines of `FILE: MISTAKE | REASON`, with the mistake as the tool prints it.
pub(crate) struct Explained(BTreeMap<String, String>);

impl Explained {
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let mut reasons = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (mistake, reason) = line.rsplit_once(" | ").ok_or_else(|| {
                format!("{}: write `FILE: MISTAKE | REASON` instead of: {line}", path.display())
            })?;
            reasons.insert(mistake.to_owned(), reason.to_owned());
        }
        Ok(Self(reasons))
    }

    pub(crate) fn reason(&self, site: &Site) -> Option<&str> {
        let mistake = format!("{}: {}", site.file.display(), site.what);
        self.0.get(&mistake).map(String::as_str)
    }
}
