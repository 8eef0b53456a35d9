namespace Exchange.Api;

/// <summary>What the server's end tells the system that started it; 0: it was asked to stop.</summary>
internal static class ExitCodes
{
    public const int BadSetting = 2;

    /// <summary>The folder is in use, damaged or newer, the port is taken, or a key is missing: starting again alone does not help.</summary>
    public const int CannotStart = 3;

    /// <summary>The disk or a machine failed while it ran: what was acknowledged is safe, start again.</summary>
    public const int VenueFailed = 4;
}
