using System.CommandLine;
using Exchange.Cli.Benchmarks.Features;
using Exchange.Cli.Benchmarks.History;
using Exchange.Cli.Benchmarks.Http;
using Exchange.Cli.Benchmarks.Marks;
using Exchange.Cli.Benchmarks.Postgres;
using Exchange.Cli.Benchmarks.Streams;

namespace Exchange.Cli.Benchmarks;

/// <summary><c>exchange bench …</c>: one subcommand for each thing that is measured.</summary>
public static class BenchCommand
{
    public static Command Create() => new("bench", "Measures a part of the exchange.")
    {
        BenchBookCommand.Create(),
        BenchHttpCommand.Create(),
        BenchStreamCommand.Create(),
        BenchOrderStreamCommand.Create(),
        BenchEngineCommand.Create(),
        BenchJournalCommand.Create(),
        BenchMarksCommand.Create(),
        BenchPostgresCommand.Create(),
        BenchFeaturesCommand.Create(),
        BenchHistoryCommand.Create(),
    };
}
