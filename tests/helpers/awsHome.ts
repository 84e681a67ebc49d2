/** A throw-away HOME with its own `~/.aws`, and an environment in which nothing of this computer's own AWS set-up counts. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface AwsHome {
  readonly home: string
  /** Of programs that are started for the test. */
  readonly env: Readonly<Record<string, string>>
  /** Below `~/.aws`. */
  write(file: string, text: string): Promise<void>
  /** An executable shell script; answers its path. */
  script(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

export async function awsHome(): Promise<AwsHome> {
  const home = await mkdtemp(join(tmpdir(), 'aws-home-'))
  const write = async (file: string, text: string) => {
    const path = join(home, '.aws', file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { mode: 0o600 })
  }
  return {
    home,
    env: { HOME: home, USERPROFILE: home, AWS_EC2_METADATA_DISABLED: 'true' },
    write,
    async script(name, text) {
      const path = join(home, name)
      await writeFile(path, `#!/bin/sh\n${text}\n`)
      await chmod(path, 0o755)
      return path
    },
    remove: () => rm(home, { recursive: true, force: true }),
  }
}

/** Puts the home in force for this process, and takes all of AWS's own variables out. */
export function enterAwsHome({ env }: AwsHome): void {
  for (const name of Object.keys(process.env)) if (/^AWS_/.test(name)) delete process.env[name]
  Object.assign(process.env, env)
}
