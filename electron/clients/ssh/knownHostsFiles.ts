/** The host keys this user and this system know already: read, never written. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Those OpenSSH reads by default (ssh_config(5), UserKnownHostsFile and GlobalKnownHostsFile). */
const files = () => [
  join(homedir(), '.ssh', 'known_hosts'),
  join(homedir(), '.ssh', 'known_hosts2'),
  '/etc/ssh/ssh_known_hosts',
  '/etc/ssh/ssh_known_hosts2',
]

/** Their texts together; those that are not there or cannot be read say nothing. */
export async function readKnownHosts(): Promise<string> {
  const texts = await Promise.all(files().map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.join('\n')
}
