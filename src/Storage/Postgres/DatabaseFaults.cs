using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>What a failed statement says about what was written.</summary>
public static class DatabaseFaults
{
    /// <summary>The database itself refused and rolled back: nothing was written. Anything else, once sent, leaves it unknown.</summary>
    /// <remarks>FATAL and PANIC end the session, and may come behind a commit that has been made.</remarks>
    public static bool IsRolledBack(Exception failure) => failure is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>A row's time has no partition yet: the clock leapt, or upkeep has not run for hours.</summary>
    public static bool IsMissingPartition(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null or "" };

    /// <summary>The data are refused for what they are, and would be again; all else is the database's condition, and passes.</summary>
    public static bool IsOfTheData(Exception failure) =>
        failure is PostgresException { SqlState: { } state } && !IsMissingPartition(failure)
        && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal));

    /// <summary>Faults of a database or of the way to it; the rest are our own.</summary>
    public static bool IsOfDatabase(Exception failure) => failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException;
}
