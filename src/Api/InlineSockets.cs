using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Exchange.Api;

/// <summary>Has requests read and begun by the threads that learn of them, and answers written by those that have them, on Linux.</summary>
/// <remarks>
/// Left to itself the framework hands each request to a worker of the pool and each answer to another, and where processors are busy each
/// stands in a queue until the scheduler lets it run: that was most of the tail at half of what the server takes. What may take long leaves
/// these threads (<see cref="Edge.Hosting.SocketThreads"/>).
/// </remarks>
internal static class InlineSockets
{
    /// <summary>Read by the framework with the first socket; whoever starts the server with 0 has it as the framework does by itself.</summary>
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Call it before the process has opened a socket.</summary>
    public static void Use(WebApplicationBuilder builder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        string asked = Environment.GetEnvironmentVariable(Switch) ?? "1";
        Environment.SetEnvironmentVariable(Switch, asked);
        builder.Services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = asked == "1");
    }
}
