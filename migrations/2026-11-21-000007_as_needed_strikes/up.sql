-- An as-needed dose that was recorded in error: it no longer stands, and its record stays as it was written. What was given
-- really is recorded like any other.

CREATE TABLE as_needed_strikes (
    id TEXT NOT NULL PRIMARY KEY,
    of_dose TEXT NOT NULL UNIQUE REFERENCES as_needed_doses (id),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    struck_by TEXT NOT NULL REFERENCES people (id),
    struck_at TIMESTAMP NOT NULL
);
