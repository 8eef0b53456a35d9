using System.Globalization;
using System.Net;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Limits;

/// <summary>Counts requests against their address, and then against the key or account that they turn out to be of.</summary>
/// <remarks>
/// The framework's middleware takes one permit a request and knows no weights, so only its buckets are used. A response tells the
/// bucket that was asked last: the address's for anonymous requests, the key's or the account's for all others.
/// </remarks>
internal sealed class ClientLimits : IDisposable
{
    private readonly BucketTable<AddressBlock> _addresses;
    private readonly BucketTable<AddressBlock> _addressCancels;
    private readonly BucketTable<string> _keys;
    private readonly BucketTable<uint> _orders;
    private readonly BucketTable<uint> _cancels;
    private readonly AddressBans _bans;

    public ClientLimits(IOptions<ClientLimitOptions> settings, TimeProvider time)
    {
        ClientLimitOptions options = settings.Value;
        IsOn = options.IsOn;
        _addresses = new("address", options.AddressWeightPerSecond, options.AddressWeightBurst, options.BucketsKept, time);
        _addressCancels = new("address-cancels", options.AddressWeightPerSecond, options.AddressWeightBurst, options.BucketsKept, time);
        _keys = new("key", options.KeyWeightPerSecond, options.KeyWeightBurst, options.BucketsKept, time);
        _orders = new("orders", options.OrdersPerSecond, options.OrdersBurst, options.BucketsKept, time);
        _bans = new AddressBans(options, time);
        _cancels = new("cancels", options.CancelsPerSecond, options.CancelsBurst, options.BucketsKept, time);
    }

    public bool IsOn { get; }

    /// <summary>Before anything of a request is looked at but its route.</summary>
    /// <param name="context">Whose response tells a refusal; null: a message on a stream.</param>
    /// <param name="address">Null: not known; all those are counted as one.</param>
    /// <param name="charge">What it asks for.</param>
    /// <param name="isLast">Nothing is asked after it: the response tells the standing in any case.</param>
    public Problem? TakeForAddress(HttpContext? context, IPAddress? address, RequestCharge charge, bool isLast)
    {
        if (!IsOn || charge.Budget == Budget.Free)
            return null;
        AddressBlock block = AddressBlock.Of(address);
        bool isCancel = charge.Budget == Budget.Cancels;
        if (!isCancel && _bans.Ask(block) is > 0 and int seconds)
            return new Problem(ErrorCatalogue.Banned) { RetryAfterSeconds = seconds };
        BucketTable<AddressBlock> table = isCancel ? _addressCancels : _addresses;
        if (!isLast && table.TryTake(block, charge.Weight))
            return null;
        RateStanding standing = table.Take(block, charge.Weight);
        return standing.IsTaken && !isLast ? null : Judge(context, block, standing, isCancel ? ErrorCatalogue.CancelRate : ErrorCatalogue.TooManyRequests);
    }

    /// <summary>Credentials were refused: where they were none of ours, takes from the address what makes guessing slow.</summary>
    public void OnRefused(HttpContext? context, IPAddress? address, ErrorEntry refusal)
    {
        if (!IsOn)
            return;
        AddressBlock block = AddressBlock.Of(address);
        bool isGuess = refusal == ErrorCatalogue.BadSignature || refusal == ErrorCatalogue.BadToken;
        RateStanding standing = _addresses.Take(block, isGuess ? RequestCharge.RefusedCredentials : 0);
        if (!standing.IsTaken && standing.Remaining > 0)
            standing = _addresses.Take(block, (int)standing.Remaining);
        Tell(context, standing, ErrorCatalogue.TooManyRequests);
    }

    /// <summary>Once it is known who asks.</summary>
    public Problem? TakeForCaller(HttpContext context, in Caller caller, RequestCharge charge)
    {
        if (!IsOn || caller.KeyId is null)
            return null;
        return charge.Budget switch
        {
            Budget.Requests => Judge(context, _keys.Take(caller.KeyId, charge.Weight), ErrorCatalogue.TooManyRequests),
            Budget.Orders => TakeOrders(context, caller.Account, charge.Weight),
            Budget.Cancels => TakeCancel(context, caller.Account, charge.Weight),
            _ => null,
        };
    }

    /// <summary>Orders of an account, all or none.</summary>
    /// <param name="context">Whose response tells the standing; null: an order of a stream.</param>
    public Problem? TakeOrders(HttpContext? context, uint account, int count) =>
        IsOn && (context is not null || !_orders.TryTake(account, count)) ? Judge(context, _orders.Take(account, count), ErrorCatalogue.OrderRate) : null;

    /// <inheritdoc cref="TakeOrders"/>
    public Problem? TakeCancel(HttpContext? context, uint account, int count) =>
        IsOn && (context is not null || !_cancels.TryTake(account, count)) ? Judge(context, _cancels.Take(account, count), ErrorCatalogue.CancelRate) : null;

    public void Dispose()
    {
        _addresses.Dispose();
        _addressCancels.Dispose();
        _keys.Dispose();
        _orders.Dispose();
        _cancels.Dispose();
        _bans.Dispose();
    }

    /// <summary>Tells the standing; who goes on asking too much is shut out. What comes on a stream ends the stream instead.</summary>
    private Problem? Judge(HttpContext? context, in RateStanding standing, ErrorEntry refusal) => context is null
        ? Tell(null, standing, refusal)
        : Judge(context, AddressBlock.Of(ClientAddress.Of(context)), standing, refusal);

    private Problem? Judge(HttpContext? context, AddressBlock address, in RateStanding standing, ErrorEntry refusal)
    {
        if (!standing.IsTaken)
            _bans.OnRefused(address);
        return Tell(context, standing, refusal);
    }

    private static Problem? Tell(HttpContext? context, in RateStanding standing, ErrorEntry refusal)
    {
        RatePolicy policy = standing.Policy!;
        if (context is not null)
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers["RateLimit-Policy"] = policy.Text;
            headers["RateLimit-Limit"] = policy.LimitText;
            headers["RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = standing.ResetSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return standing.IsTaken ? null : new Problem(refusal) { Limit = policy.LimitText, RetryAfterSeconds = standing.RetryAfterSeconds };
    }
}
