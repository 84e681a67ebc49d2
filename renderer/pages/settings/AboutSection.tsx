/** Folders, versions, where secrets are kept, and what went wrong at the start. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ScrollText } from 'lucide-react'
import type { AppInfo } from '../../../shared/contract/app.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

const doors: Readonly<Record<AppInfo['door'], string>> = {
  desktop: 'window',
  web: 'web page',
  terminal: 'terminal',
  test: 'test',
}

export function FoldersSection({ info }: { readonly info: AppInfo }) {
  const { folder } = usePipeline()
  const folders = [
    { name: 'Data', path: info.home, help: 'Settings, pipelines and everything they keep.' },
    { name: 'This pipeline', path: folder, help: 'Topics, streams, lake and runs.' },
    { name: 'Cache', path: info.cache, help: 'Downloads; can be fetched again.' },
  ]
  return (
    <Card title="Folders">
      <dl className="grid gap-2.5">
        {folders.map(({ name, path, help }) => (
          <div key={name}>
            <dt className="text-sm font-medium">{name}</dt>
            <dd className="flex items-center gap-1">
              <code className="min-w-0 flex-1 text-xs [overflow-wrap:anywhere]">{path}</code>
              <CopyButton text={path} what={`the folder: ${name}`} />
            </dd>
            <dd className="text-xs text-ink-2">{help}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

/** Where others reach what runs here. */
export function AddressesSection() {
  const { id, settings } = usePipeline()
  const status = useQuery({
    queryKey: ['local.status', id],
    queryFn: ({ signal }) => client.local.status({ pipeline: id }, { signal }),
    enabled: settings.kind === 'local',
  })
  const addresses = [
    ['Kafka', status.data?.kafka.bootstrap],
    ['Gateway', status.data?.gateway.url],
    ['Kinesis', status.data?.kinesis.endpoint],
  ] as const
  if (settings.kind !== 'local') return null
  return (
    <Card title="Addresses">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3">
        {addresses.map(([name, address]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="num min-h-[26px] content-center text-right text-sm [overflow-wrap:anywhere]">
              {address ?? unknown}
            </dd>
            <dd>{address && <CopyButton text={address} what={`the address: ${name}`} />}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

export function VersionsSection({ info }: { readonly info: AppInfo }) {
  const { id } = usePipeline()
  const status = useQuery({
    queryKey: ['local.status', id],
    queryFn: ({ signal }) => client.local.status({ pipeline: id }, { signal }),
  })
  const rows = [
    ['Pipeline Control', info.version],
    ['Kafka', status.data?.kafka.version ?? unknown],
    ['Node', info.node],
    ['System', info.platform],
    ['Shown as', doors[info.door]],
  ] as const
  return (
    <Card
      title="Versions"
      actions={
        <Link to="/settings/licences" className={buttonClass({ variant: 'quiet', small: true })}>
          <ScrollText size={14} strokeWidth={1.75} aria-hidden />
          Licences
        </Link>
      }
    >
      <dl className="grid grid-cols-[1fr_auto] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="num text-right text-sm">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

export function ProblemsSection({ info }: { readonly info: AppInfo }) {
  return info.problems.map((problem) => (
    <ProblemNotice key={`${problem.code} ${problem.message}`} problem={problem} tone="warn" />
  ))
}
