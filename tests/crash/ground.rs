//! A small house made once, copied for every crash; and what must be true of a copy after one.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use stepdown::clock::Clock;
use stepdown::store::history::{Proof, fact_exists, facts_verify};
use stepdown::store::{Db, StoreError};
use stepdown::web::Hall;
use stepdown::web::password::{Cost, Passwords};
use tempfile::TempDir;

use crate::browser_like::Served;
use crate::census::{Census, words};
use crate::desk;
use crate::house::{House, at};
use crate::posts::{self, MINUTE, Post};
use crate::ward::Ringer;

/// The house, and everything that can be sent to it.
pub struct Ground {
    pub file: Vec<u8>,
    /// The house a moment earlier, when its bell has doses to lay out and so many letters to send.
    pub eager: Vec<u8>,
    pub letters: usize,
    pub posts: Vec<Post>,
    base: Census,
    /// What each post adds.
    shares: Vec<Census>,
}

/// The one ground of this run.
pub fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(Ground::laid)
}

/// Where folders are made: in memory where there is such a place. A killed process loses nothing that it has written.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

pub fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("stepdown.db").display())
}

/// Opens what is left as the program itself would at its next start, a moment later.
pub fn opened(folder: &Path) -> Result<Db, StoreError> {
    let db = Db::open(&database(folder), Clock::fixed(at(&format!("{MINUTE}:30Z"))))?;
    db.migrate()?;
    Ok(db)
}

fn served(db: &Db) -> Served {
    Served::with(Hall::new(db.clone(), Passwords::new(Cost::Cheap), false, false))
}

pub fn host(served: &Served) -> &str {
    served.base.trim_start_matches("http://")
}

/// The file as it stands, opened once as every program opens it.
pub fn kept(house: &House) -> Vec<u8> {
    let folder = folder();
    let copy = folder.path().join("stepdown.db");
    house.plain_sql(&format!("VACUUM INTO '{}'", copy.display())).unwrap();
    drop(opened(folder.path()).unwrap());
    std::fs::read(copy).unwrap()
}

impl Ground {
    fn laid() -> Ground {
        let house = House::on_sqlite();
        let (served, quiet) = (desk::open(&house), folder());
        let posts = posts::drawn(&house, &served);
        // The bell has nothing left to do: whatever happens from here on is the posts' doing.
        let eager = kept(&house);
        let letters = stepdown::config::Post::Folder(quiet.path().join("letters"));
        let letters = Ringer::new(&house.db, &letters).ring().sent;
        let file = kept(&house);
        drop((served, house));
        let mut ground = Ground { file, eager, letters, posts, base: Census::default(), shares: Vec::new() };
        ground.base = Census::taken(&opened(ground.copy().path()).unwrap()).unwrap();
        ground.shares = (0..ground.posts.len()).map(|post| ground.share(post)).collect();
        ground
    }

    /// What a post adds where nothing goes wrong.
    fn share(&self, post: usize) -> Census {
        let folder = self.copy();
        let db = opened(folder.path()).unwrap();
        let (post, served) = (&self.posts[post], served(&db));
        let answer = post.send(host(&served)).unwrap();
        assert_eq!(answer.status, post.expected(), "{}: {}", post.name, answer.page);
        let share = Census::taken(&db).unwrap().since(&self.base);
        let written = db.read(|conn| fact_exists(conn, &post.form)).unwrap();
        assert_eq!(written, post.expected() == 303, "{} is in the history by its form, or was refused", post.name);
        share
    }

    /// A folder with the house in it.
    pub fn copy(&self) -> TempDir {
        let folder = folder();
        std::fs::write(folder.path().join("stepdown.db"), &self.file).unwrap();
        folder
    }

    /// Everything that is wrong with what a crash has left of a copy: of the posts that were sent, these were answered
    /// as saved.
    pub fn wrongs(&self, folder: &Path, sent: &[usize], saved: &[usize]) -> Vec<String> {
        told(opened(folder).and_then(|db| self.left(&db, sent, saved)))
    }

    /// The same, and every post sent again.
    pub fn wrongs_and_again(&self, folder: &Path, sent: &[usize], saved: &[usize]) -> Vec<String> {
        told(opened(folder).and_then(|db| Ok([self.left(&db, sent, saved)?, self.sent_again(&db, sent)?].concat())))
    }

    fn left(&self, db: &Db, sent: &[usize], saved: &[usize]) -> Result<Vec<String>, StoreError> {
        let mut wrong = torn(db)?;
        let present = self.present(db)?;
        let lost = saved.iter().filter(|post| !present.contains(post));
        wrong.extend(lost.map(|post| format!("{LOST}: {} was answered as saved", self.posts[*post].name)));
        let unasked = present.iter().filter(|post| !sent.contains(post));
        wrong.extend(unasked.map(|post| format!("{} is there and was never sent", self.posts[*post].name)));
        wrong.extend(Census::taken(db)?.differs(&self.expected(&present)));
        Ok(wrong)
    }

    fn present(&self, db: &Db) -> Result<BTreeSet<usize>, StoreError> {
        db.read(|conn| {
            let mut there = BTreeSet::new();
            for (post, drawn) in self.posts.iter().enumerate() {
                if fact_exists(conn, &drawn.form)? {
                    there.insert(post);
                }
            }
            Ok(there)
        })
    }

    /// What the house holds once these posts are saved, each of them whole.
    fn expected(&self, present: &BTreeSet<usize>) -> Census {
        present.iter().fold(self.base.clone(), |census, post| census.with(&self.shares[*post]))
    }

    /// Whoever got no answer sends the same form again: it is answered, and stands once.
    fn sent_again(&self, db: &Db, sent: &[usize]) -> Result<Vec<String>, StoreError> {
        let served = served(db);
        let mut wrong = Vec::new();
        for post in sent.iter().map(|post| &self.posts[*post]) {
            let answer = post.send(host(&served));
            if answer.as_ref().map(|answer| answer.status) != Some(post.expected()) {
                wrong.push(format!("{} sent again is answered {answer:?}", post.name));
            }
        }
        let all = sent.iter().copied().filter(|post| self.posts[*post].expected() == 303).collect();
        wrong.extend(Census::taken(db)?.differs(&self.expected(&all)).iter().map(|line| format!("sent again: {line}")));
        Ok(wrong)
    }
}

/// How a wrong begins that means that somebody was told of what is not there.
pub const LOST: &str = "LOST";

fn told(looked: Result<Vec<String>, StoreError>) -> Vec<String> {
    looked.unwrap_or_else(|why| vec![format!("it cannot be opened: {why}")])
}

/// What is only half there.
pub fn torn(db: &Db) -> Result<Vec<String>, StoreError> {
    db.read(|conn| {
        let mut wrong = words(conn, "SELECT integrity_check FROM pragma_integrity_check")?;
        wrong.retain(|line| line != "ok");
        wrong.extend(words(conn, "SELECT \"table\" || ' points nowhere' FROM pragma_foreign_key_check")?);
        wrong.extend(words(conn, UNBALANCED)?);
        wrong.extend(words(conn, UNTOLD)?);
        wrong.extend(facts_verify(conn, &Proof::default())?.err().map(|fault| fault.to_string()));
        Ok(wrong)
    })
}

const UNBALANCED: &str = "SELECT 'register ' || id || ' does not add up' FROM registers
    WHERE balance <> (SELECT coalesce(sum(parts), 0) FROM register_entries WHERE register = registers.id)";
const UNTOLD: &str = "SELECT 'administration ' || id || ' is not in the history' FROM administrations
    WHERE NOT EXISTS (SELECT 1 FROM history WHERE history.subject = dose OR history.id = administrations.id)";
