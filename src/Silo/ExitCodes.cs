namespace Exchange.Silo;

/// <summary>What the silo's end tells the system that started it; 0: it was asked to stop.</summary>
internal static class ExitCodes
{
    public const int BadSetting = 2;

    /// <summary>The database cannot be used or the port is taken.</summary>
    public const int CannotStart = 3;
}
