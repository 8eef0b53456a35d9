using Exchange.Edge.Hosting;
using Exchange.Edge.Native.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Exchange.Edge.Tests.Hosting;

public sealed class SocketThreadsTests
{
    [Fact]
    public async Task A_short_operation_is_begun_on_the_thread_that_read_it() => Assert.False(await IsInPool(PlaceEndpoints.PlaceOperation));

    [Fact]
    public async Task An_operation_that_may_take_long_goes_on_in_the_pool() => Assert.True(await IsInPool(PlaceEndpoints.BatchOperation));

    [Fact]
    public async Task What_is_no_operation_goes_on_in_the_pool() => Assert.True(await IsInPool(null));

    /// <summary>Whether a request that a thread of its own begins is carried out by a worker of the pool.</summary>
    private static async Task<bool> IsInPool(Operation? operation)
    {
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, operation is null ? [] : new EndpointMetadataCollection(operation), "tried"));
        var found = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var app = new ApplicationBuilder(services);
        app.LeaveUnlessShort();
        app.Run(_ =>
        {
            found.SetResult(Thread.CurrentThread.IsThreadPoolThread);
            return Task.CompletedTask;
        });
        RequestDelegate begin = app.Build();
        new Thread(() => _ = begin(context)) { IsBackground = true }.Start();
        return await found.Task;
    }
}
