using System.Text.Json;
using System.Text.Unicode;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Json;

/// <summary>Where the value of a field lies in the body.</summary>
internal struct FieldToken
{
    public int Start;
    public int Length;
    public JsonTokenType Type;
    public bool IsEscaped;
}

/// <summary>A request body read in one pass: strict JSON, known fields only, each once; values are parsed where they lie.</summary>
internal readonly ref partial struct JsonFields : IBodyFields
{
    public const int MaxDepth = 8;

    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<FieldToken> _tokens;
    private readonly BodyShape _shape;

    private JsonFields(ReadOnlySpan<byte> json, ReadOnlySpan<FieldToken> tokens, BodyShape shape)
    {
        _json = json;
        _tokens = tokens;
        _shape = shape;
    }

    /// <summary>Reads a whole body.</summary>
    /// <param name="json">All bytes of the body.</param>
    /// <param name="shape">The fields it may have.</param>
    /// <param name="tokens">Room for <see cref="BodyShape.MostFields"/>; must outlive the result.</param>
    /// <param name="fields">The fields found, when the result is null.</param>
    public static Problem? Read(ReadOnlySpan<byte> json, BodyShape shape, Span<FieldToken> tokens, out JsonFields fields)
    {
        fields = default;
        if (!Utf8.IsValid(json))
            return new Problem(ErrorCatalogue.MalformedJson) { Detail = "The body is not valid UTF-8." };
        return ReadObject(json, shape, tokens, 0, out fields);
    }

    /// <summary>Reads an object inside a body whose UTF-8 was checked.</summary>
    /// <param name="depth">Levels of the body around this object.</param>
    public static Problem? ReadObject(ReadOnlySpan<byte> json, BodyShape shape, Span<FieldToken> tokens, int depth, out JsonFields fields)
    {
        fields = default;
        tokens = tokens[..shape.Fields.Length];
        tokens.Clear();
        try
        {
            if (Scan(json, shape, tokens, depth) is { } problem)
                return problem;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The reader throws JsonException for its grammar and InvalidOperationException for lone surrogates in escapes.
            return new Problem(ErrorCatalogue.MalformedJson);
        }

        fields = new JsonFields(json, tokens, shape);
        for (int i = 0; i < tokens.Length; i++)
        {
            if (shape.Fields[i].IsRequired && tokens[i].Type == JsonTokenType.None)
                return Problems.Missing(shape.Fields[i].Name);
        }

        return null;
    }

    private static Problem? Scan(ReadOnlySpan<byte> json, BodyShape shape, Span<FieldToken> tokens, int depth)
    {
        // Deeper than the limit, so that the limit is found here and named, not thrown as bad grammar.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return new Problem(ErrorCatalogue.MalformedJson) { Detail = "The body must be a JSON object." };

        int next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int index = Find(ref reader, shape, next);
            if (index < 0)
                return new Problem(ErrorCatalogue.UnknownField)
                {
                    Detail = $"The field at byte {reader.TokenStartIndex} is unknown; known are: {shape.KnownNames}.",
                    Limit = shape.KnownNames,
                };
            if (tokens[index].Type != JsonTokenType.None)
                return Problems.Field(ErrorCatalogue.DuplicateField, shape.Fields[index].Name, $"{shape.Fields[index].Name} is given twice.");

            next = index + 1;
            reader.Read();
            if (Value(ref reader, depth, out tokens[index]) is { } problem)
                return problem;
        }

        // Throws if anything but white space follows the object.
        while (reader.Read())
        {
        }

        return null;
    }

    private static Problem? Value(ref Utf8JsonReader reader, int depth, out FieldToken token)
    {
        token = new FieldToken
        {
            Start = (int)reader.TokenStartIndex,
            Type = reader.TokenType,
            IsEscaped = reader.ValueIsEscaped,
        };
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            int outside = reader.CurrentDepth;
            do
            {
                bool isStart = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
                if (isStart && reader.CurrentDepth + depth >= MaxDepth)
                    return new Problem(ErrorCatalogue.JsonTooDeep) { Limit = "8" };
                reader.Read();
            }
            while (reader.CurrentDepth > outside);
        }

        token.Length = (int)reader.BytesConsumed - token.Start;
        return null;
    }

    /// <summary>The number of the field named by the reader's token; fields mostly come in the shape's order.</summary>
    private static int Find(ref Utf8JsonReader reader, BodyShape shape, int next)
    {
        BodyField[] fields = shape.Fields;
        for (int i = next; i < fields.Length; i++)
        {
            if (reader.ValueTextEquals(fields[i].Utf8Name))
                return i;
        }

        for (int i = 0; i < next; i++)
        {
            if (reader.ValueTextEquals(fields[i].Utf8Name))
                return i;
        }

        return -1;
    }
}
