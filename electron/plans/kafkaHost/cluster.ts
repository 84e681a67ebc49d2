/** The step that finds the MSK cluster whose brokers the pipeline uses: the one that was chosen, or the only one there is. */
import { type FoundCluster, listClusters, mskWays } from '../../clients/aws/msk.ts'
import { absent, blocked, notNeeded, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import type { KafkaHostDeps } from './deps.ts'

export function clusterStep(deps: KafkaHostDeps): Step {
  const chosen = (): string => {
    const { bootstrap, access } = deps.addresses()
    return access === 'mskIam' ? bootstrap : ''
  }
  /** The only cluster of the account and region, with its private brokers by IAM; or why there is not exactly one. */
  const only = async (): Promise<{ cluster: FoundCluster; bootstrap: string } | Finding> => {
    const access = await deps.aws.access()
    const found = await listClusters(access)
    const [cluster] = found
    if (cluster === undefined)
      return blocked(
        `There is no MSK cluster in ${access.region}.`,
        'Check the region, or choose a broker on this machine: kafkaHost.broker=machine.',
      )
    if (found.length > 1)
      return blocked(
        `There are ${found.length} MSK clusters in ${access.region}: ${found.map(({ name }) => name).join(', ')}`,
        'Choose one on the page AWS, or: pipeline msk use <name> --access mskIam.',
      )
    const way = (await mskWays(access, cluster.arn)).find((each) => each.access === 'mskIam' && !each.public)
    if (way === undefined)
      return blocked(
        `The MSK cluster ${cluster.name} (${cluster.state}) has no brokers that are spoken to by IAM.`,
        'A new cluster takes about half an hour to become ACTIVE; else switch IAM on in its security settings.',
      )
    return { cluster, bootstrap: way.bootstrap }
  }
  return {
    id: 'cluster',
    title: 'MSK cluster',
    needs: ['facts'],
    async check() {
      if (deps.wanted().broker !== 'msk') return notNeeded('Kafka runs on this machine')
      const bootstrap = chosen()
      if (bootstrap !== '') return present(`its brokers are ${bootstrap}`, { bootstrap })
      const found = await only()
      if ('reason' in found) return found
      const changes = [
        { target: 'Kafka’s address', before: deps.addresses().bootstrap, after: found.bootstrap },
      ]
      return { ...absent(`${found.cluster.name} is there and not this pipeline’s Kafka yet`), changes }
    },
    async apply({ own }) {
      const found = await only()
      if ('reason' in found) return
      const { bootstrap } = found
      await own(bootstrap)
      await deps.setAddresses({ ...deps.addresses(), bootstrap, access: 'mskIam' })
    },
    async undo({ owns }) {
      const now = deps.addresses()
      if (owns(now.bootstrap)) await deps.setAddresses({ ...now, bootstrap: '', access: 'plaintext' })
    },
  }
}
