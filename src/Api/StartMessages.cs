namespace Exchange.Api;

/// <summary>What a start tells: lines for people on the console, or entries of the log where that is JSON, which a stray line would break.</summary>
internal sealed partial class StartMessages(ILogger logger, bool isJson)
{
    /// <summary>For what the first start shows once; a log keeps for ever, so there it is only in the file.</summary>
    public TextWriter Secrets => isJson ? TextWriter.Null : Console.Out;

    public static StartMessages Of(WebApplication app) =>
        new(app.Logger, string.Equals(app.Configuration["Logging:Console:FormatterName"], "json", StringComparison.OrdinalIgnoreCase));

    public void Say(string line)
    {
        if (isJson)
            LogLine(line);
        else
            Console.WriteLine(line);
    }

    public void Fail(string line)
    {
        if (isJson)
            LogFailure(line);
        else
            Console.Error.WriteLine(line);
    }

    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    private partial void LogLine(string line);

    [LoggerMessage(2, LogLevel.Critical, "{Line}")]
    private partial void LogFailure(string line);
}
