//! Photos of three residents of Alder House: figures drawn by these lines, of nobody.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::months::Months;
use super::residents::{Inhabitant, RESIDENTS};
use crate::acts::ActError;
use crate::acts::put_photo::{PutPhoto, put_photo};
use crate::care::people::Role;
use crate::care::refusal::Refusal;
use crate::picture;
use crate::store::Conn;

type Colour = [u8; 3];

/// Whoever is photographed, with the colours of their hair, their face and their pullover.
const DRAWN: [(&str, Colour, Colour, Colour); 3] = [
    ("AH-0417", [214, 214, 208], [232, 196, 172], [58, 104, 122]),
    ("AH-0288", [96, 90, 88], [158, 112, 84], [128, 62, 70]),
    ("AH-0418", [190, 170, 140], [238, 208, 188], [94, 110, 70]),
];
const WALL: Colour = [222, 230, 228];
const DARK: Colour = [52, 44, 42];

impl Months {
    /// A nurse puts the photos in.
    pub fn photograph(&self, conn: &mut Conn) -> Result<(), ActError> {
        for (number, hair, face, pullover) in DRAWN {
            let Some(who) = RESIDENTS.iter().find(|who| who.number == number) else { continue };
            self.put_photo(conn, who, &figure(hair, face, pullover))?;
        }
        Ok(())
    }

    fn put_photo(&self, conn: &mut Conn, who: &Inhabitant, drawn: &[u8]) -> Result<(), ActError> {
        let form = self.chance.id(self.now, &format!("photo {}", who.number));
        let photo = picture::photo(drawn).map_err(Refusal::from)?;
        let ask = PutPhoto { form, resident: self.resident_id(who), seen: None, photo: Some(photo) };
        put_photo(conn, (&self.by("a.diallo"), Role::Nurse), &ask, self.now)
    }
}

/// Head and shoulders before a wall.
fn figure(hair: Colour, face: Colour, pullover: Colour) -> Vec<u8> {
    let shapes: [(Colour, [i64; 4]); 8] = [
        (hair, [240, 232, 128, 140]),
        (pullover, [240, 640, 216, 190]),
        (face, [240, 430, 48, 70]),
        (face, [240, 262, 104, 134]),
        (hair, [240, 150, 96, 44]),
        (DARK, [202, 254, 9, 11]),
        (DARK, [278, 254, 9, 11]),
        (DARK, [240, 336, 30, 5]),
    ];
    let drawn = RgbImage::from_fn(480, 600, |x, y| {
        let (x, y) = (i64::from(x), i64::from(y));
        let above = shapes.iter().rev().find(|(_, oval)| lies_in(*oval, x, y));
        Rgb(above.map_or(WALL, |(colour, _)| *colour))
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn).write_to(&mut file, ImageFormat::Png).expect("memory takes what is written");
    file.into_inner()
}

/// Whether a point lies in an oval: its middle, its half width and its half height.
fn lies_in([middle_x, middle_y, wide, high]: [i64; 4], x: i64, y: i64) -> bool {
    let (x, y) = ((x - middle_x) * 1000 / wide, (y - middle_y) * 1000 / high);
    x * x + y * y <= 1_000_000
}
