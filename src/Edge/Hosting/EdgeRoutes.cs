using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Exchange.Edge.Hosting;

/// <summary>Maps operations to their handlers.</summary>
internal sealed class EdgeRoutes(IEndpointRouteBuilder routes, EdgeServices services)
{
    public void Map(Operation operation, Handler handler) => Map(operation, new EdgeEndpoint(operation, handler, null, services));

    public void Map(Operation operation, CommandHandler command) => Map(operation, new EdgeEndpoint(operation, null, command, services));

    private void Map(Operation operation, EdgeEndpoint endpoint)
    {
        RequestDelegate invoke = endpoint.Invoke;
        routes.MapMethods(operation.Path, [operation.Method], invoke)
            .WithName(operation.Name)
            .WithSummary(operation.Summary)
            // The method makes the endpoint visible to the OpenAPI document; the operation fills it in there.
            .WithMetadata(operation, invoke.Method);
    }
}
