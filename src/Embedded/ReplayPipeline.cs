using System.Runtime.ExceptionServices;
using Exchange.Core;
using Exchange.Core.Replay;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Hands blocks of records from the thread that runs the books to one that follows with the accounts.</summary>
/// <remarks>
/// A few blocks go round. Who is ahead waits, and is woken when half of them are free: to be woken for each would cost the
/// follower a call of the kernel a block. The second thread is there from the first block on.
/// </remarks>
internal sealed class ReplayPipeline : IDisposable
{
    private const int Blocks = 16;
    private const int BlockRecords = 8 * Engine.LookAhead;
    private readonly ReplayBlock[] _blocks = new ReplayBlock[Blocks];
    private readonly Doorbell _passedOn = new();
    private readonly Doorbell _done = new();
    private readonly Action<ReplayBlock> _follow;
    private Thread? _follower;

    // Blocks passed on, and of them done with: each written by one thread.
    private long _passedCount;
    private long _doneCount;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isEnding;

    /// <param name="follow">Called on the second thread with one block after the other.</param>
    public ReplayPipeline(Action<ReplayBlock> follow)
    {
        _follow = follow;
        for (int i = 0; i < Blocks; i++)
            _blocks[i] = new ReplayBlock();
    }

    /// <summary>The block that records are added to.</summary>
    public ReplayBlock Filling => _blocks[_passedCount % Blocks];

    /// <summary>Passes the block on if it has enough; every answer in it must be there.</summary>
    /// <exception cref="Exception">What the second thread threw; it did nothing after that.</exception>
    public void PassFull()
    {
        if (Filling.Count < BlockRecords)
            return;
        Pass();
        if (_passedCount - Volatile.Read(ref _doneCount) == Blocks)
            AwaitLeft(Blocks / 2);
        Volatile.Read(ref _failure)?.Throw();
    }

    /// <summary>Passes on what there is, and waits until the second thread has done with everything.</summary>
    /// <exception cref="Exception">What it threw; it did nothing after that.</exception>
    public void Join()
    {
        if (Filling.Count != 0)
            Pass();
        AwaitLeft(0);
        Volatile.Read(ref _failure)?.Throw();
    }

    /// <summary>Ends the second thread once it has done with what was passed on.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _passedOn.Ring();
        _follower?.Join();
    }

    private void Pass()
    {
        if (_follower is null)
        {
            _follower = new Thread(RunFollower) { Name = "Recovery", IsBackground = true };
            _follower.Start();
        }

        Volatile.Write(ref _passedCount, _passedCount + 1);
        _passedOn.Ring();
    }

    private void AwaitLeft(int most)
    {
        while (_passedCount - Volatile.Read(ref _doneCount) > most)
        {
            _done.Prepare();
            if (_passedCount - Volatile.Read(ref _doneCount) > most)
                _done.Wait(-1);
            else
                _done.Cancel();
        }
    }

    private void RunFollower()
    {
        while (TryAwaitNext())
        {
            ReplayBlock block = _blocks[_doneCount % Blocks];
            try
            {
                if (_failure is null)
                    _follow(block);
            }
#pragma warning disable CA1031 // Whatever it was, the thread that waits is told.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, ExceptionDispatchInfo.Capture(broken));
            }

            block.Clear();
            Volatile.Write(ref _doneCount, _doneCount + 1);
            long left = Volatile.Read(ref _passedCount) - _doneCount;
            if (left is 0 or Blocks / 2)
                _done.Ring();
        }
    }

    /// <summary>Waits for a block; false: there will be none.</summary>
    private bool TryAwaitNext()
    {
        while (Volatile.Read(ref _passedCount) == _doneCount)
        {
            if (_isEnding)
                return false;
            _passedOn.Prepare();
            if (Volatile.Read(ref _passedCount) == _doneCount && !_isEnding)
                _passedOn.Wait(-1);
            else
                _passedOn.Cancel();
        }

        return true;
    }
}
