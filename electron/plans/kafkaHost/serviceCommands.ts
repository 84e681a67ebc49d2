/** What is asked of a host about our services, and what it answers, as pure text. Nothing of it needs root or changes anything. */
import type { MachineUse, Service } from '../../../shared/contract/services.ts'
import { type ServiceAction, type ServiceId, serviceIds, serviceTitles } from '../../../shared/services.ts'
import { quoteAll } from '../../lib/quote.ts'
import { ledgerFile } from './factsCommands.ts'
import { proxyPlaces } from './proxyPlaces.ts'
import { log4jFile, serverFile } from './unitText.ts'
import { kafkaUnit, places } from './wanted.ts'

export const serviceUnits: Readonly<Record<ServiceId, string>> = {
  kafka: kafkaUnit,
  gateway: proxyPlaces.gateway.unit,
  confluent: proxyPlaces.confluent.unit,
}

const serviceFiles: Readonly<Record<ServiceId, readonly string[]>> = {
  kafka: [serverFile, log4jFile, `${places.units}/${kafkaUnit}`],
  gateway: [...proxyPlaces.gateway.settings, proxyPlaces.gateway.unitFile],
  confluent: [...proxyPlaces.confluent.settings, proxyPlaces.confluent.unitFile],
}

/** Every small file we write on a host for these services (docs/host.md). */
export const installedFiles = (services: readonly ServiceId[]): readonly string[] => [
  ...services.flatMap((id) => serviceFiles[id]),
  ledgerFile,
]

const folders = [
  { path: `${places.data}/kafka`, what: 'The messages' },
  { path: places.programs, what: 'Programs' },
] as const

const properties = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'Description',
  'StateChangeTimestamp',
  'UnitFileState',
  'NRestarts',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'MemoryCurrent',
  'CPUUsageNSec',
  'NeedDaemonReload',
] as const

/** Prints `name=value` lines, then a block that begins with `unit=` for each service. */
export const lookScript: string = [
  'export TZ=UTC LC_ALL=C',
  `echo "now=$(date +%s%3N)"; echo "cpus=$(getconf _NPROCESSORS_ONLN)"`,
  'read -r up rest < /proc/uptime; echo "up=$up"',
  'read -r one five fifteen rest < /proc/loadavg; echo "load=$one $five $fifteen"',
  `awk '/^MemTotal:/ { printf "total=%.0f\\n", $2 * 1024 } /^MemAvailable:/ { printf "available=%.0f\\n", $2 * 1024 }' /proc/meminfo`,
  `for path in ${quoteAll(['/', places.data])}; do df -Pk "$path" 2>/dev/null | awk -v path="$path" 'NR == 2 { printf "disk=%.0f %.0f %s\\n", $2 * 1024, $4 * 1024, $6 }'; done`,
  `sed -n 's/^ *"owner": *"\\([^"]*\\)".*/owner=\\1/p' ${ledgerFile} 2>/dev/null`,
  'ticks=$(getconf CLK_TCK)',
  `for unit in ${quoteAll(Object.values(serviceUnits))}; do`,
  'echo "unit=$unit"',
  `shown=$(systemctl show "$unit" ${properties.map((name) => `-p ${name}`).join(' ')})`,
  `printf '%s\\n' "$shown"`,
  `pid=$(printf '%s\\n' "$shown" | sed -n 's/^MainPID=//p')`,
  // The name of a program may hold anything, so the fields of stat are counted after its last bracket (proc_pid_stat(5)).
  `if [ "\${pid:-0}" -gt 0 ]; then`,
  `awk '/^VmRSS:/ { printf "resident=%.0f\\n", $2 * 1024 }' "/proc/$pid/status" 2>/dev/null`,
  `sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | awk -v ticks="$ticks" '{ printf "cpu=%.0f\\n", ($12 + $13) * 1000 / ticks }'`,
  'fi; done; true',
].join('\n')

/** Prints `bytes path` for each folder that is there. A large log takes a while. */
export const sizesScript: string = [
  ...folders.map(({ path }) => `[ -d ${path} ] && du -sk ${path} 2>/dev/null`),
  'true',
].join('\n')

/** What `du` said; empty where nothing of ours is there. */
export const parseSizes = (text: string): MachineUse['folders'] =>
  folders.flatMap(({ path, what }) => {
    const line = text.split('\n').find((each) => each.endsWith(`\t${path}`))
    return line === undefined ? [] : [{ path, what, bytes: Number.parseInt(line, 10) * 1_024 }]
  })

export interface Look {
  readonly at: number
  readonly owner: string | null
  readonly machine: Omit<MachineUse, 'folders'>
  readonly services: readonly Omit<Service, 'lastLines'>[]
}

/** Null where the answer is not the script's: a login message in between, or a forced command. */
export function parseLook(lines: readonly string[]): Look | null {
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf('=')
    return at < 1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1).trim() }]
  })
  const begins = pairs.flatMap(({ name }, index) => (name === 'unit' ? [index] : []))
  const head = pairs.slice(0, begins[0])
  const one = (name: string) => head.find((pair) => pair.name === name)?.value ?? ''
  const all = (name: string) => head.filter((pair) => pair.name === name).map(({ value }) => value)
  const at = numberOf(one('now'))
  if (at === null || begins.length !== serviceIds.length) return null
  return {
    at,
    owner: one('owner') || null,
    machine: {
      cpus: numberOf(one('cpus')) ?? 0,
      load: one('load').split(' ').map(Number).filter(Number.isFinite),
      upMs: (numberOf(one('up')) ?? 0) * 1_000,
      memory: { total: numberOf(one('total')) ?? 0, available: numberOf(one('available')) ?? 0 },
      disks: disksOf(all('disk')),
    },
    services: begins.map((from, nth) =>
      serviceOf(
        serviceIds[nth] as ServiceId,
        new Map(pairs.slice(from, begins[nth + 1]).map(({ name, value }) => [name, value])),
      ),
    ),
  }
}

function split(value: string): [string, string] {
  const at = value.indexOf(' ')
  return [value.slice(0, at), value.slice(at + 1)]
}

/** Each file system once. */
function disksOf(values: readonly string[]): MachineUse['disks'] {
  const disks = values.flatMap((value) => {
    const [total, rest] = split(value)
    const [free, path] = split(rest)
    return Number(total) > 0 ? [{ path, total: Number(total), free: Number(free) }] : []
  })
  return disks.filter(({ path }, nth) => disks.findIndex((disk) => disk.path === path) === nth)
}

/** What systemd does not know it calls `[not set]`, or the largest 64-bit number; older ones leave it out. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text) || text === '18446744073709551615') return null
  return Number(text)
}

/** `Sun 2026-11-29 23:38:33 UTC` → ms; null where it never was. */
function timeOf(text: string | undefined): number | null {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text ?? '') ?? []
  return day === undefined ? null : Date.parse(`${day}T${time}Z`)
}

const unitLimit = 300

function serviceOf(id: ServiceId, said: ReadonlyMap<string, string>): Omit<Service, 'lastLines'> {
  const word = (name: string) => (said.get(name) ?? '').slice(0, unitLimit)
  const pid = numberOf(said.get('MainPID')) ?? 0
  const cpu = numberOf(said.get('CPUUsageNSec'))
  const installed = word('LoadState') !== 'not-found' && word('LoadState') !== ''
  return {
    id,
    title: serviceTitles[id],
    unit: serviceUnits[id],
    installed,
    version: installed ? word('Description').replace(/ \(Pipeline Control\)$/, '') : '',
    state: word('ActiveState') || 'unknown',
    subState: word('SubState'),
    since: timeOf(said.get('StateChangeTimestamp')),
    atBoot: word('UnitFileState'),
    restarts: numberOf(said.get('NRestarts')),
    pid: pid > 0 ? pid : null,
    ended: endOf(word('Result'), word('ExecMainCode'), word('ExecMainStatus')),
    memory: numberOf(said.get('MemoryCurrent')),
    resident: numberOf(said.get('resident')),
    cpuMs: cpu === null ? numberOf(said.get('cpu')) : Math.round(cpu / 1e6),
    changed: word('NeedDaemonReload') === 'yes',
  }
}

/** systemd's `Result` with the number the program ended with; `ExecMainCode` is waitid's: 1 exited, 2 killed, 3 dumped. */
function endOf(result: string, code: string, status: string): string | null {
  if (result === '' || result === 'success') return null
  if (code === '1') return `${result === 'exit-code' ? 'exit code' : `${result}, exit code`} ${status}`
  if (code === '2' || code === '3') return `signal ${status}${result === 'signal' ? '' : ` (${result})`}`
  return result
}

export const actionScript = (service: ServiceId, action: ServiceAction): string => {
  const unit = serviceUnits[service]
  // A unit that failed too often in a row is not started again before that is forgotten.
  return action === 'stop'
    ? `systemctl stop ${unit}`
    : `systemctl reset-failed ${unit} 2>/dev/null; systemctl ${action} ${unit}`
}

/** Its last words, without time and name. */
export const lastLinesScript = (service: ServiceId, lines: number): string =>
  `journalctl -u ${serviceUnits[service]} -n ${lines} --no-pager -q -o cat`
