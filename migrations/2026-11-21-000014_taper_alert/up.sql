-- Taper alerts: what somebody did about doses of a plan that were not given. The alert itself is found by looking at the
-- doses; what is written here says which of them are known. Written once.

CREATE TABLE taper_alert_acknowledgements (
    id TEXT NOT NULL PRIMARY KEY,
    of_plan TEXT NOT NULL REFERENCES plans (id),
    because TEXT NOT NULL CHECK (because <> ''), -- JSON
    since TIMESTAMP NOT NULL, -- when the house knew
    done TEXT NOT NULL CHECK (length(trim(done)) > 0),
    acknowledged_by TEXT NOT NULL REFERENCES people (id),
    acknowledged_at TIMESTAMP NOT NULL
);
CREATE INDEX taper_alert_acknowledgements_plan ON taper_alert_acknowledgements (of_plan, acknowledged_at);

CREATE TABLE taper_alert_doses (
    acknowledgement TEXT NOT NULL REFERENCES taper_alert_acknowledgements (id),
    dose TEXT NOT NULL UNIQUE REFERENCES doses (id), -- nobody has to acknowledge a dose twice
    PRIMARY KEY (acknowledgement, dose)
);

-- Most doses are given: those of which nothing was are found by themselves.
CREATE INDEX administrations_nothing_given ON administrations (facility, resident) WHERE given_ug = 0;
