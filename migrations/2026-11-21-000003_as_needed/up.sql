-- As-needed doses: what is ordered, when it was given, whether it helped, and how much of a medicine 24 hours may hold.

ALTER TABLE facilities ADD COLUMN effect_minutes BIGINT NOT NULL DEFAULT 45 CHECK (effect_minutes BETWEEN 30 AND 60);

-- A facility's own maximum of a medicine in any 24 hours, with its source; without a row a published one holds.
CREATE TABLE medicine_limits (
    facility TEXT NOT NULL REFERENCES facilities (id),
    medicine TEXT NOT NULL,
    most_ug BIGINT NOT NULL CHECK (most_ug > 0),
    source TEXT NOT NULL CHECK (length(trim(source)) > 0),
    PRIMARY KEY (facility, medicine)
);

-- An order is written once. Only its revision moves: with every dose and with its end, so that of two rivals one is told.
CREATE TABLE as_needed_orders (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    amount_ug BIGINT NOT NULL CHECK (amount_ug > 0), -- of one dose
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0), -- what it is for
    least_minutes BIGINT NOT NULL CHECK (least_minutes BETWEEN 15 AND 2880), -- between two doses, elapsed time
    most_ug BIGINT NOT NULL, -- of the medicine in any 24 hours of elapsed time, scheduled doses counted in
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL, -- the last day: there is no order without an end
    rationale TEXT NOT NULL, -- why it is longer than 14 days
    ordered_by TEXT NOT NULL REFERENCES people (id),
    ordered_at TIMESTAMP NOT NULL,
    revision BIGINT NOT NULL DEFAULT 0,
    CHECK (most_ug >= amount_ug),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX as_needed_orders_resident ON as_needed_orders (resident, ordered_at);

CREATE TABLE as_needed_ends (
    id TEXT NOT NULL PRIMARY KEY,
    of_order TEXT NOT NULL UNIQUE REFERENCES as_needed_orders (id),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    ended_by TEXT NOT NULL REFERENCES people (id),
    ended_at TIMESTAMP NOT NULL
);

CREATE TABLE as_needed_doses (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE REFERENCES history (n),
    of_order TEXT NOT NULL REFERENCES as_needed_orders (id),
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    given_ug BIGINT NOT NULL CHECK (given_ug > 0),
    why TEXT NOT NULL CHECK (length(trim(why)) > 0),
    pieces TEXT NOT NULL, -- what was counted out, in words
    given_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    CHECK (given_at <= recorded_at)
);
CREATE INDEX as_needed_doses_resident ON as_needed_doses (resident, given_at);
CREATE INDEX as_needed_doses_facility ON as_needed_doses (facility, given_at);
CREATE INDEX as_needed_doses_order ON as_needed_doses (of_order);

CREATE TABLE as_needed_effects (
    id TEXT NOT NULL PRIMARY KEY,
    of_dose TEXT NOT NULL UNIQUE REFERENCES as_needed_doses (id),
    effect TEXT NOT NULL CHECK (effect IN ('helped', 'helped_little', 'no_help', 'asleep', 'too_sleepy')),
    note TEXT NOT NULL,
    noted_by TEXT NOT NULL REFERENCES people (id),
    noted_at TIMESTAMP NOT NULL,
    CHECK (effect <> 'too_sleepy' OR length(trim(note)) > 0)
);
