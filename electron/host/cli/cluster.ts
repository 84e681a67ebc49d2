/** `pipeline cluster`: the brokers, partitions in trouble, and what the cluster cannot do. */
import type { Command } from 'commander'
import { type CliDeps, pickPipeline, withSession } from './session.ts'
import { bytes, count, table } from './text.ts'

export function clusterCommand(program: Command, deps: CliDeps): void {
  program
    .command('cluster')
    .description('brokers, their disks, and partitions in trouble')
    .option('--pipeline <id>', 'another pipeline than the active one')
    .option('--json', 'one line of JSON')
    .action((flags: { readonly pipeline?: string; readonly json?: boolean }) =>
      withSession(deps.open, async ({ client }) => {
        const found = await client.cluster.get({ pipeline: await pickPipeline(client, flags.pipeline) })
        const { out, note } = deps.terminal
        if (flags.json) return out(JSON.stringify(found))
        const rows = found.brokers.map((broker) => [
          String(broker.id),
          `${broker.host}:${broker.port}${broker.controller ? ' (controller)' : ''}`,
          count(broker.leads),
          `${count(broker.inSync)} of ${count(broker.replicas)}`,
          bytes(broker.dirs === null ? null : broker.dirs.reduce((sum, dir) => sum + dir.bytes, 0)),
        ])
        for (const line of table(['broker', 'address', 'leads', 'in sync', 'data'], rows)) out(line)
        note(`Kafka ${found.version ?? 'of unknown version'}, cluster ${found.clusterId}.`)
        for (const { topic, partition, leader, replicas, inSync } of found.troubled)
          note(
            leader < 0
              ? `! ${topic}, partition ${partition}: no leader`
              : `! ${topic}, partition ${partition}: ${inSync.length} of ${replicas.length} replicas in sync`,
          )
        for (const { what, missing } of found.abilities) if (missing !== null) note(`– ${what}: ${missing}`)
      }),
    )
}
