/** The step that brings the Node.js our gateway runs on: one program, checked by its pinned sum. */
import { trimSlash } from '../../clients/gatewayHttp.ts'
import { quote } from '../../lib/quote.ts'
import { absent, blocked, notNeeded, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { bringArchive, type WantedArchive } from './archive.ts'
import { notedSumScript, noteSumScript } from './archiveCommands.ts'
import { glibcOf, unfitLibrary } from './cLibrary.ts'
import { factsIn, type KafkaHostDeps, rootOf } from './deps.ts'
import { nodeArchiveOf, nodeBuilds, nodeVersion, oldestGlibc, parseNodeSum } from './nodeRuntime.ts'
import { proxyPlaces } from './proxyPlaces.ts'
import { nodeProgram } from './wanted.ts'

/** Takes the one program out of the archive, checks it, and puts it into place by renaming. */
export const unpackNodeScript = (archive: string, sha256: string): string => {
  const [program, part] = [quote(nodeProgram), quote(`${nodeProgram}.part`)]
  return [
    'set -e',
    `mkdir -p "$(dirname ${program})"`,
    `tar -xzOf ${quote(archive)} --wildcards '*/bin/node' > ${part}`,
    `[ "$(sha256sum ${part} | cut -d' ' -f1)" = ${sha256} ] || { rm -f ${part} ${quote(archive)}; echo 'bin/node has another sum than the one this app was made with' >&2; exit 65; }`,
    `chmod 0755 ${part}`,
    `mv -f ${part} ${program}`,
    noteSumScript(nodeProgram, sha256),
    `rm -f ${quote(archive)}`,
  ].join('\n')
}

export function nodeStep(deps: KafkaHostDeps): Step {
  const archive = (build: string): WantedArchive => {
    const folder = `${trimSlash(deps.wanted().nodeMirror)}/v${nodeVersion}`
    const name = nodeArchiveOf(build)
    return {
      what: `Node.js ${nodeVersion}`,
      name,
      algorithm: 'sha256',
      sources: [
        {
          url: `${folder}/${name}`,
          published: {
            url: `${folder}/SHASUMS256.txt`,
            parse: (text) => parseNodeSum(text, name),
          },
        },
      ],
    }
  }
  return {
    id: 'node',
    title: 'Node.js for the gateway',
    needs: ['facts', 'account'],
    async check(context, signal) {
      if (deps.wanted().proxy !== 'gateway') return notNeeded('this app’s gateway is not wanted')
      const root = rootOf(deps, context)
      const build = nodeBuilds[factsIn(context).arch as keyof typeof nodeBuilds]
      const unfit = unfitLibrary(await glibcOf(root, signal), oldestGlibc)
      if (unfit !== null)
        return blocked(
          `Its C library is too old for Node.js 24: ${unfit}.`,
          'Use Amazon Linux 2023, or another proxy: kafkaHost.proxy=confluent, or none.',
        )
      const sum = (await root.must('Looking for Node.js', notedSumScript(nodeProgram), { signal })).trim()
      if (sum === '') return absent(`Node.js ${nodeVersion} is not there`)
      if (sum !== build.sha256)
        return { state: 'drifted', reason: `Another program is in its place: ${nodeProgram}` }
      return present(`Node.js ${nodeVersion} at ${nodeProgram}`, { version: nodeVersion })
    },
    async apply(context, signal) {
      const { name, sha256 } = nodeBuilds[factsIn(context).arch as keyof typeof nodeBuilds]
      await context.own(nodeVersion)
      const { file } = await bringArchive(deps, archive(name), context, signal)
      context.progress(null, 'unpacking')
      await rootOf(deps, context).must('Unpacking Node.js', unpackNodeScript(file, sha256), { signal })
    },
    async undo(context, signal) {
      const root = rootOf(deps, context)
      const { folder, archives } = proxyPlaces.gateway.runtime
      const script = `rm -rf ${folder} ${archives}`
      await root.must('Removing Node.js', script, { signal })
      for (const thing of deps.ledger.things('node')) await context.disown(thing)
    },
  }
}
