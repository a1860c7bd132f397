-- Cross-tapers: the conversion that a person confirmed, and no medicine in two running plans of one resident.

ALTER TABLE plan_versions ADD COLUMN conversion TEXT; -- JSON: the table, each dose and what takes its place, who confirmed it

-- The medicines of a plan, from its first approval on. Derived from the version in force; it is here to be unique.
CREATE TABLE plan_medicines (
    plan TEXT NOT NULL REFERENCES plans (id),
    resident TEXT NOT NULL REFERENCES residents (id),
    medicine TEXT NOT NULL,
    running BOOLEAN NOT NULL,
    PRIMARY KEY (plan, medicine)
);
CREATE UNIQUE INDEX plan_medicines_one_running ON plan_medicines (resident, medicine) WHERE running;

INSERT INTO plan_medicines (plan, resident, medicine, running)
    SELECT id, resident, medicine, state = 'running' FROM plans WHERE state IN ('running', 'ended');
