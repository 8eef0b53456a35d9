using Exchange.Core.Port;

namespace Exchange.Grains.Interfaces;

/// <summary>What happened to an account since a cursor: never changed once made.</summary>
/// <param name="Refusal">Why it cannot be told; all else is empty then.</param>
/// <param name="Begin">The cursor asked for; where none was named, where the account stands.</param>
/// <param name="Events">In order.</param>
/// <param name="Next">Where to go on, which says that these were taken.</param>
public sealed record OwnNews(CursorRefusal Refusal, OwnCursor Begin, OwnEvent[] Events, OwnCursor Next);
