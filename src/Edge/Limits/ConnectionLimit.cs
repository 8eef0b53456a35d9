using System.Net;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Limits;

/// <summary>Closes connections beyond what an address may have; those of trusted proxies are many clients' and not counted.</summary>
internal sealed class ConnectionLimit(IOptions<ClientLimitOptions> limits, IOptions<EdgeOptions> edge) : IConfigureOptions<KestrelServerOptions>
{
    private readonly ClientCount<AddressBlock> _connections = new(limits.Value.ConnectionsPerAddress);
    private readonly AddressList _proxies = edge.Value.Proxies;

    public void Configure(KestrelServerOptions options)
    {
        if (limits.Value.IsOn)
            options.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => Serve(connection, next)));
    }

    private async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress? address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is null || (!_proxies.IsAnywhere && _proxies.Allows(address)))
        {
            await next(connection);
            return;
        }

        AddressBlock block = AddressBlock.Of(AddressList.Plain(address));
        if (!_connections.TryTake(block))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            _connections.Release(block);
        }
    }
}
