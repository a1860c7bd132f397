//! Every way in which the rules of care say no: one sentence each, in one place that a clinician can review.

#[macro_use]
mod declare;
mod moved;

use super::amount::Amount;
use super::calendar::{Day, Slot};

refusals! {
    // Amounts, times and dates as people type them
    AmountUnreadable { text: String } = "amount_unreadable" at "amount": "“{text}” is not an amount. Write digits with a leading zero and at most three decimals, then mg: for example 0.5 mg.";
    AmountUnit { text: String } = "amount_unit" at "amount": "“{text}” has a unit that is easily misread. Write mg, micrograms or mL in full.";
    AmountNeedsConcentration { text: String } = "amount_needs_concentration" at "amount": "“{text}” is a volume. This medicine is not stocked as a liquid of one known strength: write the amount in mg.";
    AmountTooLarge { text: String } = "amount_too_large" at "amount": "“{text}” is more than any dose of these medicines. Check the decimal point.";
    SlotUnreadable { text: String } = "slot_unreadable" at "slot": "“{text}” is not a time of day. Write it on the 24-hour clock, for example 08:00.";
    DateUnreadable { text: String } = "date_unreadable" at "date": "“{text}” is not a date. Write it as 2026-11-23.";
    MomentUnreadable { text: String } = "moment_unreadable" at "": "“{text}” is not a date and time. Write it as 2026-11-23T08:00.";
    ZoneUnknown { text: String } = "zone_unknown" at "zone": "“{text}” is not a time zone this system knows. Use a name such as Europe/London or America/New_York.";
    // Admitting a resident
    ResidentSurname = "resident_surname" at "surname": "Write the surname, at most 80 characters.";
    ResidentForename = "resident_forename" at "forename": "Write the forename, at most 80 characters.";
    ResidentNumber = "resident_number" at "number": "Write the resident’s number in this facility.";
    ResidentNumberTaken { name: String } = "resident_number_taken" at "number": "This number belongs to {name}. Every resident has a number of their own.";
    ResidentBirthday = "resident_birthday" at "born_on": "Enter the date of birth, for example 1941-03-14.";
    ResidentRoom = "resident_room" at "room": "Write the room.";
    ResidentUnit = "resident_unit" at "unit": "Choose a unit of this facility.";
    AllergyStateMissing = "allergy_state_missing" at "allergy_state": "Choose what is known of allergies. Nothing chosen is not “none”.";
    AllergiesMissing = "allergies_missing" at "allergies": "Write the known allergies.";
    AllergiesContradict = "allergies_contradict" at "allergies": "Allergies are listed here. Choose “known”, or clear the list.";
    TransferNowhere = "transfer_nowhere" at "room": "The resident lives there already. Write the new room.";
    TransferTime = "transfer_time" at "moved_at": "Write when the resident moved, within the last 7 days, as 2026-11-23T08:00; or leave it empty for now.";
    ResidentMoved = "resident_moved" at "": "Somebody changed this resident’s details while the page was open. Nothing has been saved: look at them as they stand now.";
    // Taking in a list of residents
    ListEmpty = "list_empty" at "list": "Paste the list, with the names of its columns in the first line.";
    ListColumns { missing: String } = "list_columns" at "list": "The first line must name the columns. Missing: {missing}.";
    ListColumnTwice { column: String } = "list_column_twice" at "list": "The first line names the column {column} twice.";
    ListTooLong { most: usize } = "list_too_long" at "list": "That is more than {most} lines. Take them in part by part.";
    ListCells { cells: usize, wanted: usize } = "list_cells" at "list": "This line has {cells} cells, and the first line has {wanted}. Look for a comma or a quotation mark too many.";
    ListUnit { name: String, units: String } = "list_unit" at "list": "“{name}” is not a unit of this facility. Its units: {units}.";
    ListNumberTwice { number: String, line: u64 } = "list_number_twice" at "list": "The number {number} stands in line {line} already.";
    StaffListWrong { lines: usize } = "staff_list_wrong" at "list": "Nobody has been let in. Lines to put right: {lines}, listed below.";
    ListRole { name: String, roles: String } = "list_role" at "list": "“{name}” is not a role. Roles: {roles}.";
    ListAccountTwice { what: String, line: u64 } = "list_account_twice" at "list": "“{what}” stands in line {line} already. Everybody has one account.";
    ListWrong { lines: usize } = "list_wrong" at "list": "Nobody has been taken in. Lines to put right: {lines}, listed below.";
    // Drafting and approving
    DraftMoved = "draft_moved" at "": "This draft was changed, approved or discarded while the page was open. Nothing has been saved: look at it as it stands now.";
    RunningAlready { medicine: String } = "running_already" at "medicine": "This resident has a running {medicine} plan already. There is one running plan for each resident and medicine.";
    StartInPast { today: Day } = "start_in_past" at "baseline_on": "The baseline cannot start in the past. Choose {today} or later.";
    FirstReductionTooEarly { earliest: Day } = "first_reduction_too_early" at "first_reduction_on": "The first reduction comes after the baseline: {earliest} at the earliest.";
    PlanEmpty = "plan_empty" at "steps": "A plan needs a current dose above 0 mg and at least one reduction.";
    StepsApart { ordinal: u32 } = "steps_apart" at "steps": "Step {ordinal} does not start when the step before it has lasted its days. Preview the steps again.";
    DayTooFar { latest: Day } = "day_too_far" at "first_reduction_on": "A taper is planned at most a year ahead: {latest} is the latest day for this.";
    PlanMoved = "plan_moved" at "": "This plan changed while the page was open. Nothing has been saved: look at it as it stands now.";
    IndicationMissing = "indication_missing" at "indication": "Write what the medicine was prescribed for.";
    WhyMissing = "why_missing" at "why": "Write why the taper starts now.";
    MissedDoseLong = "missed_dose_long" at "missed_dose": "Write in at most 400 characters what is done with a missed dose.";
    LeastHours = "least_hours" at "least_hours": "The least interval is a whole number of hours from 1 to 24.";
    // The baseline
    BaselineWanting { what: String } = "baseline_wanting" at "": "This plan cannot be approved before its baseline is complete. Missing: {what}.";
    SinceUnreadable { text: String } = "since_unreadable" at "since": "“{text}” is not a month or a day. Write it as 2019-04 or 2019-04-15.";
    SinceInFuture = "since_in_future" at "since": "That is still to come. Write since when the medicine is taken.";
    SinceBeforeBirth = "since_before_birth" at "since": "That is before the resident was born. Write since when the medicine is taken.";
    MonthUnreadable { text: String } = "month_unreadable" at "": "“{text}” is not a month. Write it as 2027-09.";
    MonthTooFar { latest: String } = "month_too_far" at "": "That is too far ahead: {latest} at the latest. Check the year.";
    AnswerUnknown = "answer_unknown" at "": "Choose one of the answers.";
    AnswerUnchosen = "answer_unchosen" at "": "Something is written here, but no answer is chosen. Choose one.";
    WordsMissing = "words_missing" at "": "Write which, in a few words.";
    WordsTooLong { most: usize } = "words_too_long" at "": "Keep this under {most} characters.";
    WordsBesideNo = "words_beside_no" at "": "The answer is no, and something is written here. Choose yes, or clear this.";
    SpecialistMissing = "specialist_missing" at "epilepsy_words": "Name the specialist who treats the epilepsy.";
    SupportWords = "support_words" at "support_words": "Write what is arranged and with whom; or why nothing is.";
    SupportUntil = "support_until" at "support_until": "Write the last month of the support, for example 2027-09.";
    SupportEnded = "support_ended" at "support_until": "That month is past. Support goes on during the taper and for months after it.";
    AgreedByMissing = "agreed_by_missing" at "agreed_by": "Choose who agreed.";
    RepresentativeMissing = "representative_missing" at "agreed_name": "Name the representative, at most 80 characters.";
    RepresentativeBesideResident = "representative_beside_resident" at "agreed_name": "The resident agreed, and a representative is named. Choose who agreed, or clear the name.";
    AgreedOnMissing = "agreed_on_missing" at "agreed_on": "Enter the day of the agreement.";
    AgreedHowMissing = "agreed_how_missing" at "agreed_how": "Choose how the agreement was given.";
    DayToCome { today: Day } = "day_to_come" at "": "That day is still to come. Enter {today} or earlier.";
    PrescriptionExpired { on: Day } = "prescription_expired" at "expires_on": "A prescription that expired on {on} carries no taper. Write a new one, and enter its day.";
    PrescriptionTooFar { latest: Day } = "prescription_too_far" at "expires_on": "No prescription lasts so long: {latest} at the latest. Check the year.";
    TakenOffName = "taken_off_name" at "taken_off_name": "Name who took the order off every other MAR, at most 80 characters.";
    TakenOffDay = "taken_off_day" at "taken_off_on": "Enter the day on which it was taken off.";
    ResumesUnknown = "resumes_unknown" at "resumes": "That is not an ended plan of this resident and medicine. Choose one of the list.";
    // Signing
    OwnPlan = "own_plan" at "": "You drafted, edited or approved this version of the plan, so another pharmacist must sign its reductions. The resident stays on the last signed dose.";
    ReductionMoved = "reduction_moved" at "": "This reduction is no longer the one that waits. Nothing has been signed: look at the plan as it stands now.";
    EvidenceMoved = "evidence_moved" at "": "Something this decision rests on was recorded while the page was open. Nothing has been signed: what you wrote is still here. Look at the page as it stands now, then sign again.";
    AlreadySigned { by: String, at: String } = "already_signed" at "": "{by} signed this reduction at {at}. Your signature was not needed and has not been saved.";
    NotYet { earliest: Day, opens_on: Day } = "not_yet" at "": "This reduction can be signed from {opens_on}, so that the signature rests on how the resident is then. It can take effect on {earliest} at the earliest.";
    StepBeforeNotInForce = "step_before_not_in_force" at "": "The step before is not in force yet. Only the next reduction can be signed.";
    WaitsForPrescriber = "waits_for_prescriber" at "": "This plan was sent back to the prescriber. Nothing of it can be signed until a prescriber has approved a new version.";
    SevereSignOpen = "severe_sign_open" at "": "A severe sign was recorded. Nothing can be signed until a prescriber has released the reductions. The dose stays as it is.";
    OrderStands = "order_stands" at "": "An urgent order is in force. Nothing can be signed until a prescriber has decided the level.";
    ResidentAway = "resident_away" at "": "The resident is away. No reduction takes effect meanwhile, and none is signed.";
    DecisionNeeded = "decision_needed" at "": "The resident came back, and a prescriber has not decided the dose yet. Nothing can be signed and nothing is given until then.";
    StopWaits = "stop_waits" at "": "A stop was asked for and waits for a pharmacist. Until then the dose stays as it is, and nothing else is signed.";
    AmendmentWaits = "amendment_waits" at "": "Other steps were submitted and wait for a prescriber’s approval. Nothing of the plan can be signed until then. The dose stays as it is.";
    EffectiveTooEarly { earliest: Day } = "effective_too_early" at "effective_on": "This reduction can take effect on {earliest} at the earliest: not before its planned date, the least days of the step before, the end of a hold, or the day after the signature.";
    EffectiveTooLate { latest: Day } = "effective_too_late" at "effective_on": "A reduction is signed at most a few days ahead: {latest} is the latest date for a signature made today.";
    RationaleMissing = "rationale_missing" at "rationale": "Write the rationale: why this decision is right for this resident now.";
    RationaleShort = "rationale_short" at "rationale": "The rationale is too short. Write at least 20 characters about this resident.";
    RationaleBoilerplate = "rationale_boilerplate" at "rationale": "The rationale does not say anything about this resident. Name what you looked at and what you found.";
    RationaleRepeated = "rationale_repeated" at "rationale": "This is the rationale of the decision before, word for word. Write what is true of the resident now.";
    RationaleLong = "rationale_long" at "rationale": "This is too long to be read at the bedside. Keep it under 2,000 characters.";
    ReasonForFlags = "reason_for_flags" at "flags_reason": "Some guideline checks need a reason. Write at least 20 characters on why this reduction is right all the same.";
    ReassessTooEarly { earliest: Day } = "reassess_too_early" at "reassess_on": "Look again on {earliest} or later.";
    ReassessTooLate { latest: Day } = "reassess_too_late" at "reassess_on": "A hold looks again within three months: {latest} at the latest.";
    NotSigned = "not_signed" at "": "This reduction is not signed, so there is nothing to withdraw or pause.";
    InForceAlready = "in_force_already" at "": "This reduction is in force already and cannot be withdrawn. A step back is a prescriber’s decision.";
    FirstDoseRecorded = "first_dose_recorded" at "": "The first dose of this reduction has been recorded, so it can no longer be paused. Call the prescriber if the resident is not well.";
    WrongPassword = "wrong_password" at "password": "That is not your password. Nothing has been signed or saved.";
    ReasonMissing = "reason_missing" at "rationale": "Write the reason in a few words.";
    PlanNotRunning = "plan_not_running" at "": "This plan is not running.";
    // Amending, stopping and finishing
    StepSettled { step: u32 } = "step_settled" at "steps": "Step {step} is or was in force and stays as it was signed. Amend the steps after it; a step back is a prescriber’s decision of its own.";
    NothingAmended = "nothing_amended" at "steps": "These are the steps as they stand. Change one, or leave the plan as it is.";
    NothingLeftToAmend = "nothing_left_to_amend" at "": "Nothing is taken under this plan any more, so there is nothing to amend. To begin again, draft a new plan that resumes this one.";
    AmendedTooEarly { earliest: Day } = "amended_too_early" at "first_reduction_on": "The next reduction comes {earliest} at the earliest: after today, and after the step in force has lasted its least days.";
    NothingToStop = "nothing_to_stop" at "": "Nothing is taken under this plan any more: it is finished, not stopped.";
    OwnStop = "own_stop" at "": "You asked for this stop, so a pharmacist other than you must countersign it. The dose continues until then.";
    GoalGoesOn { goal: Amount } = "goal_goes_on" at "": "This plan has reached its goal of {goal} a day, and those doses go on under it: it is not finished. Amend its goal to taper further, or ask for a stop.";
    NotAtItsEnd = "not_at_its_end" at "": "This plan has not come to its end. It is finished once 0 mg is in force.";
    // Orders of a prescriber, at a screen or by telephone
    HoldNothing = "hold_nothing" at "": "No reduction of this plan waits or is signed ahead, so there is nothing to hold. The dose stays as it is.";
    HoldNotOn = "hold_not_on" at "": "This plan is not on hold, or the hold was ended meanwhile. Nothing has been changed.";
    PlanNotBegun { starts: Day } = "plan_not_begun" at "": "This plan begins on {starts}. No dose of it is given before, so there is nothing to order yet.";
    StepBackMissing = "step_back_missing" at "step": "Choose the step to go back to.";
    StepBackNot = "step_back_not" at "step": "A step back leads to an earlier step, never to a lower dose. A reduction waits for a pharmacist’s signature, and never starts by an order. The dose stays as it is.";
    StepBackUnmakeable { slot: Slot, amount: Amount, medicine: String } = "step_back_unmakeable" at "step": "{amount} at {slot} cannot be made exactly from the {medicine} products stocked. Have the product stocked first, or choose another step. The dose stays as it is.";
    OrderMissing = "order_missing" at "amounts": "Write an amount for each time of day. 0 mg means: give nothing then.";
    OrderRaises { slot: Slot, medicine: String, most: Amount } = "order_raises" at "amounts": "An urgent order never raises a dose: {medicine} at {slot} is {most} at most. To go back up, decide on a step back.";
    OrderUnmakeable { slot: Slot, amount: Amount, medicine: String, nearest: String } = "order_unmakeable" at "amounts": "{amount} at {slot} cannot be made exactly from the {medicine} products stocked. The nearest that can: {nearest}.";
    OrderChangesNothing = "order_changes_nothing" at "amounts": "These are the doses in force already. Nothing has been ordered.";
    OrderSettled = "order_settled" at "": "Somebody has looked at this order already, or it is not one. Nothing more has been saved.";
    OrderNotYours = "order_not_yours" at "": "Only the prescriber who gave this order by telephone can confirm it.";
    NextDoseMoved { next: String } = "next_dose_moved" at "": "The next dose is another one than your page showed: an order takes effect {next}. NOT saved: look again, then order.";
    TelephoneReduces = "telephone_reduces" at "": "A telephone order never starts a reduction, and never approves or signs one. By telephone a prescriber can hold, suspend, lower for safety, or step back. Nothing has been saved; the dose stays as it is.";
    CallPrescriber = "call_prescriber" at "prescriber": "Choose the prescriber who gave the order. They must work in this facility.";
    CallSelf = "call_self" at "prescriber": "You cannot take a telephone order from yourself. A prescriber orders at the page for prescribers.";
    CallTime = "call_time" at "called_at": "Enter when the call was, on the 24-hour clock, for example 08:10: not later than now and at most 12 hours ago.";
    ReadBackMissing = "read_back_missing" at "read_back": "Read the order back to the prescriber, then tick that you did.";
    HeardBySame = "heard_by_same" at "second_username": "The second person is neither you nor the prescriber: somebody who heard the order read back.";
    HeardByStranger = "heard_by_stranger" at "second_username": "The second person does not work in this facility now. Nothing has been saved.";
    SecondWrong = "second_wrong" at "second_password": "This username and this password do not belong together. Nothing has been saved.";
    // Recording a dose
    AlreadyRecorded { what: String, by: String, at: String } = "already_recorded" at "": "{by} recorded this dose as {what} at {at}. Nothing of yours has been saved.";
    DoseChanged { from: Amount, to: Amount } = "dose_changed" at "": "This dose changed while the page was open: from {from} to {to}. Nothing has been recorded. Look at the dose again before you give it.";
    DoseVoid = "dose_void" at "": "This dose is no longer part of the plan. Nothing has been recorded.";
    NothingToGive = "nothing_to_give" at "": "Planned: no dose. There is nothing to give and nothing to record.";
    TooEarly { opens_at: String } = "too_early" at "given_at": "This dose can be recorded from {opens_at}. Nothing has been recorded.";
    OutcomeMissing = "outcome_missing" at "outcome": "Choose what happened.";
    ReasonForOutcome = "reason_for_outcome" at "reason": "Choose the reason.";
    ReasonForLate = "reason_for_late" at "reason": "This dose is late. Choose why.";
    NoteMissing = "note_missing" at "note": "Write in the note what the other reason was.";
    NoteTooLong = "note_too_long" at "note": "The note is too long. Keep it under 500 characters.";
    PartMissing = "part_missing" at "amount": "Write how much was taken: more than 0 and less than the whole dose.";
    GivenAtUnreadable = "given_at_unreadable" at "given_at": "Enter the actual time on the 24-hour clock, for example 08:10.";
    GivenInFuture = "given_in_future" at "given_at": "The actual time is later than now. Enter when it happened.";
    GivenTooEarly { opens_at: String } = "given_too_early" at "given_at": "The actual time is before the dose’s window, which opened at {opens_at}.";
    IntervalShort { what: String, hours: u32 } = "interval_short" at "prescriber": "{what}: less than the {hours} h that this plan wants between two doses. Do not give it without a prescriber’s word. Nothing has been recorded. If it was given already without one, record it as given in error.";
    WordAfter = "word_after" at "called_at": "The call was after the dose was given. A prescriber’s word comes first: if the dose was given without one, record it as given in error.";
    // Vomited after a dose
    VomitNothingTaken = "vomit_nothing_taken" at "": "Nothing of this dose is recorded as taken. Record the dose first, then what was seen after it.";
    VomitedUnreadable = "vomited_unreadable" at "at": "Write the time on the 24-hour clock, for example 08:40, or how many minutes after the dose it was, for example 25.";
    VomitedUnlikely = "vomited_unlikely" at "at": "That is before the dose was given, still to come, or more than 24 hours after the dose. Check the time.";
    VomitSeen = "vomit_seen" at "seen": "Write what you saw: a piece of the tablet, food, or nothing but water.";
    // Correcting what was recorded
    CorrectedAlready { by: String, at: String } = "corrected_already" at "": "{by} corrected this record at {at}. Nothing of yours has been saved: look at the record as it stands now.";
    CorrectionNotOwn = "correction_not_own" at "": "Somebody else made this record. Whoever made it can correct it, and so can a supervisor.";
    CorrectionTooLate { hours: u32 } = "correction_too_late" at "": "More than {hours} hours have passed since this was recorded. A supervisor can still correct it.";
    CorrectionReason = "correction_reason" at "why": "Write why the record is corrected, in at most 500 characters.";
    // As-needed doses
    AsNeededNothing = "as_needed_nothing" at "amount": "An as-needed dose is more than 0 mg.";
    AsNeededNoProduct { medicine: String } = "as_needed_no_product" at "medicine": "No product of {medicine} is stocked here, so no dose of it can be given.";
    AsNeededUnmakeable { amount: Amount, medicine: String, nearest: String } = "as_needed_unmakeable" at "amount": "{amount} cannot be made exactly from the {medicine} products stocked. The nearest that can: {nearest}.";
    AsNeededReason = "as_needed_reason" at "reason": "Write what the dose is for, so that a nurse knows when to give it.";
    AsNeededMostOverLimit { most: Amount, medicine: String, limit: Amount, says: String } = "as_needed_most_over_limit" at "most": "{most} is more than {medicine} allows in 24 hours: {limit} ({says}).";
    AsNeededNoRoom { most: Amount, amount: Amount, scheduled: Amount, least: Amount } = "as_needed_no_room" at "most": "A maximum of {most} leaves no room: it counts the scheduled doses too. {scheduled} is scheduled in 24 hours and one dose is {amount}, so write at least {least}, or do not order it.";
    AsNeededNoEnd { usual: Day } = "as_needed_no_end" at "ends_on": "An as-needed order needs a last day. The 14th day is {usual}.";
    AsNeededStartsInPast { today: Day } = "as_needed_starts_in_past" at "starts_on": "The order cannot start in the past. Choose {today} or later.";
    AsNeededEndsFirst { starts_on: Day } = "as_needed_ends_first" at "ends_on": "The last day is before the first one, {starts_on}.";
    AsNeededEndsTooLate { latest: Day } = "as_needed_ends_too_late" at "ends_on": "An as-needed order lasts a year at most: {latest} is the latest day.";
    AsNeededLong { usual: Day } = "as_needed_long" at "rationale": "An order beyond 14 days, past {usual}, needs a rationale of at least 20 characters about this resident.";
    AsNeededNotYet { first: Day } = "as_needed_not_yet" at "given_at": "This order starts on {first}, and not before it was written. Nothing has been recorded.";
    AsNeededOver { last: Day } = "as_needed_over" at "given_at": "The last day of this order was {last}. Do not give it: call the prescriber. Nothing has been recorded.";
    AsNeededEnded { at: String } = "as_needed_ended" at "given_at": "This order was ended on {at}. Do not give it: call the prescriber. Nothing has been recorded.";
    AsNeededEndedAlready { by: String, at: String } = "as_needed_ended_already" at "": "{by} ended this order at {at}. Nothing of yours has been saved.";
    AsNeededMoved { by: String, at: String } = "as_needed_moved" at "": "{by} gave a dose of this order at {at}, while your page was open. Nothing of yours has been recorded: look again before you give one.";
    AsNeededTooSoon { last: String, least: String, next: String } = "as_needed_too_soon" at "given_at": "A dose of this order was given at {last}, and {least} must lie between two. Nothing has been recorded. Next possible: {next}.";
    AsNeededOverMost { medicine: String, total: Amount, over: Amount, most: Amount, whose: String, counted: String, next: String } = "as_needed_over_most" at "given_at": "With this dose {medicine} would come to {total} in 24 hours, {over} more than the maximum of {most} ({whose}). Counted: {counted}. Nothing has been recorded. Next possible: {next}.";
    AsNeededSuspended { medicine: String, at: String } = "as_needed_suspended" at "given_at": "An urgent order suspended {medicine} at {at}: do not give it as needed either. Call the prescriber, who decides the level. Nothing has been recorded. Only a dose taken before {at} can be recorded, with its time.";
    AsNeededUndecided { medicine: String } = "as_needed_undecided" at "given_at": "The resident came back, and no prescriber has decided {medicine}: do not give it as needed either. Call the prescriber, who decides the level. Nothing has been recorded.";
    AsNeededWhy = "as_needed_why" at "why": "Write why it is needed now.";
    AsNeededWhyLong = "as_needed_why_long" at "why": "This is too long. Keep it under 500 characters.";
    EffectMissing = "effect_missing" at "effect": "Choose what the dose did.";
    EffectNote = "effect_note" at "note": "Describe in the note how sleepy the resident is and whom you called.";
    EffectNoted { what: String, by: String, at: String } = "effect_noted" at "": "{by} noted “{what}” at {at}. Nothing of yours has been saved.";
    LimitMissing = "limit_missing" at "most": "A maximum is more than 0 mg.";
    LimitSource = "limit_source" at "source": "Write where the maximum comes from, in 5 to 200 characters.";
    // The register
    CountUnreadable { text: String } = "count_unreadable" at "count": "“{text}” is not a count. Write digits: 28, or 27.5 where a half is left; a liquid in mL.";
    CountHalved = "count_halved" at "count": "This product is not halved here, so there is no half to count. Check the count, or the settings of the product.";
    CountNothing = "count_nothing" at "count": "Write how many: more than 0.";
    RegisterShort = "register_short" at "count": "The register does not hold that many. Nothing has been saved: count again, or enter first what came in.";
    DifferenceUnexplained = "difference_unexplained" at "ending": "No entry made since explains this difference: the register would hold less than nothing. Enter first what is missing, or adjust the register.";
    LotUnreadable = "lot_unreadable" at "lot": "Write the lot as it is printed on the pack, at most 20 letters and digits.";
    PackExpired { on: Day } = "pack_expired" at "expires_on": "This pack expired on {on}. Nothing of it may be given: send it back, and order another.";
    ExpiryMissing = "expiry_missing" at "expires_on": "Enter the last day on which the pack may be used, as it is printed, for example 2027-05-31. Where only a month is printed, enter its last day.";
    EntryNote = "entry_note" at "note": "Write from whom it came, or why it leaves.";
    MoveNowhere = "move_nowhere" at "to": "Choose the other unit whose box it goes to.";
    ProductNotStocked = "product_not_stocked" at "product": "Choose a product that is stocked here.";
    HolderMissing = "holder_missing" at "holder": "Choose whose supply it is.";
    PiecesMoved = "pieces_moved" at "": "The register moved while the page was open: the pieces it showed are not what the register holds now. Nothing has been recorded. Look at the pieces again.";
    DifferenceEnded { by: String, at: String } = "difference_ended" at "": "{by} resolved this difference at {at}. Nothing of yours has been saved.";
    CountMoved = "count_moved" at "": "Something was entered into a register while you counted. Nothing has been saved: count again, without looking at the book.";
    EndingMissing = "ending_missing" at "ending": "Choose how the difference ends.";
    DifferenceReason = "difference_reason" at "reason": "Write in at least 20 characters what was looked at and what explains the difference.";
    // A witness
    WitnessMissing = "witness_missing" at "second_username": "A witness is wanted for this here. Nothing has been saved: let a second person enter their own username and password.";
    WasteUnseen = "waste_unseen" at "second_username": "A witness is wanted for this here. Nothing has been saved: let a second person enter their own username and password. If nobody else is in the house, keep what was not touched, or write below why nobody could see it wasted.";
    AloneReason = "alone_reason" at "alone": "Write in at least 20 characters why nobody else could see it. A supervisor looks into it.";
    CountsDiffer { first: String, second: String } = "counts_differ" at "count": "You counted {first} and {second}. Nothing has been saved: both count this one again.";
    SecondCountMissing = "second_count_missing" at "count": "The second person writes down what they counted themselves.";
    LotToMove { lots: String } = "lot_to_move" at "lot": "Choose the lot that is moved: {lots}.";
    NothingToLookThrough { today: Day } = "nothing_to_look_through" at "on": "That day is still to come. Look through {today} or a day before it.";
    WitnessSelf = "witness_self" at "second_username": "Nobody is their own witness. Nothing has been saved: a second person enters their own username and password.";
    WitnessStranger = "witness_stranger" at "second_username": "A witness is a nurse, supervisor or pharmacist of this facility. Nothing has been saved.";
    // Planning
    MedicineUnknown { text: String } = "medicine_unknown" at "medicine": "There is no product of a medicine called “{text}”.";
    ProductUnreadable { line: usize, problem: String } = "product_unreadable" at "products": "Line {line} of the products is not a product: {problem}.";
    ShelfEmpty { medicine: String } = "shelf_empty" at "products": "No product of {medicine} was chosen, so no dose of it can be made.";
    ShelfTooFine { dose: Amount } = "shelf_too_fine" at "products": "The products differ by too little to work out a dose of {dose}. Check their strengths.";
    ProtocolMissing = "protocol_missing" at "protocol": "Choose how the steps are made.";
    ProtocolUnknown { text: String } = "protocol_unknown" at "protocol": "There is no protocol called “{text}”.";
    ProtocolUnreadable { problem: String } = "protocol_unreadable" at "protocol": "The protocol’s file cannot be read: {problem}.";
    ProtocolMedicine { protocol: String, medicine: String, medicines: String } = "protocol_medicine" at "protocol": "{protocol} is written for {medicines}, not for {medicine}.";
    ProtocolDose { protocol: String, most: Amount } = "protocol_dose" at "protocol": "{protocol} is written for at most {most} a day.";
    SettingUnknown { name: String } = "setting_unknown" at "settings": "This protocol has no parameter called “{name}”.";
    SettingWrong { name: String, text: String, limits: String } = "setting_wrong" at "settings": "“{text}” cannot be {name}: it is {limits}.";
    NoDose = "no_dose" at "dose": "Write today’s dose for at least one time of day; it must be above 0 mg.";
    SlotTwice { slot: Slot } = "slot_twice" at "dose": "{slot} stands there twice. Write one dose for each time of day.";
    DoseUnmakeable { slot: Slot, amount: Amount, medicine: String, nearest: String } = "dose_unmakeable" at "dose": "Today’s dose of {amount} at {slot} cannot be made exactly from the {medicine} products chosen. The nearest that can: {nearest}.";
    GoalTooHigh { goal: Amount, daily: Amount } = "goal_too_high" at "goal": "The goal of {goal} a day is not below today’s {daily} a day.";
    StepUnmakeable { step: u32, amount: Amount, medicine: String, nearest: String } = "step_unmakeable" at "steps": "Step {step}, {amount}, cannot be made exactly from the {medicine} products chosen. The nearest that can: {nearest}.";
    NothingSmaller { step: u32, amount: Amount, smallest: Amount, medicine: String } = "nothing_smaller" at "steps": "Step {step}, {amount}, cannot be made exactly: the smallest dose of the {medicine} products chosen is {smallest}. The nearest that can: 0 mg or {smallest}; or plan drug-free nights, chosen in advance.";
    GoalUnmakeable { goal: Amount, medicine: String, nearest: String } = "goal_unmakeable" at "goal": "The goal of {goal} a day cannot be made exactly from the {medicine} products chosen. The nearest that can: {nearest}.";
    NoReductionMakeable { asked: String, daily: Amount, nearest: String } = "no_reduction_makeable" at "protocol": "The first reduction cannot be made: {asked} of {daily} a day is less than the products chosen can take away. The nearest lower daily dose that can be made: {nearest}.";
    SwapSame { medicine: String } = "swap_same" at "to": "A cross-taper goes to another medicine than {medicine}.";
    SwapDays { least: u32, most: u32 } = "swap_days" at "swap_days": "Each swap lasts from {least} to {most} days.";
    TableMissing = "table_missing" at "table": "Choose the table that the converted doses are made with.";
    TableSilent { table: String, medicine: String } = "table_silent" at "table": "{table} gives no single dose for {medicine}. Choose a table that does.";
    ConvertedMissing { slot: Slot } = "converted_missing" at "converted": "Write the dose of the new medicine that takes the place of the one at {slot}; it is above 0 mg.";
    ConversionTooFine = "conversion_too_fine" at "converted": "Today’s doses are too odd together to be compared exactly. Check their decimals.";
    ConversionUnconfirmed = "conversion_unconfirmed" at "confirmed": "Nobody has confirmed the converted doses. Compare them with what the tables say, and tick the box.";
    HalfUnmakeable { slot: Slot, whole: Amount, medicine: String, nearest: String } = "half_unmakeable" at "halves": "Half of {whole} {medicine} at {slot} cannot be made exactly. The nearest that can: {nearest}. Swap each dose whole instead.";
    SwapUnfinished { medicine: String } = "swap_unfinished" at "steps": "The last step still has {medicine}. A cross-taper ends with the new medicine alone.";
    SwapStray { step: u32, slot: Slot, medicine: String } = "swap_stray" at "steps": "Step {step} has {medicine} at {slot}, for which nothing was confirmed.";
    NightsGoal = "nights_goal" at "goal": "This protocol ends in nights without a dose, so its goal is 0 mg.";
    NightsDoses = "nights_doses" at "dose": "Nights without a dose need a medicine that is taken once a day.";
    StepsMissing = "steps_missing" at "steps": "This protocol needs its steps typed.";
    StepsUnreadable { line: usize, problem: String } = "steps_unreadable" at "steps": "Line {line} of the steps cannot be read: {problem}";
    StepsUnused { protocol: String } = "steps_unused" at "steps": "{protocol} makes its own steps; typed steps belong to table or by-hand.";
    StepSlot { slot: Slot } = "step_slot" at "steps": "The steps have a dose at {slot}, where there is none today.";
    StepTwoWays { step: u32 } = "step_two_ways" at "steps": "Step {step} has a daily total and doses too. Write one or the other.";
    StepDoses { step: u32 } = "step_doses" at "steps": "Step {step} has no dose. Write a daily total or each dose; 0 mg is a dose too.";
    StepRises { step: u32, from: String, to: String } = "step_rises" at "steps": "Step {step} goes from {from} up to {to} a day. A taper never rises.";
    StepRepeats { step: u32 } = "step_repeats" at "steps": "Step {step} is the same as the step before it.";
    StepDays { step: u32 } = "step_days" at "steps": "Step {step} needs the least number of days it lasts, from 1 to 366.";
    StepsEnd { last: Amount, goal: Amount } = "steps_end" at "steps": "The steps end at {last} a day, and the goal is {goal} a day. The last step is the goal, its days left empty.";
    TooManySteps { most: usize } = "too_many_steps" at "steps": "This taper has more than {most} steps. Check the size of the reductions.";
    TooFarAhead = "too_far_ahead" at "first_reduction_on": "This taper would end after the year 9999. Check the date.";
    // People, roles and settings
    UsernameUnreadable = "username_unreadable" at "username": "Enter a username of 2 to 60 small letters, digits, dots or hyphens, for example a.diallo.";
    UsernameTaken = "username_taken" at "username": "Somebody has this username already. Choose another, or give the person who has it a role here.";
    UsernameUnknown = "username_unknown" at "username": "Nobody has this username. Check the spelling, or add the person.";
    NameMissing = "name_missing" at "name": "Enter a name of at most 80 characters.";
    RegistrationTooLong = "registration_too_long" at "registration": "A registration number has at most 40 characters.";
    RegistrationTaken = "registration_taken" at "registration": "Another account has this registration number. Two accounts of one professional would be two persons to the four-eyes rule.";
    EmailUnreadable = "email_unreadable" at "email": "Enter one e-mail address, for example a.diallo@alder.example, or leave it empty.";
    PasswordShort = "password_short" at "password": "Enter a password of 10 to 200 characters. A few words in a row are easy to remember and hard to guess.";
    PasswordTells = "password_tells" at "password": "This password is easy to guess: it holds the username, or one character again and again.";
    RoleMissing = "role_missing" at "role": "Choose a role.";
    EndsInPast = "ends_in_past" at "ends_at": "Enter an end that is still to come, or leave it empty.";
    WorksElsewhere = "works_elsewhere" at "": "This person works in another facility too, so the account is not yours alone to change. End their roles here instead.";
    LastAdministrator = "last_administrator" at "": "This is the last administrator here. Give somebody else the role first, or nobody could let anybody in again.";
    NumberOutOfRange { least: u32, most: u32 } = "number_out_of_range" at "number": "Enter a whole number from {least} to {most}.";
    RoundsMissing = "rounds_missing" at "rounds": "Enter the times of the rounds on the 24-hour clock, each once, for example 08:00 12:00 20:00.";
    UnitNameTaken = "unit_name_taken" at "name": "Another unit here has this name.";
    ZoneInUse = "zone_in_use" at "zone": "Plans are running here, and their doses stand at times of the present zone. End them before the zone is changed.";
    SettingsMoved = "settings_moved" at "": "Somebody else changed this while your page was open. NOT saved: look at how it stands now, and enter your change again.";
    // The letters of the MAR
    MarLetterUnreadable { what: String } = "mar_letter_unreadable" at "": "Enter one or two capital letters, A to Z, for “{what}”.";
    MarLetterTwice { letters: String } = "mar_letter_twice" at "": "“{letters}” stands for two things. Give each its own letters.";
    // What a facility stocks
    ProductUnknown { text: String } = "product_unknown" at "": "There is no product “{text}”, or it stands there twice.";
    ProductNotHalved { product: String } = "product_not_halved" at "": "{product} may not be halved: only plain tablets may. Nothing has been changed.";
    StockShort { plans: usize } = "stock_short" at "despite": "Doses of running plans could not be made from these products any more; the plans are {plans}. The stock stands as it was: look at the list, and say so if it is wanted all the same.";
    // A facility's own files
    OwnFile { file: String, problem: String } = "own_file" at "": "The facility’s own file {file} cannot be used: {problem}";
    TableUnreadable { problem: String } = "table_unreadable" at "table": "The equivalence table’s file cannot be read: {problem}.";
    TableUnknown { text: String } = "table_unknown" at "table": "There is no equivalence table called “{text}”. Choose one of those listed.";
    OwnIdTaken { id: String } = "own_id_taken" at "": "the id “{id}” is taken. Give it an id of its own.";
    OwnFolder { folder: String } = "own_folder" at "": "there is no kind of file called {folder}.";
    // Gradual dose reductions
    GradualMedicine = "gradual_medicine" at "medicine": "Write the name of the medicine, for example lorazepam.";
    GradualClass = "gradual_class" at "class": "Choose what kind of psychotropic medicine it is.";
    GradualFuture = "gradual_future" at "on": "This day is still to come. Write the day on which it was so.";
    GradualNotBegun { medicine: String } = "gradual_not_begun" at "medicine": "Since when {medicine} is taken is not recorded. Record its start first.";
    GradualBeforeStart { medicine: String, since: Day } = "gradual_before_start" at "on": "{medicine} is taken since {since}: nothing before that day counts. Put the start right if it is wrong.";
    GradualKnown { since: Day } = "gradual_known" at "on": "This is recorded already: taken since {since}.";
    GradualBeforeEnd { ended_on: Day } = "gradual_before_end" at "on": "It was taken until {ended_on}. A new start comes after that day; strike out the end if it is wrong.";
    GradualEnded { medicine: String, ended_on: Day } = "gradual_ended" at "medicine": "{medicine} was taken until {ended_on}. Record a new start first, if it is taken again.";
    GradualTwice { on: Day } = "gradual_twice" at "on": "An attempt on {on} is recorded already.";
    GradualAgain { earliest: Day, latest: Day } = "gradual_again" at "again_on": "Choose a day to look again from {earliest} to {latest}.";
    GradualNote = "gradual_note" at "note": "Choose a note of this medicine that nobody struck out yet.";
    GradualPrescriber = "gradual_prescriber" at "note": "Only a prescriber strikes out a contraindication.";
    // Scores
    ScaleUnknown { text: String } = "scale_unknown" at "scale": "There is no scale called “{text}”.";
    ScaleUnreadable { problem: String } = "scale_unreadable" at "scale": "The scale’s file cannot be read: {problem}.";
    QuestionUnknown { item: String } = "question_unknown" at "": "This scale does not ask “{item}”. Nothing has been saved: open the page again.";
    AnswerOutOfRange { item: String, text: String, least: i32, most: i32 } = "answer_out_of_range" at "": "“{text}” is no answer to “{item}”. Choose a whole number from {least} to {most}.";
    ItemsMissing { missing: usize } = "items_missing" at "incomplete_reason": "Not answered: {missing}. Answer every item, or write why it could not be asked: then it is saved without a total.";
    PulseUnreadable = "pulse_unreadable" at "pulse": "Write the pulse as beats a minute, from 20 to 250, for example 72.";
    PressureUnreadable = "pressure_unreadable" at "pressure": "Write the blood pressure as two whole numbers, the higher first, for example 120/80.";
    AssessedAtUnreadable = "assessed_at_unreadable" at "assessed_at": "Enter the time on the 24-hour clock, within the last 12 hours, for example 08:10.";
    SedationMissing = "sedation_missing" at "sedation": "Choose how awake the resident is before you give this dose.";
    TooSedated = "too_sedated" at "sedation": "Too sedated: do not give this dose. Record it as withheld and call the prescriber now.";
    SedationUnreadable = "sedation_unreadable" at "sedation": "Choose how awake the resident is from the list.";
    // Who is given a dose, and from which pack
    ScanEmpty = "scan_empty" at "scan": "Nothing was scanned. Scan the label, or type its number.";
    LabelUnknown { name: String } = "label_unknown" at "scan": "This is not a label of {name}. Scan the label, or type the number or the date of birth, for example 1941-03-14.";
    WrongResident { name: String, wanted: String } = "wrong_resident" at "scan": "This is the label of {name}, and the dose is for {wanted}. Do not give it. Nothing has been recorded.";
    WrongProduct { scanned: String, wanted: String } = "wrong_product" at "scan": "This is the barcode of {scanned}. The dose is made of {wanted}. Do not give it from this pack. Nothing has been recorded.";
    BarcodeUnknown { text: String } = "barcode_unknown" at "scan": "No product here has the barcode {text}. Nothing has been recorded. Compare the pack with the dose; if it is right, write below why it was not scanned, and tell the administrator the number.";
    BarcodeUnreadable { text: String } = "barcode_unreadable" at "scan": "“{text}” is not the number of a pack: a GTIN of 8, 12, 13 or 14 digits, or an NDC of 10 or 11. Scan it again.";
    BarcodeCheckDigit { text: String } = "barcode_check_digit" at "scan": "“{text}” is not a number of any pack: its last digit does not fit the others. Scan it again.";
    BarcodeRunsOn = "barcode_runs_on" at "scan": "The lot in this barcode does not end. The scanner leaves out the separators (FNC1): have it set to send them. Type the number of the pack instead.";
    ScannedExpired { product: String, on: Day } = "scanned_expired" at "scan": "This pack of {product} expired on {on}. Do not give from it. Nothing has been recorded.";
    NotScanned { what: String } = "not_scanned" at "scan": "Scan {what} first. Nothing has been recorded. If it cannot be scanned, write why.";
    IdentifyMissing = "identify_missing" at "identify": "Choose what is checked before a dose is given.";
    PackCodeTwice { code: String, product: String } = "pack_code_twice" at "": "The number {code} stands at two products, {product} among them. A pack is of one product.";
    PackCodesMany { most: usize } = "pack_codes_many" at "": "Enter at most {most} numbers for a product.";
    // What stands on paper after the system was down
    PaperTimeMissing = "paper_time_missing" at "given_at": "Enter the time that stands on the paper, for example 08:10.";
    GivenByMissing = "given_by_missing" at "given_by": "Choose who gave it, by the initials on the paper.";
    PaperMoved = "paper_moved" at "outcome": "This dose changed while the page was open. Nothing has been saved: look at it as it stands now.";
    PackEntryUnknown = "pack_entry_unknown" at "entry": "No entry of this facility has this number. Copy “Last entry it holds” from the first page of the pack.";
    OutageSpan = "outage_span" at "until": "Enter when the system stopped and when it was back: not later than now, and at most 7 days apart.";
    NoLineFilled = "no_line_filled" at "": "No line is filled in. Choose what the paper says of at least one dose.";
    // Away and back
    NothingGivenAway = "nothing_given_away" at "": "The resident is away. Nothing is given here until their return is recorded.";
    AwayAlready { what: String, since: String } = "away_already" at "": "This resident is away already: {what} since {since}. Nothing more has been saved.";
    AwayKindMissing = "away_kind_missing" at "kind": "Choose why the resident is away.";
    LeftInFuture = "left_in_future" at "left_at": "That time is still to come. Enter when the resident left.";
    LeftTooLongAgo = "left_too_long_ago" at "left_at": "That is more than 7 days ago. An absence can be written down for a week; ask the supervisor about an older one.";
    TakenAfterLeaving { at: String } = "taken_after_leaving" at "left_at": "A dose was taken here at {at}, after the time you entered. Check both times.";
    NotAway = "not_away" at "": "This resident is not away any more. Nothing has been saved: look at the resident as they are now.";
    BackInFuture = "back_in_future" at "back_at": "That time is still to come. Enter when the resident came back.";
    BackBeforeLeft { left: String } = "back_before_left" at "back_at": "The resident left at {left}. Enter a time after that.";
    BackOnMissing = "back_on_missing" at "back_on": "Choose on which dose the resident comes back.";
    LetterMissing = "letter_missing" at "letter": "Write which dose the discharge letter names.";
    LastElsewhereHalf = "last_elsewhere_half" at "last_at": "Enter the time and the amount of the last dose elsewhere, or leave both empty.";
    LastElsewhereOutside = "last_elsewhere_outside" at "last_at": "The last dose elsewhere was given while the resident was away. Check its time.";
    // Given in error
    MistakeMissing = "mistake_missing" at "mistake": "Choose what was wrong about it.";
    IncidentMedicine = "incident_medicine" at "medicine": "Choose the medicine that was given.";
    IncidentNothing = "incident_nothing" at "amount": "Write how much was given. What was not given is recorded at its dose.";
    IncidentLongAgo = "incident_long_ago" at "given_at": "That is more than 31 days ago. Check the day; if it is right, write today’s time here and the day under what happened.";
    IncidentWhat = "incident_what" at "what": "Write what happened, in a few words.";
    IncidentDone = "incident_done" at "done": "Write what was done at once: who watches the resident, and who was called.";
    IncidentSaid = "incident_said" at "said": "Write your answer, in a few words.";
    IncidentTextLong = "incident_text_long" at "": "This is too long. Keep it under 1000 characters.";
    IncidentAnswered { role: &'static str } = "incident_answered" at "": "A {role} has answered this already. Nothing of yours has been saved: look at the answer as it stands.";
    // Severe signs
    SignMissing = "sign_missing" at "sign": "Choose what you saw. Nothing has been recorded. If you have not called for help, do that first.";
    SeenAtUnreadable = "seen_at_unreadable" at "seen_at": "Write the time on the 24-hour clock, for example 08:10, or leave it empty for now.";
    SeenAtUnlikely = "seen_at_unlikely" at "seen_at": "This time is still to come, or longer ago than 24 hours. Leave it empty, and write in the note when it was.";
    DoNotGive { what: String, at: String } = "do_not_give" at "outcome": "{what} was seen at {at}: do not give, call now. Nothing has been recorded. Until a prescriber has decided, only a dose taken before {at} can be recorded as given, with its time.";
    DoseUndecided = "dose_undecided" at "outcome": "The resident came back, and no prescriber has decided this dose: do not give it. Nothing has been recorded. It can be recorded as refused, withheld, not available or absent.";
    SignReleased = "sign_released" at "": "A prescriber has released this already. Nothing of yours has been saved: look at it as it stands now.";
    SignHoldsApproval = "sign_holds_approval" at "": "A severe sign of this resident is open. No plan is approved until a prescriber has released it. Nothing has been approved.";
    AwayHoldsApproval = "away_holds_approval" at "": "The resident is away. A plan is approved once a nurse has written down that they are back, and on which dose. Nothing has been approved.";
    CallTextLong { most: usize } = "call_text_long" at "": "Keep this to one line of at most {most} characters.";
    // Taper alerts
    AlertMoved = "alert_moved" at "": "The doses behind this alert are not those that your page showed. Nothing of yours has been saved: look at the alert as it stands now.";
    AlertUnanswered = "alert_unanswered" at "done": "Write in a few words what was done about it.";
    // Standing
    NotAllowed = "not_allowed" at "": "You no longer have the role this needs here. Nothing has been saved.";
    FormReused = "form_reused" at "": "This page was already used for another entry. Nothing more has been saved: open the page again.";
}

impl Refusal {
    /// An amount that nobody could give by mouth in one dose is a slip of the decimal point.
    pub const LARGEST_DOSE: Amount = Amount::from_ug(9_999_999);
}
