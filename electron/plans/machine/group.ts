/** The step that opens the way: a security group that lets this computer in at port 22, and nobody else anywhere. */
import { createGroup, deleteGroup, findGroup } from '../../clients/aws/ec2Launch.ts'
import { changeRule } from '../../clients/aws/groupRules.ts'
import { absent, blocked, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type MachineDeps, nameOf } from './deps.ts'

const ssh = { port: 22, reason: 'SSH from the computer that set it up' }

export function groupStep(deps: MachineDeps): Step {
  const name = () => nameOf(deps.wanted().owner)
  const cidr = async (signal: AbortSignal) => deps.wanted().from || `${await deps.ownAddress(signal)}/32`
  return {
    id: 'group',
    title: 'Security group',
    needs: ['rights'],
    async check(_context, signal) {
      const found = await findGroup(await deps.access(), name())
      if (found === null) return absent(`there is no security group ${name()}`)
      if (found.owner !== deps.wanted().owner)
        return blocked(
          `A security group of this name is there that this app did not make: ${name()}`,
          'Delete it in the EC2 console, or name it otherwise.',
        )
      const rule = `22 ${await cidr(signal)}`
      const others = found.rules.filter((each) => each !== rule)
      if (found.rules.includes(rule) && others.length === 0)
        return present(`${name()} lets in ${rule.slice(3)} at port 22, nothing else`, { group: found.id })
      const changes = [{ target: name(), before: found.rules.join('\n'), after: rule }]
      const reason = found.rules.includes(rule)
        ? `it lets in more than it should: ${others.join(', ')}`
        : 'it does not let this computer in: its address has changed'
      return { state: 'drifted', reason, changes }
    },
    async apply(context, signal) {
      const access = await deps.access()
      await context.own(name())
      const wanted = await cidr(signal)
      const found = await findGroup(access, name())
      const group = found?.id ?? (await createGroup(access, name(), deps.wanted().owner))
      for (const rule of found?.rules ?? []) {
        const [port, from = ''] = rule.split(' ')
        // A rule for another port was made by a person: it is named, and theirs to take away.
        if (port === '22' && from !== wanted) await changeRule(access, { ...ssh, group, from }, false)
        else if (port !== '22') context.log(`Not ours, and left: ${rule}`)
      }
      if (found?.rules.includes(`22 ${wanted}`) !== true)
        await changeRule(access, { ...ssh, group, from: wanted }, true)
      context.log(`Port 22 is open to ${wanted}`)
    },
    async undo(context) {
      if (!context.owns(name())) return
      const access = await deps.access()
      const found = await findGroup(access, name())
      if (found?.owner === deps.wanted().owner) await deleteGroup(access, found.id)
      await context.disown(name())
    },
  }
}
