using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;

namespace Exchange.Grains.Clients;

/// <summary>Joins commands that queued one by one, so that the account takes them as one.</summary>
internal static class CommandRuns
{
    /// <returns>The same messages, with commands of one session that follow each other in one message, as many as it may have.</returns>
    public static NodeEnvelope[] Joined(NodeEnvelope[] batch)
    {
        if (batch.Length == 1)
            return batch;
        var joined = new List<NodeEnvelope>();
        for (int i = 0; i < batch.Length;)
        {
            int end = EndOfRun(batch, i, out int commands);
            joined.Add(end == i + 1 ? batch[i] : Join(batch.AsSpan(i, end - i), commands));
            i = end;
        }

        return joined.Count == batch.Length ? batch : [.. joined];
    }

    private static int EndOfRun(NodeEnvelope[] batch, int start, out int commands)
    {
        commands = 0;
        if (batch[start].Message is not CommandsMessage first)
            return start + 1;
        commands = first.Commands.Length;
        int end = start + 1;
        while (end < batch.Length && batch[end].Message is CommandsMessage next && next.Session == first.Session
            && next.First == first.First + (ulong)commands && commands + next.Commands.Length <= NodeMessageCodec.MostCommands)
        {
            commands += next.Commands.Length;
            end++;
        }

        return end;
    }

    private static NodeEnvelope Join(ReadOnlySpan<NodeEnvelope> run, int count)
    {
        var commands = new List<Command>(count);
        foreach (ref readonly NodeEnvelope envelope in run)
            commands.AddRange(((CommandsMessage)envelope.Message).Commands);
        var first = (CommandsMessage)run[0].Message;
        ulong answered = ((CommandsMessage)run[^1].Message).Answered;
        return run[0] with { Message = new CommandsMessage(first.Session, first.First, answered, [.. commands]) };
    }
}
