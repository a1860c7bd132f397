//! P18: every clinical table rebuilt from the history alone, row by row, and compared with the rows as they lie there.

mod tables;

use std::collections::BTreeMap;

use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use serde_json::{Map, Value};
use stepdown::on_either;
use stepdown::store::{Conn, StoreError};

use tables::{APART, At, TABLES, Table};

/// A row by its columns.
pub type Row = Map<String, Value>;

/// What one act established: the columns of its row in the history, and its body.
pub struct Said {
    pub fact: Row,
    pub kind: String,
    pub body: Value,
}

#[derive(diesel::QueryableByName)]
struct Json {
    #[diesel(sql_type = Text)]
    said: String,
}

/// Of each table the first difference from what the history tells of it.
pub fn compare(conn: &mut Conn) -> Result<Result<(), String>, StoreError> {
    if let Some(name) = forgotten(conn)? {
        return Ok(Err(format!("P18: nobody says how {name} is rebuilt")));
    }
    let mut history = rows(conn, "history")?;
    history.sort_by_key(|fact| fact["n"].as_i64());
    let history: Vec<Said> = history.into_iter().map(Said::of).collect();
    let mut wrong = Vec::new();
    for table in TABLES {
        let columns = columns(conn, table.name)?;
        let columns: Vec<&str> = columns.iter().map(String::as_str).filter(|one| !table.apart.contains(one)).collect();
        let told = told(table, &columns, &history);
        let there = rows(conn, table.name)?.into_iter().map(|row| (key(table, &row), row)).collect();
        if let Err(why) = same(&columns, &told, &there) {
            wrong.push(format!("P18: {}: {why}", table.name));
        }
    }
    Ok(if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) })
}

/// A table that stands in neither list.
fn forgotten(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT name AS said FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Conn::Postgres(_) => "SELECT CAST(tablename AS TEXT) AS said FROM pg_tables WHERE schemaname = 'public'",
    };
    let names: Vec<Json> = on_either!(conn, |c| diesel::sql_query(sql).load(c))?;
    let known = |name: &str| APART.contains(&name) || TABLES.iter().any(|table| table.name == name);
    Ok(names.into_iter().map(|json| json.said).find(|name| !known(name)))
}

impl Said {
    fn of(mut fact: Row) -> Said {
        let body = fact.remove("body").expect("a fact has a body");
        Said { kind: fact["kind"].as_str().expect("a word").to_owned(), body, fact }
    }
}

/// The rows of a table as the facts tell them, the last word standing.
fn told(table: &Table, columns: &[&str], history: &[Said]) -> BTreeMap<String, Row> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for said in history {
        let mut new: Vec<Row> = table.told_by(said).iter().map(|parts| table.row(columns, said, parts)).collect();
        for row in &mut new {
            let before = rows.get(&key(table, row));
            table.first.iter().for_each(|column| row[*column] = before.unwrap_or(row)[*column].clone());
        }
        if table.takes_away(said) {
            rows.remove(&key(table, &table.row(columns, said, &said.body)));
        }
        if let (Some(row), false) = (new.first(), table.anew.is_empty()) {
            rows.retain(|_, old| table.anew.iter().any(|column| old[*column] != row[*column]));
        }
        rows.extend(new.into_iter().map(|row| (key(table, &row), row)));
    }
    rows
}

impl Table {
    /// What a fact tells of the table: an object for each row.
    fn told_by(&self, said: &Said) -> Vec<Value> {
        let here = self.tellings.iter().filter(|(kinds, _)| kinds.is_empty() || kinds.contains(&said.kind.as_str()));
        here.flat_map(|(_, at)| match at {
            At::One(place, wanted) => {
                said.body.pointer(place).filter(|found| has(found, wanted)).cloned().into_iter().collect()
            }
            At::Each(place) => said.body.pointer(place).and_then(Value::as_array).cloned().unwrap_or_default(),
            At::Parts(place, parts) => said.body.pointer(place).map(parts).unwrap_or_default(),
        })
        .collect()
    }

    /// Whether a fact says that its row is no more.
    fn takes_away(&self, said: &Said) -> bool {
        let about = self.tellings.iter().any(|(kinds, _)| kinds.contains(&said.kind.as_str()));
        about && self.gone_without.is_some_and(|place| !has(&said.body, place))
    }

    /// A row from the object that tells it: each column by its own name there, or by the one it has instead.
    fn row(&self, columns: &[&str], said: &Said, parts: &Value) -> Row {
        let value = |column: &&str| {
            let named = self.named.iter().find(|(name, _)| name == column);
            let places = named.map_or_else(|| format!("/{column}"), |(_, places)| (*places).to_owned());
            let found = places.split('|').find_map(|place| match place.as_bytes() {
                [b'@', ..] => said.fact.get(&place[1..]).cloned(),
                [b'/', b'/', ..] => said.body.pointer(&place[1..]).cloned(),
                _ => parts.pointer(place).cloned(),
            });
            ((*column).to_owned(), plain(found.unwrap_or(Value::Null)))
        };
        let mut row = columns.iter().map(value).collect();
        (self.worked_out)(&mut row);
        row
    }
}

/// Whether an object says something there.
fn has(found: &Value, wanted: &str) -> bool {
    found.pointer(wanted).is_some_and(|part| !part.is_null())
}

fn key(table: &Table, row: &Row) -> String {
    table.key.iter().map(|column| row[*column].to_string()).collect::<Vec<_>>().join(" ")
}

fn same(columns: &[&str], told: &BTreeMap<String, Row>, there: &BTreeMap<String, Row>) -> Result<(), String> {
    for (key, row) in there {
        let Some(told) = told.get(key) else { return Err(format!("nothing tells of {row:?}")) };
        for column in columns {
            let nothing = told[*column].is_null() && row[*column] == "";
            if told[*column] != row[*column] && !nothing {
                return Err(format!("{key}: {column} is {}, and the history tells {}", row[*column], told[*column]));
            }
        }
    }
    told.iter().find(|(key, _)| !there.contains_key(*key)).map_or(Ok(()), |(_, row)| Err(format!("{row:?} is gone")))
}

/// Values as both sides write them: instants without a letter, truth as a number, JSON within text as JSON.
fn plain(value: Value) -> Value {
    match value {
        Value::Bool(yes) => Value::from(i64::from(yes)),
        Value::String(text) if text.len() == 20 && text.ends_with('Z') => {
            text.replace('T', " ").replace('Z', "").into()
        }
        Value::String(text) if text.len() == 19 && text.as_bytes()[10] == b'T' => text.replace('T', " ").into(),
        Value::String(text) => match text.as_bytes().first() {
            Some(b'{' | b'[') => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            _ => Value::String(text),
        },
        other => other,
    }
}

fn columns(conn: &mut Conn, table: &str) -> Result<Vec<String>, StoreError> {
    let sql = match conn {
        Conn::Sqlite(_) => format!("SELECT name AS said FROM pragma_table_info('{table}')"),
        Conn::Postgres(_) => format!(
            "SELECT CAST(column_name AS TEXT) AS said FROM information_schema.columns WHERE table_name = '{table}'"
        ),
    };
    let columns: Vec<Json> = on_either!(conn, |c| diesel::sql_query(sql).load(c))?;
    Ok(columns.into_iter().map(|column| column.said).collect())
}

fn rows(conn: &mut Conn, table: &str) -> Result<Vec<Row>, StoreError> {
    let columns = columns(conn, table)?;
    let all: Vec<String> = columns.iter().map(|one| format!("'{one}', \"{one}\"")).collect();
    let sql = match conn {
        Conn::Sqlite(_) => format!("SELECT json_object({}) AS said FROM {table}", all.join(", ")),
        Conn::Postgres(_) => format!("SELECT CAST(row_to_json(t) AS TEXT) AS said FROM {table} t"),
    };
    let rows: Vec<Json> = on_either!(conn, |c| diesel::sql_query(sql).load(c))?;
    let read = |json: Json| serde_json::from_str::<Row>(&json.said).expect("a database writes JSON");
    let plainly = |row: Row| row.into_iter().map(|(name, value)| (name, plain(value))).collect();
    Ok(rows.into_iter().map(read).map(plainly).collect())
}
