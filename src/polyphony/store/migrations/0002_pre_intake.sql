-- What intake, targets and delivery need beside the foundation.

-- Targets warn once; the schedule finds what is due without timers of its own.
ALTER TABLE sla_clock ADD COLUMN warned boolean NOT NULL DEFAULT false;
CREATE INDEX sla_clock_warn ON sla_clock (warn_at) WHERE state = 'running' AND NOT warned;
CREATE INDEX sla_clock_due ON sla_clock (due_at) WHERE state = 'running';

CREATE INDEX case_reopen ON case_ (reopen_until) WHERE state = 'solved';
CREATE INDEX interaction_quiet ON interaction (opened_at) WHERE state = 'quiet';

-- Receipts that came before we knew the id they speak of.
CREATE TABLE receipt_waiting (
    account_id  uuid NOT NULL,
    provider_id text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    state       text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    detail      text NOT NULL DEFAULT '',
    hard        boolean NOT NULL DEFAULT false,
    at          timestamptz NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX receipt_waiting_provider ON receipt_waiting (account_id, provider_id);
CREATE INDEX receipt_waiting_at ON receipt_waiting (at);

-- The rate of an account: tokens are taken with the claim, so all workers obey one limit.
CREATE TABLE account_rate (
    account_id  uuid PRIMARY KEY REFERENCES channel_account ON DELETE CASCADE,
    tokens      double precision NOT NULL,
    rate        double precision NOT NULL,
    burst       double precision NOT NULL,
    refilled_at timestamptz NOT NULL
);

-- Since when nobody knows, and that it went out a second time for that reason.
ALTER TABLE delivery ADD COLUMN uncertain_since timestamptz;
ALTER TABLE delivery ADD COLUMN repeated boolean NOT NULL DEFAULT false;
