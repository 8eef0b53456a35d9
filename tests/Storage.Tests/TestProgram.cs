using Exchange.Storage.Tests.Postgres;

namespace Exchange.Storage.Tests;

/// <summary>Lets tests run parts of themselves in a process that they kill; the test host does not come by here.</summary>
internal static class TestProgram
{
    public const string WriteStreams = "write-streams";

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [WriteStreams, string connectionString])
            return 1;
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        await KilledWriterTests.Write(connectionString, output);
        return 0;
    }
}
