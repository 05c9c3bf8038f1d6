-- Web chat: several matters of one visitor, how far he read each, what he thought of it, his other devices.

-- How far the customer has read a chat, and up to which answer it has gone on by e-mail.
CREATE TABLE chat_mark (
    interaction_id uuid PRIMARY KEY REFERENCES interaction,
    read_pos       bigint NOT NULL DEFAULT 0,
    mailed_pos     bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);

-- One opinion per chat; the line in the stream of the Case (message_id) tells it to the agents.
CREATE TABLE rating (
    id             uuid PRIMARY KEY,
    interaction_id uuid NOT NULL UNIQUE REFERENCES interaction,
    identity_id    uuid NOT NULL REFERENCES identity,
    agent_id       uuid REFERENCES person,
    message_id     uuid NOT NULL REFERENCES message,
    score          smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
    words          text NOT NULL DEFAULT '',
    given_at       timestamptz NOT NULL,
    version        bigint NOT NULL DEFAULT 1
);
CREATE INDEX rating_given ON rating (given_at);

-- A link by which a visitor goes on with his chats on another device: single use, kept as a hash.
CREATE TABLE chat_link (
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES chat_session ON DELETE CASCADE,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX chat_link_expires ON chat_link (expires_at);

ALTER TABLE chat_session
    ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}',   -- what the page says of its visitor: claims, shown to agents
    DROP CONSTRAINT chat_session_how_check,
    ADD CONSTRAINT chat_session_how_check CHECK (how IN ('anonymous', 'hmac', 'jwt', 'link'));

-- The chats of one customer, ended ones too: his own list, and the matter a line of his belongs to.
CREATE INDEX interaction_chat ON interaction (identity_id, opened_at) WHERE channel_kind = 'chat';
-- How long people waited lately, per Queue.
CREATE INDEX queue_stay_taken ON queue_stay (queue_id, left_at) WHERE how = 'taken';
