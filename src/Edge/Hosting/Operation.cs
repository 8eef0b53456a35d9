using System.Collections.Immutable;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Limits;

namespace Exchange.Edge.Hosting;

/// <summary>What an endpoint is: its route, who may call it and what it takes. Drives the checks and the OpenAPI document alike.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Route pattern.</param>
/// <param name="Name">Unique, in the OpenAPI document.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record Operation(string Method, string Path, string Name, string Summary)
{
    public const int BodyBytes = 64 * 1_024;

    /// <summary>None: open to all.</summary>
    public Permissions Needs { get; init; }

    /// <summary>The caller must belong to a trading account.</summary>
    public bool NeedsAccount { get; init; }

    /// <summary>A bearer token is not enough.</summary>
    public bool NeedsSignature { get; init; }

    /// <summary>It is not open to all.</summary>
    public bool NeedsCredentials => Needs != Permissions.None || NeedsSignature;

    /// <summary>The body's fields; null: it takes no body.</summary>
    public BodyShape? Body { get; init; }

    public int MostBodyBytes { get; init; } = BodyBytes;

    public ImmutableArray<QueryField> Query { get; init; } = [];

    /// <summary>Status of its success.</summary>
    public int Success { get; init; } = 200;

    /// <summary>What a success answers.</summary>
    public AnswerShape? Answer { get; init; }

    /// <summary>Errors of its own, beside those any request can meet.</summary>
    public ImmutableArray<ErrorEntry> Errors { get; init; } = [];

    /// <summary>Its answer has a tag: who has it already is answered 304 (<see cref="AnswerTag"/>).</summary>
    public bool IsTagged { get; init; }

    /// <summary>Enters or changes orders: how long it takes is measured.</summary>
    public bool IsOrderEntry { get; init; }

    /// <summary>What it does before the venue has it, and after, takes microseconds.</summary>
    public bool IsShort => IsOrderEntry && MostBodyBytes <= BodyBytes;

    /// <summary>Works while the venue is starting or stopped.</summary>
    public bool WorksWithoutVenue { get; init; }

    /// <summary>It is recorded in the audit log, done or refused.</summary>
    public bool IsAudited { get; init; }

    /// <summary>What it is counted against.</summary>
    public RequestCharge Charge { get; } = RequestCharges.Of(Name);

    /// <summary>A signature for it is accepted once.</summary>
    public bool IsChanging => Method != "GET";

    public int BodyLimit => Body is null ? 0 : MostBodyBytes;
}
