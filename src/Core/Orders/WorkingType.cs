namespace Exchange.Core.Orders;

/// <summary>The price a conditional order watches.</summary>
public enum WorkingType : byte
{
    Last = 0,
    Mark = 1,
}
