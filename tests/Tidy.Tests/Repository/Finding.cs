namespace Exchange.Tidy.Tests.Repository;

/// <summary>One breach of a rule.</summary>
internal sealed record Finding(string Path, int Line, string Text)
{
    public override string ToString() => $"{Path}:{Line}: {Text}";
}
