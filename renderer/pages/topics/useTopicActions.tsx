/** What can be done to a whole topic: delete it, and in a menu what is asked for less often. */
import { useNavigate } from '@tanstack/react-router'
import { Copy, Ellipsis, Eraser, Plus, RotateCcw, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TopicDetail } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { useConsent } from '../../components/useConsent.tsx'
import { Button } from '../../ui/Button.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { CloneDialog } from './CloneDialog.tsx'
import { PartitionsDialog } from './PartitionsDialog.tsx'

/** `buttons` stand in the page's head, `error` where it is read, `dialogs` at the end. */
export function useTopicActions(
  topic: string,
  detail: TopicDetail | undefined,
  changed: () => void,
): { readonly buttons: ReactNode; readonly error: Error | null; readonly dialogs: ReactNode } {
  const pipeline = usePipeline().id
  const navigate = useNavigate()
  const consent = useConsent()
  const [open, setOpen] = useState<'partitions' | 'clone' | null>(null)
  const close = () => {
    setOpen(null)
    changed()
  }
  const remove = useAction(
    async () => {
      const token = await consent.ask({ action: 'topics.remove', pipeline, names: [topic] })
      return token === null ? { removed: false } : client.topics.remove({ pipeline, topic, consent: token })
    },
    ({ removed }) => removed && void navigate({ to: '/topics' }),
  )
  const empty = useAction(async ({ partitionList }: TopicDetail) => {
    // What was shown is what goes: messages that come meanwhile stay.
    const before = partitionList.map(({ partition, high }) => ({ partition, offset: high }))
    const token = await consent.ask({ action: 'topics.empty', pipeline, topic, before })
    if (token !== null) await client.topicOps.empty({ pipeline, topic, before, consent: token })
  }, changed)
  const recreate = useAction(async () => {
    const token = await consent.ask({ action: 'topics.recreate', pipeline, topic })
    if (token !== null) await client.topicOps.recreate({ pipeline, topic, consent: token })
  }, changed)
  return {
    error: remove.error ?? empty.error ?? recreate.error,
    buttons: (
      <>
        {detail !== undefined && (
          <Menu
            name="More actions"
            label={
              <>
                <Ellipsis size={15} strokeWidth={1.75} aria-hidden /> More
              </>
            }
          >
            <MenuItem icon={Plus} onSelect={() => setOpen('partitions')}>
              Add partitions…
            </MenuItem>
            <MenuItem icon={Copy} onSelect={() => setOpen('clone')}>
              Clone…
            </MenuItem>
            <MenuItem icon={Eraser} onSelect={() => empty.mutate(detail)}>
              Empty…
            </MenuItem>
            <MenuItem icon={RotateCcw} onSelect={() => recreate.mutate(undefined)}>
              Recreate…
            </MenuItem>
          </Menu>
        )}
        <Button
          variant="danger"
          icon={Trash2}
          busy={remove.isPending}
          onClick={() => remove.mutate(undefined)}
        >
          Delete topic
        </Button>
      </>
    ),
    dialogs: (
      <>
        {open === 'partitions' && detail !== undefined && (
          <PartitionsDialog topic={topic} now={detail.partitions} onClose={close} />
        )}
        {open === 'clone' && detail !== undefined && (
          <CloneDialog topic={topic} messages={detail.messages} onClose={close} />
        )}
        {consent.dialog}
      </>
    ),
  }
}
