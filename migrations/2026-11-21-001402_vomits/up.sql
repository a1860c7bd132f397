-- That somebody vomited after a dose: what was seen, when and by whom. Written once; the record of the dose stays as it is.

CREATE TABLE vomits (
    id TEXT NOT NULL PRIMARY KEY,
    dose TEXT NOT NULL REFERENCES doses (id),
    vomited_at TIMESTAMP NOT NULL,
    seen TEXT NOT NULL CHECK (length(trim(seen)) > 0),
    noted_by TEXT NOT NULL REFERENCES people (id),
    noted_at TIMESTAMP NOT NULL,
    CHECK (vomited_at <= noted_at)
);
CREATE INDEX vomits_dose ON vomits (dose, vomited_at);
