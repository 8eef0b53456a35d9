using Exchange.Silo.Bench;
using Exchange.Silo.Hosting;

return args is ["bench", ..] ? await BenchProgram.Run(args[1..]) : await SiloProgram.Run(args);
