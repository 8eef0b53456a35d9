using System.Text;

namespace Exchange.Cli.Doctor;

/// <summary>Infra/host-tuning/README.md, made from the checks.</summary>
internal static class HostTuningDocument
{
    public static string Markdown()
    {
        var text = new StringBuilder("""
            # Host tuning

            Made from the checks in `src/Cli/Doctor`; a test compares it and tells how to make it anew. `exchange doctor DIR` verifies all of it on the machine it runs on.

            | file | goes to | applied by |
            | --- | --- | --- |
            | `90-exchange.conf` | `/etc/sysctl.d` | `sysctl --system`, and every boot |
            | `90-exchange-limits.conf` | `/etc/systemd/system.conf.d` | `systemctl daemon-reexec`, and every boot |
            | `tune.sh` | `/usr/local/sbin/exchange-tune` | `exchange-tuning.service` at every boot |
            | `exchange-tuning.service` | `/etc/systemd/system` | `systemctl enable --now exchange-tuning` |

            On Kubernetes the component of this folder does the same on every engine node (`kustomization.yaml`, `node-tuning.yaml`), and asks for the huge pages that the engines' heaps need.


            """);
        foreach (IGrouping<string?, HostCheck> group in HostChecks.All.GroupBy(check => check.SetBy).OrderBy(group => group.Key is null))
        {
            // Where a file sets it, to apply the file is what to do.
            bool isByHand = group.Key is null;
            text.Append(isByHand ? "## What no file here sets\n\n" : $"## {group.Key}\n\n");
            text.Append(isByHand ? "| check | wanted | why | seen in | what to do |\n| --- | --- | --- | --- | --- |\n" : "| check | wanted | why | seen in |\n| --- | --- | --- | --- |\n");
            foreach (HostCheck check in group)
                text.Append($"| `{check.Name}` | {check.Wanted} | {check.Why} | {check.SeenIn} |{(isByHand ? $" {check.Remedy} |" : "")}\n");
            text.Append('\n');
        }

        return text.ToString().TrimEnd() + "\n";
    }
}
