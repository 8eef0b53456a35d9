namespace Exchange.Silo.Hosting;

/// <summary>Compiled instead of RedisClustering.cs where the client of Redis cannot be had.</summary>
internal static class RedisClustering
{
    public static string? Check(string settings) => "this silo was built without the client of Redis";

    public static void Use(ISiloBuilder silo, string settings) => throw new NotSupportedException(Check(settings));
}
