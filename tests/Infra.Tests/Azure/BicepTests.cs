using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Azure;

/// <summary>Infra/azure: compiled where the compiler is, and in any case whole in itself and of one mind with the manifests.</summary>
public sealed class BicepTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(RepositoryRoot.Combine("infra", "azure"), "*.bicep").Select(path => Path.GetFileName(path)).Order()];

    [SkippableFact]
    public void It_compiles()
    {
        string? tool = new[] { "bicep", "az" }.FirstOrDefault(Tool.IsThere);
        Skip.If(tool is null, "neither bicep nor az is installed: infra/azure is not compiled here");

        string[] arguments = tool == "az" ? ["bicep", "build", "--stdout", "--file"] : ["build", "--stdout"];
        Assert.Contains("\"resources\"", Tool.Run(tool!, [.. arguments, $"{BicepFile.Folder}/main.bicep"]), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Brackets_close_and_everything_declared_is_used(string file)
    {
        var bicep = new BicepFile(file);

        AssertBalanced(bicep.Bare);
        Assert.Equal(bicep.Symbols.Count, bicep.Symbols.Distinct().Count());
        Assert.All(bicep.Parameters, parameter => Assert.True(bicep.CountOf(parameter) > 1, $"{file}: {parameter} is not used"));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Modules_exist_and_are_given_what_they_want(string file)
    {
        var bicep = new BicepFile(file);

        foreach ((string name, string path, IReadOnlyList<string> given) in bicep.Modules)
        {
            var module = new BicepFile(path);
            Assert.Equal(module.Wanted.Order(), given.Intersect(module.Wanted).Order());
            Assert.Empty(given.Except(module.Parameters));
            Assert.All(bicep.Used.Where(used => used.Module == name), used => Assert.Contains(used.Output, module.Outputs));
        }

        Assert.All(bicep.Used, used => Assert.Contains(used.Module, bicep.Modules.Select(module => module.Name)));
    }

    [Fact]
    public void Every_module_file_is_a_module_of_the_whole() => Assert.Equal(
        Directory.EnumerateFiles(RepositoryRoot.Combine("infra", "azure"), "*.bicep").Select(path => Path.GetFileName(path)).Where(name => name != "main.bicep").Order(),
        new BicepFile("main.bicep").Modules.Select(module => module.File).Order());

    [Fact]
    public void The_parameter_file_gives_what_is_wanted_and_no_secret()
    {
        string given = File.ReadAllText(RepositoryRoot.Combine("infra", "azure", "main.bicepparam"));

        Assert.All(new BicepFile("main.bicep").Wanted, parameter => Assert.Contains($"param {parameter} = readEnvironmentVariable('", given, StringComparison.Ordinal));
        Assert.All(
            Matches(given, @"readEnvironmentVariable\('(\w+)'\)"),
            variable => Assert.Contains($"{variable}=", File.ReadAllText(RepositoryRoot.Combine("infra", "README.md")), StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_manifests_take_from_Azure_are_outputs()
    {
        string[] taken = [.. File.ReadLines(RepositoryRoot.Combine("infra", "kubernetes", "overlays", "production", "azure.env"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=')[0])];

        Assert.All(taken, name => Assert.Contains(name, new BicepFile("main.bicep").Outputs));
    }

    [SkippableFact]
    public void Subnets_are_those_of_the_network_policies()
    {
        Cluster cluster = Overlays.Render("production");
        string network = new BicepFile("network.bicep").Text;
        string[] blocks = [.. cluster.Of("NetworkPolicy").SelectMany(policy => policy.All()).Select(node => node["ipBlock/cidr"].TextOrNull).OfType<string>()];

        Assert.Equal(2, blocks.Length);
        Assert.All(blocks, block => Assert.Contains($"addressPrefix: '{block}'", network, StringComparison.Ordinal));
        string proxies = cluster.Environment(Cluster.Containers(cluster.Get("Deployment", "exchange-edge")).First())["Edge__TrustedProxies"];
        Assert.Contains($"'{proxies}'", network + new BicepFile("cluster.bicep").Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_identity_is_for_the_service_account_of_the_pods()
    {
        Node account = Assert.Single(Overlays.Render("production").Of("ServiceAccount"));

        Assert.Contains(
            $"system:serviceaccount:{Cluster.Space(account)}:{account["metadata/name"].Text}'", new BicepFile("secrets.bicep").Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Nodes_bear_the_labels_and_taints_that_pods_ask_for_and_allow_their_sysctls()
    {
        Cluster cluster = Overlays.Render("production");
        string aks = new BicepFile("cluster.bicep").Text;

        foreach (Node pod in cluster.Workloads.Where(workload => workload["kind"].Text != "Job").Select(Cluster.Pod))
        {
            Assert.All(pod["nodeSelector"].Texts, label => Assert.Contains($"'{label.Key}': '{label.Value}'", aks, StringComparison.Ordinal));
            Assert.All(pod["tolerations"].Items, toleration =>
                Assert.Contains($"nodeTaints: ['{toleration["key"].Text}={toleration["value"].Text}:{toleration["effect"].Text}']", aks, StringComparison.Ordinal));
            Assert.All(pod["securityContext/sysctls"].Items, sysctl =>
            {
                Assert.Contains($"'{sysctl["name"].Text}'", aks, StringComparison.Ordinal);
                Assert.Equal(HostTuning()[sysctl["name"].Text], sysctl["value"].Text);
            });
        }
    }

    [Fact]
    public void Sysctls_of_the_nodes_are_those_of_host_tuning()
    {
        // vm.swappiness is vmSwappiness there.
        Dictionary<string, string> wanted = HostTuning().ToDictionary(
            one => string.Concat(one.Key.Split('.', '_').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])), one => one.Value);
        string[] blocks = [.. Matches(new BicepFile("cluster.bicep").Text, @"sysctls: \{([^}]*)\}")];

        Assert.Equal(2, blocks.Length);
        foreach (string[] setting in blocks.SelectMany(block => block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(line => line.Split(": ")))
            Assert.Equal(wanted[setting[0]], setting[1]);
    }

    private static Dictionary<string, string> HostTuning() => File.ReadLines(RepositoryRoot.Combine("infra", "host-tuning", "90-exchange.conf"))
        .Where(line => line.Contains(" = ", StringComparison.Ordinal) && line[0] != '#')
        .Select(line => line.Split(" = "))
        .ToDictionary(parts => parts[0], parts => parts[1]);

    private static IEnumerable<string> Matches(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(5)).Select(match => match.Groups[1].Value);

    private static void AssertBalanced(string text)
    {
        var open = new Stack<char>();
        foreach (char letter in text)
        {
            if (letter is '{' or '[' or '(')
                open.Push(letter);
            else if (letter is '}' or ']' or ')')
                Assert.True(open.TryPop(out char opened) && (opened, letter) is ('{', '}') or ('[', ']') or ('(', ')'), $"{letter} closes nothing");
        }

        Assert.Empty(open);
    }
}
