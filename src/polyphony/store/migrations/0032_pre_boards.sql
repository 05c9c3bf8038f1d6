-- Wallboards, links that show them without a sign-in, and the facts their figures are made of.

CREATE TABLE board (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    department_id uuid REFERENCES department ON DELETE CASCADE,       -- null = the house
    pages         jsonb NOT NULL DEFAULT '[]',
    thresholds    jsonb NOT NULL DEFAULT '{}',
    seconds       smallint NOT NULL DEFAULT 20 CHECK (seconds BETWEEN 5 AND 600),   -- of one page on a screen
    language      text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'cs', 'pl', 'ru')),
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE board_link (
    id           uuid PRIMARY KEY,
    board_id     uuid NOT NULL REFERENCES board ON DELETE CASCADE,
    name         text NOT NULL,                                       -- where the screen hangs
    token_hash   bytea NOT NULL UNIQUE,                               -- the token itself is shown once
    pin_mac      bytea NOT NULL,
    tries        smallint NOT NULL DEFAULT 0,
    locked_until timestamptz,
    expires_at   timestamptz,
    seen_at      timestamptz,
    by_id        uuid NOT NULL REFERENCES person,
    created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX board_link_board ON board_link (board_id);

-- Where the reader stands in the log; moved in the transaction that writes the facts.
CREATE TABLE board_state (
    name   text PRIMARY KEY,
    cursor text COLLATE "C" NOT NULL,
    body   jsonb NOT NULL DEFAULT '{}',
    at     timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Facts: derived from the rows the log names; each carries the version it was made from, so that making
-- it again changes nothing. home_id is the Department of the Queue, department_id that of the Case.
CREATE TABLE fact_wait (
    stay_id        uuid PRIMARY KEY,
    work_item_id   uuid NOT NULL REFERENCES work_item ON DELETE CASCADE,
    queue_id       uuid NOT NULL,
    home_id        uuid NOT NULL,
    department_id  uuid NOT NULL,
    sealed         boolean NOT NULL,
    channel_kind   text COLLATE "C" NOT NULL,
    tier           text COLLATE "C" NOT NULL,
    agent_id       uuid,                                              -- who took it
    entered_at     timestamptz NOT NULL,
    first_offer_at timestamptz,
    answered_at    timestamptz,
    left_at        timestamptz,
    how            text COLLATE "C" NOT NULL CHECK (how IN ('waiting', 'taken', 'answered', 'abandoned', 'flow_out', 'cancelled')),
    reason         text COLLATE "C",                                  -- the word the stay ended with
    wall_ms        bigint NOT NULL,
    service_ms     bigint NOT NULL,
    target_ms      bigint NOT NULL,
    step_at_end    smallint,
    x_at_end       int,
    announced_s    int,
    was_sticky     boolean NOT NULL DEFAULT false,
    version        bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX fact_wait_entered ON fact_wait (entered_at);
CREATE INDEX fact_wait_item ON fact_wait (work_item_id);

CREATE TABLE fact_offer (
    offer_id      uuid PRIMARY KEY,
    work_item_id  uuid NOT NULL REFERENCES work_item ON DELETE CASCADE,
    agent_id      uuid NOT NULL,
    queue_id      uuid NOT NULL,
    home_id       uuid NOT NULL,
    department_id uuid NOT NULL,
    sealed        boolean NOT NULL,
    channel_kind  text COLLATE "C" NOT NULL,
    made_at       timestamptz NOT NULL,
    settled_at    timestamptz,
    outcome       text COLLATE "C" NOT NULL,
    reason        text COLLATE "C",
    settle_ms     bigint,
    version       bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX fact_offer_made ON fact_offer (made_at);
CREATE INDEX fact_offer_item ON fact_offer (work_item_id);

CREATE TABLE fact_handle (
    stay_id        uuid PRIMARY KEY,                                  -- the stay whose end began it
    work_item_id   uuid NOT NULL REFERENCES work_item ON DELETE CASCADE,
    agent_id       uuid,
    queue_id       uuid NOT NULL,
    home_id        uuid NOT NULL,
    department_id  uuid NOT NULL,
    sealed         boolean NOT NULL,
    channel_kind   text COLLATE "C" NOT NULL,
    accepted_at    timestamptz NOT NULL,
    first_reply_at timestamptz,
    ended_at       timestamptz,
    wrap_end_at    timestamptz,
    units          int NOT NULL,
    version        bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX fact_handle_ended ON fact_handle (wrap_end_at) WHERE wrap_end_at IS NOT NULL;
CREATE INDEX fact_handle_item ON fact_handle (work_item_id);

CREATE TABLE fact_presence (
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    version  bigint NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    status   text COLLATE "C" NOT NULL,
    reason   text,
    toggles  jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (agent_id, version)
);
