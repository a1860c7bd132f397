-- What PostgreSQL refuses, whoever asks: a write-once row is never changed or removed, nor its table emptied.
-- Applied anew at every start.

CREATE OR REPLACE FUNCTION write_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'write-once: % may not be changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- A draft may be rewritten; once its version is approved, nothing of it is changed, removed or added.
CREATE OR REPLACE FUNCTION write_once_when_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (
        SELECT 1 FROM plan_facts WHERE plan = OLD.plan AND version = OLD.version AND kind IN ('approved', 'amended')
    ) OR TG_OP <> 'DELETE' AND EXISTS (
        SELECT 1 FROM plan_facts WHERE plan = NEW.plan AND version = NEW.version AND kind IN ('approved', 'amended')
    ) THEN
        RAISE EXCEPTION 'write-once: % of an approved version may not be changed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Whoever appends to the history waits here for whoever was before, until that one has committed. A function that may write
-- looks anew after each of its statements, so that the last fact is found that was written meanwhile.
CREATE OR REPLACE FUNCTION history_end(OUT n BIGINT, OUT seal TEXT) VOLATILE LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('stepdown history'));
    SELECT last.n, last.seal INTO n, seal FROM history AS last ORDER BY last.n DESC LIMIT 1;
    n := coalesce(n, 0);
    seal := coalesce(seal, '');
END $$;

CREATE OR REPLACE TRIGGER history_unchanged BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER history_unemptied BEFORE TRUNCATE ON history
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER plan_facts_unchanged BEFORE UPDATE OR DELETE ON plan_facts
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER plan_facts_unemptied BEFORE TRUNCATE ON plan_facts
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER administrations_unchanged BEFORE UPDATE OR DELETE ON administrations
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER administrations_unemptied BEFORE TRUNCATE ON administrations
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER corrections_unchanged BEFORE UPDATE OR DELETE ON corrections
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER corrections_unemptied BEFORE TRUNCATE ON corrections
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER assessments_unchanged BEFORE UPDATE OR DELETE ON assessments
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER assessments_unemptied BEFORE TRUNCATE ON assessments
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER plan_versions_unchanged BEFORE INSERT OR UPDATE OR DELETE ON plan_versions
    FOR EACH ROW EXECUTE FUNCTION write_once_when_approved();
CREATE OR REPLACE TRIGGER plan_versions_unemptied BEFORE TRUNCATE ON plan_versions
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER plan_authors_unchanged BEFORE INSERT OR UPDATE OR DELETE ON plan_authors
    FOR EACH ROW EXECUTE FUNCTION write_once_when_approved();
CREATE OR REPLACE TRIGGER plan_authors_unemptied BEFORE TRUNCATE ON plan_authors
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER steps_unchanged BEFORE INSERT OR UPDATE OR DELETE ON steps
    FOR EACH ROW EXECUTE FUNCTION write_once_when_approved();
CREATE OR REPLACE TRIGGER steps_unemptied BEFORE TRUNCATE ON steps
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER step_doses_unchanged BEFORE INSERT OR UPDATE OR DELETE ON step_doses
    FOR EACH ROW EXECUTE FUNCTION write_once_when_approved();
CREATE OR REPLACE TRIGGER step_doses_unemptied BEFORE TRUNCATE ON step_doses
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- A dose is never removed, and a recorded one stays as it was given.
CREATE OR REPLACE TRIGGER doses_unremoved BEFORE DELETE ON doses
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER doses_unemptied BEFORE TRUNCATE ON doses
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER doses_unchanged BEFORE UPDATE ON doses
    FOR EACH ROW
    WHEN (OLD.recorded AND (NEW.id, NEW.plan, NEW.resident, NEW.medicine, NEW.on_date, NEW.slot, NEW.due_at, NEW.amount_ug, NEW.step, NEW.authorised_by, NEW.undecided)
        IS DISTINCT FROM (OLD.id, OLD.plan, OLD.resident, OLD.medicine, OLD.on_date, OLD.slot, OLD.due_at, OLD.amount_ug, OLD.step, OLD.authorised_by, OLD.undecided)) EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER absences_unchanged BEFORE UPDATE OR DELETE ON absences
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER absences_unemptied BEFORE TRUNCATE ON absences
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER absence_ends_unchanged BEFORE UPDATE OR DELETE ON absence_ends
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER absence_ends_unemptied BEFORE TRUNCATE ON absence_ends
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

CREATE OR REPLACE TRIGGER gradual_notes_unchanged BEFORE UPDATE OR DELETE ON gradual_notes
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER gradual_notes_unemptied BEFORE TRUNCATE ON gradual_notes
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- As-needed: doses, ends and effects are written once; of an order only the revision moves.
CREATE OR REPLACE TRIGGER as_needed_ends_unchanged BEFORE UPDATE OR DELETE ON as_needed_ends
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_ends_unemptied BEFORE TRUNCATE ON as_needed_ends
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_doses_unchanged BEFORE UPDATE OR DELETE ON as_needed_doses
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_doses_unemptied BEFORE TRUNCATE ON as_needed_doses
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_effects_unchanged BEFORE UPDATE OR DELETE ON as_needed_effects
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_effects_unemptied BEFORE TRUNCATE ON as_needed_effects
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_orders_unremoved BEFORE DELETE ON as_needed_orders
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_orders_unemptied BEFORE TRUNCATE ON as_needed_orders
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_orders_unchanged BEFORE UPDATE ON as_needed_orders
    FOR EACH ROW
    WHEN ((NEW.id, NEW.facility, NEW.resident, NEW.medicine, NEW.amount_ug, NEW.reason, NEW.least_minutes, NEW.most_ug, NEW.starts_on, NEW.ends_on, NEW.rationale, NEW.ordered_by, NEW.ordered_at)
        IS DISTINCT FROM (OLD.id, OLD.facility, OLD.resident, OLD.medicine, OLD.amount_ug, OLD.reason, OLD.least_minutes, OLD.most_ug, OLD.starts_on, OLD.ends_on, OLD.rationale, OLD.ordered_by, OLD.ordered_at)) EXECUTE FUNCTION write_once();

-- Severe signs, their acknowledgements and their releases are written once.
CREATE OR REPLACE TRIGGER severe_signs_unchanged BEFORE UPDATE OR DELETE ON severe_signs
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER severe_signs_unemptied BEFORE TRUNCATE ON severe_signs
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER severe_sign_acknowledgements_unchanged BEFORE UPDATE OR DELETE ON severe_sign_acknowledgements
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER severe_sign_acknowledgements_unemptied BEFORE TRUNCATE ON severe_sign_acknowledgements
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER severe_sign_releases_unchanged BEFORE UPDATE OR DELETE ON severe_sign_releases
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER severe_sign_releases_unemptied BEFORE TRUNCATE ON severe_sign_releases
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- An as-needed dose is struck once.
CREATE OR REPLACE TRIGGER as_needed_strikes_unchanged BEFORE UPDATE OR DELETE ON as_needed_strikes
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER as_needed_strikes_unemptied BEFORE TRUNCATE ON as_needed_strikes
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- Incidents, their answers and their strikes are written once.
CREATE OR REPLACE TRIGGER incidents_unchanged BEFORE UPDATE OR DELETE ON incidents
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER incidents_unemptied BEFORE TRUNCATE ON incidents
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER incident_answers_unchanged BEFORE UPDATE OR DELETE ON incident_answers
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER incident_answers_unemptied BEFORE TRUNCATE ON incident_answers
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER incident_strikes_unchanged BEFORE UPDATE OR DELETE ON incident_strikes
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER incident_strikes_unemptied BEFORE TRUNCATE ON incident_strikes
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- The register: entries, counts, differences and their endings are written once; a register is never removed, and never
-- becomes that of another holder or product.
CREATE OR REPLACE TRIGGER register_entries_unchanged BEFORE UPDATE OR DELETE ON register_entries
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER register_entries_unemptied BEFORE TRUNCATE ON register_entries
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER register_counts_unchanged BEFORE UPDATE OR DELETE ON register_counts
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER register_counts_unemptied BEFORE TRUNCATE ON register_counts
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER discrepancies_unchanged BEFORE UPDATE OR DELETE ON discrepancies
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER discrepancies_unemptied BEFORE TRUNCATE ON discrepancies
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER discrepancy_endings_unchanged BEFORE UPDATE OR DELETE ON discrepancy_endings
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER discrepancy_endings_unemptied BEFORE TRUNCATE ON discrepancy_endings
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER registers_unremoved BEFORE DELETE ON registers
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER registers_unemptied BEFORE TRUNCATE ON registers
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER registers_unchanged BEFORE UPDATE ON registers
    FOR EACH ROW
    WHEN ((NEW.id, NEW.facility, NEW.resident, NEW.unit, NEW.product)
        IS DISTINCT FROM (OLD.id, OLD.facility, OLD.resident, OLD.unit, OLD.product)) EXECUTE FUNCTION write_once();

-- What was done about a taper alert is written once.
CREATE OR REPLACE TRIGGER taper_alert_acknowledgements_unchanged BEFORE UPDATE OR DELETE ON taper_alert_acknowledgements
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER taper_alert_acknowledgements_unemptied BEFORE TRUNCATE ON taper_alert_acknowledgements
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER taper_alert_doses_unchanged BEFORE UPDATE OR DELETE ON taper_alert_doses
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER taper_alert_doses_unemptied BEFORE TRUNCATE ON taper_alert_doses
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- A day that was looked through stays so.
CREATE OR REPLACE TRIGGER days_looked_through_unchanged BEFORE UPDATE OR DELETE ON days_looked_through
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER days_looked_through_unemptied BEFORE TRUNCATE ON days_looked_through
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();

-- What was seen after a dose is written once.
CREATE OR REPLACE TRIGGER vomits_unchanged BEFORE UPDATE OR DELETE ON vomits
    FOR EACH ROW EXECUTE FUNCTION write_once();
CREATE OR REPLACE TRIGGER vomits_unemptied BEFORE TRUNCATE ON vomits
    FOR EACH STATEMENT EXECUTE FUNCTION write_once();
