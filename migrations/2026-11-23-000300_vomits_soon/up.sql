-- What was vomited lately is few things, and is found by its time instead of beside every dose.
CREATE INDEX vomits_lately ON vomits (vomited_at);
