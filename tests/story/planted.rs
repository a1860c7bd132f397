//! Bugs put in on purpose, one for each promise: an act that also leaves what such a bug would leave. The story must
//! catch every one of them, or its silence about the others says nothing.

use diesel::connection::SimpleConnection;
use stepdown::on_either;
use stepdown::store::Conn;

use crate::rebuilt;
use crate::world::World;

/// A bug, the act that has it (none: whatever happens between two steps), and what it does to a SQLite file. Where a
/// constraint or a trigger of the database would have stopped it, that is taken away first.
#[derive(Debug, Clone, Copy)]
pub struct Planted {
    pub promise: &'static str,
    pub act: Option<&'static str>,
    wrong: &'static str,
}

pub const PLANTED: [Planted; 20] = [
    // A dose that is still to be given is another one than the level says.
    Planted { promise: "P1", act: None, wrong: "UPDATE doses SET amount_ug = amount_ug + 125 WHERE NOT recorded" },
    // A dose is recorded as another than the one that was due.
    Planted { promise: "P1", act: Some("record_dose"), wrong: "
        DROP TRIGGER IF EXISTS doses_unchanged;
        UPDATE doses SET amount_ug = amount_ug + 125 WHERE id = (SELECT dose FROM administrations ORDER BY n DESC LIMIT 1)" },
    // One signature for two reductions.
    Planted { promise: "P2", act: Some("sign_reduction"), wrong: "
        DROP TABLE IF EXISTS temp.more;
        CREATE TEMP TABLE more AS SELECT * FROM plan_facts WHERE kind = 'signed' AND rowid = (SELECT max(rowid) FROM plan_facts);
        UPDATE more SET id = 'more ' || id, seq = seq + 1, n = n + 1, step = step + 1, effective_on = date(effective_on, '+1 day');
        INSERT INTO plan_facts SELECT * FROM more" },
    // A signature that skips a step.
    Planted { promise: "P3", act: Some("sign_reduction"), wrong: "
        DROP TRIGGER IF EXISTS plan_facts_unchanged;
        UPDATE plan_facts SET step = step + 1 WHERE kind = 'signed' AND rowid = (SELECT max(rowid) FROM plan_facts)" },
    // A signature that is in force days too early.
    Planted { promise: "P4", act: Some("sign_reduction"), wrong: "
        DROP TRIGGER IF EXISTS plan_facts_unchanged;
        UPDATE plan_facts SET effective_on = date(effective_on, '-3 days')
        WHERE kind = 'signed' AND rowid = (SELECT max(rowid) FROM plan_facts)" },
    // A dose that is not laid out.
    Planted { promise: "P5", act: None, wrong: "
        UPDATE doses SET void = true WHERE id = (SELECT max(id) FROM doses WHERE NOT recorded AND NOT void)" },
    // A second record of one dose.
    Planted { promise: "P6", act: Some("record_dose"), wrong: "
        DROP INDEX IF EXISTS administrations_one; DROP TRIGGER IF EXISTS administrations_unreplaced; DROP TABLE IF EXISTS temp.twice;
        CREATE TEMP TABLE twice AS SELECT * FROM administrations ORDER BY n DESC LIMIT 1;
        UPDATE twice SET id = 'twice', corrects = NULL,
            n = (SELECT max(n) FROM history WHERE n NOT IN (SELECT n FROM administrations));
        INSERT INTO administrations SELECT * FROM twice" },
    // A note that is put right in place.
    Planted { promise: "P7", act: None, wrong: "
        DROP TRIGGER IF EXISTS administrations_unchanged;
        UPDATE administrations SET note = note || '.' WHERE n = (SELECT min(n) FROM administrations)" },
    // Whoever approved the plan signs its reduction.
    Planted { promise: "P8", act: Some("sign_reduction"), wrong: "
        DROP TRIGGER IF EXISTS plan_facts_unchanged;
        UPDATE plan_facts SET decided_by = (SELECT a.decided_by FROM plan_facts a WHERE a.plan = plan_facts.plan
            AND a.kind = 'approved') WHERE kind = 'signed' AND rowid = (SELECT max(rowid) FROM plan_facts)" },
    // The limit of 24 hours is not looked at.
    Planted { promise: "P9", act: Some("record_as_needed"), wrong: "
        DROP TRIGGER IF EXISTS as_needed_doses_unchanged;
        UPDATE as_needed_doses SET given_ug = given_ug * 40 WHERE n = (SELECT max(n) FROM as_needed_doses)" },
    // Pieces are taken twice for one dose.
    Planted { promise: "P10", act: Some("record_dose"), wrong: "
        DROP TABLE IF EXISTS temp.again;
        CREATE TEMP TABLE again AS SELECT e.* FROM register_entries e JOIN registers r ON r.id = e.register AND r.last_seq = e.seq
            WHERE e.kind = 'given' AND e.n = (SELECT max(n) FROM history) AND r.balance + 3 * e.parts >= 0 LIMIT 1;
        UPDATE again SET parts = parts * 3, id = 'again ' || id, seq = seq + 1;
        UPDATE registers SET balance = balance + (SELECT sum(parts) FROM again), last_seq = last_seq + 1
            WHERE id IN (SELECT register FROM again);
        INSERT INTO register_entries SELECT * FROM again" },
    // What is given stays in the book.
    Planted { promise: "P11", act: Some("record_dose"), wrong: "
        UPDATE registers SET balance = balance + 1 WHERE id IN
            (SELECT register FROM register_entries WHERE n = (SELECT max(n) FROM history))" },
    // What is given leaves another box than that of the unit in which the resident lived.
    Planted { promise: "P11", act: Some("record_as_needed"), wrong: "
        DROP TRIGGER IF EXISTS as_needed_doses_unchanged;
        UPDATE as_needed_doses SET unit = (SELECT u.id FROM units u WHERE u.facility = as_needed_doses.facility
            AND u.id <> as_needed_doses.unit) WHERE n = (SELECT max(n) FROM as_needed_doses)" },
    // One letter becomes two.
    Planted { promise: "P12", act: None, wrong: "
        CREATE TABLE twice AS SELECT * FROM letters; DROP TABLE letters; ALTER TABLE twice RENAME TO letters;
        CREATE TEMP TABLE copy AS SELECT * FROM letters LIMIT 1; UPDATE copy SET id = 'copy';
        INSERT INTO letters SELECT * FROM copy" },
    // A letter says whom it is about.
    Planted { promise: "P13", act: None, wrong: "
        UPDATE letters SET body = body || (SELECT min(surname) FROM residents) WHERE id = (SELECT max(id) FROM letters)" },
    // Whoever is gone still acts.
    Planted { promise: "P14", act: Some("end_role"), wrong: "UPDATE memberships SET ends_at = NULL, ended_at = NULL" },
    // A record that was answered "saved" is lost.
    Planted { promise: "P15", act: None, wrong: "
        DROP TRIGGER IF EXISTS history_unremoved; DELETE FROM history WHERE n = (SELECT max(n) - 5 FROM history)" },
    // A record is written down as if it had been made two days ago.
    Planted { promise: "P16", act: Some("record_dose"), wrong: "
        DROP TRIGGER IF EXISTS history_unchanged;
        UPDATE history SET done_at = datetime(done_at, '-2 days') WHERE n = (SELECT max(n) FROM history)" },
    // Two plans of one resident and medicine run.
    Planted { promise: "P17", act: None, wrong: "
        DROP INDEX IF EXISTS plan_medicines_one_running; DROP TABLE IF EXISTS temp.both;
        CREATE TEMP TABLE both AS SELECT * FROM plan_medicines WHERE running ORDER BY plan LIMIT 1;
        UPDATE both SET plan = (SELECT max(id) FROM plans WHERE id NOT IN (SELECT plan FROM plan_medicines));
        INSERT INTO plan_medicines SELECT * FROM both" },
    // The history keeps another amount than the record.
    Planted { promise: "P18", act: Some("record_dose"), wrong: "
        DROP TRIGGER IF EXISTS history_unchanged;
        UPDATE history SET body = json_set(body, '$.given', 1) WHERE n = (SELECT max(n) FROM history)" },
];

impl Planted {
    /// Does what the bug does. Where nothing is there to do it to, it waits for the next time.
    pub fn strike(&self, conn: &mut Conn) {
        let _nothing_there = on_either!(conn, |c| c.batch_execute(self.wrong));
    }
}

impl World {
    /// What a bug between two steps does. Now and then everything is asked, at once where nobody's page would tell.
    pub fn planted_between(&mut self) {
        let Some(planted) = self.planted else { return };
        if planted.act.is_some() && !self.report.steps.is_multiple_of(10) {
            return;
        }
        if planted.act.is_none() {
            let _nothing_there = self.db().write(move |conn, _| {
                planted.strike(conn);
                Ok::<_, stepdown::acts::ActError>(())
            });
        }
        self.promises_hold();
        let rebuilt = self.read(rebuilt::compare);
        self.must(rebuilt);
    }
}
