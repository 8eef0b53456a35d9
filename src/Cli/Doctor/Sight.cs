namespace Exchange.Cli.Doctor;

/// <summary>What a check saw, in words.</summary>
/// <param name="Verdict">What it says of the machine.</param>
/// <param name="Found">What is there, for a reader who knows what is wanted.</param>
internal readonly record struct Sight(Verdict Verdict, string Found)
{
    public static Sight Ok(string found) => new(Verdict.Ok, found);

    public static Sight Warn(string found) => new(Verdict.Warn, found);

    public static Sight Fail(string found) => new(Verdict.Fail, found);

    /// <summary>A container or another user's rights may hide it: that is no proof of anything.</summary>
    public static Sight Unseen(string what) => new(Verdict.Warn, $"{what} cannot be read here");
}
