using System.Runtime.CompilerServices;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <summary>Commands of a batch as bytes, without what they share: account, epoch, batch.</summary>
internal static class BookInputWire
{
    public static void Write(SnapshotWriter to, in BookInput command)
    {
        BookInput own = command;
        own.Account = own.Epoch = own.Batch = 0;
        own.Index = own.Count = 0;
        WordPack.Write(to, ref own);
    }

    public static BookInput Read(SnapshotReader from, uint account, uint epoch, uint batch, ushort index, ushort count)
    {
        BookInput command = WordPack.Read<BookInput>(from);
        command.Account = account;
        command.Epoch = epoch;
        command.Batch = batch;
        command.Index = index;
        command.Count = count;
        return command;
    }

    /// <summary>Whether it is one that an account may send, with values that exist.</summary>
    public static bool IsCommand(in BookInput input) => input.Kind is >= BookInputKind.Place and <= BookInputKind.CloseFull
        && input.Reason <= EndReason.Bankruptcy
        && input.State <= TradingState.Settled
        && AreTerms(in input.Terms)
        && Unsafe.As<bool, byte>(ref Unsafe.AsRef(in input.PostOnlyTradesOnAmend)) <= 1;

    /// <summary>Whether an order's terms have values that exist.</summary>
    public static bool AreTerms(in OrderTerms terms) => terms.Side <= Side.Sell
        && terms.Type <= OrderType.TrailingStopMarket
        && terms.TimeInForce <= TimeInForce.Gtd
        && terms.Stp <= SelfTradePrevention.ExpireBoth
        && terms.PositionSide <= PositionSide.Short;
}
