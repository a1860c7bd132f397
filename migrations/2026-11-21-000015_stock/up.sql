-- What a facility orders and when, what nobody could see, which pack was moved, and days that were looked through.

-- The days its pharmacy needs, and the days that an order is to last. No row: our own choice.
CREATE TABLE order_rules (
    facility TEXT NOT NULL PRIMARY KEY REFERENCES facilities (id),
    lead_days BIGINT NOT NULL CHECK (lead_days BETWEEN 0 AND 30),
    cover_days BIGINT NOT NULL CHECK (cover_days BETWEEN 1 AND 90)
);

-- Wasted where a witness was wanted and nobody could be one: why. The book holds it until it is resolved.
ALTER TABLE discrepancies ADD COLUMN unwitnessed TEXT CHECK (length(trim(unwitnessed)) > 0);

-- The pack that what is moved to another box comes from.
ALTER TABLE register_entries ADD COLUMN of_lot TEXT CHECK (of_lot IS NULL OR kind IN ('moved_out', 'moved_in'));
ALTER TABLE register_entries ADD COLUMN of_expires_on DATE;

-- Somebody has looked through the doses of a day beside the registers. Written once, as often as somebody looks.
CREATE TABLE days_looked_through (
    id TEXT NOT NULL PRIMARY KEY,
    n BIGINT NOT NULL REFERENCES history (n),
    unit TEXT NOT NULL REFERENCES units (id),
    looked_on DATE NOT NULL, -- the day that was looked through
    disagreeing BIGINT NOT NULL CHECK (disagreeing >= 0), -- how many doses did not agree then
    note TEXT NOT NULL,
    looked_by TEXT NOT NULL REFERENCES people (id),
    looked_at TIMESTAMP NOT NULL
);
CREATE INDEX days_looked_through_unit ON days_looked_through (unit, looked_on);
