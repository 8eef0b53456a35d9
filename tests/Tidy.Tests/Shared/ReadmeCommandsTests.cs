namespace Exchange.Tidy.Tests.Shared;

public sealed class ReadmeCommandsTests
{
    [Fact]
    public void The_readmes_commands_can_be_read() => Assert.NotNull(ReadmeCommands.Extract(RepositoryFiles.Read("README.md")));

    [Fact]
    public void Only_sh_blocks_hold_commands() => Assert.Equal(
        ["./test", "dotnet --version"],
        ReadmeCommands.Extract("text\n```sh\n./test\n\n# why\ndotnet --version\n```\n```json\n{}\n```\n```\nnot this\n```\n"));

    [Fact]
    public void Lines_are_joined_while_a_quote_or_a_backslash_is_open() => Assert.Equal(
        ["curl -X POST \\\n  -d '{\n  \"side\": \"buy\"\n}' http://localhost:5080/api", "echo \"it's\" done"],
        ReadmeCommands.Extract("```sh\ncurl -X POST \\\n  -d '{\n  \"side\": \"buy\"\n}' http://localhost:5080/api\necho \"it's\" done\n```\n"));

    [Fact]
    public void A_comment_behind_a_command_may_hold_an_apostrophe() => Assert.Equal(
        ["ls   # that's all", "pwd"], ReadmeCommands.Extract("```sh\nls   # that's all\npwd\n```\n"));

    [Fact]
    public void In_a_block_with_prompts_the_rest_is_output() => Assert.Equal(
        ["curl x", "ls"], ReadmeCommands.Extract("```sh\n$ curl x\n{\"price\":\"1\"}\n$ ls\ndata\n```\n"));

    [Fact]
    public void The_output_shown_behind_a_command_is_told_with_it() => Assert.Equal(
        [("curl x", "{\"a\":1}\nend\n"), ("ls", "")], ReadmeCommands.ExtractWithOutput("```sh\n$ curl x\n{\"a\":1}\nend\n$ ls\n```\n"));

    [Fact]
    public void A_json_block_is_the_output_of_the_command_before_it() => Assert.Equal(
        [("ls", ""), ("curl x", "{\"a\":1}")], ReadmeCommands.ExtractWithOutput("```json\n1\n```\n```sh\nls\ncurl x\n```\nand\n```json\n{\"a\":1}\n```\n"));

    [Fact]
    public void A_document_without_sh_blocks_has_no_commands() => Assert.Empty(ReadmeCommands.Extract("# Exchange\n\nWords.\n"));

    [Fact]
    public void A_command_that_never_ends_is_a_fault() =>
        Assert.Throws<FormatException>(() => ReadmeCommands.Extract("```sh\necho 'open\n```\n"));

    [Fact]
    public void Port_and_folder_are_put_in() => Assert.Equal(
        "dotnet run --project src/Api -- --urls http://localhost:6123 --data /tmp/x/journal",
        ReadmeCommands.With("dotnet run --project src/Api -- --urls http://localhost:5080 --data ./data/journal", 6123, "/tmp/x"));

    [Theory]
    [InlineData("./test", true, false)]
    [InlineData("./test --long", true, false)]
    [InlineData("./testing", false, false)]
    [InlineData("dotnet run -c Release --project src/Api", false, true)]
    public void The_test_command_and_the_server_are_told_apart(string command, bool isTest, bool startsServer)
    {
        Assert.Equal(isTest, ReadmeCommands.IsTestCommand(command));
        Assert.Equal(startsServer, ReadmeCommands.StartsServer(command));
    }
}
