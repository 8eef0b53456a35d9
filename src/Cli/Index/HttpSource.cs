namespace Exchange.Cli.Index;

/// <summary>A page that tells the price, asked once a round and after failures less often.</summary>
internal sealed class HttpSource : IndexSource
{
    private const int MostBytes = 1 << 20;
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly PricePointer _pointer;
    private readonly TimeSpan _patience;
    private readonly Backoff _backoff;
    private Task _asking = Task.CompletedTask;

    /// <param name="patience">An answer that takes longer is given up.</param>
    public HttpSource(string name, Uri address, PricePointer pointer, TimeSpan patience, TimeProvider clock)
        : base(name, clock)
    {
        _client = new HttpClient { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("exchange-index/1");
        _address = address;
        _pointer = pointer;
        _patience = patience;
        _backoff = new Backoff(clock);
    }

    public override Task Poll(CancellationToken cancellation)
    {
        if (_asking.IsCompleted && _backoff.IsDue)
            _asking = Ask(cancellation);
        return _asking;
    }

    private async Task Ask(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_patience, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync(_address, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                Fail($"it answers {(int)answer.StatusCode}");
                return;
            }

            // What cannot be found is told like a price that is none: the source lives, but its answer has changed.
            byte[] body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            Take(_pointer.Find(body) ?? "");
            _backoff.Succeeded();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Fail("it does not answer in time");
        }
        catch (HttpRequestException failure)
        {
            Fail(failure.Message);
        }
    }

    private void Fail(string why)
    {
        Trouble = why;
        _backoff.Failed();
    }

    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
    }
}
