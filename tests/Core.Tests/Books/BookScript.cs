using System.Text;
using Exchange.Core.Books;

namespace Exchange.Core.Tests.Books;

/// <summary>A random run of commands, one number each, so that leaving numbers out leaves a shorter run that still makes sense.</summary>
/// <remarks>What a number means depends on the state it meets (which orders are open, who holds what): see <see cref="BookScriptReader"/>.</remarks>
internal sealed class BookScript(ulong seed, BookSetting setting, ulong[] codes)
{
    public BookSetting Setting => setting;

    public IReadOnlyList<ulong> Codes => codes;

    public static BookScript FromSeed(ulong seed, BookSetting setting, int commands)
    {
        var codes = new ulong[commands];
        ulong state = seed;
        for (int i = 0; i < commands; i++)
            codes[i] = SplitMix(ref state);
        return new BookScript(seed, setting, codes);
    }

    /// <summary>Shorter and simpler scripts, the boldest cut first.</summary>
    public IEnumerable<BookScript> Shrink()
    {
        for (int chunk = codes.Length / 2; chunk > 0; chunk /= 2)
        {
            for (int from = 0; from + chunk <= codes.Length; from += chunk)
                yield return new BookScript(seed, setting, [.. codes[..from], .. codes[(from + chunk)..]]);
        }
    }

    /// <summary>The inputs and what the rules make of them, for the reader of a failure; a long script by its seed only.</summary>
    public override string ToString()
    {
        if (codes.Length > 60)
            return $"seed {seed}, {setting}, {codes.Length} commands";
        var text = new StringBuilder($"seed {seed}, {setting}, {codes.Length} commands:\n");
        var naive = BookScriptReader.NewNaive(setting);
        var reader = new BookScriptReader(naive, setting);
        foreach (BookInput input in reader.Opening)
            naive.Apply(input);
        foreach (ulong code in codes)
        {
            BookInput input = reader.Read(code);
            text.Append("  ").Append(BookLanguage.TellInput(input)).Append('\n');
            BookResult result = naive.Apply(input);
            reader.Note(input, result);
            if (result.Outcome.Reason != RejectReason.None)
                text.Append("      refused: ").Append(result.Outcome.Reason).Append('\n');
            foreach (string line in BookLanguage.Describe(result.Events))
                text.Append("      ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9e3779b97f4a7c15UL;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
            return z ^ (z >> 31);
        }
    }
}
