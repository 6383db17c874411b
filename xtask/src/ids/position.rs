//! Positions in a description: for a message as a pointer, and for an overlay action as a JSONPath.

use openapi_lowering::problem::Place;

#[derive(Clone)]
pub(super) struct Position {
    place: Place,
    path: String,
}

impl Position {
    pub(super) fn root() -> Self {
        Self { place: Place::root(), path: "$".to_owned() }
    }

    pub(super) fn key(&self, key: &str) -> Self {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let plain = !key.is_empty() && key.chars().all(is_plain);
        let plain = plain && !key.starts_with(|c: char| c.is_ascii_digit());
        let step = if plain { format!(".{key}") } else { format!("[{}]", quoted(key)) };
        self.step(key, &step)
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.step(&index.to_string(), &format!("[{index}]"))
    }

    /// The item of a list that has this name.
    pub(super) fn named(&self, name: &str) -> Self {
        self.step(name, &format!("[?@.name == {}]", quoted(name)))
    }

    fn step(&self, key: &str, step: &str) -> Self {
        Self { place: self.place.at(key), path: format!("{}{step}", self.path) }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
