-- The MAR: a facility's letters for doses not given, and the ways by which a month is found.

-- Only what differs from the usual letters has a row. A set of letters has one meaning in a facility.
CREATE TABLE mar_letters (
    facility TEXT NOT NULL REFERENCES facilities (id),
    stands_for TEXT NOT NULL CHECK (stands_for <> ''), -- an outcome, or the code of a reason
    letters TEXT NOT NULL CHECK (length(letters) BETWEEN 1 AND 2),
    PRIMARY KEY (facility, stands_for)
);
CREATE UNIQUE INDEX mar_letters_one_meaning ON mar_letters (facility, letters);

CREATE INDEX administrations_month ON administrations (resident, on_date);
-- What stands for some doses: corrections too, which the index of the standing ones leaves out.
CREATE INDEX administrations_dose ON administrations (dose);
