-- What a prescriber found out before the taper. Empty: nothing yet; a version of before this column has none.
ALTER TABLE plan_versions ADD COLUMN baseline TEXT; -- JSON
