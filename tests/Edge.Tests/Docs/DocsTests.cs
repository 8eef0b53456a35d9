using System.Text.Json.Nodes;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Tests.Support;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Exchange.Edge.Tests.Docs;

public sealed class DocsTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync() => _server = await EdgeServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_openapi_document_parses_without_errors()
    {
        Reply reply = await _server.Send("GET", "/openapi/v1.json");

        ReadResult result = OpenApiDocument.Parse(reply.Text, OpenApiConstants.Json);

        Assert.Empty(result.Diagnostic!.Errors);
        Assert.True(result.Document!.Paths.Count >= 25, $"only {result.Document.Paths.Count} paths");
        Assert.InRange(reply.Text.Length, 1, 200_000);
    }

    [Fact]
    public async Task The_openapi_document_tells_fields_codes_and_rights_of_a_place()
    {
        JsonNode document = (await _server.Send("GET", "/openapi/v1.json")).Json;
        JsonNode place = document["paths"]!["/api/v1/orders"]!["post"]!;

        Assert.Equal("#/components/schemas/PlaceOrder", (string?)place["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]);
        JsonNode body = document["components"]!["schemas"]!["PlaceOrder"]!;
        Assert.Equal(["symbol", "side", "type"], body["required"]!.AsArray().Select(node => (string?)node));
        Assert.Contains("stop_market", body["properties"]!["type"]!["enum"]!.AsArray().Select(node => (string?)node));
        string refusal = (string)place["responses"]!["422"]!["$ref"]!;
        string codes = document["components"]!["responses"]![refusal[(refusal.LastIndexOf('/') + 1)..]]!["content"]!["application/problem+json"]!["schema"]!["allOf"]![1]!["properties"]!["code"]!["enum"]!.ToJsonString();
        Assert.Contains("\"PRICE_TICK\"", codes, StringComparison.Ordinal);
        Assert.Contains("\"INSUFFICIENT_MARGIN\"", codes, StringComparison.Ordinal);
        Assert.Equal(2, place["security"]!.AsArray().Count);
        Assert.Equal("#/components/schemas/PlacedOrder", (string?)place["responses"]!["201"]!["content"]!["application/json"]!["schema"]!["$ref"]);
        Assert.NotNull(document["components"]!["schemas"]!["PlacedOrder"]!["properties"]!["fills"]);
    }

    [Fact]
    public async Task The_openapi_document_lists_every_operation_once_with_what_it_takes_and_answers()
    {
        JsonNode document = (await _server.Send("GET", "/openapi/v1.json")).Json;
        var listed = new List<(string Method, string Path)>();
        var names = new HashSet<string>();
        foreach ((string path, JsonNode? item) in document["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in item!.AsObject())
            {
                listed.Add((method.ToUpperInvariant(), path));
                Assert.True(names.Add((string)operation!["operationId"]!), $"{method} {path} has the name of another.");
                Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} says nothing of itself.");
                Assert.Single(operation["responses"]!.AsObject(), response => response.Key[0] == '2');
                string[] inPath = [.. path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'))];
                Assert.Equal(inPath, Parameters(operation, "path"));
            }
        }

        Assert.Equal(_server.Operations.Select(operation => (operation.Method, operation.Path)).Order(), listed.Order());

        static IEnumerable<string?> Parameters(JsonNode operation, string place) => (operation["parameters"] ?? new JsonArray()).AsArray()
            .Where(parameter => (string?)parameter!["in"] == place).Select(parameter => (string?)parameter!["name"]);
    }

    [Fact]
    public async Task Every_reference_in_the_openapi_document_leads_somewhere()
    {
        JsonNode document = (await _server.Send("GET", "/openapi/v1.json")).Json;
        string[] references = [.. References(document).Distinct()];

        Assert.True(references.Length > 20);
        Assert.All(references, reference => Assert.NotNull(
            reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, name) => node?[name.Replace("~1", "/").Replace("~0", "~")])));

        static IEnumerable<string> References(JsonNode? node) => node switch
        {
            JsonObject fields => fields.SelectMany(field => field.Key == "$ref" ? [(string)field.Value!] : References(field.Value)),
            JsonArray items => items.SelectMany(References),
            _ => [],
        };
    }

    [Theory]
    [InlineData("/docs", "text/html")]
    [InlineData("/docs/page.js", "text/javascript")]
    [InlineData("/docs/page.css", "text/css")]
    public async Task The_page_is_served_from_the_assembly_and_allows_no_other_origin(string path, string contentType)
    {
        Reply reply = await _server.Send("GET", path);

        Assert.Equal(200, reply.Code);
        Assert.Equal(contentType, reply.ContentType);
        Assert.DoesNotContain("//", reply.Text.Replace("// ", ""), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", reply.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own()
    {
        string[] ids = await Task.WhenAll(new[] { "/docs", "/api/v1/time", "/nothing", "/api/v1/orders", "/openapi/v1.json" }.Select(
            async path => (await _server.Send("GET", path)).Headers.GetValues(RequestFrame.IdHeader).Single()));

        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void The_document_of_errors_lists_every_code() =>
        Assert.All(ErrorCatalogue.All, entry => Assert.Contains($"`{entry.Code}`", ErrorsDocument.Markdown(), StringComparison.Ordinal));
}
