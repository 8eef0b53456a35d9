using Microsoft.Extensions.Options;

namespace Exchange.Api;

/// <summary>Makes the web server, which reads its settings as it is made.</summary>
internal static class ServerBuild
{
    /// <summary>Null: a setting cannot be used, and standard error has been told which.</summary>
    public static WebApplication? BuildOrSayWhyNot(this WebApplicationBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (Exception cause) when (cause is OptionsValidationException or InvalidOperationException or FormatException)
        {
            Console.Error.WriteLine($"The server cannot start: {cause.Message}");
            return null;
        }
    }
}
