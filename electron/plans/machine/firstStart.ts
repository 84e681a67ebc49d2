/** What the machine runs at its first start (user data of cloud-init), as pure text. */

const everyStart = '/var/lib/cloud/scripts/per-boot/pipeline-control-stop'

/**
 * Stops itself so many hours after each start, also where nobody's app runs to do it; empty for never. An instance that
 * shuts down is stopped, not terminated (EC2's default), so that only its disk costs.
 */
export const firstStartScript = (stopAfterHours: number): string =>
  stopAfterHours === 0
    ? ''
    : [
        '#!/bin/sh',
        `mkdir -p "$(dirname ${everyStart})"`,
        `printf '#!/bin/sh\\nshutdown -h +%d\\n' ${stopAfterHours * 60} > ${everyStart}`,
        `chmod 0755 ${everyStart}`,
        // Scripts of every start were looked for before this one was written.
        everyStart,
        '',
      ].join('\n')
