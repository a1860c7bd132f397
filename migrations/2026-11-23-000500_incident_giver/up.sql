-- Who gave what was given in error, which need not be whoever reports it. Nobody where that is not known.
ALTER TABLE incidents ADD COLUMN given_by TEXT REFERENCES people (id);
