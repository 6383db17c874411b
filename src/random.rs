//! Random names.

use crate::{Error, ErrorKind};

/// Returns a random UUID, of 36 characters.
///
/// The operating system draws it: `fastrand` is seeded with the time and the thread, which two
/// machines can have in common.
pub(crate) fn uuid() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        let summary = format!("the operating system did not return random bytes: {error}");
        Error::new(ErrorKind::Configuration, summary)
    })?;
    // Version 4, variant 1 of RFC 9562.
    let bits = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    Ok(parts.map(|part| hex.get(part).unwrap_or_default()).join("-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::uuid;

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
