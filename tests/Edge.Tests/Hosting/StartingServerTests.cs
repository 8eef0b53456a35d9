using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Exchange.Edge.Tests.Hosting;

public sealed class StartingServerTests
{
    [Theory]
    [InlineData("--Edge:MaxConnections=some")]
    [InlineData("--Edge:MaxConnections=0")]
    [InlineData("--Edge:Unknown=1")]
    [InlineData("--urls=nonsense")]
    public async Task Settings_that_cannot_be_are_left_for_the_server_itself_to_refuse(string argument) =>
        Assert.Null(await StartingServer.TryStart(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0", argument] }));
}
