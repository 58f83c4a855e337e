-- What `distribute send` records on one machine (`distribute.campaign.ledger.recordsets`).

-- Record how some ended who are on their way; gives how many of them were. One after the
-- other, each by its number: for a join the planner would have to know how large the table
-- is, which grows while the plan is kept.
CREATE FUNCTION end_deliveries(ended JSON) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    e RECORD;
    changed INTEGER := 0;
BEGIN
    FOR e IN
        SELECT * FROM json_to_recordset(ended) AS given (
            state TEXT, code INTEGER, enhanced TEXT, text TEXT, stage TEXT, due BIGINT,
            closed BIGINT, number BIGINT
        )
    LOOP
        UPDATE delivery AS d SET
            state = e.state, code = e.code, enhanced = e.enhanced, text = e.text,
            stage = e.stage, due = e.due, closed = e.closed
        WHERE d.number = e.number AND d.state IN ('started', 'claimed');
        IF FOUND THEN
            changed := changed + 1;
        END IF;
    END LOOP;
    RETURN changed;
END $$;

-- Record what a turn brought: who may leave from now on, and how others ended. In one
-- statement, so that a sender waits for the server once. The lock is that of everybody who
-- writes (`distribute.audience.database.postgres.connection`). Fails with DIST1 if the
-- campaign is in other hands, and with DIST2 if a delivery is not as it should be; nothing is
-- written then.
CREATE FUNCTION record_alone(
    its_sink TEXT, its_id TEXT, its_turn BIGINT, instant BIGINT,
    started BIGINT[], ended JSON, how_many INTEGER
) RETURNS VOID LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    changed INTEGER;
BEGIN
    PERFORM pg_advisory_xact_lock(1684632436, hashtext(current_schema()));
    PERFORM FROM sender WHERE sink = its_sink AND campaign = its_id AND turn = its_turn;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is in other hands', its_id USING ERRCODE = 'DIST1';
    END IF;
    IF cardinality(started) > 0 THEN
        UPDATE delivery SET state = 'started', opened = instant
        WHERE number = ANY (started) AND state = 'claimed';
        GET DIAGNOSTICS changed = ROW_COUNT;
        IF changed <> cardinality(started) THEN
            RAISE EXCEPTION 'a delivery to be started is not claimed'
                USING ERRCODE = 'DIST2';
        END IF;
    END IF;
    IF how_many > 0 AND end_deliveries(ended) <> how_many THEN
        RAISE EXCEPTION 'a delivery that ended was not on its way' USING ERRCODE = 'DIST2';
    END IF;
END $$;

-- A campaign that has just begun is soon a large part of the table, and the planner is to know
-- of it by then. (The server looks once a minute at most.)
ALTER TABLE delivery SET (autovacuum_analyze_scale_factor = 0.02);
