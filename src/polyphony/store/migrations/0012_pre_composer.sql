-- The composer: drafts per channel with their other versions, snippets, articles, macros, pinned schedules.

-- Key of a draft: Case, mode, channel, author. Others hear that there is one, and read it when it is shared.
ALTER TABLE draft
    ADD COLUMN id      uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN channel text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN html    text,
    ADD COLUMN shared  boolean NOT NULL DEFAULT true,
    DROP CONSTRAINT draft_pkey,
    ADD PRIMARY KEY (case_id, person_id, mode, channel);
CREATE UNIQUE INDEX draft_id ON draft (id);
CREATE INDEX draft_age ON draft (updated_at);

-- What another device wrote last: kept for seven days.
CREATE TABLE draft_other (
    id        uuid PRIMARY KEY,
    case_id   uuid NOT NULL REFERENCES case_,
    person_id uuid NOT NULL REFERENCES person,
    mode      text NOT NULL CHECK (mode IN ('reply', 'note')),
    channel   text COLLATE "C" NOT NULL DEFAULT '',
    text      text NOT NULL,
    html      text,
    files     jsonb NOT NULL DEFAULT '[]',
    at        timestamptz NOT NULL
);
CREATE INDEX draft_other_place ON draft_other (case_id, person_id, mode, channel, at);
CREATE INDEX draft_other_age ON draft_other (at);

CREATE TABLE snippet (
    id            uuid PRIMARY KEY,
    shortcut      text COLLATE "C" NOT NULL CHECK (shortcut ~ '^[^[:space:]/]{1,40}$'),
    name          text NOT NULL,
    scope         text NOT NULL CHECK (scope IN ('personal', 'department', 'all')),
    person_id     uuid REFERENCES person ON DELETE CASCADE,
    department_id uuid REFERENCES department ON DELETE CASCADE,
    bodies        jsonb NOT NULL DEFAULT '{}',                    -- {"en": "Hello {{customer.first_name}}", …}
    channels      text[] COLLATE "C" NOT NULL DEFAULT '{}',       -- empty = all
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (scope, person_id, department_id, shortcut),
    CHECK ((scope = 'personal') = (person_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department_id IS NOT NULL))
);

CREATE TABLE article (
    id            uuid PRIMARY KEY,
    scope         text NOT NULL CHECK (scope IN ('personal', 'department', 'all')),
    person_id     uuid REFERENCES person ON DELETE CASCADE,
    department_id uuid REFERENCES department ON DELETE CASCADE,
    titles        jsonb NOT NULL DEFAULT '{}',                    -- {"en": …}
    bodies        jsonb NOT NULL DEFAULT '{}',
    url           text COLLATE "C" NOT NULL DEFAULT '',           -- where customers read it; empty = nowhere
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CHECK ((scope = 'personal') = (person_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department_id IS NOT NULL))
);

CREATE TABLE macro (
    id            uuid PRIMARY KEY,
    name          text NOT NULL,
    scope         text NOT NULL CHECK (scope IN ('personal', 'department', 'all')),
    person_id     uuid REFERENCES person ON DELETE CASCADE,
    department_id uuid REFERENCES department ON DELETE CASCADE,
    steps         jsonb NOT NULL,                                 -- [{"do": "tag", "add": ["bill"]}, …]
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (scope, person_id, department_id, name),
    CHECK ((scope = 'personal') = (person_id IS NOT NULL)),
    CHECK ((scope = 'department') = (department_id IS NOT NULL))
);

-- A scheduled answer is called off when the customer writes first, unless somebody pinned it.
ALTER TABLE delivery ADD COLUMN pinned boolean NOT NULL DEFAULT false;
CREATE INDEX delivery_scheduled ON delivery (message_id) WHERE state = 'held' AND why = 'schedule';
