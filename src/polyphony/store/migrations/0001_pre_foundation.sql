-- The foundation: who works here, who writes to us, what about, what waits, what leaves, what happened.
-- Words and states: docs/reference/words.md. Runs on PostgreSQL 15 and newer.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- ── plumbing ────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE setting (
    key        text PRIMARY KEY,
    value      jsonb NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE log_epoch (
    epoch             int PRIMARY KEY,
    system_identifier text NOT NULL,
    timeline          text NOT NULL,
    began_at          timestamptz NOT NULL DEFAULT now()
);
INSERT INTO log_epoch (epoch, system_identifier, timeline)
SELECT 1, system_identifier::text, substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
  FROM pg_control_system();

CREATE SEQUENCE event_id_seq;
CREATE TABLE event (
    epoch       int NOT NULL DEFAULT 1,
    xid         xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id          bigint NOT NULL DEFAULT nextval('event_id_seq'),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    type        text COLLATE "C" NOT NULL,
    op          smallint NOT NULL,               -- 0 upsert, 1 gone, 2 touch, 3 fact
    entity      text COLLATE "C",
    entity_id   uuid,
    version     bigint,
    aud         text[] COLLATE "C" NOT NULL,
    aud_was     text[] COLLATE "C",
    case_id     uuid,
    customer_id uuid,
    actor_kind  text COLLATE "C" NOT NULL DEFAULT 'system',
    actor_id    uuid,
    cid         uuid,
    schema      smallint NOT NULL DEFAULT 1,
    payload     jsonb,
    PRIMARY KEY (at, epoch, xid, id)
) PARTITION BY RANGE (at);
CREATE INDEX event_order ON event (epoch, xid, id);
CREATE INDEX event_case ON event (case_id, at) WHERE case_id IS NOT NULL;

-- Day partitions are made ahead by the owner; the application role may only ask for it.
CREATE FUNCTION ensure_event_days(first date, days int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE made int := 0; d date; name text;
BEGIN
    FOR i IN 0 .. days - 1 LOOP
        d := first + i;
        name := 'event_' || to_char(d, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)',
                           name, d::timestamp AT TIME ZONE 'UTC', (d + 1)::timestamp AT TIME ZONE 'UTC');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$;
SELECT ensure_event_days((now() AT TIME ZONE 'UTC')::date - 1, 9);
-- A row never fails for want of a partition (a stopped clock, a long sleep).
CREATE TABLE event_rest PARTITION OF event DEFAULT;

-- A new history of the cluster (restore, fail-over) begins a new epoch; see realtime design, section 5.
CREATE FUNCTION ensure_log_epoch(force boolean DEFAULT false) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE here text; line text; last log_epoch;
BEGIN
    PERFORM pg_advisory_xact_lock(7065642);
    SELECT system_identifier::text INTO here FROM pg_control_system();
    line := substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8);
    SELECT * INTO last FROM log_epoch ORDER BY epoch DESC LIMIT 1;
    IF NOT force AND last.system_identifier = here AND last.timeline = line THEN
        RETURN last.epoch;
    END IF;
    INSERT INTO log_epoch (epoch, system_identifier, timeline) VALUES (last.epoch + 1, here, line);
    EXECUTE format('ALTER TABLE event ALTER COLUMN epoch SET DEFAULT %s', last.epoch + 1);
    RETURN last.epoch + 1;
END $$;

CREATE TABLE timer (
    id         uuid PRIMARY KEY,
    due_at     timestamptz NOT NULL,
    kind       text COLLATE "C" NOT NULL,
    entity_id  uuid NOT NULL,
    key        text COLLATE "C" NOT NULL UNIQUE,
    payload    jsonb NOT NULL DEFAULT '{}',
    tries      int NOT NULL DEFAULT 0,
    lease_until timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE idempotency (
    principal   text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status      int,
    body        bytea,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_age ON idempotency (at);

CREATE TABLE file (
    sha256     text COLLATE "C" PRIMARY KEY,
    size       bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit (
    id         uuid PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind text NOT NULL,
    actor_id   uuid,
    act        text NOT NULL,
    entity     text,
    entity_id  uuid,
    facts      jsonb NOT NULL DEFAULT '{}',
    request_id text,
    address    text
);
CREATE INDEX audit_entity ON audit (entity_id, at);
CREATE INDEX audit_actor ON audit (actor_id, at);

-- ── people and rights ───────────────────────────────────────────────────────────────────────────

CREATE TABLE calendar (
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    zone       text NOT NULL DEFAULT 'UTC',
    always     boolean NOT NULL DEFAULT false,
    frames     jsonb NOT NULL DEFAULT '{}',      -- {"1": [["08:00","12:00"],["12:30","17:00"]], …} ISO weekday
    exceptions jsonb NOT NULL DEFAULT '{}',      -- {"2026-12-24": []} closed or own frames
    version    bigint NOT NULL DEFAULT 1
);

CREATE TABLE department (
    id           uuid PRIMARY KEY,
    name         text NOT NULL UNIQUE,
    calendar_id  uuid NOT NULL REFERENCES calendar,
    triage_queue uuid,                            -- set right after the queue exists
    visibility   text NOT NULL DEFAULT 'open' CHECK (visibility IN ('open', 'sealed')),
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person (
    id            uuid PRIMARY KEY,
    email         text COLLATE "C" NOT NULL UNIQUE CHECK (email = lower(email)),
    name          text NOT NULL,
    language      text NOT NULL DEFAULT 'en',
    zone          text NOT NULL DEFAULT 'UTC',
    password_hash text,
    totp_secret   bytea,                          -- sealed
    totp_used     bigint,                         -- last accepted time step: a code works once
    state         text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    simulated     boolean NOT NULL DEFAULT false,
    settings      jsonb NOT NULL DEFAULT '{}',
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person_role (
    person_id     uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    role          text NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin', 'auditor')),
    department_id uuid REFERENCES department ON DELETE CASCADE,
    UNIQUE NULLS NOT DISTINCT (person_id, role, department_id)
);

CREATE TABLE member (
    person_id     uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    department_id uuid NOT NULL REFERENCES department ON DELETE CASCADE,
    PRIMARY KEY (person_id, department_id)
);
CREATE INDEX member_department ON member (department_id);

CREATE TABLE sign_in (
    id         uuid PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    csrf       text NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    strong     boolean NOT NULL DEFAULT false,    -- second factor given
    address    text,
    device     text
);
CREATE INDEX sign_in_person ON sign_in (person_id) WHERE ended_at IS NULL;

CREATE TABLE sign_in_link (
    token_hash bytea PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('first', 'invite', 'reset')),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

-- Throttles of sign-in, codes, automatic answers, chat sessions: one row per key and window.
CREATE TABLE throttle (
    key    text COLLATE "C" NOT NULL,
    since  timestamptz NOT NULL,
    count  int NOT NULL,
    PRIMARY KEY (key)
);

-- ── queues, skills, agents ──────────────────────────────────────────────────────────────────────

CREATE TABLE queue (
    id                   uuid PRIMARY KEY,
    department_id        uuid NOT NULL REFERENCES department,
    name                 text NOT NULL,
    calendar_id          uuid REFERENCES calendar,
    channels             text[] NOT NULL DEFAULT '{}',           -- empty = all
    delivery             text NOT NULL DEFAULT 'push' CHECK (delivery IN ('push', 'pull', 'open')),
    requirements         jsonb NOT NULL DEFAULT '[]',
    weight_milli         int NOT NULL DEFAULT 1000 CHECK (weight_milli BETWEEN 10 AND 100000),
    offer_timeout_s      jsonb NOT NULL DEFAULT '{}',            -- {"chat": 30}; missing = default
    auto_accept          boolean NOT NULL DEFAULT false,
    decline_reasons      text[] NOT NULL DEFAULT '{}',           -- not empty = a reason is demanded
    wrap_up_s            int NOT NULL DEFAULT 0,
    disposition_required boolean NOT NULL DEFAULT false,
    sticky               text NOT NULL DEFAULT 'prefer' CHECK (sticky IN ('off', 'prefer', 'require')),
    targets              jsonb NOT NULL DEFAULT '{}',            -- {"email": {"first_response_s":…, "resolution_s":…}}
    max_waiting          int,
    version              bigint NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL DEFAULT now(),
    UNIQUE (department_id, name)
);
ALTER TABLE department ADD FOREIGN KEY (triage_queue) REFERENCES queue DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE skill (
    id      uuid PRIMARY KEY,
    key     text COLLATE "C" NOT NULL UNIQUE,
    kind    text NOT NULL CHECK (kind IN ('language', 'topic', 'product', 'legal', 'channel')),
    name    jsonb NOT NULL DEFAULT '{}',                          -- {"en": …, "cs": …, "pl": …, "ru": …}
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE agent (
    person_id     uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
    department_id uuid NOT NULL REFERENCES department,
    channels      text[] NOT NULL DEFAULT '{email,chat}',         -- rights per channel
    version       bigint NOT NULL DEFAULT 1
);

CREATE TABLE agent_skill (
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    skill_id uuid NOT NULL REFERENCES skill ON DELETE CASCADE,
    level    smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    PRIMARY KEY (agent_id, skill_id)
);

CREATE TABLE queue_member (
    queue_id uuid NOT NULL REFERENCES queue ON DELETE CASCADE,
    agent_id uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    rank     smallint NOT NULL DEFAULT 1 CHECK (rank BETWEEN 1 AND 9),
    PRIMARY KEY (queue_id, agent_id)
);
CREATE INDEX queue_member_agent ON queue_member (agent_id);

CREATE TABLE agent_presence (
    agent_id       uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
    status         text NOT NULL DEFAULT 'offline' CHECK (status IN
                   ('online', 'busy', 'break', 'wrap_up', 'not_responding', 'reconnecting', 'offline')),
    previous       text,                                          -- status to come back to
    toggles        jsonb NOT NULL DEFAULT '{}',                   -- {"chat": false}: own switch per channel
    silent         text[] NOT NULL DEFAULT '{}',                  -- channel classes switched off by misses
    reason         text,
    since          timestamptz NOT NULL DEFAULT now(),
    planned_return timestamptz,
    grace_until    timestamptz,
    heartbeat_at   timestamptz,
    process        text,                                          -- the web process that holds the socket
    version        bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);

CREATE TABLE web_process (
    name    text PRIMARY KEY,
    beat_at timestamptz NOT NULL
);

CREATE TABLE agent_load (
    agent_id         uuid PRIMARY KEY REFERENCES agent ON DELETE CASCADE,
    cap_max          int NOT NULL DEFAULT 100 CHECK (cap_max BETWEEN 0 AND 300),
    routed_units     int NOT NULL DEFAULT 0 CHECK (routed_units >= 0),
    manual_units     int NOT NULL DEFAULT 0 CHECK (manual_units >= 0),
    exclusive_live   int NOT NULL DEFAULT 0 CHECK (exclusive_live >= 0),
    idle_since       timestamptz NOT NULL DEFAULT now(),
    misses           jsonb NOT NULL DEFAULT '{}',                 -- {"chat": 1, "all": 1} in a row
    presence_version bigint NOT NULL DEFAULT 1,
    version          bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

-- Routed work never raises an agent above the maximum; lowering the maximum below present use is allowed.
CREATE FUNCTION agent_load_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.routed_units > OLD.routed_units AND NEW.routed_units > NEW.cap_max THEN
        RAISE EXCEPTION 'agent % above capacity: % of %', NEW.agent_id, NEW.routed_units, NEW.cap_max
              USING ERRCODE = 'check_violation', CONSTRAINT = 'agent_load_fits';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agent_load_fits BEFORE UPDATE ON agent_load FOR EACH ROW EXECUTE FUNCTION agent_load_fits();

CREATE TABLE rule_set (
    version     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rules       jsonb NOT NULL,
    active_from timestamptz NOT NULL DEFAULT now(),
    by          uuid
);

-- ── channel accounts and what arrives ───────────────────────────────────────────────────────────

CREATE TABLE channel_account (
    id            uuid PRIMARY KEY,
    kind          text COLLATE "C" NOT NULL,
    name          text NOT NULL,
    address       text COLLATE "C" NOT NULL,                      -- mailbox address; widget: its public key
    department_id uuid NOT NULL REFERENCES department,
    default_queue uuid REFERENCES queue,
    mail_account  uuid REFERENCES channel_account,                -- chat: who mails the answers that came too late
    language      text NOT NULL DEFAULT 'en',
    settings      jsonb NOT NULL DEFAULT '{}',
    secrets       bytea,                                          -- sealed JSON object
    state         text NOT NULL DEFAULT 'working' CHECK (state IN ('working', 'degraded', 'broken', 'paused')),
    health        jsonb NOT NULL DEFAULT '{}',
    demo          boolean NOT NULL DEFAULT false,
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, address)
);

CREATE TABLE collector (
    account_id  uuid PRIMARY KEY REFERENCES channel_account ON DELETE CASCADE,
    mark        jsonb NOT NULL DEFAULT '{}',
    lease_owner text,
    lease_until timestamptz
);

CREATE TABLE arrival (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES channel_account,
    key         text COLLATE "C" NOT NULL,
    body        bytea,                                            -- up to 256 KiB
    sha256      text COLLATE "C",                                 -- larger bodies live in the file store
    size        bigint NOT NULL,
    verdict     text,
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'read', 'quarantined')),
    tries       smallint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    error       text,
    seen        int NOT NULL DEFAULT 1,
    UNIQUE (account_id, key),
    CHECK (body IS NOT NULL OR sha256 IS NOT NULL)
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE arrival ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX arrival_new ON arrival (id) WHERE state = 'new';
CREATE INDEX arrival_quarantined ON arrival (received_at) WHERE state = 'quarantined';

CREATE TABLE seen_key (
    account_id uuid NOT NULL,
    key        text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);

-- ── customers ───────────────────────────────────────────────────────────────────────────────────

CREATE TABLE customer (
    id          uuid PRIMARY KEY,
    state       text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'merged', 'erased')),
    merged_into uuid REFERENCES customer,
    name        text NOT NULL DEFAULT '',
    language    text,
    tier        text NOT NULL DEFAULT 'standard' CHECK (tier IN ('standard', 'priority', 'vip')),
    attrs       jsonb NOT NULL DEFAULT '{}',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE record (
    id            uuid PRIMARY KEY,
    customer_id   uuid NOT NULL REFERENCES customer,
    source        text NOT NULL,                                  -- email, chat, desk …
    source_key    text NOT NULL,
    name          text NOT NULL DEFAULT '',
    payload       jsonb NOT NULL DEFAULT '{}',
    at            timestamptz NOT NULL,
    superseded_by uuid
);
CREATE INDEX record_customer ON record (customer_id);

CREATE TABLE identity (
    id           uuid PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL,
    scope        text COLLATE "C" NOT NULL DEFAULT '',
    address      text COLLATE "C" NOT NULL,
    raw          text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'good' CHECK (state IN ('good', 'invalid', 'blocked')),
    state_why    text,
    bounce_count int NOT NULL DEFAULT 0,
    next_at      timestamptz,
    first_seen   timestamptz NOT NULL,
    UNIQUE (kind, scope, address)
);

CREATE TABLE identity_use (
    identity_id uuid NOT NULL REFERENCES identity,
    record_id   uuid NOT NULL REFERENCES record,
    role        text NOT NULL CHECK (role IN ('uses', 'claims')),
    level       smallint NOT NULL CHECK (level BETWEEN 0 AND 4),
    method      text NOT NULL,
    since       timestamptz NOT NULL,
    until       timestamptz,
    PRIMARY KEY (identity_id, record_id, role)
);
CREATE INDEX identity_use_record ON identity_use (record_id);

-- ── cases, interactions, messages ───────────────────────────────────────────────────────────────

CREATE SEQUENCE case_reference_seq MINVALUE 0 START 0;

CREATE TABLE case_ (
    id              uuid PRIMARY KEY,
    reference       text COLLATE "C" NOT NULL UNIQUE,
    kind            text NOT NULL DEFAULT 'request',
    record_id       uuid NOT NULL REFERENCES record,
    department_id   uuid NOT NULL REFERENCES department,
    title           text NOT NULL DEFAULT '',
    preview         text NOT NULL DEFAULT '',
    state           text NOT NULL DEFAULT 'open' CHECK (state IN
                    ('open', 'wait_customer', 'wait_third_party', 'solved', 'closed', 'merged', 'discarded')),
    state_since     timestamptz NOT NULL,
    state_was       text,                                         -- before merged or discarded
    due_at          timestamptz,                                  -- of a waiting state
    priority        text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'critical')),
    language        text,
    visibility      text NOT NULL DEFAULT 'open' CHECK (visibility IN ('open', 'sealed')),
    owner_id        uuid REFERENCES person,
    opened_via      text NOT NULL,
    opened_at       timestamptz NOT NULL,
    first_solved_at timestamptz,
    solved_at       timestamptz,
    closed_at       timestamptz,
    reopen_until    timestamptz,
    merged_into     uuid REFERENCES case_,
    tags            text[] NOT NULL DEFAULT '{}',
    last_item       bigint NOT NULL DEFAULT 0,                    -- position of the newest item
    last_customer   bigint NOT NULL DEFAULT 0,                    -- … written by the customer
    last_staff      bigint NOT NULL DEFAULT 0,                    -- … sent by one of us (not notes)
    last_at         timestamptz NOT NULL,
    demo            boolean NOT NULL DEFAULT false,
    version         bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 85);
CREATE INDEX case_list ON case_ (department_id, state, last_at DESC, id);
CREATE INDEX case_record ON case_ (record_id, opened_at DESC);
CREATE INDEX case_owner ON case_ (owner_id, state) WHERE owner_id IS NOT NULL;
CREATE INDEX case_title_trgm ON case_ USING gin (title gin_trgm_ops);

CREATE TABLE case_link (
    case_id  uuid NOT NULL REFERENCES case_,
    other_id uuid NOT NULL REFERENCES case_,
    kind     text NOT NULL CHECK (kind IN ('follows', 'perhaps', 'duplicate', 'merged_into', 'split_from')),
    at       timestamptz NOT NULL,
    by_kind  text NOT NULL,
    by_id    uuid,
    PRIMARY KEY (case_id, other_id, kind)
);
CREATE INDEX case_link_other ON case_link (other_id);

CREATE TABLE interaction (
    id                   uuid PRIMARY KEY,
    case_id              uuid NOT NULL REFERENCES case_,
    came_case_id         uuid,                                    -- where a merge or split took it from
    channel_kind         text COLLATE "C" NOT NULL,
    account_id           uuid NOT NULL REFERENCES channel_account,
    identity_id          uuid NOT NULL REFERENCES identity,
    record_id            uuid NOT NULL REFERENCES record,
    thread_key           text COLLATE "C" NOT NULL DEFAULT '',    -- e-mail: root Message-ID; chat: chat session
    direction            text NOT NULL DEFAULT 'in' CHECK (direction IN ('in', 'out')),
    mode                 text NOT NULL CHECK (mode IN ('live', 'async')),
    state                text NOT NULL DEFAULT 'new' CHECK (state IN
                         ('new', 'with_bot', 'waiting', 'with_agent', 'quiet', 'ended')),
    language             text,
    subject              text NOT NULL DEFAULT '',
    agent_id             uuid REFERENCES person,
    opened_at            timestamptz NOT NULL,
    last_in_at           timestamptz,
    last_out_at          timestamptz,
    first_human_reply_at timestamptz,
    ended_at             timestamptz,
    ended_by             text,
    disposition          text,
    version              bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 85);
CREATE INDEX interaction_case ON interaction (case_id, opened_at);
CREATE INDEX interaction_record ON interaction (record_id, opened_at DESC);
CREATE INDEX interaction_open ON interaction (account_id, identity_id) WHERE state <> 'ended';

CREATE TABLE participant (
    case_id     uuid NOT NULL REFERENCES case_,
    identity_id uuid NOT NULL REFERENCES identity,
    how         text NOT NULL CHECK (how IN ('opened', 'linked', 'written_to', 'proved')),
    at          timestamptz NOT NULL,
    PRIMARY KEY (case_id, identity_id)
);
CREATE INDEX participant_identity ON participant (identity_id);

-- Provider thread ids known in an account: our own and theirs (Message-ID → Interaction).
CREATE TABLE thread_id (
    account_id     uuid NOT NULL,
    provider_id    text COLLATE "C" NOT NULL,
    interaction_id uuid NOT NULL REFERENCES interaction,
    PRIMARY KEY (account_id, provider_id)
);

CREATE SEQUENCE message_position_seq;
CREATE TABLE message (
    id             uuid PRIMARY KEY,
    interaction_id uuid NOT NULL REFERENCES interaction,
    position       bigint NOT NULL,                               -- taken under the lock of the Case
    kind           text NOT NULL CHECK (kind IN ('in', 'out', 'note', 'system')),
    author_kind    text NOT NULL,                                 -- customer, person, bot, system
    author_id      uuid,
    author_name    text NOT NULL DEFAULT '',
    identity_id    uuid,
    arrival_id     uuid,
    provider_key   text COLLATE "C" NOT NULL DEFAULT '',
    cid            uuid,                                          -- client item id, unique per author for ever
    reply_to       uuid,
    text           text NOT NULL DEFAULT '',                      -- what was written now
    text_full      text,                                          -- with quotes, when it differs
    html           text,                                          -- sanitised
    subject        text NOT NULL DEFAULT '',
    language       text,
    automated      text NOT NULL DEFAULT 'no',
    defects        text[] NOT NULL DEFAULT '{}',
    facts          jsonb NOT NULL DEFAULT '{}',                   -- system lines: code and numbers; trust line of a mail
    also_received  uuid[] NOT NULL DEFAULT '{}',
    delivery_state text,                                          -- worst of its deliveries
    sent_at        timestamptz,
    at             timestamptz NOT NULL,                          -- when it counts as said
    hidden         boolean NOT NULL DEFAULT false,
    version        bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 90);
CREATE INDEX message_interaction ON message (interaction_id, position);
CREATE UNIQUE INDEX message_cid ON message (author_id, cid) WHERE cid IS NOT NULL;
CREATE INDEX message_provider ON message (provider_key) WHERE provider_key <> '';
CREATE INDEX message_arrival ON message (arrival_id) WHERE arrival_id IS NOT NULL;

CREATE TABLE message_file (
    id         uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES message,
    ordinal    smallint NOT NULL,
    sha256     text COLLATE "C" NOT NULL REFERENCES file,
    name       text NOT NULL,
    media_type text NOT NULL,
    size       bigint NOT NULL,
    inline     boolean NOT NULL DEFAULT false,
    cid        text
);
CREATE INDEX message_file_message ON message_file (message_id, ordinal);

-- A file somebody uploaded and has not sent yet.
CREATE TABLE upload (
    id         uuid PRIMARY KEY,
    principal  text COLLATE "C" NOT NULL,                         -- person:<id> or chat:<id>
    sha256     text COLLATE "C" NOT NULL REFERENCES file,
    name       text NOT NULL,
    media_type text NOT NULL,
    size       bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE draft (
    case_id    uuid NOT NULL REFERENCES case_,
    person_id  uuid NOT NULL REFERENCES person,
    mode       text NOT NULL CHECK (mode IN ('reply', 'note')),
    text       text NOT NULL,
    files      jsonb NOT NULL DEFAULT '[]',
    version    bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (case_id, person_id, mode)
);

CREATE TABLE case_read (
    case_id   uuid NOT NULL REFERENCES case_,
    person_id uuid NOT NULL REFERENCES person,
    position  bigint NOT NULL,
    PRIMARY KEY (case_id, person_id)
);

CREATE TABLE sla_clock (
    id            uuid PRIMARY KEY,
    case_id       uuid NOT NULL REFERENCES case_,
    interaction_id uuid REFERENCES interaction,
    type          text NOT NULL CHECK (type IN ('first_response', 'next_response', 'resolution')),
    state         text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'breached', 'cancelled')),
    calendar_id   uuid NOT NULL REFERENCES calendar,
    target_ms     bigint NOT NULL,
    consumed_ms   bigint NOT NULL DEFAULT 0,
    running_since timestamptz,
    warn_at       timestamptz,
    due_at        timestamptz,
    done_at       timestamptz,
    version       bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX sla_clock_live ON sla_clock (case_id, type, interaction_id) NULLS NOT DISTINCT
    WHERE state IN ('running', 'paused', 'breached');

-- ── what leaves ─────────────────────────────────────────────────────────────────────────────────

CREATE TABLE delivery (
    id          uuid PRIMARY KEY,
    message_id  uuid NOT NULL REFERENCES message,
    account_id  uuid NOT NULL REFERENCES channel_account,
    identity_id uuid REFERENCES identity,
    to_address  text COLLATE "C" NOT NULL,
    purpose     text NOT NULL DEFAULT 'reply' CHECK (purpose IN ('reply', 'service', 'auto')),
    lane        smallint NOT NULL DEFAULT 0,
    state       text NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'sent', 'delivered', 'read',
                                               'uncertain', 'failed', 'cancelled', 'expired')),
    why         text,                                             -- undo, schedule, account_broken, error code …
    detail      text,                                             -- the provider's words, for the agent
    not_before  timestamptz NOT NULL,
    expires_at  timestamptz,
    tries       smallint NOT NULL DEFAULT 0,
    lookups     smallint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    provider_id text COLLATE "C",
    degraded    text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL,
    settled_at  timestamptz,
    version     bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX delivery_message ON delivery (message_id);
CREATE INDEX delivery_due ON delivery (not_before) WHERE state IN ('held', 'queued');
CREATE INDEX delivery_line ON delivery (account_id, to_address, id) WHERE state IN ('queued', 'sending', 'uncertain');
CREATE INDEX delivery_open ON delivery (state, lease_until) WHERE state IN ('sending', 'uncertain');
CREATE INDEX delivery_provider ON delivery (account_id, provider_id) WHERE provider_id IS NOT NULL;

CREATE TABLE delivery_try (
    id          uuid PRIMARY KEY,
    delivery_id uuid NOT NULL REFERENCES delivery,
    at          timestamptz NOT NULL,
    outcome     text NOT NULL,
    latency_ms  int,
    detail      text
);
CREATE INDEX delivery_try_delivery ON delivery_try (delivery_id);

CREATE TABLE auto_answer (
    address text COLLATE "C" NOT NULL,
    case_id uuid NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (address, case_id, at)
);
CREATE INDEX auto_answer_at ON auto_answer (at);

-- ── work ────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE work_item (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL DEFAULT 'interaction' CHECK (kind IN ('interaction', 'case_step', 'callback')),
    interaction_id   uuid NOT NULL REFERENCES interaction,
    queue_id         uuid NOT NULL REFERENCES queue,
    channel_kind     text COLLATE "C" NOT NULL,
    state            text NOT NULL DEFAULT 'waiting' CHECK (state IN
                     ('waiting', 'offered', 'in_work', 'suspended', 'wrap_up', 'parked', 'done', 'cancelled')),
    state_since      timestamptz NOT NULL,
    units            int NOT NULL CHECK (units BETWEEN 0 AND 300),
    exclusive        boolean NOT NULL DEFAULT false,
    routed           boolean NOT NULL DEFAULT true,               -- false: taken by hand, counts in manual_units
    target_ms        bigint NOT NULL,
    target_used_ms   bigint NOT NULL DEFAULT 0,                   -- working ms used when waiting_since was written
    due_at           timestamptz,                                 -- of the governing response clock
    tier             text NOT NULL DEFAULT 'standard',
    urgency          text NOT NULL DEFAULT 'normal',
    requirements     jsonb NOT NULL DEFAULT '[]',                 -- [{"skill","min_level","kind","substitutes"}]
    ladder_step      smallint NOT NULL DEFAULT 0,
    waiting_since    timestamptz NOT NULL,
    wake_at          timestamptz,
    agent_id         uuid REFERENCES agent,
    sticky           uuid,
    hold_until       timestamptz,
    overflow_allowed boolean NOT NULL DEFAULT true,
    direct_agent     uuid,                                        -- transfer to a person: offered to him first
    why_queue        jsonb NOT NULL DEFAULT '{}',
    disposition      text,
    cancel_why       text,
    created_at       timestamptz NOT NULL,
    version          bigint NOT NULL DEFAULT 1,
    CHECK ((state IN ('offered', 'in_work', 'suspended', 'wrap_up')) = (agent_id IS NOT NULL)
           OR state IN ('done', 'cancelled'))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE UNIQUE INDEX work_item_live ON work_item (interaction_id)
    WHERE state NOT IN ('done', 'cancelled') AND kind = 'interaction';
CREATE INDEX work_item_waiting ON work_item (queue_id, waiting_since) WHERE state = 'waiting';
CREATE INDEX work_item_agent ON work_item (agent_id) WHERE state IN ('offered', 'in_work', 'suspended', 'wrap_up');
CREATE INDEX work_item_open ON work_item (id) WHERE state NOT IN ('done', 'cancelled');
CREATE INDEX work_item_interaction ON work_item (interaction_id);
CREATE UNIQUE INDEX work_item_exclusive ON work_item (agent_id)
    WHERE exclusive AND state IN ('offered', 'in_work', 'wrap_up');

CREATE TABLE queue_stay (
    id           uuid PRIMARY KEY,
    work_item_id uuid NOT NULL REFERENCES work_item,
    queue_id     uuid NOT NULL REFERENCES queue,
    entered_at   timestamptz NOT NULL,
    left_at      timestamptz,
    how          text,
    EXCLUDE USING gist (work_item_id WITH =, tstzrange(entered_at, left_at) WITH &&)
);
CREATE INDEX queue_stay_open ON queue_stay (work_item_id) WHERE left_at IS NULL;

CREATE TABLE exclusion (
    work_item_id uuid NOT NULL REFERENCES work_item ON DELETE CASCADE,
    agent_id     uuid NOT NULL REFERENCES agent ON DELETE CASCADE,
    until        timestamptz,                                     -- null = for the rest of the stay
    reason       text NOT NULL CHECK (reason IN ('declined', 'missed', 'conflict')),
    times        smallint NOT NULL DEFAULT 1,
    PRIMARY KEY (work_item_id, agent_id)
);

CREATE TABLE offer (
    id           uuid PRIMARY KEY,
    work_item_id uuid NOT NULL REFERENCES work_item,
    agent_id     uuid NOT NULL REFERENCES agent,
    state        text NOT NULL DEFAULT 'offered' CHECK (state IN
                 ('offered', 'accepted', 'declined', 'missed', 'withdrawn')),
    made_at      timestamptz NOT NULL,
    deadline     timestamptz NOT NULL,
    settled_at   timestamptz,
    settled_by   uuid,
    reason       text,
    epoch        bigint NOT NULL,
    cycle        bigint NOT NULL,
    why          jsonb NOT NULL DEFAULT '{}',
    version      bigint NOT NULL DEFAULT 1
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
CREATE UNIQUE INDEX offer_live ON offer (work_item_id) WHERE state = 'offered';
CREATE INDEX offer_agent ON offer (agent_id) WHERE state = 'offered';
CREATE INDEX offer_work_item ON offer (work_item_id, made_at);

CREATE FUNCTION offer_moves_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'offered' AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'offer % is settled: %', OLD.id, OLD.state
              USING ERRCODE = 'check_violation', CONSTRAINT = 'offer_moves_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_moves_once BEFORE UPDATE ON offer FOR EACH ROW EXECUTE FUNCTION offer_moves_once();

CREATE TABLE router_shard (
    id      smallint PRIMARY KEY,
    epoch   bigint NOT NULL DEFAULT 0,
    owner   text,
    beat_at timestamptz
);
INSERT INTO router_shard (id) VALUES (1);

-- ── web chat ────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE chat_session (
    id             uuid PRIMARY KEY,
    account_id     uuid NOT NULL REFERENCES channel_account,
    identity_id    uuid NOT NULL REFERENCES identity,
    token_hash     bytea NOT NULL UNIQUE,
    assurance      smallint NOT NULL DEFAULT 0,
    how            text NOT NULL DEFAULT 'anonymous' CHECK (how IN ('anonymous', 'hmac', 'jwt')),
    name           text NOT NULL DEFAULT '',
    email_claimed  text,                                          -- typed: a claim, never a login
    email_identity uuid REFERENCES identity,                      -- proved: mailed code or signed token
    language       text,
    page           text,
    seen_at        timestamptz NOT NULL,                          -- last sign of life
    delivered_pos  bigint NOT NULL DEFAULT 0,
    read_pos       bigint NOT NULL DEFAULT 0,
    mailed_pos     bigint NOT NULL DEFAULT 0,                     -- answers up to here went on by e-mail
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX chat_session_identity ON chat_session (identity_id);

CREATE TABLE mailed_code (
    id         uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES chat_session ON DELETE CASCADE,
    address    text COLLATE "C" NOT NULL,
    mac        bytea NOT NULL,
    tries      smallint NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
