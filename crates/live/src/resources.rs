//! The ids for the paths of operations, from the lists of the service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::calls::Values;
use crate::description::{Description, Operation};
use crate::service::Service;
use crate::survey::request;

/// The resources of a kind that are read, if possible each of another shape.
pub(crate) const MAX_SAMPLES: usize = 6;

/// The resources that are tried if the first ones do not have what an operation returns.
const MAX_TRIED: usize = 40;

/// The rows of the lists that need no id, by the last segment of their paths.
#[derive(Debug, Default)]
pub(crate) struct Resources(BTreeMap<String, Vec<Value>>);

impl Resources {
    pub(crate) async fn read(description: &Description, service: &Service) -> Self {
        let mut resources = BTreeMap::new();
        for operation in description.reading() {
            if operation.row(description).is_none() || operation.path.contains('{') {
                continue;
            }
            let Some(request) = request(service, operation, &Values::default()) else { continue };
            let response = service.send(&request).await.filter(|response| response.is_success());
            let rows = response.and_then(|response| response.json());
            let rows =
                rows.and_then(|mut body| body.get_mut("value")?.as_array_mut().map(std::mem::take));
            resources.insert(segment(&operation.path).to_owned(), rows.unwrap_or_default());
        }
        Self(resources)
    }

    /// Returns values for the path of an operation: one set for each resource to try.
    pub(crate) fn values(&self, operation: &Operation) -> Vec<Values> {
        let Some((name, resource)) = path_parameter(&operation.path) else {
            return vec![Values::default()];
        };
        let rows = self.0.get(resource).map(Vec::as_slice).unwrap_or_default();
        let ids = samples(rows).into_iter().filter_map(|row| row["id"].as_i64());
        ids.map(|id| Values::default().with(name, id)).collect()
    }

    /// Returns the rows of a resource.
    pub(crate) fn rows(&self, resource: &str) -> &[Value] {
        self.0.get(resource).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Returns the name of the last variable of a path, and the resource that it is an id of.
pub(crate) fn path_parameter(path: &str) -> Option<(&str, &str)> {
    let segments: Vec<_> = path.split('/').collect();
    let at = segments.iter().rposition(|segment| segment.starts_with('{'))?;
    let name = segments[at].trim_start_matches('{').trim_end_matches('}');
    Some((name, segments.get(at.checked_sub(1)?)?))
}

fn segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns rows, first those of different shapes: with other nulls, and other short words such as statuses.
fn samples(rows: &[Value]) -> Vec<&Value> {
    let mut shapes = BTreeSet::new();
    let (mut samples, others): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| shapes.insert(shape(row)));
    samples.extend(others);
    samples.truncate(MAX_TRIED);
    samples
}

fn shape(row: &Value) -> String {
    let part = |(name, value): (&String, &Value)| match value {
        Value::Null => format!("{name}-"),
        Value::Bool(value) => format!("{name}{value}"),
        Value::String(text) if ["status", "result"].contains(&name.as_str()) => {
            format!("{name}={text}")
        }
        _ => String::new(),
    };
    row.as_object().into_iter().flatten().map(part).collect()
}
