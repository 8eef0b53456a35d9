-- When grains are to be woken, for Orleans' reminders on ADO.NET; tables and statements are ours, as for its clustering.
CREATE TABLE orleans.reminders (
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    hash integer NOT NULL,           -- of the grain: each silo looks after a range of them
    starts_at timestamptz NOT NULL,
    period_ms bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service, grain, name)
);
CREATE INDEX reminders_by_hash ON orleans.reminders (service, hash);

INSERT INTO orleans.orleansquery VALUES
('UpsertReminderRowKey', $q$
    INSERT INTO orleans.reminders AS r (service, grain, name, hash, starts_at, period_ms, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
    ON CONFLICT (service, grain, name) DO UPDATE
        SET hash = excluded.hash, starts_at = excluded.starts_at, period_ms = excluded.period_ms, version = r.version + 1
    RETURNING version AS Version
$q$),
('ReadReminderRowKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans.reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$q$),
('ReadReminderRowsKey', $q$
    SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans.reminders WHERE service = @ServiceId AND grain = @GrainId
$q$),
('ReadRangeRows1Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans.reminders WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash
$q$),
-- The range that goes round the end of the numbers.
('ReadRangeRows2Key', $q$
    SELECT grain AS GrainId, name AS ReminderName, starts_at AS StartTime, period_ms AS Period, version AS Version
    FROM orleans.reminders WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    WITH gone AS (
        DELETE FROM orleans.reminders
        WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version RETURNING 1)
    SELECT count(*)::integer FROM gone
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM orleans.reminders WHERE service = @ServiceId
$q$);
