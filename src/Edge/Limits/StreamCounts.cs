using Microsoft.Extensions.Options;

namespace Exchange.Edge.Limits;

/// <summary>Open streams, by address and by key.</summary>
internal sealed class StreamCounts(IOptions<ClientLimitOptions> options)
{
    public ClientCount<AddressBlock> ByAddress { get; } = new(options.Value.IsOn ? options.Value.StreamsPerAddress : int.MaxValue);

    public ClientCount<string> ByKey { get; } = new(options.Value.IsOn ? options.Value.StreamsPerKey : int.MaxValue);
}
