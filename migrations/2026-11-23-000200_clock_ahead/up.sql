-- Letters also wait where the clock leapt ahead: then they were not found in a copy that was made at `copied_at`, but at a
-- clock that should have shown that time.
ALTER TABLE letter_waits ADD COLUMN why TEXT NOT NULL DEFAULT 'put_back' CHECK (why IN ('put_back', 'clock_ahead'));

DROP INDEX letter_waits_open;
CREATE UNIQUE INDEX letter_waits_open ON letter_waits (facility, why) WHERE ended_at IS NULL;
