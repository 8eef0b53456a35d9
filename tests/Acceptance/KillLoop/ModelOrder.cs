using System.Text.Json;

namespace Exchange.Acceptance.KillLoop;

/// <summary>An order as its client knows it: by what was acknowledged, and what may have happened besides.</summary>
internal sealed class ModelOrder(string clientId, string symbol, string body, decimal? price, decimal qty)
{
    public string ClientId => clientId;

    public string Symbol => symbol;

    /// <summary>What was sent to place it; a repeat sends the same.</summary>
    public string Body => body;

    /// <summary>Null: no answer came, it may be there or not.</summary>
    public bool? IsAccepted { get; private set; }

    public string? OrderId { get; private set; }

    public decimal? Price { get; private set; } = price;

    public decimal Qty { get; private set; } = qty;

    public decimal Filled { get; private set; }

    public string Status { get; private set; } = "";

    /// <summary>Terms of an amend that no answer came for.</summary>
    public (decimal? Price, decimal Qty)? UnansweredAmend { get; set; }

    public bool HasUnansweredCancel { get; set; }

    public bool IsFinal => Status is "filled" or "canceled" or "expired";

    public bool CanBeChanged => IsAccepted == true && !IsFinal && Price is not null;

    public void Refuse() => IsAccepted = false;

    /// <summary>An amend was acknowledged.</summary>
    public void Amend(decimal? newPrice, decimal newQty) => (Price, Qty) = (newPrice, newQty);

    /// <summary>Takes in what the exchange says of the order, and fails when it contradicts what it said before.</summary>
    public void Learn(JsonElement order)
    {
        string Field(string name) => ApiReply.TextOf(order.GetProperty(name));
        OrderId ??= Field("orderId");
        IsAccepted = true;
        Expect(Field("orderId") == OrderId, order, $"id was {OrderId}");
        Expect(Field("clientOrderId") == clientId, order, "another client order id");
        Expect(Field("symbol") == symbol, order, "another symbol");
        LearnTerms(order);

        decimal filled = decimal.Parse(Field("filledQty"));
        string status = Field("status");
        Expect(filled >= Filled, order, $"filled was {Filled} already");
        Expect(!IsFinal || (status == Status && filled == Filled), order, $"was {Status} with {Filled} filled, for good");
        (Filled, Status) = (filled, status);
    }

    private void LearnTerms(JsonElement order)
    {
        decimal? toldPrice = order.TryGetProperty("price", out JsonElement told) ? decimal.Parse(told.GetString()!) : null;
        decimal toldQty = decimal.Parse(order.GetProperty("qty").GetString()!);
        if (UnansweredAmend is { } amend && (toldPrice, toldQty) == amend)
            Amend(toldPrice, toldQty);
        Expect((toldPrice, toldQty) == (Price, Qty), order, $"terms were {Qty} at {Price}");
    }

    private void Expect(bool holds, JsonElement order, string contradiction)
    {
        if (!holds)
            Assert.Fail($"Order {clientId} contradicts what was acknowledged: {contradiction}. Now {order.GetRawText()}");
    }
}
