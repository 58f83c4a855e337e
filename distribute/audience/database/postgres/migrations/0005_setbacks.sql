-- A worker that has stepped back from a campaign, for a reason that may concern it alone
-- (`distribute.campaign.fleet.setback`). Instants are of the server's clock, in milliseconds
-- since 1970.
CREATE TABLE setback (
    worker   TEXT COLLATE "C" NOT NULL,        -- worker.name
    campaign BIGINT NOT NULL,
    times    INTEGER NOT NULL,                 -- in a row
    reason   TEXT COLLATE "C" NOT NULL,
    since    BIGINT NOT NULL,                  -- of the last time
    until    BIGINT NOT NULL,                  -- when it tries again
    PRIMARY KEY (worker, campaign)
);

-- Whether an issue is to be handed over to workers when its time has come.
ALTER TABLE appointment ADD COLUMN workers INTEGER NOT NULL DEFAULT 0;

-- Whether those who may have got it are sent it once more ([delivery] on_uncertain).
ALTER TABLE frozen ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;

-- Claim the uncertain among these deliveries once more, with what was tried put aside.
CREATE FUNCTION claim_uncertain(numbers BIGINT[], instant BIGINT)
RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO earlier_attempt (delivery, attempt, outcome, opened, closed, due, choice,
                                 id, code, enhanced, text, stage)
    SELECT number, attempt, state, opened, closed, due, choice,
           id, code, enhanced, text, stage
    FROM delivery WHERE number = ANY (numbers) AND state = 'uncertain'
    ON CONFLICT DO NOTHING;
    UPDATE delivery SET
        state = 'claimed', attempt = attempt + 1, opened = instant,
        closed = NULL, due = NULL, code = 0, enhanced = '', text = '', stage = ''
    WHERE number = ANY (numbers) AND state = 'uncertain';
END $$;

-- Claim those of a batch once more who may have got it since it was handed over, if the
-- campaign is to be sent to them again: each of them once, for what kills one worker may
-- kill the next. Others of before may stand between them, about whom nothing was said.
CREATE FUNCTION claim_uncertain_of(
    its_campaign BIGINT, its_number INTEGER, its_fence BIGINT, instant BIGINT,
    its_first BIGINT, its_last BIGINT
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    numbers BIGINT[];
    frozen_at BIGINT;
BEGIN
    SELECT at INTO frozen_at FROM frozen WHERE campaign = its_campaign AND resends = 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM prove_fence(its_campaign, its_number, its_fence);
    numbers := ARRAY (
        SELECT d.number FROM delivery AS d
        WHERE d.campaign + 0 = its_campaign AND d.number BETWEEN its_first AND its_last
          AND d.state = 'uncertain' AND d.opened >= frozen_at AND NOT EXISTS (
              SELECT FROM earlier_attempt AS e
              WHERE e.delivery = d.number AND e.outcome = 'uncertain'
          )
    );
    PERFORM claim_uncertain(numbers, greatest(instant, frozen_at));
END $$;
