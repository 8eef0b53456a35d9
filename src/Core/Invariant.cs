using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Exchange.Core;

/// <summary>Conditions that must hold whatever a client sends; a broken one is our fault and stops the machine.</summary>
/// <remarks>Unlike <see cref="System.Diagnostics.Debug.Assert(bool)"/> these stay on in Release builds.</remarks>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> unless <paramref name="condition"/> holds; one condition a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
            Broken(expression);
    }

    // Not marked NoInlining: the compiler must look inside to learn that it never returns, or it keeps room for what comes after.
    [DoesNotReturn]
    private static void Broken(string? expression) => throw new InvariantException($"Broken invariant: {expression}");
}

/// <summary>A machine found its own state wrong. It must get no further input; the host stops and acknowledges nothing.</summary>
public sealed class InvariantException : Exception
{
    public InvariantException(string message)
        : base(message)
    {
    }
}
