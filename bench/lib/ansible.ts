/** The same set-up by Ansible: its playbook, and the files that both sides bring. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileSum } from '../../electron/lib/download.ts'
import { gatewayJson, gatewayUnitText } from '../../electron/plans/kafkaHost/gatewayText.ts'
import { nodeArchiveOf, nodeBuilds, nodeVersion } from '../../electron/plans/kafkaHost/nodeRuntime.ts'
import {
  brokerUnit,
  hostServerProperties,
  javaWords,
  log4j2,
} from '../../electron/plans/kafkaHost/unitText.ts'
import type { KafkaHostWanted } from '../../electron/plans/kafkaHost/wanted.ts'
import type { TestHost } from '../../tests/helpers/host.ts'
import { pythonFolder } from './python.ts'

const exec = promisify(execFile)
/** The newest that Python 3.11 runs. */
const version = '2.19.4'
const playbook = join(import.meta.dirname, 'ansible', 'setup.yml')

export interface Playbook {
  readonly version: string
  /** Applies it; answers how many tasks changed something. Throws where one failed. */
  run(): Promise<number>
}

/** `folder` gets what the playbook copies; `archives` is where Kafka's and Node.js's lie, served at `mirror`. */
export async function ansible(options: {
  readonly folder: string
  readonly host: TestHost
  readonly archives: string
  readonly mirror: string
  readonly wanted: KafkaHostWanted
  readonly gateway: string
  readonly heapMiB: number
}): Promise<Playbook> {
  const { folder, host, archives, mirror, wanted, gateway, heapMiB } = options
  const bin = await pythonFolder('ansible', `ansible-core==${version}`, ['ansible-playbook', '--version'])
  const files = join(folder, 'files')
  await mkdir(files, { recursive: true })
  const bootstrap = `${host.ip}:${wanted.ports.kafka}`
  const { proxyPort: port, region, kafkaVersion } = wanted
  const sum = await fileSum(gateway, 'sha256')
  const texts = {
    'server.properties': hostServerProperties(wanted, host.ip),
    'log4j2.properties': log4j2,
    'pipeline-kafka.service': brokerUnit({ kafkaVersion, javaVersion: '17', heapMiB }),
    'gateway.json': gatewayJson({ port, bootstrap, region, msk: null }),
    'pipeline-gateway.service': gatewayUnitText(nodeVersion, sum),
  }
  for (const [name, text] of Object.entries(texts)) await writeFile(join(files, name), text)
  await copyFile(gateway, join(files, 'gateway.mjs'))
  await copyFile(playbook, join(folder, 'setup.yml'))
  const node = nodeArchiveOf(nodeBuilds.x86_64.name)
  const vars = {
    ansible_user: host.user,
    ansible_ssh_private_key_file: host.key,
    ansible_python_interpreter: '/usr/bin/python3',
    mirror,
    kafka_version: kafkaVersion,
    kafka_sum: await fileSum(join(archives, kafkaVersion, `kafka_2.13-${kafkaVersion}.tgz`), 'sha512'),
    node_version: nodeVersion,
    node_archive: node,
    node_sum: await fileSum(join(archives, `v${nodeVersion}`, node), 'sha256'),
    java: javaWords(256).join(' '),
  }
  await writeFile(join(folder, 'vars.json'), JSON.stringify(vars))
  return {
    version,
    async run() {
      const words = ['-i', `${host.ip},`, '-e', '@vars.json', 'setup.yml']
      const env = {
        ...process.env,
        PATH: `${bin}:${process.env.PATH}`,
        // As fast as its own documentation makes it: one connection kept, modules piped instead of copied.
        ANSIBLE_PIPELINING: 'true',
        ANSIBLE_HOST_KEY_CHECKING: 'false',
        // The key of a throw-away host is nothing to remember.
        ANSIBLE_SSH_COMMON_ARGS: '-o UserKnownHostsFile=/dev/null',
        ANSIBLE_HOME: join(folder, 'home'),
      }
      const { stdout } = await exec(join(bin, 'ansible-playbook'), words, {
        cwd: folder,
        env,
        maxBuffer: 64 * 1_048_576,
      })
      return Number(/changed=(\d+)/.exec(stdout)?.[1] ?? Number.NaN)
    },
  }
}
