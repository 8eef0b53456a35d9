using System.Text;

namespace Exchange.Edge.Json;

/// <summary>What a field of a request body may hold.</summary>
internal enum FieldKind
{
    /// <summary>A decimal string.</summary>
    Decimal = 0,

    /// <summary>A string: an id, a symbol, one of a set of names.</summary>
    Text = 1,

    /// <summary>A whole number that is not negative.</summary>
    Integer = 2,

    /// <summary>true or false.</summary>
    Flag = 3,

    /// <summary>An array.</summary>
    List = 4,

    /// <summary>An object of a shape of its own.</summary>
    Object = 5,

    /// <summary>An array of whole numbers that are not negative.</summary>
    Integers = 6,
}

/// <summary>One field: its name, kind and meaning; the same entry drives the parser and the OpenAPI document.</summary>
/// <param name="Name">camelCase, ASCII.</param>
/// <param name="Kind">What it may hold.</param>
/// <param name="Meaning">One sentence for the document.</param>
/// <param name="IsRequired">Whether a body without it is refused.</param>
/// <param name="Values">For names: those allowed.</param>
/// <param name="Items">For lists: the shape of an item; null: strings. For objects: the shape.</param>
internal sealed record BodyField(
    string Name, FieldKind Kind, string Meaning, bool IsRequired = false, IReadOnlyList<string>? Values = null, BodyShape? Items = null)
{
    public byte[] Utf8Name { get; } = Encoding.ASCII.GetBytes(Name);
}

/// <summary>The fields a request body may have; a field's number is its place here.</summary>
internal sealed class BodyShape
{
    /// <summary>Seen fields are kept in the bits of a word.</summary>
    public const int MostFields = 32;

    public BodyShape(string name, params BodyField[] fields)
    {
        if (fields.Length > MostFields)
            throw new ArgumentException($"A body has at most {MostFields} fields.", nameof(fields));
        Name = name;
        Fields = fields;
        KnownNames = string.Join(", ", fields.Select(field => field.Name));
    }

    /// <summary>Name in the OpenAPI document.</summary>
    public string Name { get; }

    public BodyField[] Fields { get; }

    /// <summary>All names in one sentence, for the refusal of an unknown one.</summary>
    public string KnownNames { get; }
}
