-- As-needed doses are checked at the bedside like any other, come into the record from paper like any other, and both
-- kinds of doses say why nobody could see them given where a second person was wanted.

-- What was scanned, or why it was not, in words; empty where nobody asked.
ALTER TABLE as_needed_doses ADD COLUMN identified TEXT NOT NULL DEFAULT '';

-- Who gave a dose that came into the record from paper. Empty: whoever recorded it gave it.
ALTER TABLE as_needed_doses ADD COLUMN given_by TEXT REFERENCES people (id) CHECK (given_by <> witnessed_by);

-- Given where a witness was wanted and nobody could be one: why.
ALTER TABLE administrations ADD COLUMN unwitnessed TEXT CHECK (length(trim(unwitnessed)) > 0);
ALTER TABLE as_needed_doses ADD COLUMN unwitnessed TEXT CHECK (length(trim(unwitnessed)) > 0);
