using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Hosts one life of an account, with a table of marks of its own.</summary>
internal sealed partial class AccountActivation : Activation, IAccountHost
{
    private const long HelloMs = 500;
    private readonly MarketBoard _board = new();
    private int _writes;
    private long _helloAtMs;

    public AccountActivation(AccountPlace place)
        : base(place) => Node = new AccountNode(this, place.Account, place.World.Settings);

    public AccountNode Node { get; }

    public MarketTable Market => _board.Current;

    public override bool IsAtRest => Node.IsAtRest && _writes == 0;

    public override void Start()
    {
        Node.Start(Epoch, Place.Stream.State);
        if (World.Mutant == Mutant.SpentIsNotKept)
            ForgetWhatWasSpent();
    }

    public override void Receive(NodeId from, NodeMessage message)
    {
        if (!Acts)
            return;
        if (message is MarkMessage or InstrumentMessage)
        {
            _board.Receive(message);
            _board.Publish(NowMs);
            return;
        }

        if (message is GrantedMessage granted && Node.Link.Account.OpenCloses.Length != 0 && granted.GrantE8 == 0)
            World.Happenings.Count(Happening.FundTooSmall);
        if (message is RegisteredMessage registered)
            CheckNames(registered);
        _board.Publish(NowMs);
        Node.Receive(from, World.Mutant == Mutant.None ? message : Mutated(message));
        AfterInput();
    }

    public override void Step()
    {
        if (!Acts)
            return;
        if (Market.Count < World.Instruments.Length && World.NowMs >= _helloAtMs)
        {
            _helloAtMs = World.NowMs + HelloMs;
            SendNow(NodeId.Operator, new HelloMessage());
        }

        if (NowMs < Node.NextTickMs)
            return;
        _board.Publish(NowMs);
        Node.Tick();
        AfterInput();
    }

    public override void Send(NodeId to, NodeMessage message) => SendNow(to, message);

    public void WriteState(ulong number, ReadOnlySpan<byte> state)
    {
        if (_writes != 0 && World.Mutant != Mutant.NoWaitForAccountWrite)
            throw new Checks.FaultFoundException($"{Place} wants to write while it writes");
        byte[] whole = World.Mutant == Mutant.WriteIsNotOneCut ? WithPositionsOfLastWrite(state.ToArray()) : state.ToArray();
        _writes++;
        _lastWrite = number;
        Write(_ => Place.Stream.TryWrite(Epoch, whole), () => EndWrite(number));
    }

    public override void CheckInvariants()
    {
        if (Node.IsStarted)
            Node.Link.Account.CheckInvariants(Market);
    }

    private void EndWrite(ulong number)
    {
        _writes--;
        if (World.Mutant == Mutant.NoWaitForAccountWrite)
            return;
        _board.Publish(NowMs);
        Node.OnWritten(number);
        AfterInput();
    }

    /// <summary>Of each acceptance that the account has not made durable the book must know the order as its sender named it.</summary>
    private void CheckNames(RegisteredMessage registered)
    {
        foreach (BookEvent accepted in registered.Events.Where(e => e.Kind == BookEventKind.Accepted))
        {
            NamedOrder named = Array.Find(registered.Named, order => order.OrderId == accepted.OrderId);
            bool isNamed = named.ClientId.Text() == CommandSource.NameOf(named.Terms.ClientKey).Text();
            if (named.Number != accepted.Number || named.Terms.Side != accepted.Side || named.ClientId.IsNone || !isNamed)
                throw new Checks.FaultFoundException($"{Place} is not told how order {accepted.OrderId} of symbol {registered.Symbol} was named");
        }
    }

    public override string ToString() => $"{Node}, writing {_writes}";
}
