-- Who gave a dose that came into the record from paper; who typed it in is in `recorded_by`. Empty: whoever recorded it gave it.
ALTER TABLE administrations ADD COLUMN given_by TEXT REFERENCES people (id) CHECK (given_by <> witnessed_by);
