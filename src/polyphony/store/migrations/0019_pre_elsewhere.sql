-- Going on elsewhere: a link one of us hands a customer, by which he goes on with the same Case in a chat.
-- Single use, kept as a hash; nothing about the customer or the matter stands in it.
CREATE TABLE hand_over (
    token_hash bytea PRIMARY KEY,
    case_id    uuid NOT NULL REFERENCES case_,
    account_id uuid NOT NULL REFERENCES channel_account,
    made_by    uuid NOT NULL REFERENCES person,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX hand_over_case ON hand_over (case_id);
CREATE INDEX hand_over_expires ON hand_over (expires_at);
