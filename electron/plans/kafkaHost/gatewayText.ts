/** The files that keep our gateway running on a host. */
import { mskRegion } from '../../clients/aws/mskToken.ts'
import { authoritiesFile, type MskSignIn } from './iamText.ts'
import { account, gatewayProgram, kafkaUnit, nodeProgram, places } from './wanted.ts'

export const gatewayFile = `${places.settings}/gateway.json`

/** As the local gateway takes them (`pipelineSettingsSchema.gateway`). */
const maxBodyBytes = 12 * 1_048_576
/** MiB of JavaScript heap: bodies that wait and what Kafka has not taken yet; the whole process stays below twice that. */
const heapMiB = 192

/** What `electron/entries/hostGateway.ts` reads. */
export const gatewayJson = (options: {
  readonly port: number
  readonly bootstrap: string
  readonly region: string
  /** How it signs in to MSK; null speaks in clear to a broker. */
  readonly msk: MskSignIn | null
}): string => {
  const { port, bootstrap, region, msk } = options
  const kafka = msk && {
    region: mskRegion(bootstrap) ?? msk.region,
    role: msk.role,
    session: msk.session,
    caFile: msk.authorities ? authoritiesFile : '',
  }
  const settings = { port, stage: '', bootstrap: bootstrap.split(','), region, maxBodyBytes, kafka }
  return `${JSON.stringify(settings, null, 2)}\n`
}

/** `sum` is the program's, so that another one starts it anew. */
export const gatewayUnitText = (nodeVersion: string, sum: string): string => `[Unit]
Description=REST gateway ${sum.slice(0, 12)} on Node.js ${nodeVersion} (Pipeline Control)
After=network-online.target ${kafkaUnit}
Wants=network-online.target

[Service]
User=${account}
ExecStart=${nodeProgram} --max-old-space-size=${heapMiB} ${gatewayProgram} ${gatewayFile}
Restart=always
RestartSec=5
TimeoutStopSec=30
LimitNOFILE=16384
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
`
