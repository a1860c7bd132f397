-- What came with a lot is found from the newest on, however many entries a register has.
CREATE INDEX register_entries_came ON register_entries (register, seq) WHERE lot IS NOT NULL OR of_lot IS NOT NULL;

-- What was not given is asked for by its residents too, and then by its day.
CREATE INDEX administrations_nothing_given_to ON administrations (resident, due_at) WHERE given_ug = 0;

-- The plans of a resident, of however many houses' plans they are.
CREATE INDEX plans_resident ON plans (resident, state);
