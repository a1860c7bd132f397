-- What a facility's bell has still to send, of however many letters it ever sent.
CREATE INDEX letters_state ON letters (facility, state);
