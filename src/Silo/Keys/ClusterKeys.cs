using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Silo.Audit;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Exchange.Silo.Keys;

/// <summary>What the edges of a cluster share instead of each keeping its own.</summary>
internal static class ClusterKeys
{
    /// <summary>Adds them; the server is not ready until signatures can be told apart.</summary>
    /// <param name="database">The silo's; its schema is this build's.</param>
    public static IServiceCollection AddClusterKeys(this IServiceCollection services, string database)
    {
        services.AddSingleton(_ => KeyDatabase.Open(database));
        services.AddSingleton(provider => new PostgresKeyStore(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IOptions<KeyStoreOptions>>().Value,
            provider.GetRequiredService<IHostEnvironment>().IsDevelopment(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PostgresKeyStore>>()));
        services.AddSingleton<IKeyStore>(provider => provider.GetRequiredService<PostgresKeyStore>());
        services.AddSingleton<ITokenStore>(provider => provider.GetRequiredService<PostgresKeyStore>());
        services.AddHostedService(provider => provider.GetRequiredService<PostgresKeyStore>());
        services.AddSingleton<IAuditLog, PostgresAuditLog>();
        services.AddSingleton<ClusterSignatures>();
        services.AddSingleton<ISignatureGuard>(provider => provider.GetRequiredService<ClusterSignatures>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterSignatures>());
        services.AddSingleton(provider =>
        {
            var readiness = new Readiness { IsWarm = false };
            _ = provider.GetRequiredService<ClusterSignatures>().Knowing.ContinueWith(_ => readiness.IsWarm = true, TaskScheduler.Default);
            return readiness;
        });
        return services;
    }
}
