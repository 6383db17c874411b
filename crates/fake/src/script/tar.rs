//! Tar archives, as far as k6 archives need them.

const BLOCK: usize = 512;

/// Where a ustar header has its magic bytes.
const MAGIC: std::ops::Range<usize> = 257..262;

/// Returns whether the bytes begin like a tar archive.
pub(crate) fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(MAGIC) == Some(b"ustar")
}

/// Packs files, whose names have at most 100 bytes, into a ustar archive.
pub(crate) fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        archive.extend_from_slice(&header(name, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    // Two empty blocks mark the end.
    archive.resize(archive.len() + 2 * BLOCK, 0);
    archive
}

/// Returns the content of the file `name`, if the archive has it.
pub(crate) fn find<'a>(archive: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = archive;
    while is_tar(rest) {
        let (header, content) = rest.split_at_checked(BLOCK)?;
        let size = octal(header.get(124..136)?)?;
        let end = size.checked_next_multiple_of(BLOCK)?;
        let found = header.get(..100)?;
        let length = found.iter().position(|byte| *byte == 0).unwrap_or(found.len());
        let found = found.get(..length)?;
        if found.strip_prefix(b"./").unwrap_or(found) == name.as_bytes() {
            return content.get(..size);
        }
        rest = content.get(end..)?;
    }
    None
}

fn octal(field: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(field).ok()?;
    usize::from_str_radix(digits.trim_matches(['\0', ' ']), 8).ok()
}

fn header(name: &str, size: usize) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put = |at: usize, field: &[u8]| {
        for (slot, byte) in header.iter_mut().skip(at).zip(field) {
            *slot = *byte;
        }
    };
    put(0, name.get(..100).unwrap_or(name).as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The checksum counts its own field as spaces.
    put(148, b"        ");
    put(156, b"0");
    put(MAGIC.start, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    for (slot, byte) in header.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *slot = byte;
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archive_is_made_of_blocks_and_ends_with_two_empty_ones() {
        let archive = pack(&[("a", b"one"), ("b", &[7; 513])]);
        assert_eq!(archive.len(), BLOCK * (2 + 3 + 2));
        assert!(archive[BLOCK * 5..].iter().all(|byte| *byte == 0));
        assert_eq!(pack(&[]), vec![0; 2 * BLOCK]);
    }

    #[test]
    fn header_has_its_size_magic_and_checksum() {
        let archive = pack(&[("metadata.json", b"{}")]);
        assert!(archive.starts_with(b"metadata.json\0"));
        assert_eq!(octal(&archive[124..136]), Some(2));
        assert_eq!(&archive[257..265], b"ustar\x0000");
        let sum: usize = archive[..BLOCK]
            .iter()
            .enumerate()
            .map(|(at, byte)| usize::from(if (148..156).contains(&at) { b' ' } else { *byte }))
            .sum();
        assert_eq!(octal(&archive[148..156]), Some(sum));
    }

    #[test]
    fn files_are_found_by_name() {
        let archive = pack(&[("data", &[1; 700]), ("./metadata.json", b"{}"), ("empty", b"")]);
        assert_eq!(find(&archive, "metadata.json"), Some(&b"{}"[..]));
        assert_eq!(find(&archive, "data").map(<[u8]>::len), Some(700));
        assert_eq!(find(&archive, "empty"), Some(&b""[..]));
        assert_eq!(find(&archive, "other"), None);
        // Cut off anywhere, the archive is read as far as it goes.
        for length in 0..archive.len() {
            find(&archive[..length], "metadata.json");
        }
    }
}
