-- A decision says from which slot on what was signed was not in force yet when it was made. Decisions of before say nothing.
ALTER TABLE plan_facts ADD COLUMN ahead_on DATE;
ALTER TABLE plan_facts ADD COLUMN ahead_slot TEXT;
