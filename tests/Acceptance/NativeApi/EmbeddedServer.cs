using Exchange.Acceptance.Clients;
using Exchange.Acceptance.Processes;
using Exchange.NativeApi.Servers;

namespace Exchange.Acceptance.NativeApi;

/// <summary>The server of one process, as it is shipped: a process with a folder of its own.</summary>
public sealed class EmbeddedServer : VenueServer
{
    private readonly DataFolder _folder = new();
    private ServerProcess _server = null!;

    public override IReadOnlyList<Uri> Edges => [_server.Address];

    public override ServerKey AdminKey => new(DemoKeys.Of(_folder)["admin"].Key, DemoKeys.Of(_folder)["admin"].Secret);

    protected override async Task Start() => _server = await ServerProcess.Start(_folder);

    protected override async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }
}
