//! What a database holds, in numbers: how many rows each table has, and what every whole number in them adds up to.

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use stepdown::on_either;
use stepdown::store::{Conn, Db, StoreError};

/// Rows and sums by table and column. An act adds its own share to it, wherever it comes in the order of things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census(BTreeMap<String, i64>);

/// Not summed: the number of a fact in the history says who came first, and minutes go by.
const NOT_SUMMED: [&str; 2] = ["n", "late_minutes"];
/// Not care: a password on its way counts as a failed one until it is found right, and the bell writes its letters and
/// its marks when it rings.
const TABLES: &str = "SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%diesel%' AND name
    NOT IN ('throttles', 'letters', 'bells', 'letter_waits', 'alert_marks')";

impl Census {
    pub fn taken(db: &Db) -> Result<Census, StoreError> {
        db.read(|conn| {
            let mut all = BTreeMap::new();
            for table in words(conn, TABLES)? {
                let whole =
                    format!("SELECT name FROM pragma_table_info('{table}') WHERE upper(type) IN ('BIGINT', 'INTEGER', 'BOOLEAN')");
                let mut columns = words(conn, &whole)?;
                columns.retain(|column| !NOT_SUMMED.contains(&column.as_str()));
                let sums: String = columns.iter().map(|name| format!(" || ' ' || coalesce(sum({name}), 0)")).collect();
                let numbers = words(conn, &format!("SELECT count(*){sums} FROM {table}"))?.remove(0);
                let names = std::iter::once("rows".to_owned()).chain(columns);
                let told = names.zip(numbers.split(' ').map(|number| number.parse().unwrap()));
                all.extend(told.map(|(column, number): (String, i64)| (format!("{table}.{column}"), number)));
            }
            Ok(Census(all))
        })
    }

    /// What was added since.
    pub fn since(&self, before: &Census) -> Census {
        Census(self.0.iter().map(|(name, number)| (name.clone(), number - before.0[name])).collect())
    }

    pub fn with(&self, share: &Census) -> Census {
        Census(self.0.iter().map(|(name, number)| (name.clone(), number + share.0[name])).collect())
    }

    /// Where two differ, to be read by whoever looks for the reason.
    pub fn differs(&self, expected: &Census) -> Vec<String> {
        let unlike = self.0.iter().filter(|(name, number)| expected.0.get(*name) != Some(number));
        unlike.map(|(name, number)| format!("{name} is {number}, not {:?}", expected.0.get(name))).collect()
    }
}

/// Every row of a question that yields one text.
pub fn words(conn: &mut Conn, question: &str) -> Result<Vec<String>, StoreError> {
    Ok(on_either!(conn, |c| sql::<Text>(question).load(c))?)
}
