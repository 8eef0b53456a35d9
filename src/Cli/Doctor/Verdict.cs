namespace Exchange.Cli.Doctor;

/// <summary>What a check says of the machine.</summary>
internal enum Verdict
{
    /// <summary>As wanted, or of no concern here.</summary>
    Ok,

    /// <summary>The exchange is right, and slower or less even than it could be; or nobody can tell.</summary>
    Warn,

    /// <summary>Not fit to carry an exchange.</summary>
    Fail,
}
