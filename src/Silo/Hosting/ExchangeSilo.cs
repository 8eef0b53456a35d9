using System.Net;
using Exchange.Grains.Features;
using Exchange.Grains.Hosting;
using Exchange.Grains.Placement;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;
using Npgsql;
using Orleans.Configuration;

namespace Exchange.Silo.Hosting;

/// <summary>Makes a host a silo of the exchange.</summary>
internal static class ExchangeSilo
{
    /// <param name="options">Checked.</param>
    /// <param name="address">Of <see cref="SiloOptions.Address"/>.</param>
    /// <param name="store">The host closes it last.</param>
    public static void AddExchangeSilo(this IHostApplicationBuilder builder, SiloOptions options, IPAddress address, IStreamStore store)
    {
        builder.Services.AddSingleton(store);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            silo.Configure<Orleans.Configuration.SiloOptions>(self => self.SiloName = options.NameOrDefault);
            silo.Configure<EndpointOptions>(endpoints =>
            {
                endpoints.AdvertisedIPAddress = address;
                endpoints.SiloPort = options.SiloPort;
                endpoints.GatewayPort = options.GatewayPort;
                endpoints.SiloListeningEndpoint = new IPEndPoint(address.Equals(IPAddress.Loopback) ? address : IPAddress.Any, options.SiloPort);
            });
            if (options.Clustering == SiloClustering.Redis)
                RedisClustering.Use(silo, options.Redis);
            else
                silo.UseAdoNetClustering(clustering =>
                {
                    clustering.Invariant = "Npgsql";
                    clustering.ConnectionString = OrleansIn(options.Database);
                });
            silo.UseAdoNetReminderService(reminders =>
            {
                reminders.Invariant = "Npgsql";
                reminders.ConnectionString = OrleansIn(options.Database);
            });
            silo.AddAdoNetGrainStorage(StoredBytes.Storage, storage =>
            {
                storage.Invariant = "Npgsql";
                storage.ConnectionString = StatesIn(options.Database);
                storage.GrainStorageSerializer = new StoredBytesSerializer();
                storage.DeleteStateOnClear = true;
            });
            silo.AddExchangeGrains(
                options.NameOrDefault, options.Role, new MembershipTuning { ProbeMs = options.ProbeMs, CallTimeoutMs = options.CallTimeoutMs });
            silo.Configure<GrainOptions>(grains =>
            {
                grains.SnapshotRecords = options.SnapshotRecords;
                grains.SettleAfterMs = options.SettleAfterMs;
            });
            silo.Configure<PinOptions>(pins =>
            {
                foreach ((string symbol, string name) in options.PinnedSymbols)
                    pins.PinnedSymbols[long.Parse(symbol)] = name;
            });
        });
    }

    private static string OrleansIn(string database) => SettingsIn(database).ConnectionString;

    /// <summary>A few connections of its own, so members and reminders wait for no features; and a database that is away is not waited for long.</summary>
    private static string StatesIn(string database)
    {
        NpgsqlConnectionStringBuilder settings = SettingsIn(database);
        settings.MaxPoolSize = 4;
        settings.Timeout = 3;
        settings.CommandTimeout = 5;
        return settings.ConnectionString;
    }

    /// <summary>The providers' statements lie in a schema of their own, which they do not name.</summary>
    private static NpgsqlConnectionStringBuilder SettingsIn(string database)
    {
        NpgsqlConnectionStringBuilder settings = ConnectionSettings.Read(database);
        settings.SearchPath = "orleans";
        return settings;
    }
}
