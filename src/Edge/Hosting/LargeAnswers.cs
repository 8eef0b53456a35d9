using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Hosting;

/// <summary>Compresses answers over a KiB when the client asks; below that the headers are most of it, and the processor is needed elsewhere.</summary>
internal sealed class LargeAnswers(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    private const int LeastBytes = 1_024;

    /// <summary>Adds compression of large answers; it is on after UseResponseCompression.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            // No cookies, no forms: nobody can make a victim's client send what he then measures the length of.
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "application/problem+json", "text/plain", "text/html", "text/css", "text/javascript"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Replace(ServiceDescriptor.Singleton<IResponseCompressionProvider, LargeAnswers>());
    }

    /// <summary>Every answer of the edge has its length by the time it is written.</summary>
    public override bool ShouldCompressResponse(HttpContext context) =>
        context.Response.ContentLength > LeastBytes && base.ShouldCompressResponse(context);
}
