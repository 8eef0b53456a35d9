using Exchange.NativeApi.Suites;
using Exchange.Silo.Acceptance.Silos;

namespace Exchange.Silo.Acceptance.NativeApi;

/// <summary>What has to cross from silos that serve clients to silos that hold machines.</summary>
[CollectionDefinition(Name)]
public sealed class EnginesAndEdgesSuites : ICollectionFixture<EnginesAndEdges>
{
    public const string Name = "engines and edges";
}

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesTradingTests(EnginesAndEdges silos) : TradingSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesFeatureTests(EnginesAndEdges silos) : FeatureSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesMarketStreamTests(EnginesAndEdges silos) : MarketStreamSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesOwnStreamTests(EnginesAndEdges silos) : OwnStreamSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesOrderStreamTests(EnginesAndEdges silos) : OrderStreamSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesAdminTests(EnginesAndEdges silos) : AdminSuite(silos);

[Collection(EnginesAndEdgesSuites.Name)]
public sealed class EnginesAndEdgesLiquidationTests(EnginesAndEdges silos) : LiquidationSuite(silos);
