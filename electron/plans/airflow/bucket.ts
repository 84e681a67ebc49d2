/** The step that has the environment's bucket keep versions and let nobody in from outside, as MWAA demands. */
import { bucketState, makePrivate, setVersioning } from '../../clients/aws/s3.ts'
import { absent, drifted, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type AirflowDeps, notYet, placeIn } from './deps.ts'

const versions = 'versions'

export function bucketStep(deps: AirflowDeps): Step {
  return {
    id: 'bucket',
    title: 'Bucket',
    needs: ['environment'],
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const state = await bucketState(await deps.access(), place.bucket)
      const faults = [
        ...(state.versioned ? [] : ['it keeps no versions']),
        ...(state.private ? [] : ['it does not block public access']),
      ]
      if (faults.length === 0) return present(`${place.bucket} keeps versions and is private`)
      const changes = [
        ...(state.versioned ? [] : [{ target: `${place.bucket}: versions`, before: 'off', after: 'on' }]),
        ...(state.private
          ? []
          : [{ target: `${place.bucket}: public access`, before: 'possible', after: 'blocked' }]),
      ]
      return { ...drifted(`${place.bucket}: ${faults.join(' and ')}`), changes }
    },
    async apply(context) {
      const place = placeIn(context.outputs)
      if (place === null) return
      const access = await deps.access()
      const state = await bucketState(access, place.bucket)
      if (!state.versioned) {
        await context.own(`${versions} ${place.bucket}`)
        await setVersioning(access, place.bucket, true)
        context.log('It keeps versions now')
      }
      if (!state.private) {
        await makePrivate(access, place.bucket)
        context.log('Public access is blocked now')
      }
    },
    async undo(context) {
      // That it is private stays: nobody's work hangs on the opposite, and taking it back would open what lies there.
      for (const thing of deps.ledger.things('bucket')) {
        const [what, bucket = ''] = thing.split(' ')
        if (what === versions) await setVersioning(await deps.access(), bucket, false)
        await context.disown(thing)
      }
    },
  }
}
