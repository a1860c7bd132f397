-- An incident that was itself written down in error: it no longer stands, and stays as it was written.

CREATE TABLE incident_strikes (
    id TEXT NOT NULL PRIMARY KEY,
    of_incident TEXT NOT NULL UNIQUE REFERENCES incidents (id),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    struck_by TEXT NOT NULL REFERENCES people (id),
    struck_at TIMESTAMP NOT NULL
);
