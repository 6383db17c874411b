//! Load zones, and which projects may use them.

use std::collections::BTreeSet;

use super::inventory::Table;

/// The id of the first load zone. The others follow one by one.
const FIRST_LOAD_ZONE_ID: i64 = 11;

/// The public zones that there are at the start, by their ids for scripts.
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

/// A load zone to be put into a [`FakeCloud`](super::FakeCloud), which has eight public ones from
/// the start.
///
/// Every project may use a public zone and none a private one, until a request changes that.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use k6_cloud_fake::{FakeCloud, LoadZoneSeed};
/// use k6_cloud::prelude::*;
///
/// let fake = FakeCloud::start().await?;
/// let id = fake.add_load_zone(LoadZoneSeed::private("berlin-dc").available(false));
/// let client = fake.client().build()?;
/// let zones = client.list_load_zones().k6_load_zone_id("berlin-dc").send().await?.value;
/// assert_eq!((zones[0].id, zones[0].available), (id, false));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a seed does nothing until it is added"]
pub struct LoadZoneSeed {
    k6_load_zone_id: String,
    name: Option<String>,
    available: bool,
    image: Option<String>,
    public: bool,
}

impl LoadZoneSeed {
    /// Describes a zone that the service runs for everybody. `k6_load_zone_id` is its id in the
    /// options of scripts, such as `amazon:de:frankfurt`.
    pub fn public(k6_load_zone_id: impl Into<String>) -> Self {
        Self::new(k6_load_zone_id.into(), true)
    }

    /// Describes a private zone, by its id in the options of scripts.
    pub fn private(k6_load_zone_id: impl Into<String>) -> Self {
        Self::new(k6_load_zone_id.into(), false)
    }

    fn new(k6_load_zone_id: String, public: bool) -> Self {
        Self { k6_load_zone_id, name: None, available: true, image: None, public }
    }

    /// Sets the name, by default the id for scripts.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets whether tests can be run from it, which they can by default.
    pub fn available(mut self, available: bool) -> Self {
        self.available = available;
        self
    }

    /// Sets the container image that generates the load in place of the usual one.
    pub fn runner_image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }
}

#[derive(Debug)]
pub(super) struct LoadZone {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) k6_load_zone_id: String,
    pub(super) available: bool,
    pub(super) image: Option<String>,
    pub(super) public: bool,
}

/// The zones, and the one relation that both of its ends show and change.
#[derive(Debug)]
pub(super) struct LoadZones {
    zones: Table<LoadZone>,
    /// Zone and project: those for which it is not as for the other projects, so that a project
    /// and a zone that come later are in the relation without a hand. No id is given twice, so that
    /// what is said of a deleted project does no harm.
    exceptions: BTreeSet<(i64, i64)>,
}

impl Default for LoadZones {
    fn default() -> Self {
        let mut zones = Self { zones: Table::new(FIRST_LOAD_ZONE_ID), exceptions: BTreeSet::new() };
        for (id, name) in PUBLIC {
            zones.add(LoadZoneSeed::public(id).name(name));
        }
        zones
    }
}

impl LoadZones {
    pub(super) fn add(&mut self, seed: LoadZoneSeed) -> i64 {
        let LoadZoneSeed { k6_load_zone_id, name, available, image, public } = seed;
        self.zones.add(|id| LoadZone {
            id,
            name: name.unwrap_or_else(|| k6_load_zone_id.clone()),
            k6_load_zone_id,
            available,
            image,
            public,
        })
    }

    pub(super) fn get(&self, id: i64) -> Option<&LoadZone> {
        self.zones.get(id)
    }

    /// The zones in the order of their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = &LoadZone> {
        self.zones.iter()
    }

    /// Whether tests of a project may generate load in a zone.
    pub(super) fn allows(&self, zone: &LoadZone, project: i64) -> bool {
        zone.public != self.exceptions.contains(&(zone.id, project))
    }

    /// Lets a project use a zone, or shuts it out.
    pub(super) fn allow(&mut self, zone: i64, project: i64, allowed: bool) {
        let Some(found) = self.zones.get(zone) else { return };
        if found.public == allowed {
            self.exceptions.remove(&(zone, project));
        } else {
            self.exceptions.insert((zone, project));
        }
    }
}
