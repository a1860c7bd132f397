-- The controlled-drug register: books that only entries move, counts, and differences that stay open until they are resolved.

-- Whose supply doses are taken from, and what a second person has to see.
ALTER TABLE facilities ADD COLUMN register_holder TEXT NOT NULL DEFAULT 'resident' CHECK (register_holder IN ('resident', 'unit'));
ALTER TABLE facilities ADD COLUMN witnessed TEXT NOT NULL DEFAULT 'waste count receive'; -- words separated by blanks

ALTER TABLE administrations ADD COLUMN witnessed_by TEXT REFERENCES people (id) CHECK (witnessed_by <> recorded_by);
ALTER TABLE as_needed_doses ADD COLUMN witnessed_by TEXT REFERENCES people (id) CHECK (witnessed_by <> recorded_by);

-- Half-pieces of a solid, microlitres of a liquid. What is on the shelf as far as anybody knows, the balance and the open
-- differences together, is never below nothing. Only these two, the last number and the revision move.
CREATE TABLE registers (
    id TEXT NOT NULL PRIMARY KEY, -- derived from facility, holder and product
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT REFERENCES residents (id), -- a resident's named supply
    unit TEXT REFERENCES units (id), -- or a unit's box
    product TEXT NOT NULL,
    balance BIGINT NOT NULL,
    open_difference BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 0,
    UNIQUE (resident, product),
    UNIQUE (unit, product),
    CHECK ((resident IS NULL) <> (unit IS NULL)),
    CHECK (balance + open_difference >= 0)
);
CREATE INDEX registers_facility ON registers (facility);

-- What was found and is not in the book, or the other way round. Written once; so is its ending.
CREATE TABLE discrepancies (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL REFERENCES history (n),
    register TEXT NOT NULL REFERENCES registers (id),
    difference BIGINT NOT NULL CHECK (difference <> 0),
    found TEXT NOT NULL CHECK (found IN ('count', 'dose')),
    opened_by TEXT NOT NULL REFERENCES people (id),
    opened_at TIMESTAMP NOT NULL
);
CREATE INDEX discrepancies_register ON discrepancies (register, n);

CREATE TABLE discrepancy_endings (
    id TEXT NOT NULL PRIMARY KEY,
    discrepancy TEXT NOT NULL UNIQUE REFERENCES discrepancies (id),
    ending TEXT NOT NULL CHECK (ending IN ('adjusted', 'explained')),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    ended_by TEXT NOT NULL REFERENCES people (id),
    ended_at TIMESTAMP NOT NULL
);

-- One act may write several lines; `n` is its fact.
CREATE TABLE register_entries (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL REFERENCES history (n),
    register TEXT NOT NULL REFERENCES registers (id),
    seq BIGINT NOT NULL CHECK (seq > 0), -- without a gap
    kind TEXT NOT NULL CHECK (kind IN ('received', 'given', 'wasted', 'returned', 'destroyed', 'moved_out', 'moved_in', 'lost', 'found', 'put_back')),
    parts BIGINT NOT NULL, -- what it does to the balance
    balance_after BIGINT NOT NULL,
    lot TEXT, -- of what was received
    expires_on DATE,
    administration TEXT REFERENCES administrations (id),
    as_needed_dose TEXT REFERENCES as_needed_doses (id),
    incident TEXT REFERENCES incidents (id), -- what was given in error
    discrepancy TEXT REFERENCES discrepancies (id), -- which it writes off or on
    reverses TEXT UNIQUE REFERENCES register_entries (id),
    note TEXT NOT NULL,
    entered_by TEXT NOT NULL REFERENCES people (id),
    witnessed_by TEXT REFERENCES people (id),
    entered_at TIMESTAMP NOT NULL,
    UNIQUE (register, seq),
    CHECK (witnessed_by <> entered_by),
    CHECK ((kind IN ('received', 'moved_in', 'found', 'put_back')) = (parts > 0)),
    CHECK ((kind IN ('given', 'wasted', 'returned', 'destroyed', 'moved_out', 'lost')) = (parts < 0)),
    CHECK ((kind = 'received') = (lot IS NOT NULL)),
    CHECK ((lot IS NULL) = (expires_on IS NULL)),
    CHECK ((kind = 'put_back') = (reverses IS NOT NULL)),
    CHECK ((kind IN ('lost', 'found')) = (discrepancy IS NOT NULL)),
    CHECK (kind <> 'given' OR administration IS NOT NULL OR as_needed_dose IS NOT NULL OR incident IS NOT NULL)
);
CREATE INDEX register_entries_administration ON register_entries (administration);
CREATE INDEX register_entries_as_needed_dose ON register_entries (as_needed_dose);
CREATE INDEX register_entries_incident ON register_entries (incident);

-- A blind count by two people: what they found, and what the book said at that moment.
CREATE TABLE register_counts (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL REFERENCES history (n),
    register TEXT NOT NULL REFERENCES registers (id),
    expected BIGINT NOT NULL,
    counted BIGINT NOT NULL CHECK (counted >= 0),
    counted_by TEXT NOT NULL REFERENCES people (id),
    witnessed_by TEXT REFERENCES people (id),
    counted_at TIMESTAMP NOT NULL,
    UNIQUE (register, n),
    CHECK (witnessed_by <> counted_by)
);
