-- Which silos there are, for Orleans' clustering on ADO.NET. Its contract is the name and the columns of orleansquery, the keys in
-- it, and each statement's parameters and result columns; tables and statements are ours.
CREATE SCHEMA orleans;

-- One row a cluster: every change of its members counts it up, and is refused to who has not seen the last one.
CREATE TABLE orleans.clusters (
    cluster text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0
);

-- One row a life of a silo: a restarted one has a higher generation.
CREATE TABLE orleans.members (
    cluster text NOT NULL REFERENCES orleans.clusters,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status integer NOT NULL,         -- 3: active
    gateway_port integer NOT NULL,
    suspects text,                   -- who took it for dead, and when
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

CREATE TABLE orleans.orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

INSERT INTO orleans.orleansquery VALUES
('InsertMembershipVersionKey', $q$
    WITH added AS (INSERT INTO orleans.clusters (cluster) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*)::integer FROM added
$q$),
('InsertMembershipKey', $q$
    WITH change AS (
        UPDATE orleans.clusters SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT FROM orleans.members m
            WHERE m.cluster = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING cluster),
    added AS (
        INSERT INTO orleans.members (cluster, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
        SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM change
        RETURNING 1)
    SELECT count(*)::integer FROM added
$q$),
('UpdateMembershipKey', $q$
    WITH change AS (
        UPDATE orleans.clusters SET version = version + 1
        WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
            SELECT FROM orleans.members m
            WHERE m.cluster = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
        RETURNING cluster),
    changed AS (
        UPDATE orleans.members m SET status = @Status, suspects = @SuspectTimes, alive_at = @IAmAliveTime
        FROM change
        WHERE m.cluster = change.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE orleans.members SET alive_at = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
('MembershipReadRowKey', $q$
    SELECT c.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.name AS SiloName,
        m.host AS HostName, m.status AS Status, m.gateway_port AS ProxyPort, m.suspects AS SuspectTimes,
        m.started_at AS StartTime, m.alive_at AS IAmAliveTime, c.version AS Version
    FROM orleans.clusters c
    LEFT JOIN orleans.members m
        ON m.cluster = c.cluster AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE c.cluster = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT c.cluster AS DeploymentId, m.address AS Address, m.port AS Port, m.generation AS Generation, m.name AS SiloName,
        m.host AS HostName, m.status AS Status, m.gateway_port AS ProxyPort, m.suspects AS SuspectTimes,
        m.started_at AS StartTime, m.alive_at AS IAmAliveTime, c.version AS Version
    FROM orleans.clusters c
    LEFT JOIN orleans.members m ON m.cluster = c.cluster
    WHERE c.cluster = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
    FROM orleans.members WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0
$q$),
('DeleteMembershipTableEntriesKey', $q$
    WITH members AS (DELETE FROM orleans.members WHERE cluster = @DeploymentId)
    DELETE FROM orleans.clusters WHERE cluster = @DeploymentId
$q$),
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM orleans.members WHERE cluster = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$q$);
