/** Which pipeline is shown, and the way to another one. */
import { Check, ChevronDown } from 'lucide-react'
import { client } from '../api/client.ts'
import { usePipeline } from '../api/pipeline.ts'
import { keys, queryClient, useAction, usePipelines } from '../api/query.ts'
import { Menu, MenuItem } from '../ui/Menu.tsx'

export function PipelinePicker() {
  const active = usePipeline()
  const pipelines = usePipelines()
  const select = useAction(client.pipelines.select, (list) => queryClient.setQueryData(keys.pipelines, list))
  return (
    <Menu
      name={`Pipeline: ${active.settings.name}`}
      label={
        <>
          <span className="max-w-52 overflow-hidden text-ellipsis">{active.settings.name}</span>
          <ChevronDown size={14} aria-hidden />
        </>
      }
    >
      {pipelines.data?.items.map((item) => (
        <MenuItem
          key={item.id}
          {...(item.id === active.id ? { icon: Check } : {})}
          onSelect={() => select.mutate({ pipeline: item.id })}
        >
          {item.settings.name}
        </MenuItem>
      ))}
    </Menu>
  )
}
