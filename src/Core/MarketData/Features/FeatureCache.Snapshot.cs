using System.Text;
using Exchange.Core.Wire;

namespace Exchange.Core.MarketData.Features;

/// <content>The cache as bytes.</content>
public sealed partial class FeatureCache
{
    /// <summary>Raised with every change of the form; an older form is read as long as this says so.</summary>
    private const byte Format = 1;
    private const int LongestText = Feature.MaxValueLength * 3;
    private static readonly uint Tag = SnapshotTag.Of("FEAT");

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(Format);
        writer.Write(_byKey.Count);
        foreach (Feature feature in _byKey)
        {
            WriteText(writer, feature.Entity);
            WriteText(writer, feature.Name);
            writer.Write(feature.IsNumber);
            WriteText(writer, feature.Value);
            WriteText(writer, feature.Source);
            writer.Write(feature.KnownMs);
        }

        writer.EndSection();
    }

    /// <summary>Restores into a fresh cache; if its limits are narrower, what would expire first is left out.</summary>
    /// <exception cref="SnapshotException">Damaged, or of another version.</exception>
    public void Read(SnapshotReader reader)
    {
        Invariant.Holds(Count == 0);
        reader.BeginSection(Tag);
        byte format = reader.ReadByte();
        if (format != Format)
            throw new SnapshotException($"Features of format {format}; this build reads {Format}.");
        string last = "";
        for (int count = reader.ReadCount(reader.Left); count > 0; count--)
        {
            var feature = new Feature(ReadText(reader), ReadText(reader), reader.ReadBool(), ReadText(reader), ReadText(reader), reader.ReadInt64());
            if (!IsWellFormed(feature) || string.CompareOrdinal(last, feature.Key) >= 0)
                throw new SnapshotException("A feature that is none, or not in order.");
            last = feature.Key;
            MakeRoom(feature.Bytes);
            Add(feature);
        }

        reader.EndSection();
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_byKey.Count);
        foreach (Feature feature in _byKey)
        {
            hasher.Add(Encoding.UTF8.GetBytes(feature.Key));
            hasher.Add(feature.IsNumber);
            hasher.Add(Encoding.UTF8.GetBytes(feature.Value));
            hasher.Add(Encoding.UTF8.GetBytes(feature.Source));
            hasher.Add(feature.KnownMs);
        }
    }

    private static void WriteText(SnapshotWriter writer, string text) => writer.WriteStructs<byte>(Encoding.UTF8.GetBytes(text));

    private static string ReadText(SnapshotReader reader) => Encoding.UTF8.GetString(reader.ReadStructs<byte>(LongestText));
}
