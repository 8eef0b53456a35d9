namespace Exchange.Edge.Authentication;

/// <summary>Where the keys lie and what opens them; section <c>Keys</c> of the settings.</summary>
public sealed class KeyStoreOptions
{
    public const string Section = "Keys";

    /// <summary>The folder of keys.json; made when absent.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Base64 of the 32 bytes that the secrets in keys.json are encrypted with; several by version for a rotation, <c>1:…,2:…</c>.</summary>
    /// <remarks>Without it the server does not start, but in Development, where a file readable only by its owner is made.</remarks>
    public string? MasterKey { get; set; }

    /// <summary>A file that holds what <see cref="MasterKey"/> would; one of the two is set.</summary>
    public string? MasterKeyFile { get; set; }
}
