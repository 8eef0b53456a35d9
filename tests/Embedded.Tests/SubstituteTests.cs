using System.Runtime.CompilerServices;

namespace Exchange.Embedded.Tests;

/// <summary>Who has taken the kernel's idle class gets work done at the priority he had before.</summary>
public sealed class SubstituteTests
{
    /// <summary>Field of /proc/thread-self/stat, counted behind the name's bracket: the scheduling policy; 0: ordinary, 5: idle.</summary>
    private const int PolicyField = 38;

    [SkippableFact]
    public void It_works_at_its_makers_priority_whoever_asks()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Linux has the idle class.");
        using var substitute = new Substitute("Substitute");
        string asked = "", done = "";
        var thread = new Thread(() =>
        {
            LowPriority.TakeForThisThread();
            asked = Policy();
            substitute.Do(() => done = Policy());
        });
        thread.Start();
        thread.Join();

        Assert.Equal(("5", "0"), (asked, done));
    }

    [Fact]
    public void What_it_throws_is_thrown_to_who_asked_and_it_goes_on()
    {
        using var substitute = new Substitute("Substitute");
        bool isDone = false;

        Assert.Throws<InvalidDataException>(() => substitute.Do(() => throw new InvalidDataException()));
        substitute.Do(() => isDone = true);

        Assert.True(isDone);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Policy()
    {
        string stat = File.ReadAllText("/proc/thread-self/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[PolicyField];
    }
}
