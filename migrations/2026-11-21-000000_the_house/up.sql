-- The whole house, once for both databases. Text keys; amounts in whole micrograms (_ug);
-- civil days as DATE; instants as TIMESTAMP in UTC, whole seconds; clock times as 'HH:MM' text.
-- Triggers that refuse changes to write-once tables stand in src/store/guards.

-- Who and where ---------------------------------------------------------------

CREATE TABLE facilities (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    zone TEXT NOT NULL,
    early_minutes BIGINT NOT NULL CHECK (early_minutes BETWEEN 0 AND 240),
    late_minutes BIGINT NOT NULL CHECK (late_minutes BETWEEN 0 AND 240),
    no_record_minutes BIGINT NOT NULL CHECK (no_record_minutes BETWEEN 15 AND 1440),
    horizon_days BIGINT NOT NULL CHECK (horizon_days BETWEEN 2 AND 60),
    sign_ahead_days BIGINT NOT NULL CHECK (sign_ahead_days BETWEEN 1 AND 28),
    idle_minutes BIGINT NOT NULL CHECK (idle_minutes BETWEEN 2 AND 120),
    mail_from TEXT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE units (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    mailbox TEXT NOT NULL,
    rounds TEXT NOT NULL, -- clock times in order, separated by blanks: '08:00 12:00 20:00'
    revision BIGINT NOT NULL DEFAULT 0,
    UNIQUE (facility, name)
);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (username = lower(username) AND length(username) BETWEEN 2 AND 60),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    registration TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled_at TIMESTAMP,
    revision BIGINT NOT NULL DEFAULT 0
);
-- Two accounts of one professional are one person to the four-eyes rule: forbidden outright.
CREATE UNIQUE INDEX people_registration ON people (registration) WHERE registration <> '';

CREATE TABLE memberships (
    id TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    facility TEXT NOT NULL REFERENCES facilities (id),
    role TEXT NOT NULL CHECK (role IN ('prescriber', 'pharmacist', 'nurse', 'supervisor', 'administrator')),
    ends_at TIMESTAMP,
    UNIQUE (person, facility, role)
);

CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    began_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);

-- Failed sign-ins per username and per address; a delay that grows, never a lock.
CREATE TABLE throttles (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL CHECK (failures >= 0),
    failed_at TIMESTAMP NOT NULL
);

CREATE TABLE residents (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id),
    number TEXT NOT NULL,
    surname TEXT NOT NULL CHECK (length(surname) BETWEEN 1 AND 80),
    forename TEXT NOT NULL,
    born_on DATE NOT NULL,
    room TEXT NOT NULL,
    allergy_state TEXT NOT NULL CHECK (allergy_state IN ('known', 'none', 'not_recorded', 'unavailable')),
    allergies TEXT NOT NULL,
    last_recorded_at TIMESTAMP NOT NULL, -- recorded times of one resident never run backwards
    revision BIGINT NOT NULL DEFAULT 0,
    UNIQUE (facility, number),
    CHECK ((allergy_state = 'known') = (allergies <> ''))
);

-- What is on the shelf: which products of the catalogue a facility stocks, and whether it halves them.
CREATE TABLE stocked_products (
    facility TEXT NOT NULL REFERENCES facilities (id),
    product TEXT NOT NULL, -- RxNorm code
    halved BOOLEAN NOT NULL,
    PRIMARY KEY (facility, product)
);

-- The history: one fact an act, for ever -------------------------------------------

CREATE TABLE history (
    n BIGINT NOT NULL PRIMARY KEY CHECK (n > 0),
    id TEXT NOT NULL UNIQUE, -- the id of the form that asked: a repeated post finds its first answer
    kind TEXT NOT NULL,
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT REFERENCES residents (id),
    subject TEXT NOT NULL, -- the row the fact is about
    done_by TEXT REFERENCES people (id), -- empty: the bell, or the first administrator
    role TEXT NOT NULL,
    done_at TIMESTAMP NOT NULL,
    body TEXT NOT NULL, -- JSON: all that the clinical rows hold
    seal TEXT NOT NULL -- SHA-256 over the seal before and this fact
);
CREATE INDEX history_facility ON history (facility, n);
CREATE INDEX history_resident ON history (resident, n);
CREATE INDEX history_subject ON history (subject, n);

-- Plans ---------------------------------------------------------------------------

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'ended', 'discarded')),
    version BIGINT NOT NULL CHECK (version >= 1), -- the version in force; a draft's first is 1
    laid_until DATE, -- doses exist up to and with this day
    revision BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX plans_one_running ON plans (resident, medicine) WHERE state = 'running';
CREATE INDEX plans_facility ON plans (facility, state);

-- One clinical version of a plan. A draft's own version may still be rewritten; an approved one never is.
CREATE TABLE plan_versions (
    plan TEXT NOT NULL REFERENCES plans (id),
    version BIGINT NOT NULL CHECK (version >= 1),
    indication TEXT NOT NULL,
    reason TEXT NOT NULL,
    protocol TEXT NOT NULL,
    settings TEXT NOT NULL, -- JSON: the protocol's parameters as chosen
    baseline_on DATE NOT NULL,
    first_reduction_on DATE NOT NULL,
    goal_ug BIGINT NOT NULL CHECK (goal_ug >= 0), -- 0: stop
    drafted_by TEXT NOT NULL REFERENCES people (id),
    drafted_at TIMESTAMP NOT NULL,
    PRIMARY KEY (plan, version),
    CHECK (first_reduction_on > baseline_on)
);

-- Everybody who drafted or edited a version: they cannot sign its reductions.
CREATE TABLE plan_authors (
    plan TEXT NOT NULL REFERENCES plans (id),
    version BIGINT NOT NULL,
    authored_by TEXT NOT NULL REFERENCES people (id),
    PRIMARY KEY (plan, version, authored_by),
    FOREIGN KEY (plan, version) REFERENCES plan_versions (plan, version)
);

CREATE TABLE steps (
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 0),
    planned_on DATE NOT NULL,
    least_days BIGINT CHECK (least_days >= 1), -- empty: the last step
    PRIMARY KEY (plan, version, ordinal),
    FOREIGN KEY (plan, version) REFERENCES plan_versions (plan, version)
);

CREATE TABLE step_doses (
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    cycle_day BIGINT NOT NULL CHECK (cycle_day >= 0), -- 0 but for a cycle of daily regimens
    slot TEXT NOT NULL CHECK (length(slot) = 5),
    medicine TEXT NOT NULL,
    amount_ug BIGINT NOT NULL CHECK (amount_ug >= 0),
    PRIMARY KEY (plan, version, ordinal, cycle_day, slot, medicine),
    FOREIGN KEY (plan, version, ordinal) REFERENCES steps (plan, version, ordinal)
);

-- What was decided about a plan, in order, for ever. The level follows from these rows alone.
CREATE TABLE plan_facts (
    id TEXT NOT NULL PRIMARY KEY,
    plan TEXT NOT NULL REFERENCES plans (id),
    seq BIGINT NOT NULL CHECK (seq >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('approved', 'amended', 'dropped', 'signed', 'held', 'hold_ended', 'returned',
        'withdrawn', 'paused', 'stepped_back', 'ordered', 'reviewed', 'affirmed', 'stop_asked', 'stop_declined',
        'stopped', 'finished', 'alarmed', 'released', 'left', 'came_back')),
    version BIGINT NOT NULL,
    n BIGINT, -- the reduction it is about
    step BIGINT, -- signed, stepped back: the step it leads to
    effective_on DATE, -- the first day of another level
    from_slot TEXT CHECK (length(from_slot) = 5), -- its first slot; empty: the whole day
    reassess_on DATE, -- held: the day to look again
    about TEXT, -- the severe sign, the absence, or the order that it is about
    said BOOLEAN, -- alarmed: do not give; came back: on the dose they left with
    regimen TEXT, -- ordered: what is taken, JSON
    rationale TEXT NOT NULL,
    statement TEXT NOT NULL, -- signed: the whole statement that was on the screen, JSON
    ordered_by TEXT REFERENCES people (id), -- by telephone: the prescriber, when, and who heard it read back
    called_at TIMESTAMP,
    heard_by TEXT REFERENCES people (id),
    decided_by TEXT NOT NULL REFERENCES people (id),
    decided_at TIMESTAMP NOT NULL,
    decided_on DATE NOT NULL, -- the civil day of decided_at in the facility
    UNIQUE (plan, seq),
    FOREIGN KEY (plan, version) REFERENCES plan_versions (plan, version),
    CHECK ((kind IN ('signed', 'held', 'hold_ended', 'returned', 'withdrawn', 'paused')) = (n IS NOT NULL)),
    CHECK ((kind IN ('signed', 'stepped_back')) = (step IS NOT NULL)),
    CHECK ((kind IN ('signed', 'stepped_back', 'ordered', 'stopped', 'left', 'came_back')) = (effective_on IS NOT NULL)),
    CHECK ((kind <> 'signed' AND effective_on IS NOT NULL) = (from_slot IS NOT NULL)),
    CHECK ((kind = 'held') = (reassess_on IS NOT NULL)),
    CHECK ((kind IN ('reviewed', 'affirmed', 'alarmed', 'released', 'left', 'came_back')) = (about IS NOT NULL)),
    CHECK ((kind IN ('alarmed', 'came_back')) = (said IS NOT NULL)),
    CHECK ((kind = 'ordered') = (regimen IS NOT NULL)),
    CHECK (kind IN ('approved', 'affirmed', 'alarmed', 'left', 'came_back') OR length(trim(rationale)) > 0),
    CHECK (kind <> 'signed' OR effective_on > decided_on),
    -- Only what keeps or raises the dose, or suspends it for safety, may be ordered by telephone: never a reduction.
    CHECK (ordered_by IS NULL OR kind IN ('held', 'stepped_back', 'ordered', 'came_back')),
    CHECK ((ordered_by IS NULL) = (called_at IS NULL) AND (ordered_by IS NULL) = (heard_by IS NULL)),
    CHECK (heard_by IS NULL OR (heard_by <> decided_by AND heard_by <> ordered_by AND ordered_by <> decided_by))
);
CREATE UNIQUE INDEX plan_facts_one_signature ON plan_facts (plan, n) WHERE kind = 'signed';
CREATE UNIQUE INDEX plan_facts_one_end ON plan_facts (plan, n) WHERE kind IN ('withdrawn', 'paused');
CREATE UNIQUE INDEX plan_facts_one_approval ON plan_facts (plan, version) WHERE kind = 'approved';
CREATE UNIQUE INDEX plan_facts_one_answer ON plan_facts (plan, kind, about) WHERE about IS NOT NULL;

-- Doses and what happened to them --------------------------------------------------

-- One resident, one medicine, one civil date, one slot, one amount. Derived from the plan's facts;
-- follows the level until it is recorded.
CREATE TABLE doses (
    id TEXT NOT NULL PRIMARY KEY,
    plan TEXT NOT NULL REFERENCES plans (id),
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    on_date DATE NOT NULL,
    slot TEXT NOT NULL CHECK (length(slot) = 5),
    due_at TIMESTAMP NOT NULL,
    amount_ug BIGINT NOT NULL CHECK (amount_ug >= 0), -- 0: planned, no dose
    step BIGINT NOT NULL,
    authorised_by TEXT NOT NULL REFERENCES plan_facts (id),
    undecided BOOLEAN NOT NULL DEFAULT FALSE, -- the resident came back and nobody has decided the level: not given
    void BOOLEAN NOT NULL DEFAULT FALSE, -- no longer part of the level; kept
    recorded BOOLEAN NOT NULL DEFAULT FALSE, -- a standing administration exists
    revision BIGINT NOT NULL DEFAULT 0,
    UNIQUE (plan, on_date, slot, medicine)
);
CREATE INDEX doses_open ON doses (facility, due_at, id) WHERE NOT recorded AND NOT void;
CREATE INDEX doses_due ON doses (facility, due_at);
CREATE INDEX doses_resident ON doses (resident, due_at);

CREATE TABLE administrations (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE REFERENCES history (n),
    dose TEXT NOT NULL REFERENCES doses (id),
    corrects TEXT REFERENCES administrations (id),
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    on_date DATE NOT NULL,
    due_at TIMESTAMP NOT NULL,
    planned_ug BIGINT NOT NULL CHECK (planned_ug > 0),
    given_ug BIGINT NOT NULL CHECK (given_ug >= 0 AND given_ug <= planned_ug),
    authorised_by TEXT NOT NULL REFERENCES plan_facts (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('given', 'given_in_part', 'refused', 'withheld', 'not_available', 'absent')),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    pieces TEXT NOT NULL, -- what was counted out, in words
    given_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    late_minutes BIGINT NOT NULL, -- given_at less due_at; before the slot it is negative
    recorded_by TEXT NOT NULL REFERENCES people (id),
    CHECK (given_at <= recorded_at),
    CHECK ((outcome = 'given') = (given_ug = planned_ug)),
    CHECK ((outcome = 'given_in_part') = (given_ug > 0 AND given_ug < planned_ug)),
    CHECK (outcome = 'given' OR reason <> '')
);
-- One standing administration a dose; a correction replaces exactly one.
CREATE UNIQUE INDEX administrations_one ON administrations (dose) WHERE corrects IS NULL;
CREATE UNIQUE INDEX administrations_one_correction ON administrations (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX administrations_facility ON administrations (facility, n);
CREATE INDEX administrations_resident ON administrations (resident, n);
CREATE INDEX administrations_unit ON administrations (facility, unit, n);
CREATE INDEX administrations_person ON administrations (facility, recorded_by, n);
-- Most doses are given: who asks for those is led by something else.
CREATE INDEX administrations_outcome ON administrations (facility, outcome, n) WHERE outcome <> 'given';
CREATE INDEX administrations_date ON administrations (facility, on_date, n);
-- Who asks for late doses asks for more than half an hour; a page of them is found in their order.
CREATE INDEX administrations_late ON administrations (facility, n) WHERE late_minutes > 30;

-- Letters ---------------------------------------------------------------------------

CREATE TABLE letters (
    id TEXT NOT NULL PRIMARY KEY, -- also its Message-ID
    facility TEXT NOT NULL REFERENCES facilities (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL, -- what it is about: unit and round, plan and reduction and day
    recipient TEXT NOT NULL,
    wanted_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('wanted', 'claimed', 'sent', 'settled', 'given_up', 'expired')),
    attempts BIGINT NOT NULL DEFAULT 0,
    try_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP,
    sent_at TIMESTAMP,
    problem TEXT NOT NULL DEFAULT '',
    UNIQUE (subject, kind, recipient)
);
CREATE INDEX letters_to_send ON letters (state, try_at);
CREATE INDEX letters_facility ON letters (facility, wanted_at);

-- When the bell last rang; the round page says so when it falls silent.
CREATE TABLE bells (
    id TEXT NOT NULL PRIMARY KEY,
    rang_at TIMESTAMP NOT NULL
);
