-- What was given and was not to be given: written down as it was, apart from the record of any dose, and answered by a
-- prescriber and by a supervisor. Each is written once.

CREATE TABLE incidents (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE REFERENCES history (n),
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id), -- where the resident lived then
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    given_ug BIGINT NOT NULL CHECK (given_ug > 0),
    mistake TEXT NOT NULL CHECK (mistake IN ('given_twice', 'wrong_dose', 'too_soon', 'over_limit', 'not_to_be_given', 'not_ordered')),
    what TEXT NOT NULL CHECK (length(trim(what)) > 0), -- what happened
    done TEXT NOT NULL CHECK (length(trim(done)) > 0), -- what was done about it at once
    pieces TEXT NOT NULL, -- what was counted out, in words
    given_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    CHECK (given_at <= recorded_at)
);
CREATE INDEX incidents_resident ON incidents (resident, given_at);
CREATE INDEX incidents_facility ON incidents (facility, given_at);

-- An incident without both answers is open.
CREATE TABLE incident_answers (
    id TEXT NOT NULL PRIMARY KEY,
    of_incident TEXT NOT NULL REFERENCES incidents (id),
    role TEXT NOT NULL CHECK (role IN ('prescriber', 'supervisor')),
    said TEXT NOT NULL CHECK (length(trim(said)) > 0),
    answered_by TEXT NOT NULL REFERENCES people (id),
    answered_at TIMESTAMP NOT NULL,
    UNIQUE (of_incident, role)
);
