using Exchange.Core.Signatures;

namespace Exchange.Edge.Authentication;

/// <summary>Takes each signature of a changing request once, over all that serve the same clients.</summary>
public interface ISignatureGuard
{
    /// <summary>Requests stamped before this are refused unasked, Unix milliseconds. It only rises.</summary>
    long FloorMs { get; }

    /// <summary>Takes a valid signature once.</summary>
    /// <param name="account">Of the key that signed; 0: none.</param>
    /// <param name="signature">Its first half: 128 bits that the key's owner cannot choose.</param>
    /// <param name="timestampMs">When it was signed, Unix milliseconds; within the receive window.</param>
    ValueTask<SignatureOutcome> Take(uint account, UInt128 signature, long timestampMs);
}
