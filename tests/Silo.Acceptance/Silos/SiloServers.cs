using System.Security.Cryptography;
using System.Text.Json;
using Exchange.Grains.Placement;
using Exchange.NativeApi.Servers;
using Exchange.Silo.Hosting;
using Exchange.Storage.Streams;

namespace Exchange.Silo.Acceptance.Silos;

/// <summary>A cluster over a database of its own, its silos in this process.</summary>
public abstract class SiloServers(params SiloRole[] roles) : VenueServer
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-silos-").FullName;
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly List<SiloMember> _silos = [];

    public override IReadOnlyList<Uri> Edges => [.. _silos.Zip(roles).Where(silo => silo.Second != SiloRole.Engine).Select(silo => silo.First.Address)];

    public override ServerKey AdminKey
    {
        get
        {
            JsonElement key = JsonDocument.Parse(File.ReadAllText(KeyFile)).RootElement;
            return new ServerKey(key.GetProperty("key").GetString()!, key.GetProperty("secret").GetString()!);
        }
    }

    /// <summary>Beyond those of any silo.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    private string KeyFile => Path.Combine(_folder, "admin-key.json");

    protected override async Task Start()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        foreach (SiloRole role in roles)
        {
            SiloOptions options = SiloMember.Options(database, cluster, $"silo-{_silos.Count}", role);
            options.AdminKeyFile = KeyFile;
            _silos.Add(await SiloMember.Start(options, await OpenStore(options), [("Keys:MasterKey", _masterKey), .. Settings]));
        }

        foreach (Uri edge in Edges)
        {
            using var client = new ApiClient(edge, null);
            await client.GetUntil("/health/ready", _ => true);
        }
    }

    /// <summary>Where a silo keeps the machines' streams.</summary>
    private protected virtual async Task<IStreamStore> OpenStore(SiloOptions options) =>
        await SiloStore.OpenOrSayWhyNot(options, CancellationToken.None) ?? throw new InvalidOperationException("The database cannot be used.");

    protected override async Task Stop()
    {
        foreach (SiloMember silo in _silos)
            await silo.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One silo that does everything.</summary>
public sealed class OneSilo() : SiloServers(SiloRole.All);

/// <summary>Three silos that do everything.</summary>
public sealed class ThreeSilos() : SiloServers(SiloRole.All, SiloRole.All, SiloRole.All);

/// <summary>Machines on two silos, clients on two others.</summary>
public sealed class EnginesAndEdges() : SiloServers(SiloRole.Engine, SiloRole.Engine, SiloRole.Edge, SiloRole.Edge);
