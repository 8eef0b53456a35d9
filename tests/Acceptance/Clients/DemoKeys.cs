using System.Text.Json;
using Exchange.Acceptance.Processes;

namespace Exchange.Acceptance.Clients;

/// <summary>What a first start in Development left in demo-keys.json.</summary>
internal sealed record DemoKey(string Name, string Key, string Secret, string Token);

internal static class DemoKeys
{
    public const string FileName = "demo-keys.json";

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>By name: admin, alice, bob.</summary>
    public static IReadOnlyDictionary<string, DemoKey> Of(DataFolder folder)
    {
        Content content = JsonSerializer.Deserialize<Content>(File.ReadAllText(folder.File(FileName)), Web)!;
        return content.Accounts.Append(content.Admin).ToDictionary(key => key.Name, StringComparer.Ordinal);
    }

    private sealed record Content(DemoKey Admin, DemoKey[] Accounts);
}
