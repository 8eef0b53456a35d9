using System.Text.Json;

namespace Exchange.NativeApi.Clients;

/// <summary>Compares what a test names of an answer, and nothing else of it.</summary>
public static class Fields
{
    /// <summary>Fields and their values, as in "status=filled qty=1"; "-" stands for a field that is not there.</summary>
    public static void Shows(this JsonElement actual, string fields) => Assert.Equal(fields, Of(actual, NamesIn(fields)));

    /// <inheritdoc cref="Shows(JsonElement, string)"/>
    public static void Shows(this ApiReply reply, string fields) => reply.Json.Shows(fields);

    /// <summary>Whether it shows them, for who waits until it does.</summary>
    public static bool HasFields(this JsonElement actual, string fields) => Of(actual, NamesIn(fields)) == fields;

    /// <summary>The rows of a list, each as its fields' values.</summary>
    public static string[] Rows(this ApiReply reply, string list, params string[] names) =>
        [.. reply.Json.GetProperty(list).EnumerateArray().Select(row => string.Join(' ', names.Select(name => TextOf(row, name))))];

    public static int Count(this ApiReply reply, string list) => reply.Json.GetProperty(list).GetArrayLength();

    public static string TextOf(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? ApiReply.TextOf(value) : "-";

    private static string Of(JsonElement actual, IEnumerable<string> names) => string.Join(' ', names.Select(name => $"{name}={TextOf(actual, name)}"));

    private static IEnumerable<string> NamesIn(string fields) => fields.Split(' ').Select(field => field.Split('=')[0]);
}
