-- What grains keep that decides nothing, for Orleans' grain storage on ADO.NET; table and statements are ours, as for its clustering.
-- A row a grain and state; its version is the ETag, so of two activations that write one is refused.
CREATE TABLE orleans.grain_states (
    service text NOT NULL,
    state text NOT NULL,             -- name of the state that the grain declares
    key_low bigint NOT NULL,         -- the parts of the grain's key: a number's, a GUID's,
    key_high bigint NOT NULL,
    key_text text NOT NULL,          -- a text's; empty: none
    version integer NOT NULL,
    payload bytea,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service, state, key_text, key_low, key_high)
);

-- A write answers the version that it made, or the one that it was refused with: Orleans takes an unchanged one for a conflict.
INSERT INTO orleans.orleansquery VALUES
('WriteToStorageKey', $q$
    WITH changed AS (
        UPDATE orleans.grain_states SET payload = @PayloadBinary, version = version + 1, written_at = now()
        WHERE service = @ServiceId AND state = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString::text, '')
            AND key_low = @GrainIdN1 AND key_high = @GrainIdN0 AND version = @GrainStateVersion::integer
        RETURNING version),
    added AS (
        INSERT INTO orleans.grain_states (service, state, key_low, key_high, key_text, version, payload)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN1, @GrainIdN0, coalesce(@GrainIdExtensionString::text, ''), 1, @PayloadBinary
        WHERE @GrainStateVersion::integer IS NULL
        ON CONFLICT DO NOTHING RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM added), @GrainStateVersion::integer) AS NewGrainStateVersion
$q$),
('ReadFromStorageKey', $q$
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans.grain_states
    WHERE service = @ServiceId AND state = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString::text, '')
        AND key_low = @GrainIdN1 AND key_high = @GrainIdN0
$q$),
('ClearStorageKey', $q$
    UPDATE orleans.grain_states SET payload = NULL, version = version + 1, written_at = now()
    WHERE service = @ServiceId AND state = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString::text, '')
        AND key_low = @GrainIdN1 AND key_high = @GrainIdN0 AND version = @GrainStateVersion::integer
    RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
    DELETE FROM orleans.grain_states
    WHERE service = @ServiceId AND state = @GrainTypeString AND key_text = coalesce(@GrainIdExtensionString::text, '')
        AND key_low = @GrainIdN1 AND key_high = @GrainIdN0 AND version = @GrainStateVersion::integer
    RETURNING version + 1 AS NewGrainStateVersion
$q$);
