-- Corrections: why a record of a dose no longer stands, and which took its place. The record itself stays as it was written.

-- So many hours whoever made a record may correct it; a supervisor may at any time.
ALTER TABLE facilities ADD COLUMN correction_hours BIGINT NOT NULL DEFAULT 12 CHECK (correction_hours BETWEEN 1 AND 72);

-- Without one, a record stands. One made in error has no replacement: its dose is open again, and whatever is recorded of
-- it then names the last record before it in `administrations.corrects`, so that the records of a dose are one chain.
CREATE TABLE corrections (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL UNIQUE REFERENCES history (n),
    administration TEXT NOT NULL UNIQUE REFERENCES administrations (id),
    replacement TEXT UNIQUE REFERENCES administrations (id),
    reason TEXT NOT NULL CHECK (length(trim(reason)) > 0),
    corrected_by TEXT NOT NULL REFERENCES people (id),
    corrected_at TIMESTAMP NOT NULL,
    CHECK (replacement <> administration)
);
