using Exchange.NativeApi.Suites;
using Exchange.Silo.Acceptance.Silos;

namespace Exchange.Silo.Acceptance.NativeApi;

/// <summary>The acceptance tests of the native API against a cluster of one.</summary>
[CollectionDefinition(Name)]
public sealed class OneSiloSuites : ICollectionFixture<OneSilo>
{
    public const string Name = "one silo";
}

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloTradingTests(OneSilo silos) : TradingSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloOrderTests(OneSilo silos) : OrderSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloRefusalTests(OneSilo silos) : RefusalSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloAccountTests(OneSilo silos) : AccountSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloHistoryTests(OneSilo silos) : HistorySuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloMarketTests(OneSilo silos) : MarketSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloFeatureTests(OneSilo silos) : FeatureSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloMarketStreamTests(OneSilo silos) : MarketStreamSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloOwnStreamTests(OneSilo silos) : OwnStreamSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloOrderStreamTests(OneSilo silos) : OrderStreamSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloKeyTests(OneSilo silos) : KeySuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloAdminTests(OneSilo silos) : AdminSuite(silos);

[Collection(OneSiloSuites.Name)]
public sealed class OneSiloLiquidationTests(OneSilo silos) : LiquidationSuite(silos);
