//! Copies of the database that somebody makes, and puts back days later: the house goes on from what the copy knew, and
//! no letter leaves it until a person has said so.

use std::fs;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use stepdown::acts::ring_bell::ring_bell;
use stepdown::acts::send_letters::{SendLetters, send_letters};
use stepdown::care::people::{Administrator, Role, Supervisor};
use stepdown::care::ringing::{Postmaster, Seen};
use stepdown::store::bells;
use stepdown::store::letters::wait_find;

use crate::known::Known;
use crate::page::{Claim, Page};
use crate::promises::Kept;
use crate::troubles::Trouble;
use crate::world::World;

/// What was known when a copy was made.
pub struct Copied {
    file: PathBuf,
    known: Known,
    kept: Kept,
    residents: Vec<String>,
    last_n: i64,
    waits: bool,
}

impl World {
    /// Now and then a copy is made, or the last one put back.
    pub fn copies(&mut self) {
        // Of a database on a server its own tools make copies.
        let file = self.ground.file().filter(|_| self.troubles.on(Trouble::Restores));
        let Some(database) = file else { return };
        // A copy of a large house takes long.
        if self.breadth.rounds && self.chance.percent(85) {
            return;
        }
        if self.chance.percent(3) {
            self.copy(&database);
        }
        if self.chance.percent(1) {
            self.put_back(&database);
        }
    }

    fn copy(&mut self, database: &Path) {
        let file = database.with_extension("copy");
        // Mostly there is none from before.
        let _absent = fs::remove_file(&file);
        let mut conn = SqliteConnection::establish(&database.to_string_lossy()).expect("the file is there");
        conn.batch_execute(&format!("VACUUM INTO '{}'", file.display())).expect("it can be copied");
        self.rang = false;
        self.copied = Some(Copied {
            file,
            known: self.known.clone(),
            kept: self.kept.clone(),
            residents: self.house.residents.clone(),
            last_n: self.last_n,
            waits: self.waits,
        });
    }

    fn put_back(&mut self, database: &Path) {
        let Some(copy) = self.copied.take() else { return };
        self.closed(|| fs::rename(&copy.file, database).expect("a file is put in the place of another"));
        self.trail.push(format!("{} a copy is put back", self.clock.now()));
        self.report.put_back += 1;
        // Pages that lie open show another house.
        self.open.clear();
        (self.known, self.kept, self.house.residents) = (copy.known, copy.kept, copy.residents);
        self.last_n = copy.last_n;
        self.waits = copy.waits || self.rang;
        // So that a copy of last month lacks no day, a bell lays out as soon as the house is open.
        self.lay_out();
    }

    /// The bell rings, and finds out whether this is still its house.
    pub fn finds_copies(&mut self) {
        let db = self.db().clone();
        let rings = self.read(bells::ring_last).rings;
        let seen = Seen { rings, mark: db.mark(), here: self.read(|conn| Ok(bells::place_here(conn))) };
        match db.write(move |conn, now| ring_bell(conn, &seen, now)) {
            Ok(rang) => self.must(db.keep_mark(rang.ring).map_err(|why| why.to_string())),
            Err(why) => self.must(Err(format!("P12: the bell cannot ring: {why}"))),
        }
        self.rang = true;
    }
}

/// Somebody has looked at the letters that wait.
pub fn sends(world: &mut World) -> Option<Page> {
    let facility = world.facility();
    let wait = world.read(|conn| wait_find(conn, &facility))?.id;
    let role = *world.chance.pick(&[Role::Supervisor, Role::Administrator]);
    let (by, form) = (world.somebody(role), world.chance.id());
    let postmaster: Postmaster = match role {
        Role::Supervisor => Supervisor(by.clone()).into(),
        _ => Administrator(by.clone()).into(),
    };
    let ask = SendLetters { form: form.clone(), wait, leave_out: world.chance.percent(50) };
    let run = move |conn: &mut _, now| send_letters(conn, &postmaster, &ask, now);
    Some(Page::new("send_letters", &form, (&by, role), run).claims(Claim::LettersGo))
}
