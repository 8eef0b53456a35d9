namespace Exchange.Grains.Placement;

/// <summary>What a silo is there for.</summary>
public enum SiloRole
{
    /// <summary>Both of the others.</summary>
    All = 0,

    /// <summary>Books, marks, accounts, Clearing.</summary>
    Engine = 1,

    /// <summary>Clients' connections.</summary>
    Edge = 2,
}

/// <summary>This silo.</summary>
/// <param name="Name">Unique among the silos; symbols are pinned by it.</param>
public sealed record SiloIdentity(string Name, SiloRole Role);

/// <summary>What silos tell each other of themselves.</summary>
public static class SiloTraits
{
    public const string Role = "role";

    public const string Name = "name";

    public static Dictionary<string, string> Of(string name, SiloRole role) => new(StringComparer.Ordinal)
    {
        [Role] = role.ToString(),
        [Name] = name,
    };
}
