/** Units of our names on a test host that do nothing but talk: what the services page sees, without Kafka. */
import type { TestHost } from './host.ts'

const loop = `#!/bin/bash
n=0
while :; do n=$((n+1)); echo "INFO line $n of $$"; sleep 0.2; done
`

const unit = (description: string, command: string, restart: string) => `[Unit]
Description=${description}
[Service]
User=pipeline-control
ExecStart=${command}
Restart=${restart}
RestartSec=1
[Install]
WantedBy=multi-user.target
`

const put = (path: string, text: string, mode = '644') =>
  `echo '${Buffer.from(text).toString('base64')}' | base64 -d | sudo install -D -m ${mode} /dev/stdin ${path}`

/**
 * A broker that says a line five times a second, a gateway that fails at once and tells why, and the files that Set up writes
 * beside them.
 */
export async function installUnits(host: TestHost): Promise<void> {
  await host.run(
    [
      'sudo useradd --system --no-create-home pipeline-control',
      put('/opt/pipeline-control/loop', loop, '755'),
      put('/opt/pipeline-control/fail', '#!/bin/sh\necho "no such port: 8082" >&2\nexit 3\n', '755'),
      put('/etc/pipeline-control/server.properties', 'process.roles=broker,controller\n'),
      put(
        '/var/lib/pipeline-control/ledger.json',
        '{\n  "version": 1,\n  "owner": "cloud",\n  "entries": []\n}\n',
      ),
      'sudo install -d -o pipeline-control /var/lib/pipeline-control/kafka',
      'sudo fallocate -l 2M /var/lib/pipeline-control/kafka/00000000000000000000.log',
      put(
        '/etc/systemd/system/pipeline-kafka.service',
        unit(
          'Apache Kafka 4.3.1 on Java 17.0.15 (Pipeline Control)',
          '/opt/pipeline-control/loop',
          'on-failure',
        ),
      ),
      put(
        '/etc/systemd/system/pipeline-gateway.service',
        unit(
          'REST gateway 0123456789ab on Node.js 24.21.0 (Pipeline Control)',
          '/opt/pipeline-control/fail',
          'no',
        ),
      ),
      'sudo systemctl daemon-reload',
      'sudo systemctl enable --now --quiet pipeline-kafka pipeline-gateway',
    ].join(' && '),
  )
}

/** What of ours still runs on the host beside the units. */
export const readersLeft = async (host: TestHost): Promise<string> =>
  (await host.run("pgrep -x -a 'journalctl|cat' || true")).trim()
