/** Which pipeline is shown, the way to another one, and everything that can be done with a whole pipeline. */
import { Check, ChevronDown, Copy, Download, Link2, Pencil, Plus, Trash2, Upload } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction, usePipelines } from '../../api/query.ts'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { useActions } from '../actions/action.ts'
import { commandOf, commands } from '../actions/commands.ts'
import { saveFile } from '../saveFile.ts'
import { useConsent } from '../useConsent.tsx'
import { ExistingDialog } from './ExistingDialog.tsx'
import { FailureDialog } from './FailureDialog.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { CloneDialog, RenameDialog } from './NameDialog.tsx'
import { NewDialog } from './NewDialog.tsx'
import { useRemove } from './useRemove.ts'

type Opened = 'new' | 'existing' | 'clone' | 'rename' | 'import' | null

export function PipelinePicker() {
  const active = usePipeline()
  const pipelines = usePipelines()
  const consent = useConsent()
  const [opened, setOpened] = useState<Opened>(null)
  const close = () => setOpened(null)
  const select = useAction(client.pipelines.select, (list) => queryClient.setQueryData(keys.pipelines, list))
  const exported = useAction(client.pipelines.export, ({ fileName, text }) =>
    saveFile({ fileName, content: text }),
  )
  const remove = useRemove(consent.ask)
  const offered = (id: string, title: string, run: () => void, command?: string) => ({
    id: `pipeline.${id}`,
    title,
    group: 'Pipelines',
    ...(command === undefined ? {} : { command }),
    run,
  })
  useActions([
    offered('new', 'New pipeline', () => setOpened('new'), commands.createPipeline),
    offered('existing', 'Use what I already have', () => setOpened('existing')),
    offered('import', 'Import a pipeline', () => setOpened('import'), commands.importPipeline),
    offered('rename', 'Rename this pipeline', () => setOpened('rename')),
    offered('clone', 'Clone this pipeline', () => setOpened('clone')),
    offered(
      'export',
      'Export this pipeline',
      () => exported.mutate({ pipeline: active.id }),
      commandOf.exportPipeline(active.id),
    ),
    offered(
      'delete',
      'Delete this pipeline',
      () => remove.mutate(undefined),
      commandOf.deletePipeline(active.id),
    ),
  ])
  return (
    <>
      <Menu
        name={`Pipeline: ${active.settings.name}`}
        label={
          <>
            <span className="max-w-52 overflow-hidden text-ellipsis">{active.settings.name}</span>
            <ChevronDown size={14} aria-hidden />
          </>
        }
      >
        <fieldset aria-label="Pipelines" className="max-h-64 max-w-80 min-w-0 overflow-auto">
          {pipelines.data?.items.map((item) => (
            <MenuItem
              key={item.id}
              {...(item.id === active.id ? { icon: Check } : {})}
              onSelect={() => {
                if (item.id !== active.id) select.mutate({ pipeline: item.id })
              }}
            >
              <span className={`truncate ${item.id === active.id ? '' : 'pl-6'}`}>{item.settings.name}</span>
              {item.id === active.id && <span className="sr-only">, in use</span>}
            </MenuItem>
          ))}
        </fieldset>
        <hr className="my-1 border-line" />
        <MenuItem icon={Plus} onSelect={() => setOpened('new')}>
          New pipeline…
        </MenuItem>
        <MenuItem icon={Link2} onSelect={() => setOpened('existing')}>
          Use what I already have…
        </MenuItem>
        <MenuItem icon={Upload} onSelect={() => setOpened('import')}>
          Import…
        </MenuItem>
        <hr className="my-1 border-line" />
        <MenuItem icon={Pencil} onSelect={() => setOpened('rename')}>
          Rename…
        </MenuItem>
        <MenuItem icon={Copy} onSelect={() => setOpened('clone')}>
          Clone…
        </MenuItem>
        <MenuItem icon={Download} onSelect={() => exported.mutate({ pipeline: active.id })}>
          Export
        </MenuItem>
        <MenuItem icon={Trash2} onSelect={() => remove.mutate(undefined)}>
          Delete…
        </MenuItem>
      </Menu>
      <NewDialog open={opened === 'new'} onClose={close} />
      <ExistingDialog open={opened === 'existing'} onClose={close} />
      <ImportDialog open={opened === 'import'} onClose={close} />
      <RenameDialog open={opened === 'rename'} onClose={close} />
      <CloneDialog open={opened === 'clone'} onClose={close} />
      <FailureDialog title="Not switched" failure={select} />
      <FailureDialog title="Not exported" failure={exported} />
      <FailureDialog title="Not deleted" failure={remove} />
      {consent.dialog}
    </>
  )
}
