namespace Exchange.Grains.Placement;

/// <summary>Names of the grains' types: part of their addresses, so never changed.</summary>
internal static class GrainTypes
{
    public const string Book = "book";

    public const string Ticker = "ticker";

    public const string Clearing = "clearing";

    public const string Account = "account";

    public const string Operator = "operator";

    public const string Silo = "silo";

    public const string Signatures = "signatures";

    public const string Features = "features";

    /// <summary>The grain is a symbol's.</summary>
    public static bool IsOfSymbol(GrainId grain) => grain.Type.ToString() is Book or Ticker;
}
