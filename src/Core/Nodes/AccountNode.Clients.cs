using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;

namespace Exchange.Core.Nodes;

/// <content>Clients' sessions: commands done once in the order of their numbers, answers kept until the client has them.</content>
public sealed partial class AccountNode
{
    private const int NumberBits = 44;
    private readonly List<ClientSession> _sessions = [];
    private readonly List<ClientSession> _answered = [];
    private uint _lastSession;

    /// <summary>Texts of the client ids of orders that have no answer yet, by their tokens: a book is sent them with the orders.</summary>
    private readonly Dictionary<ulong, ClientOrderId> _clientIds = [];

    private void Receive(NodeId from, CommandsMessage message)
    {
        Output.Clear();
        ClientSession session = SessionOf(from);
        if (message.Session != session.Id)
        {
            SendSession(session);
            return;
        }

        session.HeardMs = _timeMs;
        session.Forget(message.Answered);
        ulong next = session.Next;
        for (ulong number = message.First; number < next && number - message.First < (ulong)message.Commands.Length; number++)
        {
            if (session.TryFind(number, out CommandAnswer known))
                Fresh(session, in known);
        }

        // Of what came before, some is missing: the client sends it again, and this with it.
        if (message.First > next || next - message.First >= (ulong)message.Commands.Length)
            return;
        ReadOnlySpan<Command> commands = message.Commands.AsSpan((int)(next - message.First));
        session.Next += (ulong)commands.Length;
        Submit(session, commands, next);
    }

    private void Submit(ClientSession session, ReadOnlySpan<Command> commands, ulong first)
    {
        ulong token = TokenOf(session, first);
        for (int i = 0; i < commands.Length; i++)
        {
            if (commands[i].Kind == CommandKind.Place && !commands[i].ClientId.IsNone)
                _clientIds[token + (ulong)i] = commands[i].ClientId;
        }

        if (Exists && IsForExisting(commands))
        {
            for (int i = 0; _observer is not null && i < commands.Length; i++)
                _observer.OnCommand(this, in commands[i], token + (ulong)i);
            Link.Submit(commands, token, _host.Market, _timeMs, Output);
            return;
        }

        for (int i = 0; i < commands.Length && !IsSteppedDown; i++, token++)
        {
            bool creates = commands[i].Kind == CommandKind.CreateAccount;
            if (creates == Exists)
            {
                _clientIds.Remove(token);
                Answer(token, creates ? RejectReason.AccountExists : RejectReason.UnknownAccount, 0, isRepeat: false);
                continue;
            }

            Exists = true;
            _observer?.OnCommand(this, in commands[i], token);
            Link.Submit(commands.Slice(i, 1), token, _host.Market, _timeMs, Output);
            CarryOut();
            Output.Clear();
        }
    }

    private static bool IsForExisting(ReadOnlySpan<Command> commands)
    {
        foreach (ref readonly Command command in commands)
        {
            if (command.Kind == CommandKind.CreateAccount)
                return false;
        }

        return true;
    }

    private static ulong TokenOf(ClientSession session, ulong number)
    {
        Invariant.Holds(number >> NumberBits == 0);
        return (ulong)session.Number << NumberBits | number;
    }

    private void Answer(ulong token, RejectReason reason, ulong orderId, bool isRepeat)
    {
        foreach (ClientSession session in _sessions)
        {
            if (session.Number != (uint)(token >> NumberBits))
                continue;
            var answer = new CommandAnswer(token & ((1UL << NumberBits) - 1), orderId, reason, isRepeat);
            session.Keep(in answer);
            Fresh(session, in answer);
        }
    }

    private void Fresh(ClientSession session, in CommandAnswer answer)
    {
        if (session.Fresh.Count == 0)
            _answered.Add(session);
        session.Fresh.Add(answer);
    }

    /// <summary>All that one input answered goes in one message to each client.</summary>
    private void SendAnswers()
    {
        foreach (ClientSession session in _answered)
        {
            _host.Send(session.Client, new RepliesMessage(Account, session.Id, [.. session.Fresh]));
            session.Fresh.Clear();
        }

        _answered.Clear();
    }

    private ClientSession SessionOf(NodeId client)
    {
        foreach (ClientSession known in _sessions)
        {
            if (known.Client == client)
                return known;
        }

        Invariant.Holds(_lastSession >> (64 - NumberBits) == 0);
        var session = new ClientSession(client, _epoch, ++_lastSession) { HeardMs = _timeMs };
        _sessions.Add(session);
        return session;
    }

    private void SendSession(ClientSession session)
    {
        session.HeardMs = _timeMs;
        _host.Send(session.Client, new SessionMessage(Account, session.Id, session.Next));
    }

    /// <summary>A client that comes again gets another session: what it sent in the old one is never done.</summary>
    private void ForgetSilentClients()
    {
        for (int i = _sessions.Count - 1; i >= 0; i--)
        {
            if (_timeMs - _sessions[i].HeardMs > _settings.ForgetClientMs)
                _sessions.RemoveAt(i);
        }
    }
}

/// <summary>What an activation keeps of one client.</summary>
internal sealed class ClientSession(NodeId client, uint epoch, uint number)
{
    private readonly Dictionary<ulong, CommandAnswer> _answers = [];
    private ulong _forgotten;

    public NodeId Client { get; } = client;

    /// <summary>Counts the sessions of an activation.</summary>
    public uint Number { get; } = number;

    public ulong Id { get; } = (ulong)epoch << 32 | number;

    /// <summary>Number of the command that comes next.</summary>
    public ulong Next { get; set; } = 1;

    public long HeardMs { get; set; }

    /// <summary>Answers that leave with the present input.</summary>
    public List<CommandAnswer> Fresh { get; } = [];

    public bool TryFind(ulong commandNumber, out CommandAnswer answer) => _answers.TryGetValue(commandNumber, out answer);

    public void Keep(in CommandAnswer answer) => _answers[answer.Number] = answer;

    /// <summary>The client has all answers up to a number.</summary>
    public void Forget(ulong upTo)
    {
        for (upTo = Math.Min(upTo, Next - 1); _forgotten < upTo; _forgotten++)
            _answers.Remove(_forgotten + 1);
    }
}
