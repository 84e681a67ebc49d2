/** The step that makes the key: its private half never leaves this computer, EC2 gets the public one. */
import { deleteKeyPair, findKeyPair, importKeyPair } from '../../clients/aws/ec2Launch.ts'
import { makeKey } from '../../clients/ssh/makeKey.ts'
import { absent, blocked, drifted, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type MachineDeps, nameOf } from './deps.ts'

export function keyStep(deps: MachineDeps): Step {
  const name = () => nameOf(deps.wanted().owner)
  return {
    id: 'key',
    title: 'Key pair',
    needs: ['rights'],
    async check() {
      const found = await findKeyPair(await deps.access(), name())
      const key = await deps.key()
      if (found === null) return absent(`there is no key pair ${name()}`)
      if (found.owner !== deps.wanted().owner)
        return blocked(
          `A key pair of this name is there that this app did not make: ${name()}`,
          'Delete it in the EC2 console, or rename this pipeline’s copy first.',
        )
      if (key === null) return drifted('the key pair is there, its private key is not on this computer')
      return present(`${name()}, Ed25519; the private key is in this computer’s store`)
    },
    async apply(context) {
      const access = await deps.access()
      const { owner } = deps.wanted()
      await context.own(name())
      // One whose private half is lost opens nothing any more.
      if ((await findKeyPair(access, name()))?.owner === owner) await deleteKeyPair(access, name())
      const { privateKey, publicKey } = makeKey(name())
      await deps.keepKey(privateKey)
      await importKeyPair(access, { name: name(), owner, publicKey })
    },
    async undo(context) {
      if (!context.owns(name())) return
      await deleteKeyPair(await deps.access(), name())
      await deps.forgetKey()
      await context.disown(name())
    },
  }
}
