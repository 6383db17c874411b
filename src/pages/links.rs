//! What next links say, without following them.
//!
//! The client never sends a request to an address from a response, so that the scheme, host and
//! path of a link do not matter. A link means that there are more rows, and its `$skip` may say
//! where.

use reqwest::Url;

use super::cursor::PageRange;

/// What a next link says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NextLink {
    /// The page has no link, or an empty one.
    Absent,
    /// The link has no `$skip` that is a number.
    WithoutSkip,
    /// The link leads to the row with this index.
    Skip(i64),
}

impl NextLink {
    pub(super) fn of(link: Option<&str>) -> Self {
        let link = link.unwrap_or_default().trim();
        if link.is_empty() {
            return Self::Absent;
        }
        skip_of(link).map_or(Self::WithoutSkip, Self::Skip)
    }
}

/// OperationSpec about a page, apart from its rows.
#[derive(Debug)]
pub(super) struct PageFacts {
    pub(super) range: PageRange,
    /// The number of rows that came.
    pub(super) rows: i64,
    /// The number of rows in the whole list.
    pub(super) total: Option<i64>,
    pub(super) link: NextLink,
    /// The keys of the rows, if they have keys and the link leads past them.
    pub(super) keys: Vec<i64>,
}

impl PageFacts {
    /// Returns the index after the last row that came.
    pub(super) fn end(&self) -> i64 {
        self.range.skip.saturating_add(self.rows)
    }
}

fn skip_of(link: &str) -> Option<i64> {
    let (link, _) = link.split_once('#').unwrap_or((link, ""));
    let (_, query) = link.split_once('?')?;
    // Only the query is needed, so that any base address will do.
    let link = Url::parse(&format!("http://localhost/?{query}")).ok()?;
    let (_, skip) = link.query_pairs().find(|(name, _)| name == "$skip")?;
    skip.trim().parse().ok()
}

/// Where to go after a page.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    /// The list is at its end.
    End,
    /// The next page begins at the row with this index.
    At(i64),
}

/// The meaning of links that lead past the rows of their page, on this server.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum LeadingPast {
    /// No such link has been checked yet.
    #[default]
    Unknown,
    /// The server counts rows that it does not return. Its links say where to go on.
    HiddenRows,
    /// The server gives fewer rows than requested, and its links ignore that. Following them would
    /// lose rows.
    SkippedRows,
}

/// How to use a server's links.
#[derive(Debug, Default)]
pub(super) struct Links {
    leading_past: LeadingPast,
    check: Option<LinkCheck>,
}

/// A link to check before going on: there may be rows that it skips.
#[derive(Debug, PartialEq)]
pub(super) struct LinkCheck {
    /// Where the link leads.
    pub(super) end: i64,
    /// The keys of the rows of its page.
    pub(super) keys: Vec<i64>,
}

impl Links {
    /// Returns whether the server counts rows that it does not return. Two pages with common
    /// indexes then have no common rows.
    pub(super) fn hide_rows(&self) -> bool {
        self.leading_past == LeadingPast::HiddenRows
    }

    /// Returns the link to check. Without [`note_check`](Self::note_check), the link of the next
    /// page is checked instead.
    pub(super) fn take_check(&mut self) -> Option<LinkCheck> {
        self.check.take()
    }

    /// Notes whether the check found rows that a link skips.
    pub(super) fn note_check(&mut self, found_rows: bool) {
        self.leading_past =
            if found_rows { LeadingPast::SkippedRows } else { LeadingPast::HiddenRows };
    }

    /// Returns where a page's link says to go on, or an error message if it cannot be used.
    pub(super) fn next(&mut self, page: PageFacts) -> Result<Next, String> {
        let end = page.end();
        let PageFacts { range, rows, link, keys, .. } = page;
        let next = match link {
            NextLink::Absent => return Ok(Next::End),
            NextLink::WithoutSkip if rows > 0 => return Ok(Next::At(end)),
            NextLink::WithoutSkip => {
                return Err("an empty page has a next link that does not say where the list goes \
                            on"
                .to_owned());
            }
            NextLink::Skip(next) => next,
        };
        if next <= range.skip {
            return Err(format!(
                "the next link of the page from row {} leads to row {next}: it does not advance",
                range.skip
            ));
        }
        let leads_past = next > end;
        let leaves_range = next > range.end().max(end);
        match self.leading_past {
            // All rows up to the end have been read, wherever the link leads.
            _ if rows > 0 && !leads_past => Ok(Next::At(end)),
            LeadingPast::SkippedRows if rows > 0 => Ok(Next::At(end)),
            LeadingPast::SkippedRows => Ok(Next::End),
            LeadingPast::Unknown if rows > 0 && leaves_range => {
                self.leading_past = LeadingPast::SkippedRows;
                Ok(Next::At(end))
            }
            _ if leaves_range => Err(format!(
                "the next link leads to row {next} and leaves out the rows from {} on",
                range.end().max(end)
            )),
            // Without keys, it is unknown whether a row has been read before.
            LeadingPast::Unknown if !keys.is_empty() => {
                self.check = Some(LinkCheck { end: next, keys });
                Ok(Next::At(end))
            }
            LeadingPast::Unknown | LeadingPast::HiddenRows => {
                self.leading_past = LeadingPast::HiddenRows;
                Ok(Next::At(next))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LinkCheck, Links, Next, NextLink, PageFacts, PageRange};

    #[test]
    fn skip_is_read_from_any_address() {
        for link in [
            "https://api.k6.io/cloud/v6/test_runs?$skip=20&$top=10",
            "http://api.k6.io/cloud/v6/test_runs?%24skip=20",
            "https://API.k6.io:8443/cloud/v6/test_runs/?%24top=1&%24skip=20",
            "//gateway.example/k6?$skip=20",
            "/cloud/v6/test_runs?name=a?b&$skip=20#top",
            "http://[not an address?%24skip=%2020",
            "?$skip=20",
            " ?$skip=20 ",
        ] {
            assert_eq!(NextLink::of(Some(link)), NextLink::Skip(20), "{link}");
        }
        for link in ["?cursor=abc", "/test_runs", "?$skip=many", "?$skip=", "#?$skip=20", "true"] {
            assert_eq!(NextLink::of(Some(link)), NextLink::WithoutSkip, "{link}");
        }
        for link in [None, Some(""), Some(" ")] {
            assert_eq!(NextLink::of(link), NextLink::Absent, "{link:?}");
        }
        assert_eq!(NextLink::of(Some("?$skip=-5")), NextLink::Skip(-5));
    }

    fn page(skip: i64, rows: i64, next: i64) -> PageFacts {
        PageFacts {
            range: PageRange { skip, top: 10 },
            rows,
            total: None,
            link: NextLink::Skip(next),
            keys: (skip..skip + rows).collect(),
        }
    }

    #[test]
    fn link_past_the_rows_of_a_page_is_checked_once() {
        for (found_rows, next) in [(true, Next::At(14)), (false, Next::At(20))] {
            let mut links = Links::default();
            assert_eq!(links.next(page(0, 4, 10)), Ok(Next::At(4)));
            assert_eq!(links.take_check(), Some(LinkCheck { end: 10, keys: vec![0, 1, 2, 3] }));
            links.note_check(found_rows);
            assert_eq!(links.hide_rows(), !found_rows);
            assert_eq!(links.next(page(10, 4, 20)), Ok(next));
            assert_eq!(links.take_check(), None);
        }
    }

    #[test]
    fn link_inside_the_rows_of_a_page_goes_on_at_their_end() {
        for skip in [11, 19, 20] {
            assert_eq!(Links::default().next(page(10, 10, skip)), Ok(Next::At(20)), "{skip}");
        }
    }
}
