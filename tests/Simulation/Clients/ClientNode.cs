using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Clients;

/// <summary>One account's client with its edge: invents commands, repeats what is not answered, remembers what it was told.</summary>
/// <remarks>It never dies: what it was told is what the exchange has promised.</remarks>
internal sealed class ClientNode(World world, int id, uint account) : Node(world, id, $"client {account}")
{
    private const long ResendMs = 300;
    private const long AskAgainMs = 500;
    private const int MostOpen = 8;
    private readonly List<ClientCommand> _commands = [];
    private readonly List<ClientCommand> _open = [];
    private readonly Dictionary<ulong, ClientCommand> _sent = [];
    private readonly CommandSource _source = new(world, account);
    private uint _session;
    private ulong _number;
    private long _resendAtMs;

    public uint Account => account;

    public IReadOnlyList<ClientCommand> Commands => _commands;

    public override bool IsAtRest => _open.Count == 0;

    private int AccountNode => World.AccountNodeOf(account);

    protected override void OnStart()
    {
    }

    protected override void OnKill() => throw new InvalidOperationException("A client does not die.");

    public override void Receive(int from, Message message)
    {
        switch (message)
        {
            case SessionMessage session: Enter(session.Epoch); break;
            case ReplyMessage reply: Take(reply); break;
            default: throw new InvalidOperationException($"{Name} got {message}.");
        }
    }

    public override void Tick()
    {
        if (World.ClientsAct && _open.Count < MostOpen && _session != 0 && Random.Chance(40_000))
            Begin(_source.Next(_commands));
        foreach (ClientCommand command in _open)
        {
            if (NowMs >= command.RepeatAtMs && _session != 0)
                Attempt(command);
        }

        if (NowMs < _resendAtMs)
            return;
        _resendAtMs = NowMs + ResendMs;
        if (_session == 0)
            Send(AccountNode, new HelloMessage());
        for (ulong number = 1; number <= _number; number++)
        {
            if (_sent.TryGetValue(number, out ClientCommand? command))
                SendCommand(number, command);
        }
    }

    private void Begin(Command command)
    {
        var begun = new ClientCommand(command, NowMs);
        _commands.Add(begun);
        _open.Add(begun);
        Attempt(begun);
    }

    /// <summary>Asks once more, under a new number: the account must see by the client's id that it is the same.</summary>
    private void Attempt(ClientCommand command)
    {
        command.RepeatAtMs = CanRepeat(command) ? NowMs + Random.Between(1_000, 4_000) : long.MaxValue;
        ulong number = ++_number;
        command.Attempted(_session, number);
        _sent[number] = command;
        SendCommand(number, command);
    }

    /// <summary>Without an id a repeat is another command: only a lost session makes the client ask again.</summary>
    private static bool CanRepeat(ClientCommand command) =>
        command.Command.Kind is CommandKind.Place or CommandKind.Deposit or CommandKind.Withdraw;

    private void SendCommand(ulong number, ClientCommand command)
    {
        ulong answered = _number;
        foreach (ulong open in _sent.Keys)
            answered = Math.Min(answered, open - 1);
        Send(AccountNode, new CommandMessage(_session, number, answered, command.Command));
    }

    /// <summary>Another activation: what the last one was asked and did not answer is asked anew.</summary>
    private void Enter(uint epoch)
    {
        if (epoch <= _session)
            return;
        World.Trace(this, $"enters session {epoch}");
        _session = epoch;
        _number = 0;
        _sent.Clear();
        foreach (ClientCommand command in _open)
            Attempt(command);
    }

    private void Take(ReplyMessage reply)
    {
        if (reply.Session != _session || !_sent.Remove(reply.Number, out ClientCommand? command))
            return;
        bool isDecided = command.Answer(reply.Session, reply.Number, reply.Reason, reply.OrderId);
        if (!command.IsDone && (!isDecided || command.RepeatAtMs == long.MaxValue))
            command.RepeatAtMs = Math.Min(command.RepeatAtMs, NowMs + AskAgainMs);
        if (!command.IsDone || !_open.Remove(command))
            return;
        if (command.IsAccepted)
            World.Trace(this, $"{command}: {(command.OrderId == 0 ? "done" : $"order {command.OrderId}")}");
        else
            World.Trace(this, $"{command}: {reply.Reason}");
    }

    public override string ToString() => $"{Name} waits for {string.Join(", ", _open)}";
}
