using StackExchange.Redis;

namespace Exchange.Silo.Hosting;

/// <summary>The list of silos in Redis. The only code that knows its client; RedisClustering.Absent.cs stands in where that cannot be had.</summary>
internal static class RedisClustering
{
    /// <summary>What is wrong with the setting; null: nothing.</summary>
    public static string? Check(string settings)
    {
        try
        {
            return ConfigurationOptions.Parse(settings).EndPoints.Count == 0 ? "no host is named" : null;
        }
        catch (ArgumentException malformed)
        {
            return malformed.Message;
        }
    }

    /// <param name="settings">As the client takes it, such as <c>host:6379,password=…,ssl=true</c>.</param>
    public static void Use(ISiloBuilder silo, string settings) =>
        silo.UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(settings));
}
