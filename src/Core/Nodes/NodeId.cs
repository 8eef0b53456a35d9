namespace Exchange.Core.Nodes;

/// <summary>What a node is; part of its address.</summary>
public enum NodeKind : byte
{
    None = 0,

    /// <summary>Key: symbol id.</summary>
    Book = 1,

    /// <summary>Key: symbol id.</summary>
    Mark = 2,

    /// <summary>The one of the settlement asset; key 0.</summary>
    Clearing = 3,

    /// <summary>Key: account id.</summary>
    Account = 4,

    /// <summary>Who sends commands to accounts: an edge. Key: as its host counts them.</summary>
    Client = 5,

    /// <summary>Every table of marks there is (<see cref="MarketBoard"/>), one for each host of accounts; key 0.</summary>
    Boards = 6,

    /// <summary>Who lists instruments, sets states and posts indices; key 0.</summary>
    Operator = 7,
}

/// <summary>Address of a node, wherever it runs at the moment.</summary>
public readonly record struct NodeId(NodeKind Kind, uint Key)
{
    public static NodeId Clearing => new(NodeKind.Clearing, 0);

    public static NodeId Boards => new(NodeKind.Boards, 0);

    public static NodeId Operator => new(NodeKind.Operator, 0);

    public static NodeId Book(int symbol) => new(NodeKind.Book, (uint)symbol);

    public static NodeId Mark(int symbol) => new(NodeKind.Mark, (uint)symbol);

    public static NodeId Account(uint account) => new(NodeKind.Account, account);

    public static NodeId Client(uint key) => new(NodeKind.Client, key);

    public override string ToString() => $"{Kind} {Key}";
}
