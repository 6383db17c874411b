//! Random names and numbers.

use crate::{Error, ErrorKind};

/// Returns a random UUID, of 36 characters.
///
/// The operating system draws it, so that no two machines draw the same.
pub(crate) fn uuid() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::getrandom(&mut bytes).map_err(|error| {
        let summary = format!("the operating system did not return random bytes: {error}");
        Error::new(ErrorKind::Configuration, summary)
    })?;
    // Version 4, variant 1 of RFC 9562.
    let bits = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    Ok(parts.map(|part| hex.get(part).unwrap_or_default()).join("-"))
}

/// Returns a random number from 0 to 1, without 1 itself.
pub(crate) fn share() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::getrandom(&mut bytes) {
        Ok(()) => f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        // It only spreads retries, so that any number does.
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{share, uuid};

    #[test]
    fn shares_are_spread() {
        let all: Vec<f64> = (0..1_000).map(|_| share()).collect();
        assert!(all.iter().all(|share| (0.0..1.0).contains(share)), "{all:?}");
        for quarter in 0..4 {
            let lowest = f64::from(quarter) / 4.0;
            let count = all.iter().filter(|share| (lowest..lowest + 0.25).contains(*share)).count();
            assert!((150..350).contains(&count), "{count} from {lowest}");
        }
    }

    #[test]
    fn uuid_is_random_and_of_version_4() {
        let all: BTreeSet<String> = (0..1_000).map(|_| uuid().expect("random numbers")).collect();
        assert_eq!(all.len(), 1_000);
        for uuid in all {
            let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
            assert!(uuid.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()), "{uuid}");
            assert_eq!((&uuid[14..15], "89ab".contains(&uuid[19..20])), ("4", true), "{uuid}");
        }
    }
}
