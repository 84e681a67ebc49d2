/** The step that brings Java: what is there, the host's own packages, or an archive where those cannot be had. */
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { oldestJava } from '../../local/kafka/version.ts'
import { absent, blocked, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { bringArchive } from './archive.ts'
import { glibcOf, unfitLibrary } from './cLibrary.ts'
import { factsIn, type KafkaHostDeps, rootOf } from './deps.ts'
import { managers } from './facts.ts'
import { type HostFacts, type Java, javaScript, parseJavas } from './factsCommands.ts'
import {
  broughtJavaRemoveScript,
  forgetPackagesScript,
  javaInstallScript,
  javaLinkScript,
  keepPackagesScript,
  type Manager,
  newPackagesScript,
  olderJavasRemoveScript,
  packagesRemoveScript,
} from './javaCommands.ts'
import { javaArchive, javaFolder, javaHomes, oldestGlibcForJava } from './javaRuntime.ts'
import { installedScript, unpackScript } from './unpackCommands.ts'
import { javaCurrent } from './wanted.ts'

/** Amazon Linux 2 has yum only. */
function managerOf({ id, tools }: HostFacts): Manager {
  const usual = managers[id as keyof typeof managers]
  return usual === 'dnf' && !tools.includes('dnf') ? 'yum' : usual
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const packageMark = 'package '
const broughtMark = 'brought '

export function javaStep(deps: KafkaHostDeps): Step {
  const release = () => deps.wanted().java
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
  /** Of one that was brought, what is wrong with it; null where nothing is, and of the host's own, which its system looks after. */
  const wrongWith = async ({ program, version }: Java, root: RootShell, signal: AbortSignal) => {
    if (!program.startsWith(`${javaHomes}/`)) return null
    const folder = javaFolder(release())
    if (!program.startsWith(`${folder}/`))
      return `Java ${version} was brought, ${release().version} is the one now`
    const state = await root.must('Looking at Java', installedScript(folder, javaCurrent), { signal })
    return state.startsWith('same\n') ? null : `Files of Java were changed or are missing: ${folder}`
  }
  /** Whatever is in its way is no end: what it needs may not be had there. */
  const byPackages = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    const manager = managerOf(factsIn(context))
    // Said before it is made: each package that is new afterwards.
    await context.own('packages')
    await root.must('Listing packages', keepPackagesScript, { signal })
    context.progress(null, `${manager} installs Java`)
    const onLine = (line: string) => context.log(line)
    const { code } = await root.run(javaInstallScript(manager), { signal, onLine })
    if (code !== 0) context.log(`${manager} cannot install Java there: an archive is brought instead`)
  }
  const byArchive = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    const wanted = javaArchive(release(), deps.wanted().javaMirror, factsIn(context))
    await context.own(`${broughtMark}${release().version}`)
    const { file: archive, sum } = await bringArchive(deps, wanted, context, signal)
    context.progress(null, 'unpacking')
    await root.must('Removing older ones', olderJavasRemoveScript, { signal })
    const { algorithm } = wanted
    const places = { holds: 'bin/java', folder: javaFolder(release()), current: javaCurrent }
    await root.must('Unpacking Java', unpackScript({ archive, algorithm, sum, ...places }), { signal })
  }

  return {
    id: 'java',
    title: 'Java',
    needs: ['facts', 'account'],
    async check(context, signal) {
      const root = rootOf(deps, context)
      const linked = await root.run(`readlink -f ${javaCurrent}/bin/java`, { signal })
      const { found, javas } = await seen(root, signal)
      if (found !== null) {
        const wrong = await wrongWith(found, root, signal)
        if (wrong !== null) return { state: 'drifted', reason: wrong }
        if (linked.code === 0 && linked.stdout.trim() === found.program)
          return present(`Java ${found.version} at ${found.program}`, { version: found.version })
        return absent(`Java ${found.version} is there and not linked yet: ${found.program}`)
      }
      const reason =
        javas.length > 0
          ? `Java ${javas.map(({ version }) => version).join(', ')} is too old: ${oldestJava} is needed`
          : 'No Java is there'
      const unfit = unfitLibrary(await glibcOf(root, signal), oldestGlibcForJava)
      if (unfit === null) return absent(reason)
      return blocked(
        `${reason}, and its C library is none that a Java is brought for: ${unfit}.`,
        `Install Java ${oldestJava} or newer there yourself, or use Amazon Linux 2023, Debian or Ubuntu.`,
      )
    },
    async apply(context, signal) {
      const root = rootOf(deps, context)
      if ((await seen(root, signal)).found === null) await byPackages(root, context, signal)
      await ownNew(root, context, signal)
      const { found } = await seen(root, signal)
      if (found === null || (await wrongWith(found, root, signal)) !== null)
        return byArchive(root, context, signal)
      await root.must('Linking Java', javaLinkScript(found.program), { signal })
    },
    async undo(context, signal) {
      const root = rootOf(deps, context)
      await ownNew(root, context, signal)
      const things = deps.ledger.things('java')
      const ours = things.flatMap((thing) =>
        thing.startsWith(packageMark) ? [thing.slice(packageMark.length)] : [],
      )
      if (ours.length > 0) {
        context.progress(null, 'removing the packages that were installed for it')
        const script = packagesRemoveScript(managerOf(factsIn(context)), ours)
        await root.must('Removing Java', script, { signal, onLine: (line) => context.log(line) })
        for (const name of ours) await context.disown(`${packageMark}${name}`)
      }
      await root.must('Removing what was brought', broughtJavaRemoveScript, { signal })
      for (const thing of things) if (thing.startsWith(broughtMark)) await context.disown(thing)
      await context.disown('packages')
    },
  }
}
