-- What SQLite refuses, whoever asks: a write-once row is never changed, removed or replaced.
-- Applied anew at every start. INSERT OR REPLACE slips past a delete trigger, so the insert itself is watched: its
-- message is read by the store as a taken key.

-- history: write-once from the first moment.

DROP TRIGGER IF EXISTS history_unchanged;
CREATE TRIGGER history_unchanged BEFORE UPDATE ON history
BEGIN SELECT RAISE(ABORT, 'write-once: history may not be changed'); END;

DROP TRIGGER IF EXISTS history_unremoved;
CREATE TRIGGER history_unremoved BEFORE DELETE ON history
BEGIN SELECT RAISE(ABORT, 'write-once: history may not be removed'); END;

DROP TRIGGER IF EXISTS history_unreplaced;
CREATE TRIGGER history_unreplaced BEFORE INSERT ON history
WHEN EXISTS (SELECT 1 FROM history WHERE n = NEW.n)
    OR EXISTS (SELECT 1 FROM history WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in history'); END;

-- plan_facts: write-once from the first moment.

DROP TRIGGER IF EXISTS plan_facts_unchanged;
CREATE TRIGGER plan_facts_unchanged BEFORE UPDATE ON plan_facts
BEGIN SELECT RAISE(ABORT, 'write-once: plan_facts may not be changed'); END;

DROP TRIGGER IF EXISTS plan_facts_unremoved;
CREATE TRIGGER plan_facts_unremoved BEFORE DELETE ON plan_facts
BEGIN SELECT RAISE(ABORT, 'write-once: plan_facts may not be removed'); END;

DROP TRIGGER IF EXISTS plan_facts_unreplaced;
CREATE TRIGGER plan_facts_unreplaced BEFORE INSERT ON plan_facts
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND n = NEW.n AND kind = 'signed' AND NEW.kind = 'signed')
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND n = NEW.n AND kind IN ('withdrawn', 'paused') AND NEW.kind IN ('withdrawn', 'paused'))
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind = 'approved' AND NEW.kind = 'approved')
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND kind = NEW.kind AND about = NEW.about)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in plan_facts'); END;

-- administrations: write-once from the first moment.

DROP TRIGGER IF EXISTS administrations_unchanged;
CREATE TRIGGER administrations_unchanged BEFORE UPDATE ON administrations
BEGIN SELECT RAISE(ABORT, 'write-once: administrations may not be changed'); END;

DROP TRIGGER IF EXISTS administrations_unremoved;
CREATE TRIGGER administrations_unremoved BEFORE DELETE ON administrations
BEGIN SELECT RAISE(ABORT, 'write-once: administrations may not be removed'); END;

DROP TRIGGER IF EXISTS administrations_unreplaced;
CREATE TRIGGER administrations_unreplaced BEFORE INSERT ON administrations
WHEN EXISTS (SELECT 1 FROM administrations WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM administrations WHERE n = NEW.n)
    OR EXISTS (SELECT 1 FROM administrations WHERE dose = NEW.dose AND corrects IS NULL AND NEW.corrects IS NULL)
    OR EXISTS (SELECT 1 FROM administrations WHERE corrects = NEW.corrects)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in administrations'); END;

-- Corrections: written once, one of each record.

DROP TRIGGER IF EXISTS corrections_unchanged;
CREATE TRIGGER corrections_unchanged BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'write-once: corrections may not be changed'); END;

DROP TRIGGER IF EXISTS corrections_unremoved;
CREATE TRIGGER corrections_unremoved BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'write-once: corrections may not be removed'); END;

DROP TRIGGER IF EXISTS corrections_unreplaced;
CREATE TRIGGER corrections_unreplaced BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM corrections WHERE n = NEW.n)
    OR EXISTS (SELECT 1 FROM corrections WHERE administration = NEW.administration)
    OR EXISTS (SELECT 1 FROM corrections WHERE replacement = NEW.replacement)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in corrections'); END;

-- assessments: write-once from the first moment.

DROP TRIGGER IF EXISTS assessments_unchanged;
CREATE TRIGGER assessments_unchanged BEFORE UPDATE ON assessments
BEGIN SELECT RAISE(ABORT, 'write-once: assessments may not be changed'); END;

DROP TRIGGER IF EXISTS assessments_unremoved;
CREATE TRIGGER assessments_unremoved BEFORE DELETE ON assessments
BEGIN SELECT RAISE(ABORT, 'write-once: assessments may not be removed'); END;

DROP TRIGGER IF EXISTS assessments_unreplaced;
CREATE TRIGGER assessments_unreplaced BEFORE INSERT ON assessments
WHEN EXISTS (SELECT 1 FROM assessments WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM assessments WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in assessments'); END;

-- A draft may be rewritten; once its version is submitted or approved, nothing of it is changed, removed or added.

DROP TRIGGER IF EXISTS plan_versions_unchanged;
CREATE TRIGGER plan_versions_unchanged BEFORE UPDATE ON plan_versions
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_versions of an approved version may not be changed'); END;

DROP TRIGGER IF EXISTS plan_versions_unremoved;
CREATE TRIGGER plan_versions_unremoved BEFORE DELETE ON plan_versions
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_versions of an approved version may not be removed'); END;

DROP TRIGGER IF EXISTS plan_versions_unreplaced;
CREATE TRIGGER plan_versions_unreplaced BEFORE INSERT ON plan_versions
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_versions of an approved version may not be added'); END;

DROP TRIGGER IF EXISTS plan_authors_unchanged;
CREATE TRIGGER plan_authors_unchanged BEFORE UPDATE ON plan_authors
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_authors of an approved version may not be changed'); END;

DROP TRIGGER IF EXISTS plan_authors_unremoved;
CREATE TRIGGER plan_authors_unremoved BEFORE DELETE ON plan_authors
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_authors of an approved version may not be removed'); END;

DROP TRIGGER IF EXISTS plan_authors_unreplaced;
CREATE TRIGGER plan_authors_unreplaced BEFORE INSERT ON plan_authors
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: plan_authors of an approved version may not be added'); END;

DROP TRIGGER IF EXISTS steps_unchanged;
CREATE TRIGGER steps_unchanged BEFORE UPDATE ON steps
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: steps of an approved version may not be changed'); END;

DROP TRIGGER IF EXISTS steps_unremoved;
CREATE TRIGGER steps_unremoved BEFORE DELETE ON steps
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: steps of an approved version may not be removed'); END;

DROP TRIGGER IF EXISTS steps_unreplaced;
CREATE TRIGGER steps_unreplaced BEFORE INSERT ON steps
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: steps of an approved version may not be added'); END;

DROP TRIGGER IF EXISTS step_doses_unchanged;
CREATE TRIGGER step_doses_unchanged BEFORE UPDATE ON step_doses
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
    OR EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: step_doses of an approved version may not be changed'); END;

DROP TRIGGER IF EXISTS step_doses_unremoved;
CREATE TRIGGER step_doses_unremoved BEFORE DELETE ON step_doses
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: step_doses of an approved version may not be removed'); END;

DROP TRIGGER IF EXISTS step_doses_unreplaced;
CREATE TRIGGER step_doses_unreplaced BEFORE INSERT ON step_doses
WHEN EXISTS (SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended'))
BEGIN SELECT RAISE(ABORT, 'write-once: step_doses of an approved version may not be added'); END;

-- A dose is never removed, and a recorded one stays as it was given.

DROP TRIGGER IF EXISTS doses_unremoved;
CREATE TRIGGER doses_unremoved BEFORE DELETE ON doses
BEGIN SELECT RAISE(ABORT, 'write-once: doses may not be removed'); END;

DROP TRIGGER IF EXISTS doses_unchanged;
CREATE TRIGGER doses_unchanged BEFORE UPDATE ON doses
WHEN OLD.recorded AND (NEW.id IS NOT OLD.id
    OR NEW.plan IS NOT OLD.plan
    OR NEW.resident IS NOT OLD.resident
    OR NEW.medicine IS NOT OLD.medicine
    OR NEW.on_date IS NOT OLD.on_date
    OR NEW.slot IS NOT OLD.slot
    OR NEW.due_at IS NOT OLD.due_at
    OR NEW.amount_ug IS NOT OLD.amount_ug
    OR NEW.step IS NOT OLD.step
    OR NEW.authorised_by IS NOT OLD.authorised_by
    OR NEW.undecided IS NOT OLD.undecided)
BEGIN SELECT RAISE(ABORT, 'write-once: a recorded dose may not be changed'); END;

-- absences: write-once from the first moment.

DROP TRIGGER IF EXISTS absences_unchanged;
CREATE TRIGGER absences_unchanged BEFORE UPDATE ON absences
BEGIN SELECT RAISE(ABORT, 'write-once: absences may not be changed'); END;

DROP TRIGGER IF EXISTS absences_unremoved;
CREATE TRIGGER absences_unremoved BEFORE DELETE ON absences
BEGIN SELECT RAISE(ABORT, 'write-once: absences may not be removed'); END;

DROP TRIGGER IF EXISTS absences_unreplaced;
CREATE TRIGGER absences_unreplaced BEFORE INSERT ON absences
WHEN EXISTS (SELECT 1 FROM absences WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in absences'); END;

-- absence_ends: write-once from the first moment.

DROP TRIGGER IF EXISTS absence_ends_unchanged;
CREATE TRIGGER absence_ends_unchanged BEFORE UPDATE ON absence_ends
BEGIN SELECT RAISE(ABORT, 'write-once: absence_ends may not be changed'); END;

DROP TRIGGER IF EXISTS absence_ends_unremoved;
CREATE TRIGGER absence_ends_unremoved BEFORE DELETE ON absence_ends
BEGIN SELECT RAISE(ABORT, 'write-once: absence_ends may not be removed'); END;

DROP TRIGGER IF EXISTS absence_ends_unreplaced;
CREATE TRIGGER absence_ends_unreplaced BEFORE INSERT ON absence_ends
WHEN EXISTS (SELECT 1 FROM absence_ends WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM absence_ends WHERE absence = NEW.absence)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in absence_ends'); END;

-- gradual_notes: write-once from the first moment.

DROP TRIGGER IF EXISTS gradual_notes_unchanged;
CREATE TRIGGER gradual_notes_unchanged BEFORE UPDATE ON gradual_notes
BEGIN SELECT RAISE(ABORT, 'write-once: gradual_notes may not be changed'); END;

DROP TRIGGER IF EXISTS gradual_notes_unremoved;
CREATE TRIGGER gradual_notes_unremoved BEFORE DELETE ON gradual_notes
BEGIN SELECT RAISE(ABORT, 'write-once: gradual_notes may not be removed'); END;

DROP TRIGGER IF EXISTS gradual_notes_unreplaced;
CREATE TRIGGER gradual_notes_unreplaced BEFORE INSERT ON gradual_notes
WHEN EXISTS (SELECT 1 FROM gradual_notes WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM gradual_notes WHERE resident = NEW.resident AND medicine = NEW.medicine AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM gradual_notes WHERE struck = NEW.struck)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in gradual_notes'); END;

-- As-needed: doses, ends and effects are written once; of an order only the revision moves.

DROP TRIGGER IF EXISTS as_needed_ends_unchanged;
CREATE TRIGGER as_needed_ends_unchanged BEFORE UPDATE ON as_needed_ends
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_ends may not be changed'); END;

DROP TRIGGER IF EXISTS as_needed_ends_unremoved;
CREATE TRIGGER as_needed_ends_unremoved BEFORE DELETE ON as_needed_ends
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_ends may not be removed'); END;

DROP TRIGGER IF EXISTS as_needed_ends_unreplaced;
CREATE TRIGGER as_needed_ends_unreplaced BEFORE INSERT ON as_needed_ends
WHEN EXISTS (SELECT 1 FROM as_needed_ends WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM as_needed_ends WHERE of_order = NEW.of_order)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in as_needed_ends'); END;

DROP TRIGGER IF EXISTS as_needed_doses_unchanged;
CREATE TRIGGER as_needed_doses_unchanged BEFORE UPDATE ON as_needed_doses
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_doses may not be changed'); END;

DROP TRIGGER IF EXISTS as_needed_doses_unremoved;
CREATE TRIGGER as_needed_doses_unremoved BEFORE DELETE ON as_needed_doses
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_doses may not be removed'); END;

DROP TRIGGER IF EXISTS as_needed_doses_unreplaced;
CREATE TRIGGER as_needed_doses_unreplaced BEFORE INSERT ON as_needed_doses
WHEN EXISTS (SELECT 1 FROM as_needed_doses WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM as_needed_doses WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in as_needed_doses'); END;

DROP TRIGGER IF EXISTS as_needed_effects_unchanged;
CREATE TRIGGER as_needed_effects_unchanged BEFORE UPDATE ON as_needed_effects
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_effects may not be changed'); END;

DROP TRIGGER IF EXISTS as_needed_effects_unremoved;
CREATE TRIGGER as_needed_effects_unremoved BEFORE DELETE ON as_needed_effects
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_effects may not be removed'); END;

DROP TRIGGER IF EXISTS as_needed_effects_unreplaced;
CREATE TRIGGER as_needed_effects_unreplaced BEFORE INSERT ON as_needed_effects
WHEN EXISTS (SELECT 1 FROM as_needed_effects WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM as_needed_effects WHERE of_dose = NEW.of_dose)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in as_needed_effects'); END;

DROP TRIGGER IF EXISTS as_needed_orders_unremoved;
CREATE TRIGGER as_needed_orders_unremoved BEFORE DELETE ON as_needed_orders
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_orders may not be removed'); END;

DROP TRIGGER IF EXISTS as_needed_orders_unchanged;
CREATE TRIGGER as_needed_orders_unchanged BEFORE UPDATE ON as_needed_orders
WHEN NEW.id IS NOT OLD.id
    OR NEW.facility IS NOT OLD.facility
    OR NEW.resident IS NOT OLD.resident
    OR NEW.medicine IS NOT OLD.medicine
    OR NEW.amount_ug IS NOT OLD.amount_ug
    OR NEW.reason IS NOT OLD.reason
    OR NEW.least_minutes IS NOT OLD.least_minutes
    OR NEW.most_ug IS NOT OLD.most_ug
    OR NEW.starts_on IS NOT OLD.starts_on
    OR NEW.ends_on IS NOT OLD.ends_on
    OR NEW.rationale IS NOT OLD.rationale
    OR NEW.ordered_by IS NOT OLD.ordered_by
    OR NEW.ordered_at IS NOT OLD.ordered_at
BEGIN SELECT RAISE(ABORT, 'write-once: an as-needed order may not be changed'); END;

DROP TRIGGER IF EXISTS as_needed_orders_unreplaced;
CREATE TRIGGER as_needed_orders_unreplaced BEFORE INSERT ON as_needed_orders
WHEN EXISTS (SELECT 1 FROM as_needed_orders WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in as_needed_orders'); END;

-- Severe signs, their acknowledgements and their releases: write-once from the first moment.

DROP TRIGGER IF EXISTS severe_signs_unchanged;
CREATE TRIGGER severe_signs_unchanged BEFORE UPDATE ON severe_signs
BEGIN SELECT RAISE(ABORT, 'write-once: severe_signs may not be changed'); END;

DROP TRIGGER IF EXISTS severe_signs_unremoved;
CREATE TRIGGER severe_signs_unremoved BEFORE DELETE ON severe_signs
BEGIN SELECT RAISE(ABORT, 'write-once: severe_signs may not be removed'); END;

DROP TRIGGER IF EXISTS severe_signs_unreplaced;
CREATE TRIGGER severe_signs_unreplaced BEFORE INSERT ON severe_signs
WHEN EXISTS (SELECT 1 FROM severe_signs WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in severe_signs'); END;

DROP TRIGGER IF EXISTS severe_sign_acknowledgements_unchanged;
CREATE TRIGGER severe_sign_acknowledgements_unchanged BEFORE UPDATE ON severe_sign_acknowledgements
BEGIN SELECT RAISE(ABORT, 'write-once: severe_sign_acknowledgements may not be changed'); END;

DROP TRIGGER IF EXISTS severe_sign_acknowledgements_unremoved;
CREATE TRIGGER severe_sign_acknowledgements_unremoved BEFORE DELETE ON severe_sign_acknowledgements
BEGIN SELECT RAISE(ABORT, 'write-once: severe_sign_acknowledgements may not be removed'); END;

DROP TRIGGER IF EXISTS severe_sign_acknowledgements_unreplaced;
CREATE TRIGGER severe_sign_acknowledgements_unreplaced BEFORE INSERT ON severe_sign_acknowledgements
WHEN EXISTS (SELECT 1 FROM severe_sign_acknowledgements WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM severe_sign_acknowledgements WHERE of_sign = NEW.of_sign AND acknowledged_by = NEW.acknowledged_by)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in severe_sign_acknowledgements'); END;

DROP TRIGGER IF EXISTS severe_sign_releases_unchanged;
CREATE TRIGGER severe_sign_releases_unchanged BEFORE UPDATE ON severe_sign_releases
BEGIN SELECT RAISE(ABORT, 'write-once: severe_sign_releases may not be changed'); END;

DROP TRIGGER IF EXISTS severe_sign_releases_unremoved;
CREATE TRIGGER severe_sign_releases_unremoved BEFORE DELETE ON severe_sign_releases
BEGIN SELECT RAISE(ABORT, 'write-once: severe_sign_releases may not be removed'); END;

DROP TRIGGER IF EXISTS severe_sign_releases_unreplaced;
CREATE TRIGGER severe_sign_releases_unreplaced BEFORE INSERT ON severe_sign_releases
WHEN EXISTS (SELECT 1 FROM severe_sign_releases WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM severe_sign_releases WHERE of_sign = NEW.of_sign)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in severe_sign_releases'); END;

-- An as-needed dose is struck once.

DROP TRIGGER IF EXISTS as_needed_strikes_unchanged;
CREATE TRIGGER as_needed_strikes_unchanged BEFORE UPDATE ON as_needed_strikes
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_strikes may not be changed'); END;

DROP TRIGGER IF EXISTS as_needed_strikes_unremoved;
CREATE TRIGGER as_needed_strikes_unremoved BEFORE DELETE ON as_needed_strikes
BEGIN SELECT RAISE(ABORT, 'write-once: as_needed_strikes may not be removed'); END;

DROP TRIGGER IF EXISTS as_needed_strikes_unreplaced;
CREATE TRIGGER as_needed_strikes_unreplaced BEFORE INSERT ON as_needed_strikes
WHEN EXISTS (SELECT 1 FROM as_needed_strikes WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM as_needed_strikes WHERE of_dose = NEW.of_dose)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in as_needed_strikes'); END;

-- Incidents, what a prescriber and a supervisor answered, and strikes are write-once from the first moment.

DROP TRIGGER IF EXISTS incidents_unchanged;
CREATE TRIGGER incidents_unchanged BEFORE UPDATE ON incidents
BEGIN SELECT RAISE(ABORT, 'write-once: incidents may not be changed'); END;

DROP TRIGGER IF EXISTS incidents_unremoved;
CREATE TRIGGER incidents_unremoved BEFORE DELETE ON incidents
BEGIN SELECT RAISE(ABORT, 'write-once: incidents may not be removed'); END;

DROP TRIGGER IF EXISTS incidents_unreplaced;
CREATE TRIGGER incidents_unreplaced BEFORE INSERT ON incidents
WHEN EXISTS (SELECT 1 FROM incidents WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM incidents WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in incidents'); END;

DROP TRIGGER IF EXISTS incident_answers_unchanged;
CREATE TRIGGER incident_answers_unchanged BEFORE UPDATE ON incident_answers
BEGIN SELECT RAISE(ABORT, 'write-once: incident_answers may not be changed'); END;

DROP TRIGGER IF EXISTS incident_answers_unremoved;
CREATE TRIGGER incident_answers_unremoved BEFORE DELETE ON incident_answers
BEGIN SELECT RAISE(ABORT, 'write-once: incident_answers may not be removed'); END;

DROP TRIGGER IF EXISTS incident_answers_unreplaced;
CREATE TRIGGER incident_answers_unreplaced BEFORE INSERT ON incident_answers
WHEN EXISTS (SELECT 1 FROM incident_answers WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM incident_answers WHERE of_incident = NEW.of_incident AND role = NEW.role)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in incident_answers'); END;

DROP TRIGGER IF EXISTS incident_strikes_unchanged;
CREATE TRIGGER incident_strikes_unchanged BEFORE UPDATE ON incident_strikes
BEGIN SELECT RAISE(ABORT, 'write-once: incident_strikes may not be changed'); END;

DROP TRIGGER IF EXISTS incident_strikes_unremoved;
CREATE TRIGGER incident_strikes_unremoved BEFORE DELETE ON incident_strikes
BEGIN SELECT RAISE(ABORT, 'write-once: incident_strikes may not be removed'); END;

DROP TRIGGER IF EXISTS incident_strikes_unreplaced;
CREATE TRIGGER incident_strikes_unreplaced BEFORE INSERT ON incident_strikes
WHEN EXISTS (SELECT 1 FROM incident_strikes WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM incident_strikes WHERE of_incident = NEW.of_incident)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in incident_strikes'); END;

-- The register: entries, counts, differences and their endings are write-once from the first moment.

DROP TRIGGER IF EXISTS register_entries_unchanged;
CREATE TRIGGER register_entries_unchanged BEFORE UPDATE ON register_entries
BEGIN SELECT RAISE(ABORT, 'write-once: register_entries may not be changed'); END;

DROP TRIGGER IF EXISTS register_entries_unremoved;
CREATE TRIGGER register_entries_unremoved BEFORE DELETE ON register_entries
BEGIN SELECT RAISE(ABORT, 'write-once: register_entries may not be removed'); END;

DROP TRIGGER IF EXISTS register_entries_unreplaced;
CREATE TRIGGER register_entries_unreplaced BEFORE INSERT ON register_entries
WHEN EXISTS (SELECT 1 FROM register_entries WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM register_entries WHERE register = NEW.register AND seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM register_entries WHERE reverses = NEW.reverses)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in register_entries'); END;

DROP TRIGGER IF EXISTS register_counts_unchanged;
CREATE TRIGGER register_counts_unchanged BEFORE UPDATE ON register_counts
BEGIN SELECT RAISE(ABORT, 'write-once: register_counts may not be changed'); END;

DROP TRIGGER IF EXISTS register_counts_unremoved;
CREATE TRIGGER register_counts_unremoved BEFORE DELETE ON register_counts
BEGIN SELECT RAISE(ABORT, 'write-once: register_counts may not be removed'); END;

DROP TRIGGER IF EXISTS register_counts_unreplaced;
CREATE TRIGGER register_counts_unreplaced BEFORE INSERT ON register_counts
WHEN EXISTS (SELECT 1 FROM register_counts WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM register_counts WHERE register = NEW.register AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in register_counts'); END;

DROP TRIGGER IF EXISTS discrepancies_unchanged;
CREATE TRIGGER discrepancies_unchanged BEFORE UPDATE ON discrepancies
BEGIN SELECT RAISE(ABORT, 'write-once: discrepancies may not be changed'); END;

DROP TRIGGER IF EXISTS discrepancies_unremoved;
CREATE TRIGGER discrepancies_unremoved BEFORE DELETE ON discrepancies
BEGIN SELECT RAISE(ABORT, 'write-once: discrepancies may not be removed'); END;

DROP TRIGGER IF EXISTS discrepancies_unreplaced;
CREATE TRIGGER discrepancies_unreplaced BEFORE INSERT ON discrepancies
WHEN EXISTS (SELECT 1 FROM discrepancies WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in discrepancies'); END;

DROP TRIGGER IF EXISTS discrepancy_endings_unchanged;
CREATE TRIGGER discrepancy_endings_unchanged BEFORE UPDATE ON discrepancy_endings
BEGIN SELECT RAISE(ABORT, 'write-once: discrepancy_endings may not be changed'); END;

DROP TRIGGER IF EXISTS discrepancy_endings_unremoved;
CREATE TRIGGER discrepancy_endings_unremoved BEFORE DELETE ON discrepancy_endings
BEGIN SELECT RAISE(ABORT, 'write-once: discrepancy_endings may not be removed'); END;

DROP TRIGGER IF EXISTS discrepancy_endings_unreplaced;
CREATE TRIGGER discrepancy_endings_unreplaced BEFORE INSERT ON discrepancy_endings
WHEN EXISTS (SELECT 1 FROM discrepancy_endings WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM discrepancy_endings WHERE discrepancy = NEW.discrepancy)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in discrepancy_endings'); END;

DROP TRIGGER IF EXISTS registers_unremoved;
CREATE TRIGGER registers_unremoved BEFORE DELETE ON registers
BEGIN SELECT RAISE(ABORT, 'write-once: registers may not be removed'); END;

DROP TRIGGER IF EXISTS registers_unchanged;
CREATE TRIGGER registers_unchanged BEFORE UPDATE ON registers
WHEN NEW.id IS NOT OLD.id
    OR NEW.facility IS NOT OLD.facility
    OR NEW.resident IS NOT OLD.resident
    OR NEW.unit IS NOT OLD.unit
    OR NEW.product IS NOT OLD.product
BEGIN SELECT RAISE(ABORT, 'write-once: a register stays that of its holder and product'); END;

DROP TRIGGER IF EXISTS registers_unreplaced;
CREATE TRIGGER registers_unreplaced BEFORE INSERT ON registers
WHEN EXISTS (SELECT 1 FROM registers WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM registers WHERE resident = NEW.resident AND product = NEW.product)
    OR EXISTS (SELECT 1 FROM registers WHERE unit = NEW.unit AND product = NEW.product)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in registers'); END;

DROP TRIGGER IF EXISTS taper_alert_acknowledgements_unchanged;
CREATE TRIGGER taper_alert_acknowledgements_unchanged BEFORE UPDATE ON taper_alert_acknowledgements
BEGIN SELECT RAISE(ABORT, 'write-once: taper_alert_acknowledgements may not be changed'); END;

DROP TRIGGER IF EXISTS taper_alert_acknowledgements_unremoved;
CREATE TRIGGER taper_alert_acknowledgements_unremoved BEFORE DELETE ON taper_alert_acknowledgements
BEGIN SELECT RAISE(ABORT, 'write-once: taper_alert_acknowledgements may not be removed'); END;

DROP TRIGGER IF EXISTS taper_alert_acknowledgements_unreplaced;
CREATE TRIGGER taper_alert_acknowledgements_unreplaced BEFORE INSERT ON taper_alert_acknowledgements
WHEN EXISTS (SELECT 1 FROM taper_alert_acknowledgements WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in taper_alert_acknowledgements'); END;

DROP TRIGGER IF EXISTS taper_alert_doses_unchanged;
CREATE TRIGGER taper_alert_doses_unchanged BEFORE UPDATE ON taper_alert_doses
BEGIN SELECT RAISE(ABORT, 'write-once: taper_alert_doses may not be changed'); END;

DROP TRIGGER IF EXISTS taper_alert_doses_unremoved;
CREATE TRIGGER taper_alert_doses_unremoved BEFORE DELETE ON taper_alert_doses
BEGIN SELECT RAISE(ABORT, 'write-once: taper_alert_doses may not be removed'); END;

DROP TRIGGER IF EXISTS taper_alert_doses_unreplaced;
CREATE TRIGGER taper_alert_doses_unreplaced BEFORE INSERT ON taper_alert_doses
WHEN EXISTS (SELECT 1 FROM taper_alert_doses WHERE dose = NEW.dose)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in taper_alert_doses'); END;

DROP TRIGGER IF EXISTS days_looked_through_unchanged;
CREATE TRIGGER days_looked_through_unchanged BEFORE UPDATE ON days_looked_through
BEGIN SELECT RAISE(ABORT, 'write-once: days_looked_through may not be changed'); END;

DROP TRIGGER IF EXISTS days_looked_through_unremoved;
CREATE TRIGGER days_looked_through_unremoved BEFORE DELETE ON days_looked_through
BEGIN SELECT RAISE(ABORT, 'write-once: days_looked_through may not be removed'); END;

DROP TRIGGER IF EXISTS days_looked_through_unreplaced;
CREATE TRIGGER days_looked_through_unreplaced BEFORE INSERT ON days_looked_through
WHEN EXISTS (SELECT 1 FROM days_looked_through WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in days_looked_through'); END;

DROP TRIGGER IF EXISTS vomits_unchanged;
CREATE TRIGGER vomits_unchanged BEFORE UPDATE ON vomits
BEGIN SELECT RAISE(ABORT, 'write-once: vomits may not be changed'); END;

DROP TRIGGER IF EXISTS vomits_unremoved;
CREATE TRIGGER vomits_unremoved BEFORE DELETE ON vomits
BEGIN SELECT RAISE(ABORT, 'write-once: vomits may not be removed'); END;

DROP TRIGGER IF EXISTS vomits_unreplaced;
CREATE TRIGGER vomits_unreplaced BEFORE INSERT ON vomits
WHEN EXISTS (SELECT 1 FROM vomits WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'write-once: a row with this key exists in vomits'); END;
