-- Expected wait: what a customer was told of his place, which never gets worse, and how patient people are.

CREATE TABLE wait_told (
    work_item_id uuid PRIMARY KEY REFERENCES work_item ON DELETE CASCADE,
    before       int,                                              -- so many before him, the fewest ever shown
    band         smallint,                                         -- minutes, rounded up to a step; 0 = less than one, 31 = more than 30
    whole_s      int,                                              -- the whole wait first spoken of
    since        timestamptz NOT NULL                              -- when he was told first
) WITH (fillfactor = 70);

-- Kept once an hour from the stays of 28 days.
CREATE TABLE patience (
    queue_id     uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    channel_kind text COLLATE "C" NOT NULL,
    gave_up      int NOT NULL,
    waited_ms    bigint NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (queue_id, channel_kind)
);
