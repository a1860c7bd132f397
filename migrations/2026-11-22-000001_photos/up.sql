-- A resident's photo, by which a nurse recognises whom she stands before. It is no clinical record: it is replaced and removed
-- with its bytes. Who put or removed which one stands in the history, by its digest.

CREATE TABLE photos (
    resident TEXT NOT NULL PRIMARY KEY REFERENCES residents (id),
    jpeg BYTEA NOT NULL CHECK (length(jpeg) BETWEEN 1 AND 1048576), -- small, and written by us
    digest TEXT NOT NULL CHECK (length(digest) = 64), -- SHA-256 of it
    put_by TEXT NOT NULL REFERENCES people (id),
    put_at TIMESTAMP NOT NULL
);
