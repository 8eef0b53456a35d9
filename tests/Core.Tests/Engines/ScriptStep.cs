using System.Globalization;
using System.Reflection;
using System.Text;
using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>One command of a script, with its time. Prices and amounts are plain; orders are named by place, not by id.</summary>
/// <remarks>So a script from which steps were left out still means nearly the same.</remarks>
internal struct ScriptStep
{
    public const int MostOrders = 64;

    public long TimeMs;
    public Command Command;

    /// <summary>Amend, Cancel: the so manieth open order of the account, by id over all symbols, counted around; -1: as the command says.</summary>
    public int OrderPlace;

    public Instrument? Listing;

    /// <summary>The command for an engine as it stands.</summary>
    public readonly Command For(Engine engine)
    {
        Command command = Command;
        if (OrderPlace < 0 || engine.Account(command.Account) is not { } account)
            return command;
        Span<OpenOrderRef> orders = stackalloc OpenOrderRef[MostOrders];
        int count = account.CopyOpenOrders(-1, orders);
        if (count == 0)
            return command;
        command.OrderId = orders[OrderPlace % count].OrderId;
        command.Symbol = orders[OrderPlace % count].Symbol;
        return command;
    }

    /// <summary>Every field that is not zero.</summary>
    public override readonly string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"t={TimeMs} {Command.Kind}"));
        if (OrderPlace >= 0)
            text.Append(CultureInfo.InvariantCulture, $" open order {OrderPlace}");
        if (Listing is not null)
            text.Append(CultureInfo.InvariantCulture, $" {Listing}");
        Tell(text, Command, typeof(Command));
        Tell(text, Command.Terms, typeof(OrderTerms));
        return text.ToString();
    }

    private static void Tell(StringBuilder text, object of, Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = field.GetValue(of);
            if (field.FieldType == typeof(OrderTerms) || field.FieldType == typeof(ClientOrderId) || field.FieldType == typeof(CommandKind))
                continue;
            if (value is not null && !value.Equals(Activator.CreateInstance(field.FieldType)))
                text.Append(CultureInfo.InvariantCulture, $" {field.Name}={value}");
        }
    }
}
