/**
 * The step that opens what the chosen way needs, and nothing more. A broker and a proxy on the machine are reached through SSH, so
 * that there is nothing to open; MSK's brokers must let the machine in.
 */
import { ingressRules, listMachines } from '../../clients/aws/ec2.ts'
import { changeRule, type GroupRule } from '../../clients/aws/groupRules.ts'
import { hasBrokers, listClusters } from '../../clients/aws/msk.ts'
import { fromMachine } from '../../clients/reach.ts'
import { until } from '../../lib/until.ts'
import { absent, blocked, notNeeded, present } from '../../plan/findings.ts'
import type { Finding, Step, StepContext } from '../../plan/step.ts'
import { rightsOf } from '../rights.ts'
import type { KafkaHostDeps } from './deps.ts'

/** Of looking and opening. */
const actions = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'] as const
/** A rule works within seconds of its making, ms. */
const opensWithinMs = 30_000

const thingOf = ({ group, port, from }: GroupRule) => `${group} ${port} ${from}`

export function portsStep(deps: KafkaHostDeps): Step {
  const reason = () => `Kafka by IAM, for the machine of the pipeline ${deps.wanted().owner}`
  const brokersOf = (bootstrap: string) =>
    bootstrap.split(',').map((address) => {
      const at = address.lastIndexOf(':')
      return { address, host: address.slice(0, at), port: Number(address.slice(at + 1)) }
    })
  /** The brokers that the machine cannot open, each with why. */
  const closedOf = async (bootstrap: string, signal: AbortSignal) => {
    const reach = fromMachine(deps.host())
    const looked = await Promise.all(
      brokersOf(bootstrap).map(async ({ address, host, port }) => ({
        address,
        why: await reach.closed(host, port, signal),
      })),
    )
    return looked.flatMap(({ address, why }) => (why === null ? [] : [`${address} (${why})`]))
  }
  const byHand = (why: string, port: number, first = '') =>
    blocked(
      why,
      `${first}Let this machine in at TCP ${port} in the security group of the brokers; then look again.`,
    )

  /** The rule that is missing, or why there is none to be made. */
  const missing = async (bootstrap: string, closed: readonly string[]): Promise<GroupRule | Finding> => {
    const unreached = `The machine does not reach ${closed.join(', ')}`
    const port = brokersOf(bootstrap)[0]?.port ?? 9_098
    const access = await deps.aws.access()
    const machine = (await listMachines(access)).find(({ id }) => id === deps.aws.instance())
    const [from] = machine?.groups ?? []
    if (from === undefined)
      return byHand(
        `${unreached}; which EC2 instance the machine is, is not known here.`,
        port,
        'Choose it on the page AWS (pipeline machines choose <id>), and its rule is made here. Or: ',
      )
    const cluster = (await listClusters(access)).find((each) => hasBrokers(each, bootstrap))
    const [group] = cluster?.groups ?? []
    if (group === undefined)
      return byHand(`${unreached}; which security group its brokers are in, is not known here.`, port)
    const rule = { group, port, from, reason: reason() }
    const open = (await ingressRules(access, cluster?.groups ?? [])).some(
      ({ ports, others }) =>
        (ports === null || (ports.from <= port && port <= ports.to)) &&
        others.some((other) => machine?.groups.includes(other)),
    )
    if (open)
      return blocked(
        `${unreached}, though ${group} lets ${from} in at ${port}.`,
        'The machine must be in the VPC of the cluster, or one that is peered with it; look at its subnets’ routes and network ACLs, and whether the cluster is ACTIVE.',
      )
    return rule
  }

  const close = async ({ disown }: StepContext) => {
    for (const thing of deps.ledger.things('ports')) {
      const [group = '', port, from = ''] = thing.split(' ')
      const rule = { group, port: Number(port), from, reason: reason() }
      await changeRule(await deps.aws.access(), rule, false)
      await disown(thing)
    }
  }

  return {
    id: 'ports',
    title: 'Security groups',
    needs: ['cluster'],
    async check({ outputs }, signal) {
      const ours = deps.ledger.things('ports')
      if (deps.wanted().broker !== 'msk')
        return ours.length === 0
          ? notNeeded('broker and proxy are reached through SSH, at port 22 alone')
          : { state: 'drifted', reason: `opened for MSK, and not needed any more: ${ours.join('; ')}` }
      const { bootstrap } = outputs.cluster ?? {}
      if (bootstrap === undefined) return absent('the cluster is not known yet')
      const closed = await closedOf(bootstrap, signal)
      if (closed.length === 0) {
        const rules = ours.length === 0 ? 'nothing had to be opened' : `opened for it: ${ours.join('; ')}`
        return present(`the machine reaches every broker; ${rules}`, { open: 'yes' })
      }
      const rule = await missing(bootstrap, closed)
      if ('state' in rule) return rule
      const rights = await rightsOf(await deps.aws.caller(), { actions })
      if (rights.state === 'blocked') return rights
      const after = `TCP ${rule.port} from ${rule.from}: ${rule.reason}`
      return {
        ...absent(`the brokers do not let the machine in: ${closed.join(', ')}`),
        changes: [{ target: rule.group, before: '', after }],
      }
    },
    async apply(context, signal) {
      const { outputs, own, log, progress } = context
      if (deps.wanted().broker !== 'msk') return close(context)
      const { bootstrap = '' } = outputs.cluster ?? {}
      const rule = await missing(bootstrap, await closedOf(bootstrap, signal))
      if ('state' in rule) return
      await own(thingOf(rule))
      await changeRule(await deps.aws.access(), rule, true)
      log(`${rule.group} lets ${rule.from} in at ${rule.port}`)
      progress(null, 'waiting until the machine gets through')
      await until(async () => ((await closedOf(bootstrap, signal)).length === 0 ? true : null), {
        withinMs: opensWithinMs,
        everyMs: 1_000,
        signal,
        what: 'the machine reaches every broker',
      })
    },
    undo: close,
  }
}
