-- One row per campaign and mailbox, small enough to be written twice per message.
-- Instants in these tables are milliseconds since 1970, but for the Date of a campaign.
-- What the rows of 0002 hold is brought along; see the end.

ALTER TABLE campaign RENAME TO old_campaign;
ALTER TABLE delivery RENAME TO old_delivery;
ALTER TABLE earlier_attempt RENAME TO old_attempt;

CREATE TABLE campaign (
    number  INTEGER PRIMARY KEY,
    sink    TEXT NOT NULL,             -- each has its own account
    id      TEXT NOT NULL,
    started TEXT NOT NULL,             -- ISO 8601, with the offset it was given in
    UNIQUE (sink, id)
) STRICT;

-- Which edition, and why. Numbers below 0 are those of older rows.
CREATE TABLE choice (
    number   INTEGER PRIMARY KEY,      -- from a hash of the two, so the same in every run
    language TEXT NOT NULL,            -- empty for those who get none
    reason   TEXT NOT NULL
) STRICT;

-- A delivery with its latest attempt. A sender finds it again by its number: that is
-- twice as fast as by campaign and key.
CREATE TABLE delivery (
    number   INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL,
    key      TEXT NOT NULL,            -- Mailbox.key
    state    TEXT NOT NULL,            -- campaign.State
    attempt  INTEGER NOT NULL,         -- counts from 1; a claimed one has not begun yet
    opened   INTEGER NOT NULL,
    closed   INTEGER,                  -- NULL while nobody knows how it ended
    due      INTEGER,                  -- when to try again; 0 if somebody must decide
                                       -- to; NULL if there is nothing to try again
    choice   INTEGER NOT NULL,
    since    INTEGER NOT NULL,         -- when the first attempt was opened
    id       TEXT NOT NULL,            -- Delivery.id
    address  TEXT NOT NULL,
    code     INTEGER NOT NULL,
    enhanced TEXT NOT NULL,
    text     TEXT NOT NULL,
    stage    TEXT NOT NULL,
    UNIQUE (campaign, key)
) STRICT;

-- Neither mentions the state, so that nobody looks at them when a delivery starts.
CREATE INDEX delivery_due ON delivery (campaign, due, key) WHERE due > 0;
CREATE INDEX delivery_troubled ON delivery (campaign, key) WHERE due IS NOT NULL;

-- The attempts before the latest one.
CREATE TABLE earlier_attempt (
    delivery INTEGER NOT NULL REFERENCES delivery (number) ON DELETE CASCADE,
    attempt  INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    opened   INTEGER NOT NULL,
    closed   INTEGER,
    due      INTEGER,
    choice   INTEGER NOT NULL,
    id       TEXT NOT NULL,
    code     INTEGER NOT NULL,
    enhanced TEXT NOT NULL,
    text     TEXT NOT NULL,
    stage    TEXT NOT NULL,
    PRIMARY KEY (delivery, attempt)
) STRICT, WITHOUT ROWID;

-- Who was passed over when they were last looked at, and why; each run looks again.
CREATE TABLE passed_over (
    campaign INTEGER NOT NULL,
    key      TEXT NOT NULL,
    address  TEXT NOT NULL,
    choice   INTEGER NOT NULL,
    PRIMARY KEY (campaign, key)
) STRICT, WITHOUT ROWID;

-- Whether deliveries may be left that were claimed or started and have not ended.
ALTER TABLE sender ADD COLUMN leaves_open INTEGER NOT NULL DEFAULT 1;

-- All that a plan depends on, in the order in which people are gone through.
DROP INDEX subscriber_by_status;
CREATE INDEX subscriber_standing ON subscriber (key, status, languages, only_these);

-- What was on record before. A delivery was known by mailbox and language; now all that
-- was tried for one mailbox is one delivery. Of several the one stands that says most
-- about having had the issue; the others become attempts before it.

INSERT INTO campaign (sink, id, started)
SELECT sink, id, started FROM old_campaign
UNION ALL
SELECT sink, campaign, min(opened) FROM old_delivery
WHERE (sink, campaign) NOT IN (SELECT sink, id FROM old_campaign)
GROUP BY sink, campaign;

INSERT INTO choice (number, language, reason)
SELECT -row_number() OVER (ORDER BY language, reason), language, reason
FROM (SELECT DISTINCT language, reason FROM old_delivery);

CREATE TABLE old_standing AS
SELECT old.sink, old.id, campaign.number AS campaign, old.key, old.address,
       choice.number AS choice,
       row_number() OVER (
           PARTITION BY old.sink, old.campaign, old.key
           ORDER BY CASE old.outcome
                        WHEN 'accepted' THEN 1 WHEN 'uncertain' THEN 2
                        WHEN 'rejected' THEN 3 ELSE 4
                    END,
                    old.opened DESC, old.id
       ) AS place
FROM old_delivery AS old
JOIN campaign ON campaign.sink = old.sink AND campaign.id = old.campaign
JOIN choice ON choice.language = old.language AND choice.reason = old.reason;

CREATE UNIQUE INDEX old_standing_by_id ON old_standing (sink, id);

CREATE TABLE old_tried AS
WITH tried AS (
    SELECT sink, id, attempt, opened, closed, outcome, code, enhanced, text, 1 AS latest
    FROM old_delivery
    UNION ALL
    SELECT sink, delivery, attempt, opened, closed, outcome, code, enhanced, text, 0
    FROM old_attempt
)
SELECT standing.campaign, standing.key, standing.address, standing.choice, tried.id,
       standing.place = 1 AND tried.latest AS stands,
       row_number() OVER (
           PARTITION BY standing.campaign, standing.key
           ORDER BY standing.place = 1 AND tried.latest,
                    tried.opened, tried.id, tried.attempt
       ) AS attempt,
       CAST(round((julianday(tried.opened) - 2440587.5) * 86400000) AS INTEGER) AS opened,
       CAST(round((julianday(tried.closed) - 2440587.5) * 86400000) AS INTEGER) AS closed,
       tried.outcome, tried.code, tried.enhanced, tried.text
FROM tried CROSS JOIN old_standing AS standing
    ON standing.sink = tried.sink AND standing.id = tried.id;

INSERT INTO delivery (campaign, key, state, attempt, opened, closed, due, choice, since,
                      id, address, code, enhanced, text, stage)
SELECT campaign, key, CASE WHEN closed IS NULL THEN 'started' ELSE outcome END,
       attempt, opened, closed,
       CASE WHEN outcome = 'accepted' OR closed IS NULL THEN NULL
            WHEN outcome = 'deferred' THEN closed
            ELSE 0
       END,
       choice, since, id, address, code, enhanced, text, ''
FROM (
    SELECT *, min(opened) OVER (PARTITION BY campaign, key) AS since FROM old_tried
)
WHERE stands
ORDER BY campaign, key;

INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice, id,
                             code, enhanced, text, stage)
SELECT delivery.number, tried.attempt, tried.outcome, tried.opened, tried.closed, 0,
       tried.choice, tried.id, tried.code, tried.enhanced, tried.text, ''
FROM old_tried AS tried CROSS JOIN delivery
    ON delivery.campaign = tried.campaign AND delivery.key = tried.key
WHERE NOT tried.stands;

DROP TABLE old_tried;
DROP TABLE old_standing;
DROP TABLE old_attempt;
DROP TABLE old_delivery;
DROP TABLE old_campaign;
