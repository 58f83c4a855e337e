-- Campaigns that are sent by workers on many machines (`distribute.campaign.fleet`).
-- Instants are milliseconds since 1970.

-- What workers need to send a campaign.
CREATE TABLE frozen (
    campaign BIGINT NOT NULL PRIMARY KEY,      -- campaign.number
    content  BYTEA NOT NULL,                   -- campaign.fleet.frozen
    at       BIGINT NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,        -- campaign.fleet.batch.FrozenState
    complete INTEGER NOT NULL DEFAULT 0,       -- whether all batches have been cut
    alarm    TEXT COLLATE "C" NOT NULL DEFAULT ''  -- why it was paused, if nobody did so
);

-- A stretch of deliveries that one worker has in hand at a time.
CREATE TABLE batch (
    campaign BIGINT NOT NULL,
    number   INTEGER NOT NULL,
    first    BIGINT NOT NULL,                  -- delivery.number
    last     BIGINT NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,        -- campaign.fleet.batch.BatchState
    fence    BIGINT NOT NULL DEFAULT 0,        -- grows with each hand-over
    holder   TEXT COLLATE "C" NOT NULL DEFAULT '',
    since    BIGINT,                           -- when it was last handed over
    due      BIGINT,                           -- when it comes up again; NULL: at once
    job      BIGINT,                           -- procrastinate_jobs.id
    PRIMARY KEY (campaign, number)
);

CREATE INDEX batch_open ON batch (campaign, number) WHERE state IN ('waiting', 'held');
-- numbers of deliveries that belong to a batch are given to nobody else
CREATE INDEX batch_last ON batch (last);

-- Lock the batch as it is in one's hands, so that nobody can take it before this is written;
-- else fail with DIST1.
CREATE FUNCTION prove_fence(its_campaign BIGINT, its_number INTEGER, its_fence BIGINT)
RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM batch
    WHERE campaign = its_campaign AND number = its_number AND fence = its_fence
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % of campaign % is in other hands', its_number, its_campaign
            USING ERRCODE = 'DIST1';
    END IF;
END $$;

-- Nothing is opened before what it carries was handed over, however late a worker's clock is:
-- by that it is known which text somebody got (`distribute.campaign.printing`).
CREATE FUNCTION not_before_frozen(its_campaign BIGINT, instant BIGINT)
RETURNS BIGINT LANGUAGE sql STABLE AS $$
    SELECT greatest(instant, (SELECT at FROM frozen WHERE campaign = its_campaign))
$$;

-- Record what a turn brought: who may leave from now on, and how others ended. In one
-- statement, so that a worker waits for the server once. Doing it twice is doing it once:
-- a worker whose connection is lost meanwhile does not know whether it was written. Fails
-- with DIST2 if any of them is not the worker's.
CREATE FUNCTION record_turn(
    its_campaign BIGINT, its_number INTEGER, its_fence BIGINT, instant BIGINT,
    started BIGINT[], ended BIGINT[], outcomes TEXT[], codes INTEGER[],
    statuses TEXT[], texts TEXT[], stages TEXT[], dues BIGINT[]
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    changed BIGINT := 0;
BEGIN
    PERFORM prove_fence(its_campaign, its_number, its_fence);
    instant := not_before_frozen(its_campaign, instant);
    IF cardinality(started) > 0 THEN
        UPDATE delivery SET state = 'started', opened = instant
        WHERE number = ANY (started) AND state IN ('claimed', 'started');
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    IF changed <> cardinality(started) THEN
        RAISE EXCEPTION 'a delivery to be started is not claimed' USING ERRCODE = 'DIST2';
    END IF;
    changed := 0;
    IF cardinality(ended) > 0 THEN
        UPDATE delivery AS d SET
            state = e.outcome, code = e.code, enhanced = e.status, text = e.said,
            stage = e.stage, due = e.due, closed = instant
        FROM unnest(ended, outcomes, codes, statuses, texts, stages, dues)
            AS e (number, outcome, code, status, said, stage, due)
        WHERE d.number = e.number;
        GET DIAGNOSTICS changed = ROW_COUNT;
    END IF;
    IF changed <> cardinality(ended) THEN
        RAISE EXCEPTION 'a delivery that ended is not there' USING ERRCODE = 'DIST2';
    END IF;
END $$;

-- Claim once more who was tried before, with what was tried put aside. Doing it twice is
-- doing it once, as above; `attempts` are how many there were.
CREATE FUNCTION claim_again(
    its_campaign BIGINT, its_number INTEGER, its_fence BIGINT, instant BIGINT,
    numbers BIGINT[], attempts INTEGER[]
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    changed BIGINT;
BEGIN
    PERFORM prove_fence(its_campaign, its_number, its_fence);
    instant := not_before_frozen(its_campaign, instant);
    INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                 id, code, enhanced, text, stage)
    SELECT d.number, d.attempt, d.state, d.opened, d.closed, d.due, d.choice,
           d.id, d.code, d.enhanced, d.text, d.stage
    FROM delivery AS d JOIN unnest(numbers, attempts) AS a (number, attempt)
        ON a.number = d.number AND a.attempt = d.attempt
    WHERE d.state = 'deferred'
    ON CONFLICT DO NOTHING;
    UPDATE delivery AS d SET
        state = 'claimed', attempt = a.attempt + 1, opened = instant,
        closed = NULL, due = NULL, code = 0, enhanced = '', text = '', stage = ''
    FROM unnest(numbers, attempts) AS a (number, attempt)
    WHERE d.number = a.number
      AND (d.state = 'deferred' AND d.attempt = a.attempt
           OR d.state = 'claimed' AND d.attempt = a.attempt + 1);
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> cardinality(numbers) THEN
        RAISE EXCEPTION 'a delivery to be tried again has changed' USING ERRCODE = 'DIST2';
    END IF;
END $$;

-- When the next message may go, by relay and by domain. It need not survive a crash.
CREATE UNLOGGED TABLE pace (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    free_at TIMESTAMPTZ NOT NULL
);

-- Put off the next message by so many seconds; give in how many seconds that is.
CREATE FUNCTION reserve_pace(its_name TEXT, seconds DOUBLE PRECISION)
RETURNS DOUBLE PRECISION LANGUAGE sql AS $$
    INSERT INTO pace AS p (name, free_at)
    VALUES (its_name, clock_timestamp() + make_interval(secs => seconds))
    ON CONFLICT (name) DO UPDATE SET
        free_at = greatest(p.free_at, clock_timestamp()) + make_interval(secs => seconds)
    RETURNING extract(epoch FROM free_at - clock_timestamp())::DOUBLE PRECISION
$$;

-- What the server's clock says, which is the same for all machines.
CREATE FUNCTION server_clock() RETURNS BIGINT LANGUAGE sql VOLATILE AS $$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT
$$;

-- Who works, or did so within a day (`distribute.campaign.fleet.roll`). Instants are of the
-- server's clock.
CREATE TABLE worker (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,  -- host:pid, as in batch.holder
    host    TEXT COLLATE "C" NOT NULL,
    pid     INTEGER NOT NULL,
    version TEXT COLLATE "C" NOT NULL,         -- of distribute
    began   BIGINT NOT NULL,
    seen    BIGINT NOT NULL,                   -- its last sign of life
    ended   INTEGER NOT NULL DEFAULT 0,        -- whether it has signed off
    campaign BIGINT,                           -- what it has in hand; NULL: nothing
    batch   INTEGER
);

-- How the deliveries of one campaign ended that one worker had in hand.
CREATE TABLE worker_share (
    worker   TEXT COLLATE "C" NOT NULL REFERENCES worker (name) ON DELETE CASCADE,
    campaign BIGINT NOT NULL,
    batches  BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    deferred BIGINT NOT NULL,                  -- attempts; somebody may count twice
    rejected BIGINT NOT NULL,
    uncertain BIGINT NOT NULL,
    recent   BIGINT NOT NULL,                  -- attempts within the last minute
    PRIMARY KEY (worker, campaign)
);
