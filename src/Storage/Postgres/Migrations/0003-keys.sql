-- What the edges of a cluster share: keys, tokens, and the audit log.

-- One row: every change of keys or tokens counts it up, and so waits for the one before. Who has read up to a number has missed none.
CREATE TABLE exchange.key_changes (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    last_change bigint NOT NULL DEFAULT 0
);
INSERT INTO exchange.key_changes DEFAULT VALUES;

CREATE TABLE exchange.keys (
    key_id text PRIMARY KEY,
    account bigint NOT NULL,
    permissions integer NOT NULL,
    addresses text[] NOT NULL,
    created_ms bigint NOT NULL,
    expires_ms bigint NOT NULL,      -- 0: never
    made_by text,                    -- null: the host made it
    master_key integer NOT NULL,     -- version of the master key that locks the secret
    secret text NOT NULL,            -- locked; empty once revoked
    revoked_ms bigint,               -- null: it lives
    change bigint NOT NULL
);
CREATE INDEX keys_by_change ON exchange.keys (change);
CREATE INDEX keys_by_account ON exchange.keys (account) WHERE revoked_ms IS NULL;

CREATE TABLE exchange.tokens (
    sha256 bytea PRIMARY KEY,
    key_id text NOT NULL REFERENCES exchange.keys,
    account bigint NOT NULL,
    permissions integer NOT NULL,
    expires_ms bigint NOT NULL,
    change bigint NOT NULL
);
CREATE INDEX tokens_by_change ON exchange.tokens (change);
CREATE INDEX tokens_by_key ON exchange.tokens (key_id);

-- One chain over all edges; each line holds the SHA-256 of the line before.
CREATE TABLE exchange.audit (
    number bigint PRIMARY KEY,       -- 1, 2, 3 … without a gap
    line text NOT NULL
);

CREATE FUNCTION exchange.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is appended to and never changed';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exchange.audit
    FOR EACH STATEMENT EXECUTE FUNCTION exchange.refuse_audit_change();
