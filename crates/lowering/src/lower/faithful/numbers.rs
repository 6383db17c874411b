//! Numbers that have more digits than are kept.

use serde_json::{Number, Value};

use super::{Owned, Writer};
use crate::lower::note::Draft;
use crate::lower::rules::{NoteKind, RuleId};
use crate::problem::Place;

/// Numbers with up to as many digits are the same in every reader.
const EXACT_DIGITS: usize = 15;

/// What 64 bits cannot hold.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

/// Whether a number has lost digits, as far as can be seen: it is whole, beyond 64 bits, and has all
/// digits that are kept.
fn is_rounded(number: &Number) -> bool {
    let long = |number: f64| number.abs() >= BEYOND && number.is_finite();
    let digits = |number: &Number| {
        let text = number.to_string();
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1)
    };
    number.is_f64() && number.as_f64().is_some_and(long) && digits(number) > EXACT_DIGITS
}

impl Writer<'_> {
    /// Notes the numbers of the description that may have lost digits when it was read.
    pub(super) fn note_long_numbers(&mut self) {
        let mut found = Vec::new();
        find(self.source, &mut Vec::new(), &mut found);
        for place in found {
            let component = place.as_str().strip_prefix("/components/schemas/");
            let component = component.and_then(|rest| rest.split('/').next());
            let component = component.map(|name| name.replace("~1", "/").replace("~0", "~"));
            let detail = "a number beyond 64 bits is written with the 17 digits that readers keep";
            let it = Draft::new(RuleId::LongNumber, NoteKind::Rewritten, &place, detail);
            self.drafts.push(Owned { component, it });
        }
    }
}

fn find(value: &Value, path: &mut Vec<String>, found: &mut Vec<Place>) {
    match value {
        Value::Number(number) if is_rounded(number) => {
            found.push(path.iter().fold(Place::root(), |place, token| place.at(token)));
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                below(value, || index.to_string(), path, found);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                below(value, || key.clone(), path, found);
            }
        }
        _ => {}
    }
}

fn below(
    value: &Value,
    token: impl Fn() -> String,
    path: &mut Vec<String>,
    found: &mut Vec<Place>,
) {
    if matches!(value, Value::Number(_) | Value::Array(_) | Value::Object(_)) {
        path.push(token());
        find(value, path, found);
        path.pop();
    }
}
