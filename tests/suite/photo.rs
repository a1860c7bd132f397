//! A resident's photo: put in, seen, replaced, removed; nothing of it but the picture is kept, and whatever is no picture is refused.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sha2::{Digest, Sha256};
use stepdown::picture;

use crate::browser_like::{Served, Shown, Visitor, settle};
use crate::house::{House, on_both};
use crate::pages::keeps_the_laws;
use crate::ward;

const PAGE: &str = "/residents/resident-1/photo";
const ITSELF: &str = "/residents/resident-1/photo.jpg";
const PHOTO: (&str, &str) = ("photo", "ada.jpg");

/// Red above, blue below.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let colour = |y| if y < height / 2 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    let drawn = RgbImage::from_fn(width, height, |_, y| colour(y));
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn).write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    picture(width, height, ImageFormat::Jpeg)
}

/// The picture as a camera writes it that was held on its side: a note to turn it right, and where it was taken.
fn on_its_side(mut jpeg: Vec<u8>) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"51.5007 N 0.1246 W");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    jpeg.splice(2..2, [&[0xFF, 0xE1], &length[..], &exif].concat());
    jpeg
}

/// The same few bytes, claiming 50,000 pixels each way.
fn jpeg_bomb() -> Vec<u8> {
    let mut file = jpeg(16, 16);
    let frame = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    file[frame + 5..frame + 9].copy_from_slice(&[0xC3, 0x50, 0xC3, 0x50]);
    file
}

fn png_bomb() -> Vec<u8> {
    let mut file = picture(16, 16, ImageFormat::Png);
    file[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
    let sum = file[12..29].iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 })
    });
    file[29..33].copy_from_slice(&(!sum).to_be_bytes());
    file
}

fn friday(house: &House) -> Served {
    settle(house);
    Served::start(house)
}

fn put(by: &Visitor, file: &[u8]) -> Shown {
    by.enclose(&by.get(PAGE), PAGE, PHOTO, file)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn facts(house: &House) -> i64 {
    house.count("history WHERE kind IN ('put_photo', 'remove_photo')")
}

#[test]
fn a_photo_is_put_in_seen_replaced_and_removed() {
    on_both(|house| {
        let served = friday(house);
        let nurse = served.signed_in("nurse");
        let before = nurse.get(PAGE);
        keeps_the_laws("no photo yet", &before.body);
        assert!(!before.has("img") && nurse.get(ITSELF).status == 404);
        for _ in 0..2 {
            let saved = nurse.enclose(&before, PAGE, PHOTO, &jpeg(1200, 1600));
            assert_eq!((saved.status, saved.location()), (303, PAGE), "a repeated post: {}", saved.text());
        }
        assert_eq!((house.count("photos"), facts(house)), (1, 1));
        let seen = nurse.get(PAGE);
        keeps_the_laws("a photo", &seen.body);
        assert_eq!(seen.attribute("img", "alt").as_deref(), Some("ASH, Ada"));
        let first = nurse.get(ITSELF);
        assert_eq!((first.status, first.header("content-type")), (200, Some("image/jpeg")));
        assert_eq!(first.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        let small = image::load_from_memory(&first.bytes).unwrap();
        assert_eq!((small.width(), small.height()), (360, 480));
        let tag = first.header("etag").unwrap();
        assert_eq!(nurse.asked(ITSELF, &[("If-None-Match", tag)]).status, 304);
        let administrator = served.signed_in("administrator");
        assert_eq!(put(&administrator, &picture(90, 60, ImageFormat::Png)).status, 303);
        let second = nurse.asked(ITSELF, &[("If-None-Match", tag)]);
        assert_eq!((second.status, image::load_from_memory(&second.bytes).unwrap().width()), (200, 90), "another one");
        let supervisor = served.signed_in("supervisor");
        let removal = format!("{PAGE}/removal");
        let removed = supervisor.fill(&supervisor.get(PAGE), &removal, &[]);
        assert_eq!(removed.status, 303, "{}", removed.text());
        assert_eq!((house.count("photos"), nurse.get(ITSELF).status, facts(house)), (0, 404, 3));
        let put_first = format!("history WHERE kind = 'put_photo' AND body LIKE '%{}%'", digest(&first.bytes));
        assert_eq!(house.count(&put_first), 2, "as what was put in, and as what was replaced");
        assert!(seen.text().contains("Put in by Nora Nurse, 20 Nov 2026 08:12"), "{}", seen.text());
        let after = supervisor.get(PAGE);
        assert!(after.text().contains("Removed by Sue Supervisor"), "{}", after.text());
        let entry = supervisor.get(&after.attribute("main a[href^='/history/']", "href").unwrap());
        assert!(entry.text().contains("Photo of a resident removed"), "{}", entry.text());
        assert!(entry.body.contains(&digest(&second.bytes)), "{}", entry.text());
    });
}

#[test]
fn whoever_stands_before_the_resident_sees_it_and_without_one_no_page_has_a_picture() {
    on_both(|house| {
        let (served, _) = ward::served_on_saturday(house, "08:05:00");
        let nurse = served.signed_in("nurse");
        let round = "/round?unit=east&round=08:00&on=2026-11-21";
        let dose = nurse.get(round).attributes("a.btn", "href").remove(0);
        let pages = [round, &dose, "/residents/resident-1", "/residents/resident-1/absence"];
        assert!(pages.iter().all(|page| !nurse.get(page).has("main img, .banner img")));
        assert_eq!(put(&nurse, &jpeg(300, 300)).status, 303);
        for page in pages {
            let page = nurse.get(page);
            assert_eq!(page.attribute("img", "src").as_deref(), Some(ITSELF), "{}", page.text());
            assert_eq!(page.attribute("img", "alt").as_deref(), Some("ASH, Ada"));
            keeps_the_laws("a page with a photo", &page.body);
        }
    });
}

#[test]
fn it_is_turned_upright_and_nothing_is_kept_but_the_picture() {
    let sent = on_its_side(jpeg(800, 400));
    let kept = picture::photo(&sent).unwrap();
    let upright = image::load_from_memory(&kept.jpeg).unwrap().into_rgb8();
    assert_eq!((upright.width(), upright.height()), (240, 480));
    let (left, right) = (upright.get_pixel(20, 240), upright.get_pixel(220, 240));
    assert!(left[2] > left[0] && right[0] > right[2], "what was above is right: {left:?} {right:?}");
    for hidden in [&b"Exif"[..], b"51.5007"] {
        assert!(sent.windows(hidden.len()).any(|part| part == hidden));
        assert!(!kept.jpeg.windows(hidden.len()).any(|part| part == hidden));
    }
    let again = picture::photo(&kept.jpeg).unwrap();
    assert_eq!(again.digest.len(), 64);
    assert_eq!(image::load_from_memory(&again.jpeg).unwrap().height(), 480, "a small one stays as small as it is");
}

#[test]
fn what_is_no_picture_is_refused_and_the_photo_stays() {
    on_both(|house| {
        let served = friday(house);
        let nurse = served.signed_in("nurse");
        assert_eq!(put(&nurse, &jpeg(300, 300)).status, 303);
        let stands = nurse.get(ITSELF).bytes;
        let whole = jpeg(600, 600);
        let too_large = [jpeg(100, 100), vec![0; 10 * 1024 * 1024]].concat();
        for (file, sentence) in [
            (&b""[..], "Choose a picture"),
            (b"This is a text that calls itself a picture.", "not a JPEG or PNG picture that can be read"),
            (b"GIF89a\x01\0\x01\0\0\0\0;", "not a JPEG or PNG picture that can be read"),
            (&whole[..whole.len() / 2], "may be another kind of file, or cut off"),
            (&picture(600, 600, ImageFormat::Png)[..200], "may be another kind of file, or cut off"),
            (&jpeg_bomb(), "more than 32 million pixels"),
            (&png_bomb(), "more than 32 million pixels"),
            (&too_large, "larger than 10 MB"),
        ] {
            let refused = put(&nurse, file);
            assert_eq!(refused.status, 422, "{sentence}: {}", refused.text());
            assert!(refused.text().contains(sentence), "{sentence}: {}", refused.text());
            keeps_the_laws(sentence, &refused.body);
        }
        assert_eq!((nurse.get(ITSELF).bytes, facts(house)), (stands, 1));
    });
}

#[test]
fn nothing_is_put_in_without_the_proof_of_our_own_page_or_by_anybody_else() {
    on_both(|house| {
        let served = friday(house);
        let nurse = served.signed_in("nurse");
        let mut forged = nurse.get(PAGE);
        forged.body = forged.body.replace("name=\"csrf\" value=\"", "name=\"csrf\" value=\"0");
        assert_eq!(nurse.enclose(&forged, PAGE, PHOTO, &jpeg(40, 40)).status, 403);
        let page = nurse.get(PAGE);
        assert_eq!(nurse.fill(&page, PAGE, &[]).status, 400, "no file can be in such a form");
        assert_eq!(served.visitor().enclose(&page, PAGE, PHOTO, &jpeg(40, 40)).status, 303, "sent to sign in");
        let pharmacist = served.signed_in("pharmacist");
        let theirs = pharmacist.get(PAGE);
        assert!(theirs.status == 200 && !theirs.has("input[type=file]"), "they only look");
        let mut own = nurse.get(PAGE);
        let proof = theirs.attribute("input[name=csrf]", "value").unwrap();
        own.body = own.body.replace(&own.attribute("form[enctype] input[name=csrf]", "value").unwrap(), &proof);
        assert_eq!(pharmacist.enclose(&own, PAGE, PHOTO, &jpeg(40, 40)).status, 403);
        assert_eq!((house.count("photos"), facts(house)), (0, 0));
        assert_eq!(put(&nurse, &jpeg(40, 40)).status, 303);
        let stranger = served.signed_in("stranger");
        for page in [PAGE, ITSELF] {
            assert_eq!(stranger.get(page).status, 404, "another facility’s");
            assert_eq!(served.visitor().get(page).status, 303, "sent to sign in");
        }
        let proof = stranger.get("/residents").attribute("input[name=csrf]", "value").unwrap();
        let mut own = nurse.get(PAGE);
        own.body = own.body.replace(&own.attribute("form[enctype] input[name=csrf]", "value").unwrap(), &proof);
        assert_eq!(stranger.enclose(&own, PAGE, PHOTO, &jpeg(50, 50)).status, 404);
        assert_eq!(stranger.fill(&own, &format!("{PAGE}/removal"), &[]).status, 404);
        assert_eq!((house.count("photos"), facts(house)), (1, 1));
    });
}

#[test]
fn of_two_who_put_one_in_the_second_is_told() {
    on_both(|house| {
        let served = friday(house);
        let (nurse, supervisor) = (served.signed_in("nurse"), served.signed_in("supervisor"));
        let (hers, theirs) = (nurse.get(PAGE), supervisor.get(PAGE));
        assert_eq!(nurse.enclose(&hers, PAGE, PHOTO, &jpeg(40, 40)).status, 303);
        let second = supervisor.enclose(&theirs, PAGE, PHOTO, &jpeg(50, 50));
        assert_eq!(second.status, 409, "{}", second.text());
        assert!(second.text().contains("Somebody else changed this photo"), "{}", second.text());
        assert_eq!((house.count("photos"), facts(house)), (1, 1));
    });
}
