-- Who receives, and what the house remembers about them.
-- Instants are ISO 8601 in UTC; languages are BCP 47 tags in order, one space between.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriber (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,   -- Mailbox.key: the address without its case
    address    TEXT NOT NULL,
    name       TEXT NOT NULL,
    languages  TEXT NOT NULL,
    only_these INTEGER NOT NULL,
    status     TEXT NOT NULL,
    joined     TEXT,
    source     TEXT NOT NULL,
    CHECK (only_these IN (0, 1) AND (only_these = 0 OR languages <> ''))
) STRICT;

CREATE INDEX subscriber_by_status ON subscriber (status, key);

-- What changed about a subscriber after they joined: one row per field.
CREATE TABLE change (
    id         INTEGER PRIMARY KEY,
    subscriber INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    at         TEXT NOT NULL,
    by         TEXT NOT NULL,          -- who or what did it: "import people.csv"
    field      TEXT NOT NULL,
    old        TEXT NOT NULL,
    new        TEXT NOT NULL
) STRICT;

CREATE INDEX change_by_subscriber ON change (subscriber, id);
