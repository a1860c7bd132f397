-- Assessments: scores of residents on a scale, written once; and when a facility wants them.

-- Settings of the facility ------------------------------------------------------------

-- Empty: no scores are asked for here.
ALTER TABLE facilities ADD COLUMN score_scale TEXT NOT NULL DEFAULT '';
ALTER TABLE facilities ADD COLUMN score_change_days BIGINT NOT NULL DEFAULT 14 CHECK (score_change_days BETWEEN 0 AND 90);
ALTER TABLE facilities ADD COLUMN score_zero_days BIGINT NOT NULL DEFAULT 28 CHECK (score_zero_days BETWEEN 0 AND 180);
ALTER TABLE facilities ADD COLUMN score_time TEXT NOT NULL DEFAULT '10:00'; -- 'HH:MM'
ALTER TABLE facilities ADD COLUMN sedation_asked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE facilities ADD COLUMN sedation_withhold BIGINT NOT NULL DEFAULT -2 CHECK (sedation_withhold BETWEEN -5 AND 0);

-- Assessments -------------------------------------------------------------------------

CREATE TABLE assessments (
    id TEXT NOT NULL PRIMARY KEY, -- the id of the form that made it
    n BIGINT NOT NULL UNIQUE REFERENCES history (n),
    facility TEXT NOT NULL REFERENCES facilities (id),
    unit TEXT NOT NULL REFERENCES units (id), -- where the resident was then
    resident TEXT NOT NULL REFERENCES residents (id),
    scale TEXT NOT NULL, -- its id
    scale_version TEXT NOT NULL,
    scale_name TEXT NOT NULL,
    items TEXT NOT NULL, -- JSON: every item with its words and its answer, as they were on the screen
    total BIGINT, -- none where a scored item is missing: a blank is never 0
    most BIGINT NOT NULL,
    band TEXT NOT NULL, -- empty where there is none
    incomplete_reason TEXT NOT NULL,
    pulse BIGINT CHECK (pulse BETWEEN 20 AND 250),
    systolic BIGINT CHECK (systolic BETWEEN 40 AND 300),
    diastolic BIGINT CHECK (diastolic BETWEEN 20 AND 200),
    note TEXT NOT NULL,
    assessed_at TIMESTAMP NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES people (id),
    CHECK (assessed_at <= recorded_at),
    CHECK (total <= most),
    CHECK ((total IS NULL) = (incomplete_reason <> '')),
    CHECK (total IS NOT NULL OR band = ''),
    CHECK ((systolic IS NULL) = (diastolic IS NULL) AND (systolic IS NULL OR diastolic < systolic))
);
CREATE INDEX assessments_resident ON assessments (resident, scale, assessed_at);
CREATE INDEX assessments_facility ON assessments (facility, n);

-- How awake the resident was when a dose was recorded, where the facility asks: a point of the sedation scale.
ALTER TABLE administrations ADD COLUMN sedation BIGINT CHECK (sedation BETWEEN -5 AND 4);
