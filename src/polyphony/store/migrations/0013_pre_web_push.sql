-- Web push: this deployment's VAPID keys, the devices people switched on, what was pushed already.

CREATE TABLE web_push_key (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    public_key text NOT NULL,                       -- uncompressed point, base64url: what browsers subscribe with
    sealed     bytea NOT NULL,                      -- private key, PEM, sealed
    made_at    timestamptz NOT NULL
);

CREATE TABLE web_push (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    endpoint   text COLLATE "C" NOT NULL UNIQUE,
    p256dh     text NOT NULL,
    auth       text NOT NULL,
    device     text NOT NULL DEFAULT '',
    made_at    timestamptz NOT NULL,
    pushed_at  timestamptz,
    failures   int NOT NULL DEFAULT 0               -- in a row
);
CREATE INDEX web_push_person ON web_push (person_id);

-- Claimed and committed before the call outside: a push is sent once or not at all.
CREATE TABLE web_push_sent (
    device_id uuid NOT NULL REFERENCES web_push ON DELETE CASCADE,
    about_id  uuid NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (device_id, about_id)
);
CREATE INDEX web_push_sent_at ON web_push_sent (at);
