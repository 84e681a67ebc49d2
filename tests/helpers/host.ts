/** Throw-away Linux hosts for tests: a real systemd and a real sshd each, booted by `tests/testbed/ec2host`. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const script = resolve(import.meta.dirname, '../testbed/ec2host')

/** Outside the repository, so that the base system (240 MB) is made once for all checkouts. */
export const hostFolder =
  process.env.EC2HOST_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'pipeline-testbed')

/** This side of the hosts' network: what a host must reach listens here. */
export const hostGateway = '10.77.0.1'

/** `kill-sshd` stays until `heal`; `reboot` and `crash` resolve when ssh answers again. */
export type HostFault = 'drop' | 'delay' | 'slow' | 'kill-sshd' | 'fill-disk' | 'reboot' | 'crash' | 'heal'

export interface TestHost {
  readonly name: string
  readonly ip: string
  readonly port: number
  /** May become root by `sudo` without a password. */
  readonly user: string
  /** File of the private key, Ed25519 in OpenSSH's format. */
  readonly key: string
  /** The same user's RSA key, PEM. */
  readonly rsaKey: string
  /** As OpenSSH prints them: `SHA256:…`. */
  readonly hostKeys: { readonly ed25519: string; readonly ecdsa: string; readonly rsa: string }
  /** Runs a command by OpenSSH's own client; answers its standard output. Throws where it fails. */
  run(command: string): Promise<string>
  fault(kind: HostFault, ...numbers: number[]): Promise<void>
  /** Gives it an instance profile by IMDSv2, until it restarts; the file is read anew at each question (`tests/testbed/metadata.py`). */
  metadata(file: string): Promise<void>
  /** At once; nothing is kept. The last one takes the bridge with it. */
  down(): Promise<void>
}

/**
 * Says what is missing, or null. Makes the base system where it is not there yet (minutes the first time). Under `CI=true`
 * a test must fail on it, else it may skip.
 */
export async function hostsMissing(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'Test hosts need Linux and root.'
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  if (!/^ID=debian$/m.test(release)) return 'Test hosts need Debian 12, whose packages they are made of.'
  if (!existsSync('/usr/bin/apt-get')) return 'Test hosts need apt-get.'
  return ec2host('build').then(
    () => null,
    (thrown: Error) => `Test hosts cannot be made here: ${thrown.message.slice(0, 500)}`,
  )
}

export interface BootOptions {
  /** `amzn` looks like Amazon Linux 2023. */
  readonly os?: 'debian' | 'amzn'
  /** `1G` */
  readonly memory?: string
  readonly disk?: string
}

/** Boots a fresh host and resolves when ssh answers (some 4 s). The name: a small letter and up to 10 more, digits or `-`. */
export async function bootHost(name: string, options: BootOptions = {}): Promise<TestHost> {
  // A host that a killed test left behind is not a fresh one.
  await ec2host('down', name)
  const given = Object.entries(options).flatMap(([option, value]) => [`--${option}`, String(value)])
  const made = JSON.parse(await ec2host('up', name, ...given)) as Omit<
    TestHost,
    'run' | 'fault' | 'metadata' | 'down'
  >
  return {
    ...made,
    rsaKey: join(hostFolder, 'id_rsa'),
    run: (command) => ec2host('ssh', name, command),
    fault: async (kind, ...numbers) => void (await ec2host('fault', name, kind, ...numbers.map(String))),
    metadata: async (file) => void (await ec2host('metadata', name, file)),
    down: async () => void (await ec2host('down', name)),
  }
}

async function ec2host(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await exec('bash', [script, command, ...args], {
    env: { ...process.env, EC2HOST_DIR: hostFolder },
    maxBuffer: 64 * 1_048_576,
  })
  return stdout
}
