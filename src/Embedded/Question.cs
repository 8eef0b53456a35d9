using Exchange.Core;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>A question to the engine as it stands between two inputs; answered once what it saw is durable.</summary>
internal sealed class Question<T>(Func<Engine, T> ask, AnswerQueue answers) : AwaitedRequest<T>(answers)
{
    private T _answer = default!;

    protected internal override void OnApplied(Engine engine, EngineOutput output) => _answer = ask(engine);

    protected internal override void OnDurable(ReadOnlySpan<FeedEvent> events) => Answer(_answer);

    protected internal override void OnRefused(RejectReason reason) => Refuse(new VenueOverloadedException());
}
