-- Gradual dose reductions of psychotropic medicines: what a facility asks for, and what is noted by hand.

ALTER TABLE facilities ADD COLUMN gradual_attempts BIGINT NOT NULL DEFAULT 2 CHECK (gradual_attempts BETWEEN 1 AND 4);
ALTER TABLE facilities ADD COLUMN gradual_quarters BOOLEAN NOT NULL DEFAULT TRUE; -- each attempt in a quarter of its own
ALTER TABLE facilities ADD COLUMN gradual_between_days BIGINT NOT NULL DEFAULT 0
    CHECK (gradual_between_days BETWEEN 0 AND 90); -- 0: one calendar month
ALTER TABLE facilities ADD COLUMN gradual_yearly BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE facilities ADD COLUMN gradual_contraindication_days BIGINT NOT NULL DEFAULT 365
    CHECK (gradual_contraindication_days BETWEEN 30 AND 730);

-- What was noted about one medicine of one resident, in order, for ever.
CREATE TABLE gradual_notes (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL CHECK (length(medicine) BETWEEN 3 AND 80),
    seq BIGINT NOT NULL CHECK (seq >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('begun', 'attempted', 'contraindicated', 'ended', 'struck')),
    on_date DATE, -- the day on which it was so; empty: struck
    class TEXT CHECK (class IN ('anti_anxiety', 'hypnotic', 'antidepressant', 'antipsychotic')),
    again_on DATE, -- contraindicated: the day on which somebody looks again
    struck TEXT REFERENCES gradual_notes (id), -- struck: the note that was wrong
    rationale TEXT NOT NULL CHECK (length(trim(rationale)) > 0),
    noted_by TEXT NOT NULL REFERENCES people (id),
    noted_at TIMESTAMP NOT NULL,
    UNIQUE (resident, medicine, seq),
    CHECK ((kind = 'struck') = (on_date IS NULL)),
    CHECK ((kind = 'struck') = (struck IS NOT NULL)),
    CHECK ((kind = 'begun') = (class IS NOT NULL)),
    CHECK ((kind = 'contraindicated') = (again_on IS NOT NULL)),
    CHECK (kind <> 'contraindicated' OR (again_on > on_date AND length(trim(rationale)) >= 20))
);
CREATE UNIQUE INDEX gradual_notes_one_strike ON gradual_notes (struck) WHERE struck IS NOT NULL;
CREATE INDEX gradual_notes_facility ON gradual_notes (facility);
