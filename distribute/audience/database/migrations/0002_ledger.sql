-- What has been tried, and how it ended. Each sink has its own account: a rehearsal
-- into files is no delivery by SMTP. Nothing here refers to a subscriber's row: what
-- was sent stays on record when somebody leaves.

CREATE TABLE campaign (
    sink    TEXT NOT NULL,
    id      TEXT NOT NULL,
    started TEXT NOT NULL,             -- with the offset it was given in
    PRIMARY KEY (sink, id)
) STRICT, WITHOUT ROWID;

-- One row per delivery, with its latest attempt.
CREATE TABLE delivery (
    sink     TEXT NOT NULL,
    id       TEXT NOT NULL,            -- Delivery.id
    campaign TEXT NOT NULL,
    key      TEXT NOT NULL,            -- Mailbox.key
    address  TEXT NOT NULL,
    language TEXT NOT NULL,
    reason   TEXT NOT NULL,            -- why this language
    attempt  INTEGER NOT NULL,         -- counts from 1
    opened   TEXT NOT NULL,
    closed   TEXT,                     -- NULL while nobody knows how it ended
    outcome  TEXT NOT NULL,            -- "uncertain" until closed
    code     INTEGER NOT NULL,
    enhanced TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (sink, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_by_campaign ON delivery (sink, campaign, key);
CREATE INDEX delivery_by_key ON delivery (key);

-- The attempts before the latest one.
CREATE TABLE earlier_attempt (
    sink     TEXT NOT NULL,
    delivery TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    opened   TEXT NOT NULL,
    closed   TEXT,
    outcome  TEXT NOT NULL,
    code     INTEGER NOT NULL,
    enhanced TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (sink, delivery, attempt),
    FOREIGN KEY (sink, delivery) REFERENCES delivery (sink, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Who works on a campaign; at most one sender.
CREATE TABLE sender (
    sink     TEXT NOT NULL,
    campaign TEXT NOT NULL,
    turn     INTEGER NOT NULL,         -- grows with each change of hands
    held     INTEGER NOT NULL CHECK (held IN (0, 1)),
    host     TEXT NOT NULL,
    boot     TEXT NOT NULL,            -- changes when the machine starts anew
    space    TEXT NOT NULL,            -- whose process ids these are: a container's own
    pid      INTEGER NOT NULL,
    born     TEXT NOT NULL,            -- when the process began; process ids come again
    since    TEXT NOT NULL,
    seen     TEXT NOT NULL,            -- last sign of life
    PRIMARY KEY (sink, campaign)
) STRICT, WITHOUT ROWID;
