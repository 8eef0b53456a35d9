using System.Collections.Immutable;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Hosting;

/// <summary>A parameter that a request's query may have.</summary>
internal sealed record QueryField(string Name, string Meaning, bool IsRequired = false, IReadOnlyList<string>? Values = null, bool IsInteger = false);

/// <summary>The parameters of a query: known ones only, each once.</summary>
internal sealed class QueryFields
{
    private static readonly QueryFields None = new([]);

    private readonly ImmutableArray<QueryField> _shape;
    private readonly string?[] _values;

    private QueryFields(ImmutableArray<QueryField> shape)
    {
        _shape = shape;
        _values = new string?[shape.Length];
    }

    /// <summary>Reads the query as it was sent.</summary>
    /// <param name="query">With its question mark, or empty.</param>
    public static Problem? Read(ReadOnlySpan<char> query, ImmutableArray<QueryField> shape, out QueryFields fields)
    {
        fields = shape.IsEmpty ? None : new QueryFields(shape);
        query = query.TrimStart('?');
        if (!query.IsEmpty)
        {
            foreach (Range range in query.Split('&'))
            {
                if (fields.Take(query[range]) is { } problem)
                    return problem;
            }
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i].IsRequired && fields._values[i] is null)
                return Problems.Missing(shape[i].Name);
        }

        return null;
    }

    public string? this[int field] => _values[field];

    /// <summary>A whole number, or <paramref name="absent"/>.</summary>
    public Problem? Integer(int field, long least, long most, long absent, out long value)
    {
        value = absent;
        if (_values[field] is not { } text)
            return null;
        return PlainInteger.TryParse(text.AsSpan(), out value) && value >= least && value <= most
            ? null
            : Problems.Field(
                ErrorCatalogue.BadInteger, _shape[field].Name, $"{_shape[field].Name} must be a whole number from {least} to {most}.", $"{most}");
    }

    private Problem? Take(ReadOnlySpan<char> pair)
    {
        int equals = pair.IndexOf('=');
        if (equals < 1 || !PercentText.TryDecode(pair[(equals + 1)..], out string value))
            return new Problem(ErrorCatalogue.MalformedQuery);

        // A name is mostly sent as it is.
        int index = IndexOf(pair[..equals]);
        if (index < 0)
        {
            if (!PercentText.TryDecode(pair[..equals], out string name))
                return new Problem(ErrorCatalogue.MalformedQuery);
            index = IndexOf(name);
        }

        if (index < 0)
        {
            string known = string.Join(", ", _shape.Select(field => field.Name));
            return new Problem(ErrorCatalogue.UnknownParameter)
            {
                Detail = _shape.Length == 0 ? "This request takes no parameters." : $"Known parameters are: {known}.",
                Limit = known,
            };
        }

        if (_values[index] is not null)
            return Problems.Field(ErrorCatalogue.DuplicateParameter, _shape[index].Name);
        _values[index] = value;
        return null;
    }

    private int IndexOf(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < _shape.Length; i++)
        {
            if (name.SequenceEqual(_shape[i].Name))
                return i;
        }

        return -1;
    }
}
