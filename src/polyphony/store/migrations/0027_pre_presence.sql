-- Presence: statuses of the house beside those of the system; who changed whose, and what is due.

CREATE TABLE presence_status (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key        text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_]{1,39}$'),
    name       jsonb NOT NULL DEFAULT '{}',            -- {"en": …, "cs": …}; empty = the word of the screens
    matrix     jsonb NOT NULL,                         -- mode by channel kind, else by class: live, messaging, async
    reasons    text[] NOT NULL DEFAULT '{}',           -- what may be chosen as the reason
    colour     text NOT NULL DEFAULT 'plain' CHECK (colour IN ('plain', 'accent', 'good', 'warn', 'bad', 'note')),
    place      int NOT NULL DEFAULT 100,               -- order in the menu
    built_in   boolean NOT NULL DEFAULT false,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO presence_status (key, matrix, reasons, colour, place, built_in) VALUES
    ('online', '{"live": "on", "messaging": "on", "async": "on"}', '{}', 'good', 10, true),
    ('busy', '{"live": "off", "messaging": "finish", "async": "finish"}', '{}', 'bad', 20, true),
    ('break', '{"live": "off", "messaging": "off", "async": "off"}', '{short,lunch,meeting,training}', 'warn', 30, true),
    ('offline', '{"live": "off", "messaging": "off", "async": "off"}', '{end_of_shift,ill,other_work}', 'plain', 40, true),
    ('wrap_up', '{"live": "off", "messaging": "on", "async": "on"}', '{}', 'note', 50, true),
    ('not_responding', '{"live": "off", "messaging": "off", "async": "off"}', '{}', 'bad', 60, true),
    ('reconnecting', '{"live": "off", "messaging": "off", "async": "off"}', '{}', 'warn', 70, true);

ALTER TABLE agent_presence
    DROP CONSTRAINT agent_presence_status_check,
    ADD CONSTRAINT agent_presence_status_fkey FOREIGN KEY (status) REFERENCES presence_status (key),
    ADD CONSTRAINT agent_presence_previous_fkey FOREIGN KEY (previous) REFERENCES presence_status (key)
        ON DELETE SET NULL,
    ADD COLUMN was         text,                        -- the status before the last change
    ADD COLUMN by_id       uuid,                        -- the person who made the last change, null = nobody
    ADD COLUMN reconnects  int NOT NULL DEFAULT 0,      -- lost lines that were back within the grace
    ADD COLUMN return_told smallint NOT NULL DEFAULT 0; -- of a planned return: 1 = reminded, 2 = the leads know

ALTER TABLE agent_load
    ADD COLUMN cap_channels jsonb NOT NULL DEFAULT '{}', -- most items of a channel at once
    ADD COLUMN cap_lever    int CHECK (cap_lever BETWEEN 0 AND 300);

ALTER TABLE offer ADD COLUMN rendered_at timestamptz;    -- the card was on the Agent's screen
