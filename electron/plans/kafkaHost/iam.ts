/** The step that lets the machine sign in to MSK: whom it signs as, AWS's jar, and what Kafka's tools are told. */
import { trimSlash } from '../../clients/gatewayHttp.ts'
import { quote, quoteAll } from '../../lib/quote.ts'
import { absent, blocked, notNeeded, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { bringArchive } from './archive.ts'
import { sumScript, wholeScript } from './archiveCommands.ts'
import { type KafkaHostDeps, mskSignIn, rootOf } from './deps.ts'
import { fileChanges, type HostFile, writeFiles } from './hostFiles.ts'
import { authoritiesFile, clientFile, clientProperties, roleScript, shellFile, shellText } from './iamText.ts'
import { mskIamFolder, mskIamJar, mskIamName, mskIamVersion, places } from './wanted.ts'

/** The class that a client names: a jar without it is another jar. */
const holds = 'software/amazon/msk/auth/iam/IAMLoginModule.class'

/** Looks into the jar, and puts it alone into its folder; the names of what a zip holds stand in it as they are. */
export const takeJarScript = (file: string): string =>
  [
    'set -e',
    `{ ${wholeScript(file)} && LC_ALL=C grep -aq ${holds} ${quote(file)}; } || { rm -f ${quote(file)}; echo 'what came is not the IAM jar' >&2; exit 65; }`,
    `mkdir -p ${mskIamFolder}`,
    `chmod 0644 ${quote(file)} && chown root:root ${quote(file)}`,
    `mv -f ${quote(file)} ${mskIamJar}`,
    `find ${mskIamFolder} -type f ! -name ${mskIamName} -delete`,
  ].join('\n')

export function iamStep(deps: KafkaHostDeps): Step {
  const wanted = () => deps.wanted().broker === 'msk'
  /** Kept on the machine, since another computer may look at it. */
  const jarThing = (sum: string) => `jar ${mskIamVersion} ${sum}`
  const things = () => deps.ledger.things('iam')
  const filesOf = async (): Promise<HostFile[]> => {
    const authorities = await deps.authorities()
    return [
      ...(authorities === '' ? [] : [{ path: authoritiesFile, text: authorities, mode: 0o644 }]),
      { path: clientFile, text: clientProperties(mskSignIn(deps.wanted(), authorities)), mode: 0o644 },
      { path: shellFile, text: shellText, mode: 0o644 },
    ]
  }
  const remove = async (context: StepContext, signal: AbortSignal) => {
    const files = quoteAll([authoritiesFile, clientFile, shellFile])
    const script = `rm -rf ${files} ${mskIamFolder} ${places.downloads}/aws-msk-iam-auth-*`
    await rootOf(deps, context).must('Removing the IAM jar', script, { signal })
    for (const thing of things()) await context.disown(thing)
  }

  return {
    id: 'iam',
    title: 'Sign-in to MSK',
    needs: ['facts', 'account'],
    async check(context, signal) {
      if (!wanted())
        return things().length === 0
          ? notNeeded('Kafka runs on this machine')
          : { state: 'drifted', reason: 'the IAM jar is there and not wanted any more' }
      const root = rootOf(deps, context)
      const role = (await deps.host().exec('sh -s', { stdin: roleScript, signal })).stdout.trim()
      if (role === '')
        return blocked(
          'The machine has no identity of AWS: it has no instance profile, or its metadata service does not answer.',
          'Attach an instance profile with a role that may use the cluster: in EC2, Actions → Security → Modify IAM role; or name it before the machine is launched (launch.profile).',
        )
      const sum = (
        await root.must('Looking for the IAM jar', sumScript(mskIamJar, 'sha256'), { signal })
      ).trim()
      if (sum === '') return absent(`aws-msk-iam-auth ${mskIamVersion} is not there`)
      if (!context.owns(jarThing(sum)))
        return { state: 'drifted', reason: `Another jar is in its place: ${mskIamJar}` }
      const changes = await fileChanges(root, await filesOf(), signal)
      if (changes.length > 0)
        return {
          state: 'drifted',
          reason: `other than it should be: ${changes.map(({ target }) => target).join(', ')}`,
          changes,
        }
      const as = deps.wanted().role
      return present(`signs as ${role}${as === '' ? '' : `, which takes on ${as}`}`, {
        version: mskIamVersion,
      })
    },
    async apply(context, signal) {
      if (!wanted()) return remove(context, signal)
      const root = rootOf(deps, context)
      await context.own('files')
      const there = (
        await root.must('Looking for the IAM jar', sumScript(mskIamJar, 'sha256'), { signal })
      ).trim()
      if (there === '' || !context.owns(jarThing(there))) {
        const url = `${trimSlash(deps.wanted().mskIamMirror)}/v${mskIamVersion}/${mskIamName}`
        const { file, sum } = await bringArchive(
          deps,
          {
            what: `aws-msk-iam-auth ${mskIamVersion}`,
            name: mskIamName,
            algorithm: 'sha256',
            sources: [{ url }],
            recorded: await deps.sums.of(mskIamName),
          },
          context,
          signal,
        )
        await root.must('Taking the IAM jar', takeJarScript(file), { signal })
        await deps.sums.record(mskIamName, sum)
        await context.own(jarThing(sum))
      }
      for (const path of await writeFiles(root, await filesOf(), signal)) context.log(`Wrote ${path}`)
    },
    undo: remove,
  }
}
