namespace Exchange.NativeApi.Servers;

/// <summary>A key of a server, with the secret that it signs with.</summary>
public sealed record ServerKey(string KeyId, string Secret);
