//! The order of lists.

use std::fmt;

use super::IntoOption;

/// How a list is sorted, for the setter `orderby` of lists: by one field, or by several.
///
/// Each list says which fields there are. A field that is not known is sent all the same, so that a new one of the
/// API can be used; the API rejects one that it does not have.
///
/// `Display` writes it as the API reads it, such as `created desc,name`.
///
/// ```
/// use k6_cloud::wire::OrderBy;
///
/// let newest = OrderBy::descending("created").then(OrderBy::ascending("name"));
/// assert_eq!(newest.to_string(), "created desc,name");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use = "an order does nothing until it is given to a list"]
pub struct OrderBy(String);

impl OrderBy {
    /// Sorts by a field, the least first.
    pub fn ascending(field: impl Into<String>) -> Self {
        Self(field.into())
    }

    /// Sorts by a field, the greatest first: `OrderBy::descending("created")` lists the newest first.
    pub fn descending(field: impl Into<String>) -> Self {
        Self(format!("{} desc", field.into()))
    }

    /// Sorts rows that are equal in this order by another one.
    pub fn then(self, next: Self) -> Self {
        Self(format!("{},{}", self.0, next.0))
    }
}

impl fmt::Display for OrderBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl From<OrderBy> for String {
    fn from(order: OrderBy) -> Self {
        order.0
    }
}

impl IntoOption<String> for OrderBy {
    fn into_option(self) -> Option<String> {
        Some(self.0)
    }
}
