/** The step that gives Airflow the connection to Databricks: in Secrets Manager where the environment looks there, else in Airflow. */

import {
  connectionOf,
  isSame,
  markOf,
  seenIn,
  storedConnection,
} from '../../clients/aws/airflowConnection.ts'
import {
  type AirflowConnection,
  deleteConnection,
  getConnection,
  putConnection,
} from '../../clients/aws/airflowConnections.ts'
import { deleteStored, getStored, hasOwnPolicy, putStored } from '../../clients/aws/secretsManager.ts'
import { absent, blocked, drifted, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import { rightsOf } from '../rights.ts'
import { connectionFindings } from './connectionCheck.ts'
import {
  type AirflowDeps,
  airflowAt,
  airflowNow,
  type DatabricksForAirflow,
  notYet,
  type Place,
  placeIn,
} from './deps.ts'

/** In the ledger: where it was made, and the mark of the token that it was made with. */
const secretMark = 'secret'
const connectionMark = 'connection'
const tokenMark = 'token'

/** What Airflow makes itself for this name, when its database is new: it leads nowhere. One with more in it works by that. */
const isPlaceholder = ({ host, login, extra }: AirflowConnection): boolean =>
  (host === '' || host === 'localhost') && login === '' && extra.length === 0

export function connectionStep(deps: AirflowDeps): Step {
  const id = () => deps.wanted().airflow.connectionId
  const nameOf = ({ secretsPrefix }: Place) => `${secretsPrefix}/${id()}`
  const ours = (mark: string, name: string) => deps.ledger.owns('connection', `${mark} ${name}`)

  const inSecrets = async (place: Place, databricks: DatabricksForAirflow): Promise<Finding> => {
    const name = nameOf(place)
    const found = await getStored(await deps.access(), name)
    if (found === null) return absent(`there is no secret ${name}`)
    if (isSame(found.value, storedConnection(connectionOf(databricks))))
      return readable(place, found.arn, `the secret ${name} leads to ${databricks.host}`)
    const seen = seenIn(found.value)
    const faults = seen === null ? ['It is no connection.'] : messages(seen, id(), databricks)
    if (found.owner !== deps.wanted().owner && faults.length === 0)
      return readable(
        place,
        found.arn,
        `the secret ${name} leads to ${databricks.host}; it is not ours, and its token is another`,
      )
    if (found.owner !== deps.wanted().owner) return foreign(`the secret ${name}`, faults)
    return drifted(
      `the secret ${name} is not as it is wanted. ${faults.join(' ') || 'Its token is another.'}`,
    )
  }
  /** Present, where nothing says that the environment's own role may not read it. */
  const readable = async ({ role }: Place, arn: string, as: string): Promise<Finding> => {
    const { access } = await deps.caller()
    if (role === '' || (await hasOwnPolicy(access, arn)) !== false) return present(as)
    const wanted = { actions: ['secretsmanager:GetSecretValue'], resource: arn }
    const may = await rightsOf({ access, arn: role }, wanted)
    return may.state === 'blocked'
      ? { ...may, hint: 'Attach the policy shown here to the environment’s execution role; then look again.' }
      : present(as)
  }
  const inAirflow = async (place: Place, databricks: DatabricksForAirflow): Promise<Finding> => {
    const seen = await getConnection(await airflowAt(deps, place), id())
    if (seen === null || isPlaceholder(seen)) return absent(`Airflow has no connection ${id()}`)
    const faults = messages(seen, id(), databricks)
    const mine = ours(connectionMark, id())
    if (faults.length > 0 && !mine) return foreign(`the connection ${id()}`, faults)
    if (faults.length > 0) return drifted(faults.join(' '))
    if (mine && !ours(tokenMark, markOf(databricks)))
      return drifted(`the connection ${id()} holds another token`)
    return present(
      `the connection ${id()} leads to ${databricks.host}${mine ? '' : '; it is not ours, and its token cannot be read'}`,
    )
  }
  return {
    id: 'connection',
    title: 'Connection to Databricks',
    needs: ['environment'],
    async check({ outputs }) {
      const place = placeIn(outputs)
      if (place === null) return absent(notYet)
      const databricks = await deps.databricks()
      if (databricks === null)
        return blocked(
          'This pipeline has no connection to Databricks, so that there is none to give to Airflow.',
          'Connect it on the page Databricks, with a token or a service principal.',
        )
      return place.secretsPrefix === '' ? inAirflow(place, databricks) : inSecrets(place, databricks)
    },
    async apply(context) {
      const place = placeIn(context.outputs)
      const databricks = await deps.databricks()
      if (place === null || databricks === null) return
      const connection = connectionOf(databricks)
      if (place.secretsPrefix !== '') {
        const name = nameOf(place)
        const access = await deps.access()
        const exists = (await getStored(access, name)) !== null
        await context.own(`${secretMark} ${name}`)
        const { owner } = deps.wanted()
        await putStored(access, { name, value: storedConnection(connection), owner, exists })
        context.log(`Put the secret ${name}`)
        return
      }
      const at = await airflowAt(deps, place)
      const exists = (await getConnection(at, id())) !== null
      await context.own(`${connectionMark} ${id()}`)
      await putConnection(at, id(), connection, exists)
      for (const thing of deps.ledger.things('connection'))
        if (thing.startsWith(`${tokenMark} `)) await context.disown(thing)
      await context.own(`${tokenMark} ${markOf(databricks)}`)
      context.log(`Put the connection ${id()} into Airflow`)
    },
    async undo(context) {
      for (const thing of deps.ledger.things('connection')) {
        const [mark, name = ''] = thing.split(' ')
        if (mark === secretMark) {
          const access = await deps.access()
          const found = await getStored(access, name)
          if (found?.owner === deps.wanted().owner) await deleteStored(access, name)
        }
        const at = mark === connectionMark ? await airflowNow(deps) : null
        if (at !== null) await deleteConnection(at, name)
        await context.disown(thing)
      }
    },
  }
}

const messages = (seen: AirflowConnection, id: string, { host, clientId }: DatabricksForAirflow): string[] =>
  connectionFindings(seen, { id, host, clientId }).flatMap((finding) =>
    finding.level === 'bad' ? [`${finding.id}: ${finding.message}`] : [],
  )

/** Somebody else's is never overwritten: its password could not be put back. */
const foreign = (what: string, faults: readonly string[]): Finding =>
  blocked(
    `This app did not make ${what}. ${faults.join(' ')}`,
    'Mend or delete it there, or give ours another name: pipeline pipelines set <id> airflow.connectionId=databricks_pipeline.',
  )
