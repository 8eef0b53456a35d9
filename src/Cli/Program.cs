using Exchange.Cli;

return ExchangeCommandLine.Create().Parse(args).Invoke();
