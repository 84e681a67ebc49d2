/** The steps that wait until Airflow shows the DAG (F-70), and switch it on. */
import { dagFileOf, dagIdOf } from '../../../shared/airflow.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  type AirflowDag,
  getDag,
  type ImportError,
  importError,
  setPaused,
} from '../../clients/aws/airflowApi.ts'
import { absent, drifted, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type AirflowDeps, airflowAt, airflowNow, notYet, type Place, placeIn } from './deps.ts'
import { patiently } from './patient.ts'

/** A new file is seen within 30 s to some minutes (facts/apis.md, section 9); ms. */
const seenWithinMs = 900_000

export function visibleStep(deps: AirflowDeps): Step {
  const id = () => dagIdOf(deps.wanted().userId)
  const look = async (place: Place) => {
    const at = await airflowAt(deps, place)
    const dag = await getDag(at, id())
    const broken = dag === null || dag.broken || dag.gone
    return { dag, error: broken ? await importError(at, dagFileOf(deps.wanted().userId)) : null }
  }
  return {
    id: 'visible',
    title: 'Shown by Airflow',
    needs: ['environment', 'dag', 'requirements'],
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const { dag, error } = await look(place)
      if (error !== null) return { ...drifted(brokenText(error.text)), hint: brokenHint }
      if (dag === null || dag.gone) return absent(`Airflow does not show ${id()} yet`)
      return present(`Airflow shows ${id()}${dag.schedule === '' ? '' : `: ${dag.schedule}`}`)
    },
    async apply(context, signal) {
      const place = placeIn(context.outputs)
      if (place === null) return
      context.progress(null, 'waiting until Airflow has read the file')
      const began = Date.now()
      let broken: string | null = null
      const ask = async () => {
        const { dag, error } = await look(place).catch(passing)
        broken = error === null ? null : error.text
        // An error stands until the file is read again: only one of since then is of this file and these packages.
        if (error !== null && (error.at ?? began) >= began) throw dagBroken(error.text)
        return broken !== null || dag === null || dag.gone ? null : dag
      }
      try {
        await patiently(ask, { withinMs: seenWithinMs, signal, what: `Airflow shows ${id()} (F-70)` })
      } catch (thrown) {
        if (broken !== null && thrown instanceof AppError && thrown.code === 'TIMED_OUT')
          throw dagBroken(broken)
        throw thrown
      }
    },
  }
}

/** Right after a change its web server is still starting. */
function passing(thrown: unknown): { dag: AirflowDag | null; error: ImportError | null } {
  if (thrown instanceof AppError && thrown.code === 'AIRFLOW_FAILED') return { dag: null, error: null }
  throw thrown
}

const dagBroken = (error: string) =>
  new AppError({ code: 'DAG_BROKEN', message: brokenText(error), hint: brokenHint })

const brokenText = (error: string) => `Airflow cannot import the file: ${error.trim().split('\n').at(-1)}`
const brokenHint =
  'Without the provider of Databricks it is the requirements (F-69); else the file itself (F-70).'

const switched = 'unpaused'

export function unpausedStep(deps: AirflowDeps): Step {
  const id = () => dagIdOf(deps.wanted().userId)
  const dagAt = async (place: Place): Promise<AirflowDag | null> => getDag(await airflowAt(deps, place), id())
  return {
    id: 'unpaused',
    title: 'Switched on',
    needs: ['environment', 'visible', 'connection'],
    cost: 'From then on it runs by its schedule, and each run costs what Databricks takes for it.',
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const dag = await dagAt(place)
      if (dag === null) return absent(`Airflow does not show ${id()} yet`)
      if (dag.paused) return absent(`${id()} is paused, as every new DAG is`)
      const next =
        dag.next === null
          ? ''
          : `; next ${new Date(dag.next).toISOString().slice(0, 16).replace('T', ' ')} UTC`
      return present(`${id()} is switched on${next}`)
    },
    async apply(context) {
      const place = placeIn(context.outputs)
      if (place === null) return
      await context.own(`${switched} ${id()}`)
      await setPaused(await airflowAt(deps, place), id(), false)
    },
    async undo(context) {
      for (const thing of deps.ledger.things('unpaused')) {
        const [, dag = ''] = thing.split(' ')
        const at = await airflowNow(deps)
        if (at !== null && (await getDag(at, dag)) !== null) await setPaused(at, dag, true)
        await context.disown(thing)
      }
    },
  }
}
