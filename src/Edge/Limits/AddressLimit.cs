using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Limits;

/// <summary>The first gate of a request: what its address may still ask, whatever path it names.</summary>
internal sealed class AddressLimit(ClientLimits limits, ProblemWriter problems)
{
    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        Operation? operation = context.GetEndpoint()?.Metadata.GetMetadata<Operation>();
        bool isAnonymous = operation is null || !operation.NeedsCredentials;
        if (limits.TakeForAddress(context, ClientAddress.Of(context), operation?.Charge ?? RequestCharge.Usual, isAnonymous) is not { } problem)
            return next(context);
        problems.Write(context, problem);
        return Task.CompletedTask;
    }
}
