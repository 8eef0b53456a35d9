using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Books;

/// <summary>An accepted order as its sender asked for it, and its client id's text.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NamedOrder
{
    /// <summary>Of the acceptance among the account's events.</summary>
    public ulong Number;

    public ulong OrderId;
    public OrderTerms Terms;
    public ClientOrderId ClientId;
}
