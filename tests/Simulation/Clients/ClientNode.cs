using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Clients;

/// <summary>One account's client with its edge: invents commands, repeats what is not answered, remembers what it was told.</summary>
/// <remarks>It never dies: what it was told is what the exchange has promised.</remarks>
internal sealed class ClientNode(World world, uint key, uint account, CommandSource source) : Participant(world, NodeId.Client(key))
{
    private const long ResendMs = 300;
    private const long AskAgainMs = 500;
    private const int MostOpen = 8;
    private readonly List<ClientCommand> _commands = [];
    private readonly List<ClientCommand> _open = [];
    private readonly SortedDictionary<ulong, ClientCommand> _sent = [];
    private ulong _session;
    private ulong _number;
    private ulong _flushed;
    private long _resendAtMs;

    public uint Account => account;

    public IReadOnlyList<ClientCommand> Commands => _commands;

    public override bool IsAtRest => _open.Count == 0;

    public override void Receive(NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case SessionMessage session: Enter(session.Session); break;
            case RepliesMessage replies:
                foreach (CommandAnswer answer in replies.Answers)
                    Take(replies.Session, in answer);
                break;
            default: throw new InvalidOperationException($"{this} got {message}.");
        }
    }

    public override void Step()
    {
        while (World.ClientsAct && _open.Count < MostOpen && _session != 0 && Random.Chance(40_000 / World.Size.Times))
            Begin(source.Next(_commands));
        foreach (ClientCommand command in _open)
        {
            if (World.NowMs >= command.RepeatAtMs && _session != 0)
                Attempt(command);
        }

        SendRuns(after: _flushed);
        if (World.NowMs < _resendAtMs)
            return;
        _resendAtMs = World.NowMs + ResendMs;
        if (_session == 0)
            Send(NodeId.Account(account), new HelloMessage());
        SendRuns(after: 0);
    }

    private void Begin(Command command)
    {
        var begun = new ClientCommand(command, World.NowMs);
        _commands.Add(begun);
        _open.Add(begun);
        Attempt(begun);
    }

    /// <summary>Asks once more, under a new number: the account must see by the client's id that it is the same.</summary>
    private void Attempt(ClientCommand command)
    {
        command.RepeatAtMs = CanRepeat(command) ? World.NowMs + Random.Between(1_000, 4_000) : long.MaxValue;
        command.Attempted(_session, ++_number);
        _sent[_number] = command;
    }

    /// <summary>Without an id a repeat is another command: only a lost session makes the client ask again.</summary>
    private static bool CanRepeat(ClientCommand command) =>
        command.Command.Kind is CommandKind.Place or CommandKind.Deposit or CommandKind.Withdraw;

    /// <summary>Sends what is not answered, those with numbers in a row together.</summary>
    private void SendRuns(ulong after)
    {
        _flushed = _number;
        ulong answered = _sent.Count == 0 ? _number : _sent.First().Key - 1;
        var run = new List<Command>();
        ulong last = 0;
        foreach ((ulong number, ClientCommand command) in _sent)
        {
            if (number <= after)
                continue;
            if (run.Count != 0 && number != last + 1)
                Flush(run, last, answered);
            run.Add(command.Command);
            last = number;
        }

        Flush(run, last, answered);
    }

    private void Flush(List<Command> run, ulong last, ulong answered)
    {
        if (run.Count != 0)
            Send(NodeId.Account(account), new CommandsMessage(_session, last - (ulong)run.Count + 1, answered, [.. run]));
        run.Clear();
    }

    /// <summary>Another activation: what the last one was asked and did not answer is asked anew.</summary>
    private void Enter(ulong session)
    {
        if (session <= _session)
            return;
        World.Trace(this, $"enters session {session:x}");
        _session = session;
        _number = _flushed = 0;
        _sent.Clear();
        foreach (ClientCommand command in _open)
            Attempt(command);
    }

    private void Take(ulong session, in CommandAnswer answer)
    {
        if (session != _session || !_sent.Remove(answer.Number, out ClientCommand? command))
            return;
        bool isDecided = command.Answer(session, answer.Number, answer.Reason, answer.OrderId);
        if (!command.IsDone && (!isDecided || command.RepeatAtMs == long.MaxValue))
            command.RepeatAtMs = Math.Min(command.RepeatAtMs, World.NowMs + AskAgainMs);
        if (!command.IsDone || !_open.Remove(command))
            return;
        if (command.IsAccepted)
            World.Trace(this, $"{command}: {(command.OrderId == 0 ? "done" : $"order {command.OrderId}")}");
        else
            World.Trace(this, $"{command}: {answer.Reason}");
    }

    public override string ToString() => _open.Count == 0 ? base.ToString() : $"{base.ToString()} waits for {string.Join(", ", _open)}";
}
