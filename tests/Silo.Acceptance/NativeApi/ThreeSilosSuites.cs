using Exchange.NativeApi.Suites;
using Exchange.Silo.Acceptance.Silos;

namespace Exchange.Silo.Acceptance.NativeApi;

/// <summary>The acceptance tests of the native API against three silos: who trades, reads and listens is at different ones.</summary>
[CollectionDefinition(Name)]
public sealed class ThreeSilosSuites : ICollectionFixture<ThreeSilos>
{
    public const string Name = "three silos";
}

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosTradingTests(ThreeSilos silos) : TradingSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosOrderTests(ThreeSilos silos) : OrderSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosRefusalTests(ThreeSilos silos) : RefusalSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosAccountTests(ThreeSilos silos) : AccountSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosHistoryTests(ThreeSilos silos) : HistorySuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosMarketTests(ThreeSilos silos) : MarketSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosFeatureTests(ThreeSilos silos) : FeatureSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosMarketStreamTests(ThreeSilos silos) : MarketStreamSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosOwnStreamTests(ThreeSilos silos) : OwnStreamSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosOrderStreamTests(ThreeSilos silos) : OrderStreamSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosKeyTests(ThreeSilos silos) : KeySuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosAdminTests(ThreeSilos silos) : AdminSuite(silos);

[Collection(ThreeSilosSuites.Name)]
public sealed class ThreeSilosLiquidationTests(ThreeSilos silos) : LiquidationSuite(silos);
