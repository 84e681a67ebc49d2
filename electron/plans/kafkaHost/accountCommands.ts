/** The user Kafka runs as, and the folders of ours, as pure text. */
import { quoteAll } from '../../lib/quote.ts'
import { account, places } from './wanted.ts'

const folders = [
  { path: places.programs, owner: 'root' },
  { path: `${places.programs}/kafka`, owner: 'root' },
  { path: `${places.programs}/java`, owner: 'root' },
  { path: places.settings, owner: 'root' },
  { path: places.data, owner: 'root' },
  { path: `${places.data}/kafka`, owner: account },
] as const

/** Prints a line for each thing that is not as it should be. */
export const accountMissingScript = [
  `id -u ${account} >/dev/null 2>&1 || echo user ${account}`,
  ...folders.map(
    ({ path, owner }) => `[ "$(stat -c %U ${path} 2>/dev/null)" = ${owner} ] || echo folder ${path}`,
  ),
  'true',
].join('\n')

export const accountMakeScript = [
  'set -e',
  `id -u ${account} >/dev/null 2>&1 || useradd --system --no-create-home --home-dir ${places.data} --shell "$(command -v nologin || echo /sbin/nologin)" ${account}`,
  ...folders.map(({ path, owner }) => `install -d -m 0755 -o ${owner} -g ${owner} ${path}`),
].join('\n')

/** Everything of ours, the list of what was made included. */
export const accountRemoveScript = [
  'set -e',
  `rm -rf ${quoteAll([places.programs, places.settings, places.data])}`,
  `if id -u ${account} >/dev/null 2>&1; then userdel ${account}; fi`,
].join('\n')
