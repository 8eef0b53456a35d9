using Exchange.Storage.Postgres;
using Npgsql;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Whether a connection is encrypted is said, never tried (docs/decisions/0021).</summary>
public sealed class ConnectionSettingsTests
{
    [Theory]
    [InlineData("Host=db.example")]
    [InlineData("Host=db.example;SSL Mode=Prefer")]
    [InlineData("Host=db.example;SSL Mode=Allow")]
    [InlineData("Host=10.0.0.4:5433")]
    [InlineData("Host=localhost,db.example")]
    public void What_another_machine_may_offer_or_not_is_refused_by_the_settings_name(string connection)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => ConnectionSettings.Read(connection));

        Assert.Contains("'SSL Mode=VerifyFull'", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.example;SSL Mode=Require", SslMode.Require)]
    [InlineData("Host=db.example;SSL Mode=VerifyCA", SslMode.VerifyCA)]
    [InlineData("Host=db.example;SslMode=VerifyFull", SslMode.VerifyFull)]
    [InlineData("Host=db.example;SSL Mode=Disable", SslMode.Disable)]
    [InlineData("Host=localhost;SSL Mode=Require", SslMode.Require)]
    public void What_is_said_is_done(string connection, SslMode expected) => Assert.Equal(expected, ConnectionSettings.Read(connection).SslMode);

    [Theory]
    [InlineData("Host=localhost:5433")]
    [InlineData("Host=127.0.0.1,/var/run/postgresql")]
    [InlineData("Host=[::1]:5432")]
    [InlineData("Host=::1;SSL Mode=Prefer")]
    public void Within_one_machine_nothing_is_encrypted_unless_it_is_asked_for(string connection) =>
        Assert.Equal(SslMode.Disable, ConnectionSettings.Read(connection).SslMode);
}
