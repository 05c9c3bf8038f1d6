-- Brands: under which name, colour, picture and signature we write. Configuration keeps its history.

CREATE TABLE brand (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE,
    colour      text NOT NULL DEFAULT '#3d5a80' CHECK (colour ~ '^#[0-9a-f]{6}$'),
    logo_sha256 text COLLATE "C" REFERENCES file,
    sender_name text NOT NULL DEFAULT '',
    signature   jsonb NOT NULL DEFAULT '{}',                  -- {"en": …, "cs": …} text with variables
    footer      text NOT NULL DEFAULT '',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE channel_account ADD COLUMN brand_id uuid REFERENCES brand;
ALTER TABLE queue ADD COLUMN signature jsonb;                 -- {"en": …}; null = the brand's

-- Who changed which piece of configuration, from what to what; what one transaction did belongs together.
CREATE TABLE config_history (
    id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    no        bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    batch     text COLLATE "C" NOT NULL DEFAULT pg_current_xact_id()::text,
    how       text NOT NULL CHECK (how IN ('edit', 'import', 'revert')),
    by_id     uuid,
    noun      text COLLATE "C" NOT NULL,
    entity_id uuid,
    name      text NOT NULL,
    before    jsonb,
    after     jsonb
);
CREATE INDEX config_history_entity ON config_history (entity_id, no);
