using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Counts what scripts reach: every command's answers, every kind of event, every reason of an end.</summary>
internal sealed class ReachCheck(Dictionary<string, int> counts) : IEngineCheck
{
    public void After(EngineRun run, in Command command)
    {
        Count($"{command.Kind} {run.Output.Reason}");
        if (run.Output.IsRepeat)
            Count("repeat of a client id");
        if (command.Kind == CommandKind.Place && run.Output.Reason == RejectReason.None)
            Count($"{command.Terms.Type} {command.Terms.TimeInForce}");
        foreach (ref readonly EngineEvent e in run.Output.Events)
        {
            Count(e.Kind.ToString());
            if (e.Kind == EngineEventKind.Book)
                CountBook(in e.Book);
        }
    }

    private void CountBook(in BookEvent e)
    {
        Count(e.Kind.ToString());
        if (e.Reason != EndReason.None)
            Count(e.Reason.ToString());
        if (e.Kind == BookEventKind.Insurance)
            Count(e.Amount > 0 ? "shortfall" : "clearance fee");
        if (e.Kind == BookEventKind.Liquidation)
            Count(e.Has(BookEventFlags.FullOrKept) ? "full close" : "partial close");
        if (e.Kind == BookEventKind.Amended)
            Count(e.Has(BookEventFlags.FullOrKept) ? "kept its place" : "lost its place");
    }

    private void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
}
