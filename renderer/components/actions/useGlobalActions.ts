/** What can be done from everywhere: open a page, start and stop the pipeline, make things, change the theme. */
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { usePlanControl } from '../usePlanControl.ts'
import { type Action, runWhenOffered } from './action.ts'
import { commandOf, commands, pageCommands } from './commands.ts'
import { pageLetters } from './keys.ts'

export interface Place {
  readonly to: string
  readonly name: string
}

/** The headings of the settings' cards. */
const sections = ['App', 'Appearance', 'On disk', 'Secrets', 'Folders', 'Versions', 'Support']

/** How long the settings may take until a section stands, ms. */
const sectionWithin = 3_000

function showSection(name: string, until = Date.now() + sectionWithin): void {
  const heading = [...document.querySelectorAll('#content h2')].find(
    ({ textContent }) => textContent === name,
  )
  if (heading !== undefined) heading.scrollIntoView({ block: 'center' })
  else if (Date.now() < until) requestAnimationFrame(() => showSection(name, until))
}

export function pageActionsOf(places: readonly Place[], go: (path: string) => void): readonly Action[] {
  return places.map(({ to, name }) => ({
    id: `page ${to}`,
    title: name,
    group: 'Page',
    keywords: 'go to open',
    ...(pageLetters[to] === undefined ? {} : { shortcut: `g ${pageLetters[to]}` }),
    ...(pageCommands[to] === undefined ? {} : { command: pageCommands[to] }),
    run: () => go(to),
  }))
}

export function useGlobalActions(go: (path: string) => void): {
  readonly actions: readonly Action[]
  readonly error: Error | null
} {
  const { id: pipeline, settings } = usePipeline()
  const control = usePlanControl()
  const theme = useAction(client.settings.set, (next) => queryClient.setQueryData(keys.settings, next))
  const endIncident = useAction(client.incidents.end)
  const there = (path: string, id: string) => () => {
    go(path)
    runWhenOffered(id)
  }
  const make = (id: string, title: string, path: string, command: string): Action => ({
    id: `make ${id}`,
    title,
    group: 'Action',
    keywords: 'new make add',
    command,
    run: there(path, id),
  })
  const actions: readonly Action[] = [
    ...(settings.kind === 'local'
      ? [
          {
            id: 'local.up',
            title: 'Start the pipeline',
            group: 'Action',
            keywords: 'stack up run apply',
            command: commands.localUp,
            run: () => {
              go('/setup')
              control.run('apply')
            },
          },
          {
            id: 'local.down',
            title: 'Stop the pipeline',
            group: 'Action',
            keywords: 'stack down end undo',
            command: commands.localDown,
            run: () => {
              go('/setup')
              control.run('undo')
            },
          },
        ]
      : []),
    ...(settings.kind === 'local'
      ? [
          {
            id: 'incident.end',
            title: 'End the incident',
            group: 'Action',
            keywords: 'heal practise stop',
            command: commands.endIncident,
            run: () => {
              go('/incidents')
              endIncident.mutate({ pipeline })
            },
          },
        ]
      : []),
    make('topic.create', 'Create a topic', '/topics', commands.createTopic),
    make('stream.create', 'Create a stream', '/streams', commands.createStream),
    {
      id: 'emulate',
      title: 'Start an emulation',
      group: 'Action',
      keywords: 'run posts send new',
      command: commands.emulate,
      run: () => go('/emulation'),
    },
    ...(['light', 'dark', 'system'] as const).map((each) => ({
      id: `theme ${each}`,
      title:
        each === 'system' ? 'Theme as the system has it' : `${each === 'light' ? 'Light' : 'Dark'} theme`,
      group: 'Action',
      keywords: 'appearance colours',
      command: commandOf.theme(each),
      run: () => theme.mutate({ theme: each }),
    })),
    ...sections.map((name) => ({
      id: `settings ${name}`,
      title: `Settings: ${name}`,
      group: 'Settings',
      run: () => {
        go('/settings')
        showSection(name)
      },
    })),
  ]
  return { actions, error: control.error ?? theme.error ?? endIncident.error }
}
