//! A picture that somebody sent becomes a small one, written anew: upright, and without what a camera hides in its file.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use sha2::{Digest, Sha256};

use crate::care::resident::photo::{Format, LONGER_SIDE, MOST_PIXELS, Photo, Unfit, size_check};

/// Good enough to know a face by.
const QUALITY: u8 = 85;
/// The largest a pixel may be: four colours of two bytes.
const PIXEL_BYTES: u64 = 8;

/// One after the other: a large picture takes some hundred megabytes while it is read.
static ALONE: Mutex<()> = Mutex::new(());

/// The photo to keep of a picture that was sent. It takes a moment: not for a thread that answers others.
pub fn photo(sent: &[u8]) -> Result<Photo, Unfit> {
    let format = Format::of(sent)?;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (picture, turned) = match format {
        Format::Jpeg => read(JpegDecoder::new(Cursor::new(sent)).map_err(unreadable)?),
        Format::Png => read(PngDecoder::with_limits(Cursor::new(sent), limits()).map_err(unreadable)?),
    }?;
    let mut small = shrunk(picture);
    small.apply_orientation(turned);
    written(&small)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * PIXEL_BYTES);
    limits
}

/// The picture as it lies in its file, and how it has to be turned.
fn read(mut decoder: impl ImageDecoder) -> Result<(DynamicImage, Orientation), Unfit> {
    let (width, height) = decoder.dimensions();
    size_check(width, height)?;
    decoder.set_limits(limits()).map_err(unreadable)?;
    let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(unreadable)?, turned))
}

/// A small picture stays as small as it is.
fn shrunk(picture: DynamicImage) -> DynamicImage {
    let small = picture.width().max(picture.height()) <= LONGER_SIDE;
    if small { picture } else { picture.resize(LONGER_SIDE, LONGER_SIDE, FilterType::Triangle) }
}

fn written(picture: &DynamicImage) -> Result<Photo, Unfit> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture.to_rgb8()).map_err(unreadable)?;
    let digest = Sha256::digest(&jpeg).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Photo { jpeg, digest })
}

/// What it says is for programmers; whoever sent the picture only needs to send another.
fn unreadable(why: ImageError) -> Unfit {
    match why {
        ImageError::Limits(_) => Unfit::TooManyPixels,
        _ => Unfit::Unreadable,
    }
}
