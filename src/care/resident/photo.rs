//! A resident's photo, by which a nurse recognises whom she stands before: what is taken for one, and what is kept of it.
//!
//! It is no clinical record: it is replaced and removed with all its bytes, and nothing is decided by it. The history keeps who
//! put or removed which one, by its digest.
//!
//! Sources: ITU-T T.81, annex B (a JPEG begins with SOI, and its picture ends with EOI; in the picture itself no byte FF is
//! followed by D9); ISO/IEC 15948, 5.2 (the signature of a PNG).

use crate::care::refusal::Refusal;

/// A tablet's camera writes 2 to 6 MB.
pub const LARGEST_SENT: usize = 10 * 1024 * 1024;
/// Cameras of tablets and phones make 8 to 25 million pixels. A few bytes can claim four thousand million.
pub const MOST_PIXELS: u64 = 32_000_000;
/// The longer side of what is kept, in pixels.
pub const LONGER_SIDE: u32 = 480;

const JPEG_BEGINS: &[u8] = &[0xFF, 0xD8, 0xFF];
const PNG_BEGINS: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The marker before the picture itself, and the one after it.
const SCAN: u8 = 0xDA;
const END: [u8; 2] = [0xFF, 0xD9];

/// A photo as it is kept: a small JPEG that holds nothing but the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    pub jpeg: Vec<u8>,
    /// SHA-256 of the JPEG, in hexadecimal digits.
    pub digest: String,
}

/// Why something that was sent is not kept as a photo: a sentence each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("Choose a picture, or take one with the camera.")]
    Missing,
    #[error("This file is larger than 10 MB. Choose a smaller picture.")]
    TooLarge,
    #[error("This picture has more than 32 million pixels. Choose a smaller one.")]
    TooManyPixels,
    #[error(
        "This is not a JPEG or PNG picture that can be read: it may be another kind of file, or cut off. Choose another."
    )]
    Unreadable,
}

impl From<Unfit> for Refusal {
    fn from(why: Unfit) -> Refusal {
        Refusal::PhotoUnfit { why }
    }
}

/// What a picture is by its own bytes: nobody asks what it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
}

impl Format {
    /// The format of what was sent, where it may be a photo at all.
    pub fn of(sent: &[u8]) -> Result<Format, Unfit> {
        match sent {
            [] => Err(Unfit::Missing),
            _ if sent.len() > LARGEST_SENT => Err(Unfit::TooLarge),
            _ if sent.starts_with(PNG_BEGINS) => Ok(Format::Png),
            _ if !sent.starts_with(JPEG_BEGINS) => Err(Unfit::Unreadable),
            // A lenient reader would fill what is lacking with grey.
            _ if !is_whole(sent) => Err(Unfit::Unreadable),
            _ => Ok(Format::Jpeg),
        }
    }
}

/// Before a picture is read, its size is asked.
pub fn size_check(width: u32, height: u32) -> Result<(), Unfit> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Unfit::Unreadable),
        pixels if pixels > MOST_PIXELS => Err(Unfit::TooManyPixels),
        _ => Ok(()),
    }
}

/// Whether a JPEG ends after its picture has begun: a camera's small preview, which has an end of its own, stands before it.
fn is_whole(jpeg: &[u8]) -> bool {
    let mut rest = &jpeg[2..];
    while let [0xFF, marker, high, low, ..] = *rest {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(next) = rest.get(2 + length..) else { return false };
        if marker == SCAN {
            return next.windows(2).any(|pair| pair == END);
        }
        rest = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A segment with a preview in it, the beginning of the picture, the picture, its end.
    const WHOLE: [u8; 20] =
        [0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9, 0xFF, 0xDA, 0, 3, 1, 7, 0xFF, 0, 0xFF, 0xD9];

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        assert_eq!(Format::of(&WHOLE), Ok(Format::Jpeg));
        assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n and more"), Ok(Format::Png));
        assert_eq!(Format::of(b"").unwrap_err(), Unfit::Missing);
        for other in [&b"GIF89a"[..], b"photo.jpg", b"\xFF\xD8", b"<svg>", b"\x89PN"] {
            assert_eq!(Format::of(other).unwrap_err(), Unfit::Unreadable, "{other:?}");
        }
        let mut large = WHOLE.to_vec();
        large.resize(LARGEST_SENT + 1, 0);
        assert_eq!(Format::of(&large).unwrap_err(), Unfit::TooLarge);
        large.truncate(LARGEST_SENT);
        assert_eq!(Format::of(&large), Ok(Format::Jpeg), "a camera may write more after the picture");
    }

    #[test]
    fn a_jpeg_that_was_cut_off_anywhere_is_none() {
        for length in 3..WHOLE.len() {
            assert_eq!(Format::of(&WHOLE[..length]).unwrap_err(), Unfit::Unreadable, "{length} bytes");
        }
    }

    #[test]
    fn the_size_is_asked_before_a_picture_is_read() {
        assert_eq!(size_check(5_712, 4_284), Ok(()), "a phone's camera");
        assert_eq!(size_check(50_000, 50_000), Err(Unfit::TooManyPixels));
        assert_eq!(size_check(u32::MAX, u32::MAX), Err(Unfit::TooManyPixels));
        assert_eq!(size_check(0, 480), Err(Unfit::Unreadable));
    }
}
