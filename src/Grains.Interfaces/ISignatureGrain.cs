using Exchange.Core.Signatures;

namespace Exchange.Grains.Interfaces;

/// <summary>Remembers the signatures of changing requests of a part of the accounts; key: the account's number modulo <see cref="Parts"/>.</summary>
public interface ISignatureGrain : IGrainWithIntegerKey
{
    /// <summary>Divisible by the usual numbers of engine silos: a part then lives beside its accounts, and dies with no others.</summary>
    const int Parts = 12;

    /// <summary>Takes each signature once; answers one outcome a signature.</summary>
    ValueTask<SignatureOutcome[]> Take(SignatureBatch batch);

    /// <summary>Milliseconds until it knows everything that could be sent again; 0: it does.</summary>
    ValueTask<long> KnowsInMs();
}

/// <summary>Signatures of one call; never changed once made.</summary>
/// <param name="Signatures">Of each its first half.</param>
/// <param name="TimestampsMs">When each was signed.</param>
[GenerateSerializer, Immutable, Alias("signatures")]
public sealed record SignatureBatch([property: Id(0)] UInt128[] Signatures, [property: Id(1)] long[] TimestampsMs);
