-- An incident about what a record of a scheduled dose says already: that dose took a medicine past an as-needed maximum. Its
-- amount is counted with the record, not here again. Nothing where it was given apart from every dose.
ALTER TABLE incidents ADD COLUMN of_record TEXT REFERENCES administrations (id);
