using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;

namespace Exchange.Grains.Hosting;

/// <summary>What may travel between silos beside what has a codec of its own.</summary>
internal static class WireTypes
{
    public static void AllowWireTypes(this IServiceCollection services)
    {
        services.Configure<TypeManifestOptions>(types =>
        {
            // The port's views, which grains hand out as they are (Told).
            foreach (Type view in (ReadOnlySpan<Type>)
                [
                    typeof(AccountView), typeof(OrderView), typeof(FillView), typeof(LedgerView), typeof(Page<>),
                    typeof(Feature), typeof(FeaturePut), typeof(FeaturePage), typeof(FeatureCells),
                ])
                types.AddAllowedType(view);
        });

        // Whoever asks another silo must see what kind of failure it is: one that passes, or a fault.
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Exchange."));
    }
}
