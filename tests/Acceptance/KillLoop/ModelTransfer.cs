namespace Exchange.Acceptance.KillLoop;

/// <summary>A deposit as its client knows it.</summary>
internal sealed record ModelTransfer(string TransferId, decimal Amount)
{
    public bool IsAnswered { get; set; }
}
