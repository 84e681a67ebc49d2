/** What lies on a test host, so that before and after can be compared byte for byte (decision 11). */

/** Not compared: logs, caches, and what the system itself writes down when users and packages come and go. */
const volatile = [
  '/proc',
  '/sys',
  '/run',
  '/tmp',
  '/var/tmp',
  '/var/log',
  '/var/cache',
  '/var/lib/apt',
  '/var/lib/dpkg',
  '/var/lib/ucf',
  "'/etc/*-'",
  '/var/lib/systemd',
  '/var/lib/pipeline-control/kafka',
  '/root',
  "'/home/*/.ssh'",
]
const pruned = `\\( ${volatile.map((path) => `-path ${path}`).join(' -o ')} \\) -prune`

/** A line for each file and link, sorted: its place, size, mode and owner. */
export const hostListing = `sudo find / -xdev ${pruned} -o -type f -printf '%p %s %m %u\\n' -o -type l -printf '%p -> %l\\n' | LC_ALL=C sort`

/** A line for each file, sorted: sum and place. */
export const hostSums = `sudo find / -xdev ${pruned} -o -type f -print0 | sudo xargs -0 sha256sum | LC_ALL=C sort -k2`
