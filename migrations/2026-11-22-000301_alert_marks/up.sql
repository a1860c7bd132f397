-- Up to which day nobody has to look at the doses of a plan again for a taper alert: none stands before it. The bell moves
-- it on, whatever changes an earlier day moves it back. It says nothing that the doses do not say, so that it may be lost.
CREATE TABLE alert_marks (
    plan TEXT NOT NULL PRIMARY KEY REFERENCES plans (id),
    clear_until DATE NOT NULL
);

-- What was not given is asked for by its day.
DROP INDEX administrations_nothing_given;
CREATE INDEX administrations_nothing_given ON administrations (facility, due_at) WHERE given_ug = 0;
