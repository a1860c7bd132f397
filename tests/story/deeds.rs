//! What people of the facility set out to do: each draws a page from the house as it is at this moment.

mod as_needed;
mod away;
pub mod bedside;
pub mod cupboard;
mod gradual;
pub mod incidents;
mod office;
mod orders;
mod paper;
mod people;
pub mod plans;
mod signs;
mod steps;

use stepdown::care::people::{Confirmed, Role, Staff};
use stepdown::store::cases::{Found, case_load};
use stepdown::store::plans::{PlanState, plan_ids};

use crate::copies;
use crate::founding::staff as member;
use crate::page::Page;
use crate::troubles::Trouble;
use crate::world::World;

pub type Deed = fn(&mut World) -> Option<Page>;

/// What may be done, how often beside the rest, and the trouble without which nobody does it.
#[rustfmt::skip]
pub const DEEDS: [(u32, Deed, Option<Trouble>); 68] = [
    (90, bedside::records, None),
    (4, bedside::corrects, Some(Trouble::Mistakes)),
    (2, bedside::notes_vomit, Some(Trouble::Mistakes)),
    (2, bedside::assesses, None),
    (6, paper::types_in, Some(Trouble::Paper)),
    (2, paper::types_in_as_needed, Some(Trouble::Paper)),
    (1, gradual::begins, None),
    (1, gradual::notes_attempt, None),
    (1, gradual::strikes, None),
    (1, gradual::contraindicates, None),
    (1, gradual::ends, None),
    (2, incidents::records, Some(Trouble::Mistakes)),
    (2, incidents::answers, None),
    (1, incidents::strikes, Some(Trouble::Mistakes)),
    (2, incidents::acknowledges_alert, None),
    (3, as_needed::orders, None),
    (1, as_needed::ends, None),
    (8, as_needed::gives, None),
    (2, as_needed::notes_effect, None),
    (2, as_needed::strikes, Some(Trouble::Mistakes)),
    (6, cupboard::receives, None),
    (3, cupboard::lets_leave, Some(Trouble::BadStock)),
    (2, cupboard::counts, None),
    (3, cupboard::resolves, None),
    (1, cupboard::looks_through, None),
    (8, plans::begins, None),
    (1, plans::discards, None),
    (1, plans::asks_again, None),
    (30, plans::signs, None),
    (2, plans::signs_own, None),
    (2, plans::holds, None),
    (1, plans::sends_back, None),
    (2, plans::answers, None),
    (2, plans::withdraws, None),
    (3, plans::pauses, Some(Trouble::Pauses)),
    (2, plans::ends_hold, None),
    (1, plans::finishes, None),
    (2, plans::asks_stop, Some(Trouble::Stops)),
    (2, plans::stops, None),
    (1, plans::declines_stop, None),
    (3, steps::amends, Some(Trouble::Amendments)),
    (3, steps::approves, None),
    (1, steps::drops, None),
    (2, orders::holds, Some(Trouble::Orders)),
    (3, orders::steps_back, None),
    (3, orders::orders, Some(Trouble::Orders)),
    (2, orders::reviews, None),
    (2, orders::confirms, None),
    (2, away::leaves, Some(Trouble::Absences)),
    (4, away::comes_back, None),
    (1, signs::sees, Some(Trouble::SevereSigns)),
    (2, signs::releases, None),
    (4, copies::sends, Some(Trouble::Restores)),
    (1, people::moves_resident, None),
    (1, people::admits, None),
    (1, people::changes, None),
    (1, people::leaves, Some(Trouble::LeavingStaff)),
    (1, people::lets_in, Some(Trouble::LeavingStaff)),
    (1, office::changes_settings, None),
    (1, office::changes_unit, None),
    (1, office::limits_medicine, None),
    (1, office::watches_medicine, None),
    (1, office::plans_ordering, None),
    (1, office::letters_mar, None),
    (1, office::codes_packs, None),
    (1, office::puts_photo, None),
    (1, office::takes_in_resident, None),
    (1, office::takes_in_nurse, None),
];

impl World {
    pub fn facility(&self) -> String {
        self.house.facility.id.clone()
    }

    /// Somebody who holds this role as far as they themselves know; who lost it lately may still have a page open.
    pub fn somebody(&mut self, role: Role) -> Staff {
        let all: Vec<String> =
            self.house.staff.iter().filter(|(_, held)| *held == role).map(|(one, _)| one.clone()).collect();
        let one = self.chance.pick(&all).clone();
        member(&self.house.facility.id, &one)
    }

    /// Somebody who holds this role, if anybody does: who walks the rounds of a large house.
    pub fn at_work(&mut self, role: Role) -> Staff {
        let holders = self.known.holders(role, self.clock.now());
        match self.chance.find(&holders) {
            Some(one) => member(&self.house.facility.id, one),
            None => self.somebody(role),
        }
    }

    /// Another person than this one, who gives their own password.
    pub fn second(&mut self, than: &Staff) -> Confirmed {
        let others: Vec<String> =
            self.house.staff.iter().map(|(one, _)| one.clone()).filter(|one| *one != than.person).collect();
        Confirmed { person: self.chance.pick(&others).clone() }
    }

    /// Mostly somebody else; now and then nobody, or the one who acts. Who walks the rounds of a large house mostly asks another
    /// nurse.
    pub fn witness(&mut self, by: &Staff) -> Option<Confirmed> {
        if self.breadth.rounds && self.chance.percent(95) {
            let mut nurses = self.known.holders(Role::Nurse, self.clock.now());
            nurses.retain(|nurse| *nurse != by.person);
            if let Some(person) = self.chance.find(&nurses).cloned() {
                return Some(Confirmed { person });
            }
        }
        match self.chance.below(20) {
            0 => None,
            1 => Some(confirmed(by)),
            _ => Some(self.second(by)),
        }
    }

    pub fn resident(&mut self) -> String {
        self.chance.pick(&self.house.residents).clone()
    }

    /// Something to say that was not said before.
    pub fn why(&mut self) -> String {
        self.words += 1;
        format!("Slept {} nights through, and walks to the garden and back.", self.words)
    }

    /// A running plan with everything a decision about its open reduction rests on.
    pub fn running(&mut self) -> Option<Found> {
        let (facility, now) = (self.facility(), self.clock.now());
        let by = member(&facility, "person-helen");
        let plans = self.read(|conn| plan_ids(conn, &[facility], PlanState::Running));
        let plan = self.chance.find(&plans)?.clone();
        let found = self.read(|conn| case_load(conn, &by, &plan, 0, now));
        let n = found.case.course.waiting().map_or(0, |open| open.n);
        Some(self.read(|conn| case_load(conn, &by, &plan, n, now)))
    }
}

pub fn confirmed(by: &Staff) -> Confirmed {
    Confirmed { person: by.person.clone() }
}
