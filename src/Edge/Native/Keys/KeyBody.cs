using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Keys;

/// <summary>What a key is asked for with.</summary>
/// <param name="Permissions">At least one.</param>
/// <param name="Addresses">Null: not said.</param>
/// <param name="ExpiresMs">Null: not said.</param>
internal sealed record KeyBody(Permissions Permissions, AddressList? Addresses, long? ExpiresMs)
{
    private const int PermissionsField = 0;
    private const int AddressesField = 1;
    private const int ExpiresField = 2;

    public static readonly BodyShape Shape = new("CreateKey",
        new BodyField("permissions", FieldKind.List, "At least one.", IsRequired: true, PermissionNames.Bits.All),
        new BodyField("addresses", FieldKind.List,
            $"Addresses and CIDR ranges it may be used from, at most {AddressList.MostEntries}; from anywhere when empty."),
        new BodyField("expiresMs", FieldKind.Integer, "When it ends, in Unix milliseconds."));

    public static Problem? Read(ReadOnlySpan<byte> json, long nowMs, out KeyBody body)
    {
        body = new KeyBody(Permissions.None, null, null);
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.NameSet(PermissionsField, PermissionNames.Bits, out int bits) is { } badPermissions)
            return badPermissions;
        body = body with { Permissions = (Permissions)bits };
        return ReadAddresses(fields, ref body) ?? ReadExpiry(fields, nowMs, ref body);
    }

    private static Problem? ReadAddresses(in JsonFields fields, ref KeyBody body)
    {
        if (!fields.Has(AddressesField))
            return null;
        var entries = new List<string>();
        if (fields.Texts(AddressesField, AddressList.MostEntries, entries) is { } malformed)
            return malformed;
        if (AddressList.Parse(entries) is not { } addresses)
            return Problems.Field(ErrorCatalogue.BadAddress, "addresses", limit: $"{AddressList.MostEntries}");
        body = body with { Addresses = addresses };
        return null;
    }

    private static Problem? ReadExpiry(in JsonFields fields, long nowMs, ref KeyBody body)
    {
        if (!fields.Has(ExpiresField))
            return null;
        if (fields.Integer(ExpiresField, WireLimits.LatestMs, out long expiresMs) is { } problem)
            return problem;
        if (expiresMs <= nowMs)
            return Problems.Field(ErrorCatalogue.ExpiryInPast, "expiresMs", limit: $"{nowMs}");
        body = body with { ExpiresMs = expiresMs };
        return null;
    }
}
