using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Nodes.Audits;
using Exchange.Core.Units;
using Exchange.Core.Wire;
using Exchange.Storage.Postgres;
using Exchange.Storage.Postgres.Verification;
using Npgsql;

namespace Exchange.Cli.Databases;

/// <summary><c>exchange verify-cluster</c>: holds what a cluster's database has against the rules of money.</summary>
public static class VerifyClusterCommand
{
    public static Command Create()
    {
        Option<string> connection = DatabaseOptions.Connection();
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        Option<bool> fromStart = new("--from-start") { Description = "Replays journals from their first record, not from the snapshots; refused where a journal was trimmed." };
        Command command = new("verify-cluster", "Checks that a cluster's accounts, books and Clearing agree and no money is missing.") { connection, fromStart, json };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetRequiredValue(connection), parsed.GetValue(fromStart), parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> Run(string connection, bool isFromStart, bool json, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            await PostgresMigrations.RequireCurrent(connection, cancellation);
            ClusterReport report = await ClusterVerification.Run(connection, isFromStart, observer: null, cancellation);
            foreach (string fault in report.Faults)
                await error.WriteLineAsync(fault);
            await output.WriteLineAsync(json ? Json(report) : Text(report));
            return report.Faults.Count == 0 ? ExchangeCommandLine.Done : ExchangeCommandLine.Failed;
        }
        catch (Exception refusal) when (refusal is NpgsqlException or ArgumentException or IOException or SnapshotException or InvariantException)
        {
            await error.WriteLineAsync(refusal.Message);
            return ExchangeCommandLine.Failed;
        }
    }

    private static string Text(ClusterReport report)
    {
        AuditFigures figures = report.Figures;
        return string.Create(CultureInfo.InvariantCulture, $"""
            {figures.Books} books with {figures.OpenOrders} open orders, {figures.Accounts} accounts, {report.Records} records replayed
            wallets and margins {Usdt(figures.WalletsE8)} - cost of positions {Usdt(figures.SignedCostE8)} + fees {Usdt(figures.FeesE8)} + fund {Usdt(figures.FundE8)} + in flight {Usdt(figures.InFlightE8)} = {Usdt(figures.InsideE8)}
            deposits {Usdt(figures.DepositsE8)} - withdrawals {Usdt(figures.WithdrawalsE8)} + the fund's seed {Usdt(figures.SeedE8)} = {Usdt(figures.OutsideE8)}
            {(report.Faults.Count == 0 ? "all agree" : $"{report.Faults.Count} faults")}
            """);
    }

    private static string Json(ClusterReport report) => JsonSerializer.Serialize(new
    {
        books = report.Figures.Books,
        accounts = report.Figures.Accounts,
        openOrders = report.Figures.OpenOrders,
        records = report.Records,
        wallets = Usdt(report.Figures.WalletsE8),
        costOfPositions = Usdt(report.Figures.SignedCostE8),
        fees = Usdt(report.Figures.FeesE8),
        fund = Usdt(report.Figures.FundE8),
        inFlight = Usdt(report.Figures.InFlightE8),
        deposits = Usdt(report.Figures.DepositsE8),
        withdrawals = Usdt(report.Figures.WithdrawalsE8),
        seed = Usdt(report.Figures.SeedE8),
        faults = report.Faults,
    });

    private static string Usdt(Int128 amountE8) => DecimalText.ToText(amountE8);
}
