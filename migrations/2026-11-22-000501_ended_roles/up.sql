-- A role that was ended is over whatever a clock says; one that ends by itself ends at ends_at.
ALTER TABLE memberships ADD COLUMN ended_at TIMESTAMP;
