/** Copies a message as a command or as code. */
import { useQuery } from '@tanstack/react-query'
import type { Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { asCurl, asKcat, asPipeline, asTypeScript, onMachine } from './copyAs.ts'

export function CopyAs({ topic, message }: { readonly topic: string; readonly message: Message }) {
  const { id, settings } = usePipeline()
  const local = settings.kind === 'local'
  const status = useQuery({
    queryKey: ['local.status', id],
    queryFn: ({ signal }) => client.local.status({ pipeline: id }, { signal }),
    enabled: local,
  })
  const at = local
    ? { bootstrap: status.data?.kafka.bootstrap ?? '', gateway: status.data?.gateway.url ?? '' }
    : { bootstrap: settings.endpoints.bootstrap, gateway: settings.endpoints.gateway }
  const behind = (way: 'direct' | 'machine') => !local && way === 'machine'
  // A command line is no place for a password, and kcat knows no IAM.
  const inClear = local || settings.endpoints.kafkaAccess === 'plaintext'
  const curl = () => {
    const command = asCurl(at, topic, message)
    return behind(settings.endpoints.gatewayThrough) ? onMachine(id, command) : command
  }
  /** What sends or holds the message must have all of it. */
  const whole = [message.key, message.value, ...message.headers.map(({ value }) => value)].every(
    (part) => part?.truncated !== true,
  )
  return (
    <div className="flex flex-wrap items-center gap-1">
      <span className="text-sm text-ink-2">Copy as</span>
      {at.gateway !== '' && whole && <CopyButton what="as curl" words="curl" text={curl} />}
      {at.bootstrap !== '' && inClear && !behind(settings.endpoints.through) && (
        <CopyButton what="as kcat" words="kcat" text={asKcat(at, topic, message)} />
      )}
      <CopyButton what="as a pipeline command" words="pipeline" text={asPipeline(topic, message)} />
      {whole && (
        <CopyButton what="as TypeScript" words="TypeScript" text={() => asTypeScript(topic, message)} />
      )}
    </div>
  )
}
