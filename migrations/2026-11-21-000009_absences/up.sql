-- Away and back. While somebody is away no dose is due here; nothing resumes by itself.

-- From so many days without doses here on, a prescriber decides at which dose somebody goes on.
ALTER TABLE facilities ADD COLUMN away_days BIGINT NOT NULL DEFAULT 3 CHECK (away_days BETWEEN 1 AND 14);

CREATE TABLE absences (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    kind TEXT NOT NULL CHECK (kind IN ('hospital', 'leave', 'discharged', 'died')),
    left_at TIMESTAMP NOT NULL,
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    recorded_at TIMESTAMP NOT NULL,
    CHECK (left_at <= recorded_at)
);
CREATE INDEX absences_resident ON absences (resident, recorded_at);
CREATE INDEX absences_facility ON absences (facility, recorded_at);

CREATE TABLE absence_ends (
    id TEXT NOT NULL PRIMARY KEY,
    absence TEXT NOT NULL UNIQUE REFERENCES absences (id),
    back_at TIMESTAMP NOT NULL,
    elsewhere TEXT NOT NULL, -- for each plan: the last dose elsewhere, and the dose they came back on; JSON
    note TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    recorded_at TIMESTAMP NOT NULL,
    CHECK (back_at <= recorded_at)
);
