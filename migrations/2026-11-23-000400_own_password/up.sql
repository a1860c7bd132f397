-- Whether somebody chose the password they have. One that another set opens the door once, to choose one.
ALTER TABLE people ADD COLUMN own_password BOOLEAN NOT NULL DEFAULT TRUE;
