-- Scanning: what is checked before a dose is given, and the numbers by which packs are known.

ALTER TABLE facilities ADD COLUMN identify TEXT NOT NULL DEFAULT 'nothing' CHECK (identify IN ('nothing', 'resident', 'resident_and_product'));

-- What was scanned, or why it was not, in words; empty where nobody asked.
ALTER TABLE administrations ADD COLUMN identified TEXT NOT NULL DEFAULT '';

-- GTIN with 14 digits, NDC with 10 or 11. A number is of one product.
CREATE TABLE pack_codes (
    facility TEXT NOT NULL REFERENCES facilities (id),
    code TEXT NOT NULL CHECK (length(code) IN (10, 11, 14)),
    product TEXT NOT NULL,
    PRIMARY KEY (facility, code)
);
