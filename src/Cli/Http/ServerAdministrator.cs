using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Exchange.Cli.Http;

/// <summary>Makes on a running server what a command needs to trade there: an instrument of its own, and funded accounts.</summary>
internal sealed class ServerAdministrator(Uri server, ServerKeys keys, TimeProvider time) : IDisposable
{
    private const int FirstAccount = 1_000;
    private const int MostAccounts = 1_000_000;

    private readonly WireConnection _connection = new(server);
    private int _nextAccount = FirstAccount;

    /// <summary>Lists an instrument under the first name that is still free: the prefix and a number.</summary>
    /// <param name="prefix">Begins the name.</param>
    /// <param name="termsJson">Fields of the listing but the symbol, without braces.</param>
    public string List(string prefix, string termsJson)
    {
        for (int number = 1; ; number++)
        {
            string symbol = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
            ServerAnswer answer = Send("POST", "/api/v1/admin/instruments", $$"""{"symbol":"{{symbol}}",{{termsJson}}}""");
            if (answer.Status == 201)
                return symbol;
            if (answer.Code != "SYMBOL_EXISTS")
                throw answer.Refused($"Listing {symbol}");
        }
    }

    /// <summary>Creates an account with money in it, and a token to trade with that lives for a day.</summary>
    /// <param name="amount">In USDT, as the API takes it.</param>
    public string CreateTrader(string amount) => CreateSigningTrader(amount).Token;

    /// <summary>The same, with the key itself.</summary>
    public Trader CreateSigningTrader(string amount)
    {
        string account = CreateAccount();
        Require(Send("POST", "/api/v1/admin/deposits", $$"""{"accountId":"{{account}}","transferId":"first","amount":"{{amount}}"}"""), "A deposit");
        using JsonDocument key = JsonDocument.Parse(Require(
            Send("POST", $"/api/v1/admin/accounts/{account}/keys", """{"permissions":["read","trade"]}"""), "A key").Text);
        string keyId = key.RootElement.GetProperty("keyId").GetString()!;
        string secret = key.RootElement.GetProperty("secret").GetString()!;
        return new Trader(keyId, secret, CreateToken(keyId, secret));
    }

    private string CreateAccount()
    {
        while (_nextAccount < MostAccounts)
        {
            string account = (_nextAccount++).ToString(CultureInfo.InvariantCulture);
            ServerAnswer answer = Send("POST", "/api/v1/admin/accounts", $$"""{"accountId":"{{account}}"}""");
            if (answer.Status == 201)
                return account;
            if (answer.Code != "ACCOUNT_EXISTS")
                throw answer.Refused($"Account {account}");
        }

        throw new InvalidDataException("All accounts are taken.");
    }

    private string CreateToken(string keyId, string secret)
    {
        const string target = "/api/v1/auth/tokens";
        const string json = """{"lifetimeMs":86400000}""";
        string timestamp = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string signature = RequestSignature.Of(secret, timestamp, "POST", target, json);
        string head = $"X-Key: {keyId}\r\nX-Timestamp: {timestamp}\r\nX-Signature: {signature}\r\n";
        ServerAnswer answer = Send(WireRequest.Create(server, "POST", target, null, json, head));
        using JsonDocument token = JsonDocument.Parse(Require(answer, "A token").Text);
        return token.RootElement.GetProperty("token").GetString()!;
    }

    private static ServerAnswer Require(ServerAnswer answer, string what) => answer.IsSuccess ? answer : throw answer.Refused(what);

    private ServerAnswer Send(string method, string target, string json) =>
        Send(WireRequest.Create(server, method, target, keys.Admin.Token, json));

    private ServerAnswer Send(byte[] request)
    {
        _connection.Write(request);
        WireResponse response = _connection.Read();
        return new ServerAnswer(response.Status, Encoding.UTF8.GetString(response.Body));
    }

    public void Dispose() => _connection.Dispose();
}

/// <summary>A key that may read and trade, and a token made with it.</summary>
internal sealed record Trader(string KeyId, string Secret, string Token);
