-- What a plan says of a dose that was missed or comes late, and the prescriber's word on which one was given all the same.

-- Empty in versions from before it was kept: then the usual holds.
ALTER TABLE plan_versions ADD COLUMN missed_dose TEXT CHECK (length(trim(missed_dose)) > 0);
ALTER TABLE plan_versions ADD COLUMN least_hours BIGINT CHECK (least_hours BETWEEN 1 AND 24); -- between two doses

-- Given by telephone, for a late dose less than the least interval from another.
ALTER TABLE administrations ADD COLUMN word_by TEXT REFERENCES people (id);
ALTER TABLE administrations ADD COLUMN word_at TIMESTAMP CHECK ((word_at IS NULL) = (word_by IS NULL) AND word_at <= given_at);
