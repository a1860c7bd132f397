-- A dose handed to the resident, who takes it alone: given, and told apart.
ALTER TABLE administrations ADD COLUMN handed BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT handed OR outcome = 'given');
