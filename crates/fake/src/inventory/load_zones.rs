//! Load zones, and which projects may use the private ones.

use std::collections::BTreeSet;

use super::table::Table;

/// The public zones of a fake: their ids for scripts, and their names.
const PUBLIC: [(&str, &str); 8] = [
    ("amazon:us:ashburn", "Ashburn, USA"),
    ("amazon:us:portland", "Portland, USA"),
    ("amazon:br:sao paulo", "Sao Paulo, Brazil"),
    ("amazon:de:frankfurt", "Frankfurt, Germany"),
    ("amazon:ie:dublin", "Dublin, Ireland"),
    ("amazon:sg:singapore", "Singapore"),
    ("amazon:au:sydney", "Sydney, Australia"),
    ("amazon:jp:tokyo", "Tokyo, Japan"),
];

/// A load zone to put into a fake with
/// [`FakeCloud::add_load_zone`](crate::FakeCloud::add_load_zone). A fake starts with eight public
/// ones.
///
/// All projects may use a public zone. A private zone is closed to every project until a request
/// opens it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FakeCloud, LoadZoneSeed};
///
/// let fake = FakeCloud::start().await?;
/// let id = fake.add_load_zone(LoadZoneSeed::private("berlin-dc").available(false));
/// // `GET /cloud/v6/load_zones?k6_load_zone_id=berlin-dc` now lists it.
/// # assert!(id.get() > 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct LoadZoneSeed {
    k6_load_zone_id: String,
    name: Option<String>,
    is_available: bool,
    image: Option<String>,
    is_public: bool,
}

impl LoadZoneSeed {
    /// Describes a public zone. `k6_load_zone_id` is its id in the options of scripts, such as
    /// `amazon:de:frankfurt`.
    pub fn public(k6_load_zone_id: impl Into<String>) -> Self {
        Self::new(k6_load_zone_id.into(), true)
    }

    /// Describes a private zone. `k6_load_zone_id` is its id in the options of scripts.
    pub fn private(k6_load_zone_id: impl Into<String>) -> Self {
        Self::new(k6_load_zone_id.into(), false)
    }

    fn new(k6_load_zone_id: String, is_public: bool) -> Self {
        Self { k6_load_zone_id, name: None, is_available: true, image: None, is_public }
    }

    /// Sets the name. The default is the id for scripts.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets whether tests can run in the zone. The default is true.
    pub fn available(mut self, is_available: bool) -> Self {
        self.is_available = is_available;
        self
    }

    /// Sets the container image that generates the load instead of the usual one. Only private
    /// zones have it; it is ignored for a public zone.
    pub fn runner_image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }
}

#[derive(Debug)]
pub(crate) struct LoadZone {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) k6_load_zone_id: String,
    pub(crate) is_available: bool,
    pub(crate) image: Option<String>,
    pub(crate) is_public: bool,
}

/// The load zones, and the projects that the private ones are open to.
#[derive(Debug)]
pub(crate) struct LoadZones {
    zones: Table<LoadZone>,
    /// Private zones with the projects that may use them. Ids are not used again, so a deleted
    /// project can stay.
    open_to: BTreeSet<(i64, i64)>,
}

impl LoadZones {
    /// Returns the public zones. Their ids begin at `first`.
    pub(crate) fn new(first: i64) -> Self {
        let mut zones = Self { zones: Table::new(first), open_to: BTreeSet::new() };
        for (id, name) in PUBLIC {
            zones.add(LoadZoneSeed::public(id).name(name));
        }
        zones
    }

    pub(crate) fn add(&mut self, seed: LoadZoneSeed) -> i64 {
        let LoadZoneSeed { k6_load_zone_id, name, is_available, image, is_public } = seed;
        self.zones.add(|id| LoadZone {
            id,
            name: name.unwrap_or_else(|| k6_load_zone_id.clone()),
            k6_load_zone_id,
            is_available,
            image: image.filter(|_| !is_public),
            is_public,
        })
    }

    pub(crate) fn get(&self, id: i64) -> Option<&LoadZone> {
        self.zones.get(id)
    }

    /// Returns the zones in the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &LoadZone> {
        self.zones.iter()
    }

    /// Returns whether a private zone is open to a project. Public zones are open to all, and
    /// therefore not listed for any.
    pub(crate) fn is_opened(&self, zone: i64, project: i64) -> bool {
        self.open_to.contains(&(zone, project))
    }

    /// Returns the zone of this id for scripts, if the project may use it.
    pub(crate) fn usable(&self, k6_load_zone_id: &str, project: i64) -> Option<&LoadZone> {
        let mut zones = self.iter().filter(|zone| zone.k6_load_zone_id == k6_load_zone_id);
        zones.find(|zone| zone.is_public || self.is_opened(zone.id, project))
    }

    /// Opens a private zone to a project, or closes it.
    pub(crate) fn set_opened(&mut self, zone: i64, project: i64, is_opened: bool) {
        if is_opened {
            self.open_to.insert((zone, project));
        } else {
            self.open_to.remove(&(zone, project));
        }
    }
}
