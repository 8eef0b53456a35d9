using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Embedded;

/// <summary>A command of the edge: answered with the order and its fills.</summary>
internal sealed class CommandRequest(ReplyBuilder replies, VenueFigures figures, AnswerQueue answers) : AwaitedRequest<CommandReply>(answers)
{
    private ReplyRecord _record;

    protected internal override void OnApplied(Engine engine, EngineOutput output) => _record.Set(Sequence, TimeMs, output);

    protected internal override void OnDurable(ReadOnlySpan<FeedEvent> events)
    {
        figures.CountCommand(Command.Kind, _record.Reason != RejectReason.None);
        Answer(replies.Build(in Command, in _record, events));
    }

    protected internal override void OnRefused(RejectReason reason) => Answer(new CommandReply { Reason = reason });
}
