using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Exchange.Edge.Native.Streams;

/// <summary>Bounds the pings and pongs that a stream's client sends.</summary>
/// <remarks>
/// The framework answers pings by itself and tells nobody, so a client could have the server answer as fast as it sends. Here the bytes are
/// looked at on their way to it, as far as their frames' heads.
/// </remarks>
internal sealed class ControlFrames(TimeProvider time)
{
    private const int PerSecond = 10;
    private const int AtOnce = 50;
    private const int LongestHead = 14;

    private readonly byte[] _head = new byte[LongestHead];
    private int _headLength;
    private ulong _payloadLeft;
    private double _allowance = AtOnce;
    private long _last = time.GetTimestamp();

    /// <summary>Called once when they come too fast.</summary>
    public Action? Flooded { get; set; }

    /// <summary>Has the bytes of a stream's client counted, before the framework gets hold of its connection.</summary>
    public static void Watch(HttpContext context, TimeProvider time)
    {
        if (context.Request.Path != StreamSession.Path)
            return;
        var frames = new ControlFrames(time);
        context.Features.Set(frames);
        if (context.Features.Get<IHttpUpgradeFeature>() is { } upgrade)
            context.Features.Set<IHttpUpgradeFeature>(new WatchedUpgrade(upgrade, frames));
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { } connect)
            context.Features.Set<IHttpExtendedConnectFeature>(new WatchedConnect(connect, frames));
    }

    /// <summary>Looks at the next bytes of the client; false: too many frames.</summary>
    public bool TryPass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                int skipped = (int)Math.Min(_payloadLeft, (ulong)bytes.Length);
                _payloadLeft -= (ulong)skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (_headLength < 2 || _headLength < HeadLength())
                continue;
            _payloadLeft = PayloadLength();
            _headLength = 0;
            if ((_head[0] & 0x08) != 0 && !TakeAllowance())
                return false;
        }

        return true;
    }

    private int HeadLength()
    {
        int mask = (_head[1] & 0x80) != 0 ? 4 : 0;
        return 2 + mask + (_head[1] & 0x7f) switch
        {
            126 => 2,
            127 => 8,
            _ => 0,
        };
    }

    private ulong PayloadLength() => (_head[1] & 0x7f) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
        127 => BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)),
        var length => (ulong)length,
    };

    private bool TakeAllowance()
    {
        long now = time.GetTimestamp();
        _allowance = Math.Min(AtOnce, _allowance + (time.GetElapsedTime(_last, now).TotalSeconds * PerSecond)) - 1;
        _last = now;
        return _allowance >= 0;
    }

    private sealed class WatchedUpgrade(IHttpUpgradeFeature upgrade, ControlFrames frames) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => new WatchedStream(await upgrade.UpgradeAsync(), frames);
    }

    private sealed class WatchedConnect(IHttpExtendedConnectFeature connect, ControlFrames frames) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => connect.IsExtendedConnect;

        public string? Protocol => connect.Protocol;

        public async ValueTask<Stream> AcceptAsync() => new WatchedStream(await connect.AcceptAsync(), frames);
    }

    /// <summary>A client's connection; only what the framework uses of a stream is passed on.</summary>
    private sealed class WatchedStream(Stream inner, ControlFrames frames) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer, cancellationToken);
            if (frames.TryPass(buffer.Span[..read]))
                return read;

            // The last words go out first: what follows breaks the connection.
            frames.Flooded?.Invoke();
            throw new IOException("The client sends too many control frames.");
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.WriteAsync(buffer, offset, count, cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
