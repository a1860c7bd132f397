//! Hears what the program asks of a database, word for word.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use stepdown::on_either;
use stepdown::store::Conn;

use crate::house::House;

/// Hears every query of a connection, with its values, and which of them the connection keeps ready.
#[derive(Clone, Default)]
pub struct Ear(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    asked: Vec<String>,
    /// Without their values.
    kept: Vec<String>,
}

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => self.0.lock().unwrap().asked.push(query.to_string()),
            InstrumentationEvent::CacheQuery { sql, .. } => self.0.lock().unwrap().kept.push(sql.to_owned()),
            _ => {}
        }
    }
}

impl Ear {
    /// A connection of nobody's that it listens to.
    pub fn listening(&self, house: &House) -> Conn {
        let mut conn = house.plain();
        on_either!(&mut conn, |c| c.set_instrumentation(self.clone()));
        conn
    }

    /// What was asked since somebody last looked.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    /// Of what was asked since somebody last looked, what has to be understood anew each time.
    pub fn not_kept(&self) -> Vec<String> {
        let (asked, heard) = (self.heard(), self.0.lock().unwrap());
        asked.into_iter().filter(|query| !heard.kept.iter().any(|kept| query.starts_with(kept))).collect()
    }
}
