-- How often the bell has rung, and on which server its database lived then: by these it is seen that a database was put
-- back from a copy. A database that knows neither is as good as new to the bell.
ALTER TABLE bells ADD COLUMN rings BIGINT NOT NULL DEFAULT 0 CHECK (rings >= 0);
ALTER TABLE bells ADD COLUMN place TEXT NOT NULL DEFAULT '';

-- Since a copy was put back, a facility's letters wait until one of its people has looked at them. The copy was made when
-- or after its bell rang for the last time.
CREATE TABLE letter_waits (
    id TEXT NOT NULL PRIMARY KEY,
    facility TEXT NOT NULL REFERENCES facilities (id),
    copied_at TIMESTAMP NOT NULL,
    found_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    ended_by TEXT REFERENCES people (id),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

CREATE UNIQUE INDEX letter_waits_open ON letter_waits (facility) WHERE ended_at IS NULL;
