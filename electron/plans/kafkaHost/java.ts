/** The step that brings Java: what is there, the host's own packages. */
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { oldestJava } from '../../local/kafka/version.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { factsIn, type KafkaHostDeps, rootOf } from './deps.ts'
import { managers } from './facts.ts'
import { type HostFacts, javaScript, parseJavas } from './factsCommands.ts'
import {
  forgetPackagesScript,
  javaInstallScript,
  javaLinkScript,
  keepPackagesScript,
  type Manager,
  newPackagesScript,
  packagesRemoveScript,
} from './javaCommands.ts'
import { javaCurrent } from './wanted.ts'

/** Amazon Linux 2 has yum only. */
function managerOf({ id, tools }: HostFacts): Manager {
  const usual = managers[id as keyof typeof managers]
  return usual === 'dnf' && !tools.includes('dnf') ? 'yum' : usual
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const packageMark = 'package '

export function javaStep(deps: KafkaHostDeps): Step {
  const seen = async (root: RootShell, signal: AbortSignal) => {
    const javas = parseJavas(await root.must('Looking for Java', javaScript, { signal }))
    return { javas, found: javas.find(({ major }) => major >= oldestJava) ?? null }
  }
  /** Also of an installation that was cut off, and went on there by itself. */
  const ownNew = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    for (const name of lines(await root.must('Listing packages', newPackagesScript, { signal })))
      await context.own(`${packageMark}${name}`)
    await root.must('Listing packages', forgetPackagesScript, { signal })
  }

  return {
    id: 'java',
    title: 'Java',
    needs: ['facts', 'account'],
    async check(context, signal) {
      const root = rootOf(deps, context)
      const linked = await root.run(`readlink -f ${javaCurrent}/bin/java`, { signal })
      const { found, javas } = await seen(root, signal)
      if (found !== null && linked.code === 0 && linked.stdout.trim() === found.program)
        return present(`Java ${found.version} at ${found.program}`, { version: found.version })
      if (found !== null) return absent(`Java ${found.version} is there and not linked yet: ${found.program}`)
      if (javas.length > 0)
        return absent(
          `Java ${javas.map(({ version }) => version).join(', ')} is too old: ${oldestJava} is needed`,
        )
      return absent('No Java is there')
    },
    async apply(context, signal) {
      const root = rootOf(deps, context)
      const onLine = (line: string) => context.log(line)
      const { found } = await seen(root, signal)
      if (found === null) {
        const manager = managerOf(factsIn(context))
        // Said before it is made: each package that is new afterwards.
        await context.own('packages')
        await root.must('Listing packages', keepPackagesScript, { signal })
        context.progress(null, `${manager} installs Java`)
        await root.must('Installing Java', javaInstallScript(manager), { signal, onLine })
      }
      await ownNew(root, context, signal)
      const now = (await seen(root, signal)).found
      if (now !== null) await root.must('Linking Java', javaLinkScript(now.program), { signal })
    },
    async undo(context, signal) {
      const root = rootOf(deps, context)
      await ownNew(root, context, signal)
      const ours = deps.ledger
        .things('java')
        .flatMap((thing) => (thing.startsWith(packageMark) ? [thing.slice(packageMark.length)] : []))
      if (ours.length > 0) {
        context.progress(null, 'removing the packages that were installed for it')
        const script = packagesRemoveScript(managerOf(factsIn(context)), ours)
        await root.must('Removing Java', script, { signal, onLine: (line) => context.log(line) })
        for (const name of ours) await context.disown(`${packageMark}${name}`)
      }
      await root.must('Removing the link', `rm -f ${javaCurrent}`, { signal })
      await context.disown('packages')
    },
  }
}
