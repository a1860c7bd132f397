-- What somebody gave and another wrote down is found among the records by who gave it, as fast as by who recorded it.
CREATE INDEX administrations_giver ON administrations (facility, given_by, n) WHERE given_by IS NOT NULL;
