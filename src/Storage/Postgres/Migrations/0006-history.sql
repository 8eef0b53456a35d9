-- What happened on the venue, kept for years: rows are only added, each once, in the transaction that moves history.position.
-- Prices are whole ticks, quantities whole lots, money 1e-8 USDT, as in the machines; history.instruments has the units.
-- Accounts' numbers and ids are the venue's own, which count from 1.
CREATE SCHEMA history;

-- One row: how far the journal is in these tables, and the fence of who writes them.
CREATE TABLE history.position (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
    journal bigint,                          -- the journal's own number; null: nobody has written yet
    epoch bigint NOT NULL DEFAULT 0,         -- of the writer that may
    sequence bigint NOT NULL DEFAULT 0,      -- everything up to this record is here
    time timestamptz NOT NULL DEFAULT 'epoch'
) WITH (fillfactor = 20);
INSERT INTO history.position DEFAULT VALUES;

-- Records whose rows are not here: of before history was switched on, or let go because the database was away for too long.
CREATE TABLE history.gaps (
    after_sequence bigint PRIMARY KEY,
    through_sequence bigint NOT NULL,
    through_time timestamptz NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE history.instruments (
    symbol integer PRIMARY KEY,
    name text NOT NULL,
    tick_e8 bigint NOT NULL,                 -- price of a tick
    lot_e8 bigint NOT NULL,                  -- quantity of a lot
    unit_e8 bigint NOT NULL                  -- money a tick and lot
);

CREATE TABLE history.trades (
    symbol integer NOT NULL,
    trade_id bigint NOT NULL,                -- counts 1, 2, 3 … per symbol
    time timestamptz NOT NULL,
    price_ticks bigint NOT NULL,
    lots bigint NOT NULL,
    taker_side smallint NOT NULL,            -- 0 buy, 1 sell
    is_liquidation boolean NOT NULL
) PARTITION BY RANGE (time);

-- Only those with trades, and only when they are over.
CREATE TABLE history.candles (
    symbol integer NOT NULL,
    price smallint NOT NULL,                 -- 0 trades, 1 mark (in ticks), 2 index (in 1e-8); of mark and index, trades counts values
    length smallint NOT NULL,                -- in order: 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 3d, 1w, 1M, 1s
    open_time timestamptz NOT NULL,
    open_ticks bigint NOT NULL,
    high_ticks bigint NOT NULL,
    low_ticks bigint NOT NULL,
    close_ticks bigint NOT NULL,
    lots numeric NOT NULL,                   -- sums are 128 bits in the machines
    quote_e8 numeric NOT NULL,
    taker_buy_lots numeric NOT NULL,
    trades bigint NOT NULL
) PARTITION BY RANGE (open_time);

CREATE TABLE history.funding (
    symbol integer NOT NULL,
    time timestamptz NOT NULL,               -- when it was due
    rate_e8 bigint NOT NULL,
    mark_ticks bigint NOT NULL,
    PRIMARY KEY (symbol, time)
);

CREATE TABLE history.marks (
    symbol integer NOT NULL,
    time timestamptz NOT NULL,
    sequence bigint NOT NULL,
    mark_ticks bigint NOT NULL,
    index_e8 bigint NOT NULL,
    funding_rate_e8 bigint NOT NULL          -- as it would have been if it had been settled then
) PARTITION BY RANGE (time);
CREATE INDEX marks_by_time ON history.marks USING brin (time);

CREATE TABLE history.fills (
    account bigint NOT NULL,
    number bigint NOT NULL,                  -- counts 1, 2, 3 … over all accounts
    symbol integer NOT NULL,
    trade_id bigint NOT NULL,
    order_id bigint NOT NULL,
    side smallint NOT NULL,
    position_side smallint NOT NULL,
    flags smallint NOT NULL,                 -- 1 maker, 2 liquidation, 4 auto-deleveraging, 8 settlement
    price_ticks bigint NOT NULL,
    lots bigint NOT NULL,
    fee_e8 bigint NOT NULL,
    realised_e8 bigint NOT NULL,
    time timestamptz NOT NULL,
    sequence bigint NOT NULL
) PARTITION BY RANGE (time);
CREATE INDEX fills_by_symbol ON history.fills (account, symbol, number);

CREATE TABLE history.ledger (
    account bigint NOT NULL,
    number bigint NOT NULL,                  -- counts 1, 2, 3 … per account
    symbol integer NOT NULL,                 -- -1: of none
    position_side smallint NOT NULL,
    is_isolated boolean NOT NULL,            -- the purse: an isolated position's margin, else the wallet
    cause smallint NOT NULL,
    trade_id bigint NOT NULL,                -- 0: of none
    amount_e8 bigint NOT NULL,
    balance_e8 bigint NOT NULL,
    time timestamptz NOT NULL,
    sequence bigint NOT NULL
) PARTITION BY RANGE (time);
CREATE INDEX ledger_by_symbol ON history.ledger (account, symbol, number);

-- Orders that are over, as they ended; of those that are open order_events tell.
CREATE TABLE history.orders (
    account bigint NOT NULL,
    order_id bigint NOT NULL,
    symbol integer NOT NULL,
    client_id text NOT NULL,                 -- empty: none
    side smallint NOT NULL,
    type smallint NOT NULL,
    time_in_force smallint NOT NULL,
    self_trade_prevention smallint NOT NULL,
    position_side smallint NOT NULL,
    flags integer NOT NULL,
    price_ticks bigint NOT NULL,
    stop_ticks bigint NOT NULL,
    activation_ticks bigint NOT NULL,
    callback_rate_e8 integer NOT NULL,
    good_till_ms bigint NOT NULL,            -- 0: no such order
    lots bigint NOT NULL,
    filled_lots bigint NOT NULL,
    filled_notional_e8 numeric NOT NULL,
    status smallint NOT NULL,
    reason smallint NOT NULL,
    created timestamptz NOT NULL,
    time timestamptz NOT NULL                -- when it ended
) PARTITION BY RANGE (time);
CREATE INDEX orders_by_symbol ON history.orders (account, symbol, order_id);
-- Most orders bear no client id, or nobody asks by it any more.
CREATE INDEX orders_by_client_id ON history.orders (account, client_id, order_id) WHERE client_id <> '';

CREATE TABLE history.order_events (
    account bigint NOT NULL,
    order_id bigint NOT NULL,
    symbol integer NOT NULL,
    sequence bigint NOT NULL,
    time timestamptz NOT NULL,
    status smallint NOT NULL,
    reason smallint NOT NULL,
    price_ticks bigint NOT NULL,             -- 0: as it was
    lots bigint NOT NULL,
    filled_lots bigint NOT NULL
) PARTITION BY RANGE (time);
CREATE INDEX order_events_by_time ON history.order_events USING brin (time);

-- How each table is cut, and which rows of one partition are the same row.
CREATE FUNCTION history.partitioned() RETURNS TABLE (name text, step text, identity text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    VALUES ('trades', 'week', 'PRIMARY KEY (symbol, trade_id)'),
           ('marks', 'week', NULL),
           -- All that a candle's readers want stands in the index: they are next to each other there, and far apart in the table.
           ('candles', 'month', 'PRIMARY KEY (symbol, price, length, open_time) INCLUDE (open_ticks, high_ticks, low_ticks, close_ticks, lots, quote_e8, taker_buy_lots, trades)'),
           ('fills', 'month', 'PRIMARY KEY (account, number)'),
           ('ledger', 'month', 'PRIMARY KEY (account, number)'),
           ('orders', 'month', 'PRIMARY KEY (account, order_id)'),
           ('order_events', 'month', NULL)
$$;

-- Makes the partitions for all times between two; what is there stays as it is.
CREATE FUNCTION history.add_partitions(first timestamptz, last timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog SET timezone = 'UTC' AS $$
DECLARE
    cut record;
    begins timestamptz;
    ends timestamptz;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(7011990404);
    FOR cut IN SELECT * FROM history.partitioned() LOOP
        begins := date_trunc(cut.step, first);
        WHILE begins <= last LOOP
            ends := begins + ('1 ' || cut.step)::interval;
            partition := cut.name || '_' || to_char(begins, 'YYYYMMDD');
            IF to_regclass(format('history.%I', partition)) IS NULL THEN
                -- Made apart and then attached: readers and writers are not locked out meanwhile.
                EXECUTE format('CREATE TABLE history.%I (LIKE history.%I)', partition, cut.name);
                IF cut.identity IS NOT NULL THEN
                    EXECUTE format('ALTER TABLE history.%I ADD %s', partition, cut.identity);
                END IF;
                EXECUTE format('ALTER TABLE history.%I ATTACH PARTITION history.%I FOR VALUES FROM (%L) TO (%L)', cut.name, partition, begins, ends);
            END IF;
            begins := ends;
        END LOOP;
    END LOOP;
END $$;

-- Partitions of a table that end at or before a time, oldest first, and whether a detaching of them was interrupted.
CREATE FUNCTION history.partitions_before(parent text, before timestamptz) RETURNS TABLE (name text, is_half_detached boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT c.relname, i.inhdetachpending FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = format('history.%I', parent)::regclass
      AND (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz <= before
    ORDER BY c.relname
$$;

-- Partitions that were detached and not dropped yet: whoever was at it was interrupted.
CREATE FUNCTION history.detached_partitions(parent text) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT c.relname::text FROM pg_class c
    WHERE c.relnamespace = 'history'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
      AND c.relname ~ ('^' || parent || '_[0-9]{8}$')
$$;
