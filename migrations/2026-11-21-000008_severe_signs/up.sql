-- Severe signs: what was seen, who has acknowledged it, and which prescriber released what it holds. Each is written once.

ALTER TABLE facilities ADD COLUMN emergency_number TEXT NOT NULL DEFAULT '';
ALTER TABLE facilities ADD COLUMN emergency_contact TEXT NOT NULL DEFAULT ''; -- whom to call as well, and how

CREATE TABLE severe_signs (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id), -- where the resident lived then
    resident TEXT NOT NULL REFERENCES residents (id),
    sign TEXT NOT NULL CHECK (sign IN ('seizure', 'psychosis', 'delirium', 'hallucinations', 'overdose', 'self_harm')),
    note TEXT NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    CHECK (seen_at <= recorded_at)
);
CREATE INDEX severe_signs_resident ON severe_signs (resident, recorded_at);
CREATE INDEX severe_signs_facility ON severe_signs (facility);

CREATE TABLE severe_sign_acknowledgements (
    id TEXT NOT NULL PRIMARY KEY,
    of_sign TEXT NOT NULL REFERENCES severe_signs (id),
    acknowledged_by TEXT NOT NULL REFERENCES people (id),
    acknowledged_at TIMESTAMP NOT NULL,
    UNIQUE (of_sign, acknowledged_by)
);

-- A sign without a release is open: nothing of the resident is signed, and a suspected overdose stops every sedative.
CREATE TABLE severe_sign_releases (
    id TEXT NOT NULL PRIMARY KEY,
    of_sign TEXT NOT NULL UNIQUE REFERENCES severe_signs (id),
    rationale TEXT NOT NULL CHECK (length(trim(rationale)) > 0),
    released_by TEXT NOT NULL REFERENCES people (id),
    released_at TIMESTAMP NOT NULL
);
