-- What of a batch has started and not ended stands beside the batch, in one row that each
-- turn of its worker writes anew: so a delivery itself is written once, when it ends, and not
-- before when it starts. It is ``claimed`` meanwhile; whoever takes the batch out of its
-- worker's hands, for whatever reason, finds it ``started``. A worker of a version before
-- this one, which writes both, may go on beside others.

CREATE TABLE under_way (
    campaign BIGINT NOT NULL,
    batch    INTEGER NOT NULL,
    fence    BIGINT NOT NULL,                  -- batch.fence
    turn     BIGINT NOT NULL DEFAULT 0,        -- grows with each turn of the worker
    earliest BIGINT NOT NULL,                  -- frozen.at: nothing is opened before
    started  BIGINT[] NOT NULL DEFAULT '{}',   -- delivery.number
    opened   BIGINT[] NOT NULL DEFAULT '{}',   -- when each of them was started
    PRIMARY KEY (campaign, batch)
) WITH (fillfactor = 10);  -- written over and over: its page has room for that

-- Write to the deliveries of a batch what was under way when it changed hands. As a trigger,
-- so that nobody can forget to: they would look as if they had never been started.
CREATE FUNCTION change_hands() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    numbers BIGINT[];
    instants BIGINT[];
    frozen_at BIGINT;
BEGIN
    DELETE FROM under_way AS u WHERE u.campaign = NEW.campaign AND u.batch = NEW.number
    RETURNING u.started, u.opened, u.earliest INTO numbers, instants, frozen_at;
    IF cardinality(numbers) > 0 THEN
        UPDATE delivery AS d SET state = 'started', opened = greatest(s.opened, frozen_at)
        FROM unnest(numbers, instants) AS s (number, opened)
        WHERE d.number = s.number AND d.number = ANY (numbers) AND d.state = 'claimed';
    END IF;
    IF NEW.state = 'held' THEN
        INSERT INTO under_way (campaign, batch, fence, earliest)
        SELECT f.campaign, NEW.number, NEW.fence, f.at
        FROM frozen AS f WHERE f.campaign = NEW.campaign;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER batch_changes_hands AFTER UPDATE OF state, fence ON batch
    FOR EACH ROW WHEN (OLD.state = 'held' OR NEW.state = 'held')
    EXECUTE FUNCTION change_hands();

-- Record what a turn brought: who may leave from now on, and how others ended. In one
-- statement, so that a worker waits for the server once. Doing it twice is doing it once:
-- a worker whose connection is lost meanwhile does not know whether it was written. One that
-- comes to the server late, over a connection that was given up, is not written any more.
-- `starting` are those that were not under way before. Fails with DIST1 if the batch is in
-- other hands, and with DIST2 if any of them is not as it should be; nothing is written then.
--
-- The plans are kept and must be right for a table of any length, which grows meanwhile.
CREATE FUNCTION note_turn(
    its_campaign BIGINT, its_number INTEGER, its_fence BIGINT, its_turn BIGINT,
    instant BIGINT, starting BIGINT[], all_under_way BIGINT[], since BIGINT[],
    ended BIGINT[], openings BIGINT[], outcomes TEXT[], codes INTEGER[],
    statuses TEXT[], texts TEXT[], stages TEXT[], dues BIGINT[]
) RETURNS VOID LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    frozen_at BIGINT;
    counted BIGINT;
BEGIN
    UPDATE under_way AS u SET turn = its_turn, started = all_under_way, opened = since
    WHERE u.campaign = its_campaign AND u.batch = its_number AND u.fence = its_fence
      AND u.turn <= its_turn
    RETURNING u.earliest INTO frozen_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'batch % of campaign % is in other hands', its_number, its_campaign
            USING ERRCODE = 'DIST1';
    END IF;
    IF cardinality(starting) > 0 THEN
        SELECT count(*) INTO counted FROM delivery
        WHERE number = ANY (starting) AND state = 'claimed';
        IF counted <> cardinality(starting) THEN
            RAISE EXCEPTION 'a delivery to be started is not claimed'
                USING ERRCODE = 'DIST2';
        END IF;
    END IF;
    IF cardinality(ended) > 0 THEN
        UPDATE delivery AS d SET
            state = e.outcome, code = e.code, enhanced = e.status, text = e.said,
            stage = e.stage, due = e.due, closed = greatest(instant, frozen_at),
            opened = greatest(coalesce(e.opened, d.opened), frozen_at)
        FROM unnest(ended, openings, outcomes, codes, statuses, texts, stages, dues)
            AS e (number, opened, outcome, code, status, said, stage, due)
        WHERE d.number = e.number AND d.number = ANY (ended);
        GET DIAGNOSTICS counted = ROW_COUNT;
        IF counted <> cardinality(ended) THEN
            RAISE EXCEPTION 'a delivery that ended is not there' USING ERRCODE = 'DIST2';
        END IF;
    END IF;
END $$;
