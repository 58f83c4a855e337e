-- A list that is run in public: tags, pauses, evidence of consent, applications, letters,
-- who must never be written to, and what came back by mail.
-- Instants are ISO 8601 in UTC unless a comment says milliseconds (since 1970).

ALTER TABLE subscriber ADD COLUMN tags TEXT NOT NULL DEFAULT '';    -- sorted, one space between
ALTER TABLE subscriber ADD COLUMN paused TEXT NOT NULL DEFAULT '';  -- nothing before this day

DROP INDEX subscriber_standing;
CREATE INDEX subscriber_standing
    ON subscriber (key, status, languages, only_these, paused);

-- What somebody agreed to or took back, and how we know.
CREATE TABLE consent (
    id         INTEGER PRIMARY KEY,
    subscriber INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    at         TEXT NOT NULL,
    act        TEXT NOT NULL,          -- audience.consent.Act
    source     TEXT NOT NULL,          -- "form", "import people.csv", "one-click"
    wording    TEXT NOT NULL,          -- which words they agreed to; empty if none are known
    network    TEXT NOT NULL           -- shortened: "203.0.113.0/24"
) STRICT;

CREATE INDEX consent_by_subscriber ON consent (subscriber, id);

-- The words that people agreed to, once each.
CREATE TABLE wording (
    version  TEXT NOT NULL PRIMARY KEY, -- from a hash of the words
    language TEXT NOT NULL,
    words    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who must never be written to, and cannot be told from this table without the key.
CREATE TABLE suppression (
    hash   BLOB NOT NULL PRIMARY KEY,  -- HMAC-SHA-256 of Mailbox.key
    key_id TEXT NOT NULL,              -- which key it was made with
    reason TEXT NOT NULL,              -- audience.suppression.Reason
    since  TEXT NOT NULL               -- a day
) STRICT, WITHOUT ROWID;

-- Who asked to join, or to come back, and has yet to confirm; the latest application counts.
CREATE TABLE application (
    key        TEXT NOT NULL PRIMARY KEY,
    address    TEXT NOT NULL,
    name       TEXT NOT NULL,
    languages  TEXT NOT NULL,
    only_these INTEGER NOT NULL,
    at         TEXT NOT NULL,
    source     TEXT NOT NULL,
    wording    TEXT NOT NULL,
    network    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Letters to single people: please confirm, here is your link. Instants in milliseconds.
CREATE TABLE letter (
    number   INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,            -- audience.letters.Kind
    key      TEXT NOT NULL,
    address  TEXT NOT NULL,
    name     TEXT NOT NULL,
    language TEXT NOT NULL,
    asked    INTEGER NOT NULL,
    due      INTEGER,                  -- NULL once it is settled
    attempt  INTEGER NOT NULL,
    outcome  TEXT NOT NULL,            -- empty while nobody knows
    text     TEXT NOT NULL             -- the server's words
) STRICT;

CREATE INDEX letter_due ON letter (due) WHERE due IS NOT NULL;
CREATE INDEX letter_by_key ON letter (key, asked);

-- How often somebody asked, by network or mailbox, neither of them in clear.
CREATE TABLE visit (
    who   BLOB NOT NULL,               -- keyed hash
    slot  INTEGER NOT NULL,            -- when the span of time ends, in seconds since 1970
    count INTEGER NOT NULL,
    PRIMARY KEY (who, slot)
) STRICT, WITHOUT ROWID;

-- What came back by mail or was told by a provider; each message is judged once.
CREATE TABLE judgement (
    message  BLOB NOT NULL,             -- hash of what makes it this message
    part     INTEGER NOT NULL,          -- which of its reports, from 0
    at       INTEGER NOT NULL,          -- milliseconds
    source   TEXT NOT NULL,
    kind     TEXT NOT NULL,             -- campaign.returned.report.Kind
    key      TEXT NOT NULL,             -- Mailbox.key; empty if nobody of ours
    campaign TEXT NOT NULL,
    delivery TEXT NOT NULL,             -- Delivery.id
    enhanced TEXT NOT NULL,
    text     TEXT NOT NULL,
    decision TEXT NOT NULL,             -- campaign.returned.judge.Decision
    reason   TEXT NOT NULL,
    PRIMARY KEY (message, part)
) STRICT, WITHOUT ROWID;

CREATE INDEX judgement_by_key ON judgement (key, at);

-- Soft bounces that still count. Milliseconds.
CREATE TABLE strike (
    key    TEXT NOT NULL,
    at     INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (key, at)
) STRICT, WITHOUT ROWID;

-- Whose mailbox was said to be gone within the last day: if they are too many, the server
-- errs and it is taken back. Milliseconds.
CREATE TABLE told_gone (
    campaign TEXT NOT NULL,            -- Campaign.id
    key      TEXT NOT NULL,            -- Mailbox.key
    domain   TEXT NOT NULL,            -- of the mailbox
    server   TEXT NOT NULL,            -- whose server said so: "example.net"; may be empty
    at       INTEGER NOT NULL,
    status   TEXT NOT NULL,            -- of the subscriber before; empty if it was not changed
    PRIMARY KEY (campaign, key)
) STRICT, WITHOUT ROWID;

-- Who is not believed about that for the time being. Milliseconds.
CREATE TABLE wave (
    campaign TEXT NOT NULL,            -- Campaign.id
    source   TEXT NOT NULL,            -- a domain, "server example.net"; empty for all of them
    at       INTEGER NOT NULL,         -- when it was last told
    PRIMARY KEY (campaign, source)
) STRICT, WITHOUT ROWID;

-- Which text of an edition was sent from when on, so that it is known who got which.
CREATE TABLE printing (
    campaign INTEGER NOT NULL,
    language TEXT NOT NULL,
    since    INTEGER NOT NULL,          -- milliseconds
    digest   TEXT NOT NULL,
    PRIMARY KEY (campaign, language, since)
) STRICT, WITHOUT ROWID;

-- The only people a campaign is for; a campaign without any is for everybody.
CREATE TABLE invited (
    campaign INTEGER NOT NULL,
    key      TEXT NOT NULL,             -- Mailbox.key
    language TEXT NOT NULL,             -- of the edition they are invited to
    PRIMARY KEY (campaign, key)
) STRICT, WITHOUT ROWID;

-- What a correction says, in the words of whoever sent it.
CREATE TABLE correction (
    campaign INTEGER NOT NULL,
    language TEXT NOT NULL,
    words    TEXT NOT NULL,
    PRIMARY KEY (campaign, language)
) STRICT, WITHOUT ROWID;

ALTER TABLE campaign ADD COLUMN invites INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaign ADD COLUMN finished INTEGER;  -- milliseconds: nobody was owed it any more
ALTER TABLE campaign ADD COLUMN pursued TEXT;      -- who is left when a run is interrupted: a
                                                   -- segment, empty for everybody; NULL: nobody

-- When an issue shall be sent, if somebody said so on the command line.
CREATE TABLE appointment (
    sink   TEXT NOT NULL,
    issue  TEXT NOT NULL,
    at     TEXT NOT NULL,              -- ISO 8601 with its offset
    said   TEXT NOT NULL,              -- as it was said: "2026-12-01 09:00 Europe/Berlin"
    segment TEXT NOT NULL,             -- to whom alone; empty for everybody
    forced TEXT NOT NULL,              -- rules, one space between
    PRIMARY KEY (sink, issue)
) STRICT, WITHOUT ROWID;
