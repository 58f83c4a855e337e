-- Who bounced while a campaign was sent, as long as that can be taken back: it may be the
-- server that errs. Empty when nobody sends.

CREATE TABLE recent_bounce (
    number   INTEGER PRIMARY KEY,      -- in the order in which they came
    campaign INTEGER NOT NULL,
    key      TEXT NOT NULL,            -- Mailbox.key
    status   TEXT NOT NULL             -- of the subscriber before; empty without one
) STRICT;

CREATE INDEX recent_bounce_by_key ON recent_bounce (campaign, key);
