-- One row a machine: the fence of all it writes, and its state.
CREATE TABLE exchange.streams (
    stream bigint PRIMARY KEY,                    -- kind << 32 | key
    epoch bigint NOT NULL,                        -- of the activation that may write
    last_sequence bigint NOT NULL DEFAULT 0,      -- of the journal
    trimmed_through bigint NOT NULL DEFAULT 0,    -- the journal up to here may go
    last_log_number bigint NOT NULL DEFAULT 0,
    state_number bigint,                          -- null: no state yet
    state_epoch bigint NOT NULL DEFAULT 0,        -- in which the state was written
    state_parts integer NOT NULL DEFAULT 0,       -- 0: the state is in this row, else in so many rows of state_parts
    state_checksum integer NOT NULL DEFAULT 0,
    state bytea NOT NULL DEFAULT ''
    -- Every append and every write of state replaces its row: room on the page keeps the index out of it.
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
-- A machine's bytes hardly shrink; not trying saves the processor.
ALTER TABLE exchange.streams ALTER COLUMN state SET STORAGE EXTERNAL;

CREATE TABLE exchange.state_parts (
    stream bigint NOT NULL,
    number bigint NOT NULL,
    epoch bigint NOT NULL,
    part integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (stream, number, epoch, part)
);
ALTER TABLE exchange.state_parts ALTER COLUMN body SET STORAGE EXTERNAL;

-- One row an append. By time, so that what no machine needs any more is dropped by the hour, not deleted by the row.
CREATE TABLE exchange.journal (
    stream bigint NOT NULL,
    first_sequence bigint NOT NULL,
    last_sequence bigint NOT NULL,
    epoch bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    checksum integer NOT NULL,
    records bytea NOT NULL
) PARTITION BY RANGE (written_at);
ALTER TABLE exchange.journal ALTER COLUMN records SET STORAGE EXTERNAL;

-- One row a write of state that logged something; kept until an operator drops a partition.
CREATE TABLE exchange.log (
    stream bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    epoch bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    checksum integer NOT NULL,
    records bytea NOT NULL
) PARTITION BY RANGE (written_at);
ALTER TABLE exchange.log ALTER COLUMN records SET STORAGE EXTERNAL;

-- Makes the partitions of now and of what comes next; a partition that is there stays as it is.
CREATE FUNCTION exchange.add_partitions(parent text, step interval, ahead integer, key_column text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    begins timestamptz;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(7011990401);
    FOR i IN 0..ahead LOOP
        begins := date_bin(step, now(), timestamptz '2000-01-01 00:00:00Z') + i * step;
        partition := parent || '_' || to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD_HH24');
        CONTINUE WHEN to_regclass(format('exchange.%I', partition)) IS NOT NULL;
        -- Made apart and then attached: writers are not locked out meanwhile.
        EXECUTE format('CREATE TABLE exchange.%I (LIKE exchange.%I INCLUDING DEFAULTS INCLUDING STORAGE) WITH (toast_tuple_target = 8160)', partition, parent);
        EXECUTE format('ALTER TABLE exchange.%I ADD PRIMARY KEY (stream, %I)', partition, key_column);
        EXECUTE format('ALTER TABLE exchange.%I ATTACH PARTITION exchange.%I FOR VALUES FROM (%L) TO (%L)', parent, partition, begins, begins + step);
    END LOOP;
END $$;

CREATE FUNCTION exchange.add_partitions() RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT exchange.add_partitions('journal', interval '1 hour', 2, 'last_sequence');
    SELECT exchange.add_partitions('log', interval '30 days', 1, 'last_number');
$$;

SELECT exchange.add_partitions();

-- Drops one partition of the journal that is over and holds nothing that a machine may still need.
-- Its name; null: there is none, or it is being read. A lock that is not had at once is not waited for: appends would queue behind it.
CREATE FUNCTION exchange.drop_trimmed_partition() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog SET lock_timeout = '50ms' AS $$
DECLARE
    partition text;
    is_needed boolean;
BEGIN
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'exchange.journal'::regclass
          -- Long over: a transaction that began before its end may still be writing to it.
          AND (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz < now() - interval '10 minutes'
        ORDER BY c.relname
    LOOP
        -- From stream to stream by the index: an hour's rows are too many to read.
        EXECUTE format($q$
            WITH RECURSIVE held(stream) AS (
                SELECT min(stream) FROM exchange.%1$I
                UNION ALL
                SELECT (SELECT min(p.stream) FROM exchange.%1$I p WHERE p.stream > held.stream) FROM held WHERE held.stream IS NOT NULL)
            SELECT EXISTS (
                SELECT FROM held LEFT JOIN exchange.streams s USING (stream)
                WHERE held.stream IS NOT NULL
                  AND (SELECT max(p.last_sequence) FROM exchange.%1$I p WHERE p.stream = held.stream) > coalesce(s.trimmed_through, 0))
            $q$, partition) INTO is_needed;
        IF NOT is_needed THEN
            EXECUTE format('DROP TABLE exchange.%I', partition);
            RETURN partition;
        END IF;
    END LOOP;
    RETURN NULL;
EXCEPTION WHEN lock_not_available THEN
    RETURN NULL;
END $$;
