using Exchange.NativeApi.Clients;

namespace Exchange.NativeApi.Servers;

/// <summary>The owner of an account of its own, at one edge of the server.</summary>
public sealed class Trader : ApiClient
{
    internal Trader(Uri edge, string account, ServerKey key, string token)
        : base(edge, token)
    {
        Account = account;
        Key = key;
        Token = token;
    }

    public string Account { get; }

    public ServerKey Key { get; }

    public string Token { get; }

    /// <summary>A stream that is logged on.</summary>
    public async Task<StreamClient> OpenStream()
    {
        StreamClient stream = await StreamClient.Connect(Address);
        await stream.LogOn(Token);
        return stream;
    }

    public Task<ApiReply> Signed(string method, string target, string body = "") =>
        Clients.Signed.Send(Address, Key.KeyId, Key.Secret, method, target, body);
}
