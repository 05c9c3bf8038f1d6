-- The customer in the round: what colleagues note about him, how lists of customers are walked.

CREATE TABLE customer_note (
    id          uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customer ON DELETE CASCADE,
    author_id   uuid NOT NULL REFERENCES person,
    text        text NOT NULL CHECK (text <> ''),
    at          timestamptz NOT NULL,
    edited_at   timestamptz,
    version     bigint NOT NULL DEFAULT 1
);
CREATE INDEX customer_note_customer ON customer_note (customer_id, at DESC, id);

-- Pages by name follow the plain form (no diacritics, no case): the embedded server has no ICU.
CREATE INDEX customer_by_name ON customer (plain(name), id) WHERE state = 'live';
CREATE INDEX customer_by_age ON customer (created_at DESC, id) WHERE state = 'live';

-- Where a long stretch of pretended past is written and removed again, its Cases are found by this.
CREATE INDEX case_demo ON case_ (id) WHERE demo;
