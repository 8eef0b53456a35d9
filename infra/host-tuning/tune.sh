#!/bin/sh
# Settings of a machine that no sysctl has. Each step is named after the check of `exchange doctor` that verifies it.
# Nothing here outlives a boot: exchange-tuning.service runs it at each one. What a machine does not have is passed over.
#
#   EXCHANGE_HUGE_PAGES   pages of 2 MiB to set apart for heaps; without it their number is left alone

set -eu

cpus=/sys/devices/system/cpu

say() { echo "tune: $*"; }

# set_to VALUE FILE: a driver may refuse what it cannot do.
set_to() {
    [ -w "$2" ] || return 0
    if echo "$1" 2> /dev/null > "$2"; then say "$2 = $1"; else say "$2 does not take $1"; fi
}

# The processors that are not isolated, as a hexadecimal mask of up to 32 bits a group, highest first.
housekeeping_mask() {
    awk -v online="$(cat $cpus/online)" -v isolated="$(cat $cpus/isolated)" '
        function mark(list, value,    ranges, n, i, ends, cpu) {
            n = split(list, ranges, ",")
            for (i = 1; i <= n; i++) {
                if (split(ranges[i], ends, "-") == 1) ends[2] = ends[1]
                for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) { use[cpu] = value; if (cpu > last) last = cpu }
            }
        }
        BEGIN {
            mark(online, 1)
            if (isolated != "") mark(isolated, 0)
            for (group = int(last / 32); group >= 0; group--) {
                bits = 0
                for (bit = 31; bit >= 0; bit--) bits = 2 * bits + (use[32 * group + bit] ? 1 : 0)
                printf "%s%08x", (group < int(last / 32) ? "," : ""), bits
            }
            print ""
        }'
}

physical_cards() {
    for card in /sys/class/net/*; do
        [ -e "$card/device" ] && basename "$card"
    done
    return 0
}

# cpu-governor
for governor in $cpus/cpu*/cpufreq/scaling_governor; do
    set_to performance "$governor"
done

# transparent-huge-pages
set_to madvise /sys/kernel/mm/transparent_hugepage/enabled

# transparent-huge-pages-defrag
set_to madvise /sys/kernel/mm/transparent_hugepage/defrag

# huge-pages
if [ -n "${EXCHANGE_HUGE_PAGES:-}" ]; then
    set_to "$EXCHANGE_HUGE_PAGES" /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
fi

# swap
swapoff -a

# disk-scheduler
for scheduler in /sys/block/*/queue/scheduler; do
    if [ -r "$scheduler" ] && grep -qw none "$scheduler"; then set_to none "$scheduler"; fi
done

# irq-affinity
if [ -n "$(cat $cpus/isolated)" ]; then
    mask="$(housekeeping_mask)"
    set_to "$mask" /proc/irq/default_smp_affinity
    for interrupt in /proc/irq/*/smp_affinity; do
        set_to "$mask" "$interrupt"
    done
fi

# receive-queues
for card in $(physical_cards); do
    # A card with a queue for each processor spreads packets by itself.
    [ "$(ls -d "/sys/class/net/$card/queues/rx-"* | wc -l)" -ge "$(nproc --all)" ] && continue
    for queue in "/sys/class/net/$card/queues/rx-"*; do
        set_to "$(housekeeping_mask)" "$queue/rps_cpus"
    done
done

# interrupt-coalescing
if command -v ethtool > /dev/null; then
    for card in $(physical_cards); do
        ethtool -C "$card" adaptive-rx off rx-usecs 8 2> /dev/null || say "$card keeps its interrupt coalescing"
    done
else
    say "no ethtool: interrupt coalescing is as it was"
fi
