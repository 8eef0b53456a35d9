using System.Net;

namespace Exchange.Edge.Audit;

/// <summary>One act that is recorded: who did what, from where, and what came of it. Never a secret, a token or a signature.</summary>
/// <param name="Action">Name of the operation, as in the OpenAPI document.</param>
/// <param name="Outcome"><c>done</c>, or the code it was refused with.</param>
public sealed record AuditEntry(string Action, string Outcome)
{
    public const string Done = "done";

    /// <summary>Null: the host itself.</summary>
    public string? KeyId { get; init; }

    /// <summary>Of the key; 0: none.</summary>
    public uint Account { get; init; }

    public IPAddress? Address { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The path of what was done; of what was refused only its pattern, for nobody knows what a client put there.</summary>
    public string? Target { get; init; }

    /// <summary>What came into being or ended, such as the id of a key.</summary>
    public string? Subject { get; init; }

    /// <summary>The body, for what was done: it was read strictly, and no audited request has a secret in it.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }
}
