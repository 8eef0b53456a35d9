using Exchange.NativeApi.Suites;

namespace Exchange.Acceptance.NativeApi;

/// <summary>The acceptance tests of the native API against the server of one process.</summary>
[CollectionDefinition(Name)]
public sealed class EmbeddedSuites : ICollectionFixture<EmbeddedServer>
{
    public const string Name = "embedded";
}

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedTradingTests(EmbeddedServer server) : TradingSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedOrderTests(EmbeddedServer server) : OrderSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedRefusalTests(EmbeddedServer server) : RefusalSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedAccountTests(EmbeddedServer server) : AccountSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedHistoryTests(EmbeddedServer server) : HistorySuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedMarketTests(EmbeddedServer server) : MarketSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedFeatureTests(EmbeddedServer server) : FeatureSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedMarketStreamTests(EmbeddedServer server) : MarketStreamSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedOwnStreamTests(EmbeddedServer server) : OwnStreamSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedOrderStreamTests(EmbeddedServer server) : OrderStreamSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedKeyTests(EmbeddedServer server) : KeySuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedAdminTests(EmbeddedServer server) : AdminSuite(server);

[Collection(EmbeddedSuites.Name)]
public sealed class EmbeddedLiquidationTests(EmbeddedServer server) : LiquidationSuite(server);
