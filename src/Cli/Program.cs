using System.CommandLine;
using Exchange.Cli;

// Commands that go on until they are stopped take the signal themselves (StopSignal).
return ExchangeCommandLine.Create().Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });
