namespace Exchange.Infra.Tests.Kubernetes;

/// <summary>What objects of a rendered overlay say of each other is true.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> All => Overlays.Names;

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void A_workload_selects_its_own_pods_and_a_service_somebodys(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        Assert.All(cluster.Workloads.Where(workload => workload["kind"].Text != "Job"), workload =>
            Assert.True(Cluster.Matches(workload["spec/selector"], Cluster.PodLabels(workload)), workload["metadata/name"].Text));
        Assert.NotEmpty(cluster.Of("Service"));
        Assert.All(cluster.Of("Service"), service =>
        {
            Node[] selected = [.. cluster.Workloads.Where(workload =>
                Cluster.Space(workload) == Cluster.Space(service) && Cluster.MatchesLabels(service["spec/selector"], Cluster.PodLabels(workload)))];
            Node workload = Assert.Single(selected);
            Assert.All(service["spec/ports"].Items, port => Assert.True(Cluster.HasPort(workload, port["targetPort"].Text), port.Place));
        });
        Assert.All(cluster.Of("StatefulSet"), set => Assert.True(cluster.Has("Service", set["spec/serviceName"].Text, Cluster.Space(set))));
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Config_maps_secrets_accounts_and_volumes_that_a_pod_refers_to_exist(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        Assert.All(cluster.Workloads, workload =>
        {
            string space = Cluster.Space(workload);
            Node pod = Cluster.Pod(workload);
            if (pod["serviceAccountName"].TextOrNull is { } account)
                Assert.True(cluster.Has("ServiceAccount", account, space), account);
            Assert.All(pod["volumes"].Items.Where(volume => volume["configMap"].Exists), volume => Assert.True(cluster.Has("ConfigMap", volume["configMap/name"].Text, space), volume.Place));
            Assert.All(pod["volumes"].Items.Where(volume => volume["csi"].Exists), volume =>
                Assert.True(cluster.Has("SecretProviderClass", volume["csi/volumeAttributes/secretProviderClass"].Text, space), volume.Place));
            Assert.All(SecretKeys(workload), key => Assert.Contains(key, GivenSecrets(cluster)));
            string[] volumes =
            [
                .. pod["volumes"].Items.Select(volume => volume["name"].Text),
                .. workload["spec/volumeClaimTemplates"].Items.Select(claim => claim["metadata/name"].Text),
            ];
            Assert.All(Cluster.Containers(workload), container =>
            {
                Assert.All(container["volumeMounts"].Items, mount => Assert.Contains(mount["name"].Text, volumes));
                Assert.All(container["envFrom"].Items, source => Assert.True(cluster.Has("ConfigMap", source["configMapRef/name"].Text, space), source.Place));
            });
        });
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Every_disruption_budget_and_network_policy_concerns_somebody(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        Assert.All(cluster.Of("PodDisruptionBudget"), budget => Assert.Single(cluster.Selected(Cluster.Space(budget), budget["spec/selector"])));
        Assert.Equal(["exchange-edge", "exchange-engine"], cluster.Of("PodDisruptionBudget").Select(budget => budget["metadata/name"].Text).Order());
        Assert.All(cluster.Of("NetworkPolicy"), policy =>
        {
            IReadOnlyList<Node> concerned = cluster.Selected(Cluster.Space(policy), policy["spec/podSelector"]);
            Assert.True(concerned.Count > 0, policy["metadata/name"].Text);
            foreach (Node rule in policy["spec/ingress"].Items)
                AssertRule(cluster, policy, rule["from"], rule["ports"], concerned);
            foreach (Node rule in policy["spec/egress"].Items)
                AssertRule(cluster, policy, rule["to"], rule["ports"], []);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Nothing_may_talk_but_what_a_policy_allows_and_all_that_must_may(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);
        Node[] policies = [.. cluster.Of("NetworkPolicy")];

        Node nothing = Assert.Single(policies, policy => policy["metadata/name"].Text == "nothing");
        Assert.Empty(nothing["spec/podSelector"].Keys);
        Assert.Equal(["Ingress", "Egress"], nothing["spec/policyTypes"].Items.Select(type => type.Text));
        Assert.False(nothing["spec/ingress"].Exists || nothing["spec/egress"].Exists);
        foreach (Node workload in cluster.Workloads.Where(workload => Cluster.Space(workload) == "exchange"))
            foreach (Node port in Cluster.Pod(workload)["containers"].Items.SelectMany(container => container["ports"].Items))
                Assert.Contains(policies, policy =>
                    Cluster.Matches(policy["spec/podSelector"], Cluster.PodLabels(workload))
                    && policy["spec/ingress"].Items.Any(rule => rule["ports"].Items.Any(allowed => allowed["port"].Text == port["name"].Text)));
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void An_ingress_leads_to_ports_of_services_and_never_to_metrics(string overlay) =>
        Assert.All(Overlays.Render(overlay).Of("Ingress"), ingress => Assert.All(
            ingress["spec/rules"].Items.SelectMany(rule => rule["http/paths"].Items), path =>
            {
                Node service = Overlays.Render(overlay).Get("Service", path["backend/service/name"].Text);
                Assert.Contains(service["spec/ports"].Items, port => port["name"].Text == path["backend/service/port/name"].Text);
                Assert.False("/metrics".StartsWith(path["path"].Text, StringComparison.Ordinal), "metrics are not for clients");
            }));

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void A_service_monitor_finds_services_with_its_port(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        Assert.All(cluster.Of("ServiceMonitor"), monitor =>
        {
            Node[] services = [.. cluster.Of("Service").Where(service => Cluster.Matches(monitor["spec/selector"], service["metadata/labels"].Texts))];
            Assert.Equal(["exchange-edge", "exchange-engine"], services.Select(service => service["metadata/name"].Text).Order());
            Assert.All(services, service => Assert.Contains(service["spec/ports"].Items, port => port["name"].Text == monitor["spec/endpoints"].Items[0]["port"].Text));
        });
    }

    /// <summary>Each secret key that a pod of the workload needs: <c>secret/key</c>.</summary>
    private static IEnumerable<string> SecretKeys(Node workload) => Cluster.Containers(workload)
        .SelectMany(container => container["env"].Items)
        .Select(variable => variable["valueFrom/secretKeyRef"])
        .Where(reference => reference.Exists)
        .Select(reference => $"{reference["name"].Text}/{reference["key"].Text}")
        .Concat(Cluster.Pod(workload)["volumes"].Items
            .Where(volume => volume["secret"].Exists)
            .SelectMany(volume => volume["secret/items"].Items.Select(item => $"{volume["secret/secretName"].Text}/{item["key"].Text}")));

    /// <summary>Those that a key vault brings, or, where there is none, the reader of infra/README.md.</summary>
    private static string[] GivenSecrets(Cluster cluster)
    {
        string[] fromVault = [.. cluster.Of("SecretProviderClass")
            .SelectMany(provider => provider["spec/secretObjects"].Items)
            .SelectMany(secret => secret["data"].Items.Select(entry => $"{secret["secretName"].Text}/{entry["key"].Text}"))];
        string readme = File.ReadAllText(RepositoryRoot.Combine("infra", "README.md"));
        string[] byHand = ["exchange-secrets/postgres-password", "exchange-secrets/master-key"];
        Assert.All(byHand, key => Assert.Contains($"--from-literal {key.Split('/')[1]}=", readme, StringComparison.Ordinal));
        return fromVault.Length > 0 ? fromVault : byHand;
    }

    private static void AssertRule(Cluster cluster, Node policy, Node peers, Node ports, IReadOnlyList<Node> receivers)
    {
        foreach (Node peer in peers.Items.Where(peer => peer["podSelector"].Exists && !peer["namespaceSelector"].Exists))
            Assert.True(cluster.Selected(Cluster.Space(policy), peer["podSelector"]).Count > 0, peer.Place);
        foreach (Node port in ports.Items)
            Assert.All(receivers, workload => Assert.True(Cluster.HasPort(workload, port["port"].Text), $"{policy["metadata/name"].Text}: {port["port"].Text}"));
    }
}
