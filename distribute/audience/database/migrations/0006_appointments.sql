-- Whether an issue is to be handed over to workers when its time has come; never in a file.
ALTER TABLE appointment ADD COLUMN workers INTEGER NOT NULL DEFAULT 0;
