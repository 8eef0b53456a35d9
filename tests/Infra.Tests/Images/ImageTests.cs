using System.Text.Json;
using System.Xml.Linq;

namespace Exchange.Infra.Tests.Images;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would make, as far as can be seen without a registry.</summary>
public sealed class ImageTests
{
    [SkippableTheory]
    [InlineData("Api", "exchange-api", "aspnet")]
    [InlineData("Silo", "exchange-silo", "aspnet")]
    [InlineData("Cli", "exchange-cli", "runtime")]
    public void A_program_becomes_an_image_without_a_shell_whose_user_has_no_rights(string project, string repository, string runtime)
    {
        Skip.IfNot(SourceTree.HasProject(project), $"src/{project} is not there yet");
        string told = Tool.Run(
            "dotnet", "msbuild", $"src/{project}/{project}.csproj", "-p:Configuration=Release", "-nodeReuse:false", "-t:ComputeContainerConfig",
            "-getProperty:ContainerBaseImage,ContainerRepository,ContainerImageTag,ContainerUser", "-getItem:ContainerPort");
        using var document = JsonDocument.Parse(told);
        JsonElement properties = document.RootElement.GetProperty("Properties");

        Assert.StartsWith($"mcr.microsoft.com/dotnet/{runtime}:10.0", properties.GetProperty("ContainerBaseImage").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("-noble-chiseled", properties.GetProperty("ContainerBaseImage").GetString(), StringComparison.Ordinal);
        Assert.Equal(repository, properties.GetProperty("ContainerRepository").GetString());
        Assert.Equal(XDocument.Load(RepositoryRoot.Combine("Directory.Build.props")).Descendants("Version").Single().Value, properties.GetProperty("ContainerImageTag").GetString());
        Assert.Equal("1654", properties.GetProperty("ContainerUser").GetString());
    }
}
