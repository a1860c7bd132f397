//! Hears what the program asks of a database, word for word.

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, Instrumentation, InstrumentationEvent};
use stepdown::on_either;
use stepdown::store::Conn;

use crate::house::House;

/// Hears every query of a connection, with its values.
#[derive(Clone, Default)]
pub struct Ear(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Ear {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.lock().unwrap().push(query.to_string());
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
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
