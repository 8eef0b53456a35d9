namespace Exchange.Core.Tests.Semantics;

public sealed class ExamplesCopyTests
{
    [SkippableFact]
    public void The_worked_examples_are_those_that_were_agreed() =>
        Assert.Equal(
            File.ReadAllBytes(SharedData.File("semantics", "examples.json")),
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Semantics", "examples.json")));
}
