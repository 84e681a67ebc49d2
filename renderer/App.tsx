/** The shell around every page: navigation, header, the connection's state, and where focus goes after a change of page. */
import { type ErrorComponentProps, Link, Outlet, useLocation } from '@tanstack/react-router'
import {
  Activity,
  Boxes,
  CalendarClock,
  ChartColumn,
  CirclePlay,
  CircleQuestionMark,
  Cloud,
  FlaskConical,
  ListChecks,
  ListTodo,
  type LucideIcon,
  MonitorCog,
  NotebookText,
  Route,
  Rows3,
  Server,
  ServerCog,
  Settings,
  Stethoscope,
  Users,
  Waves,
  Workflow,
} from 'lucide-react'
import { useEffect, useRef } from 'react'
import { PipelineProvider, usePipeline } from './api/pipeline.ts'
import { usePipelines, useSettings } from './api/query.ts'
import { useChangesElsewhere } from './api/useChangesElsewhere.ts'
import { Comfort } from './components/actions/Comfort.tsx'
import { ConnectionBanner } from './components/ConnectionBanner.tsx'
import { EndNotices } from './components/EndNotices.tsx'
import { Header } from './components/Header.tsx'
import { IncidentBanner } from './components/incidents/IncidentBanner.tsx'
import { Mark } from './components/Mark.tsx'
import { ProblemNotice } from './components/ProblemNotice.tsx'
import { RestartBanner } from './components/RestartBanner.tsx'
import { Button, buttonClass } from './ui/Button.tsx'
import { Empty } from './ui/Card.tsx'

interface Place {
  readonly to:
    | '/'
    | '/setup'
    | '/topics'
    | '/groups'
    | '/cluster'
    | '/streams'
    | '/emulation'
    | '/trace'
    | '/notebooks'
    | '/databricks'
    | '/jobs'
    | '/airflow'
    | '/answers'
    | '/incidents'
    | '/aws'
    | '/activity'
    | '/machine'
    | '/services'
    | '/doctor'
    | '/settings'
  readonly name: string
  readonly icon: LucideIcon
  /** Only of pipelines that run elsewhere. */
  readonly elsewhere?: boolean
}

const places: readonly Place[] = [
  { to: '/', name: 'Overview', icon: Workflow },
  { to: '/setup', name: 'Set-up', icon: ListChecks },
  { to: '/topics', name: 'Topics', icon: Rows3 },
  { to: '/groups', name: 'Groups', icon: Users },
  { to: '/cluster', name: 'Cluster', icon: Server },
  { to: '/streams', name: 'Streams', icon: Waves },
  { to: '/emulation', name: 'Emulation', icon: CirclePlay },
  { to: '/trace', name: 'Trace', icon: Route },
  { to: '/notebooks', name: 'Notebooks', icon: NotebookText },
  { to: '/databricks', name: 'Databricks', icon: Boxes },
  { to: '/jobs', name: 'Jobs', icon: ListTodo },
  { to: '/airflow', name: 'Airflow', icon: CalendarClock },
  { to: '/answers', name: 'Answers', icon: ChartColumn },
  { to: '/incidents', name: 'Incidents', icon: FlaskConical },
  { to: '/aws', name: 'AWS', icon: Cloud },
  { to: '/machine', name: 'Machine', icon: MonitorCog },
  { to: '/services', name: 'Services', icon: ServerCog },
  { to: '/doctor', name: 'Doctor', icon: Stethoscope, elsewhere: true },
  { to: '/activity', name: 'Activity', icon: Activity },
]

const settingsPlace: Place = { to: '/settings', name: 'Settings', icon: Settings }

const everyPlace = [...places, settingsPlace]

export function Shell() {
  const pipelines = usePipelines()
  useChangesElsewhere()
  const settings = useSettings()
  const theme = settings.data?.theme
  useEffect(() => {
    if (theme !== undefined) document.documentElement.dataset.theme = theme
  }, [theme])

  const list = pipelines.data
  const active = list?.items.find((item) => item.id === list.active) ?? list?.items[0]
  if (active === undefined) {
    return (
      <main className="mx-auto grid h-full max-w-xl content-center gap-4 p-6">
        {pipelines.error ? (
          <ProblemNotice
            problem={pipelines.error}
            actions={<Button onClick={() => void pipelines.refetch()}>Try again</Button>}
          />
        ) : (
          <p role="status" className="text-center text-ink-2">
            Connecting …
          </p>
        )}
      </main>
    )
  }
  return (
    <PipelineProvider value={active}>
      <Frame key={active.id} />
    </PipelineProvider>
  )
}

function Frame() {
  const main = useRef<HTMLElement>(null)
  useFocusOfNewPage(main)
  const elsewhere = usePipeline().settings.kind === 'existing'
  const here = places.filter((place) => elsewhere || place.elsewhere !== true)
  return (
    <div className="grid h-full grid-cols-[208px_minmax(0,1fr)] max-[1000px]:grid-cols-[176px_minmax(0,1fr)]">
      <button
        type="button"
        className="btn fixed top-2 left-2 z-50 -translate-y-20 focus:translate-y-0"
        onClick={() => main.current?.focus()}
      >
        Skip to content
      </button>
      <nav
        aria-label="Main"
        className="flex min-h-0 flex-col gap-0.5 overflow-y-auto border-r border-line bg-panel px-2.5 py-3.5"
      >
        <p className="flex items-center gap-2.5 px-2 pt-1 pb-3.5 font-semibold tracking-tight">
          <Mark />
          Pipeline Control
        </p>
        {here.map((place) => (
          <NavLink key={place.to} place={place} />
        ))}
        <span className="flex-1" />
        <NavLink place={settingsPlace} />
      </nav>
      <div className="flex min-h-0 min-w-0 flex-col">
        <Header />
        <main ref={main} id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-auto outline-none">
          <ConnectionBanner />
          <EndNotices />
          <Comfort places={[...here, settingsPlace]} />
          <IncidentBanner />
          <RestartBanner />
          <div className="mx-auto grid max-w-[1560px] grid-cols-[minmax(0,1fr)] content-start gap-4 p-5">
            <Outlet />
          </div>
        </main>
      </div>
    </div>
  )
}

function NavLink({ place: { to, name, icon: Icon } }: { readonly place: Place }) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      className="flex items-center gap-2.5 rounded-md px-2 py-1.5 font-medium"
      activeProps={{ className: 'bg-accent-soft text-ink [&_svg]:text-accent' }}
      inactiveProps={{ className: 'text-ink-2 hover:bg-sunken hover:text-ink' }}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {name}
    </Link>
  )
}

/** How long a new page may take until its heading stands; then the focus goes to what is there, ms. */
const newPageMs = 2_000

/** A screen reader hears the new page's name; the window's title says it too. */
function useFocusOfNewPage(main: React.RefObject<HTMLElement | null>): void {
  const path = useLocation({ select: (location) => location.pathname })
  const last = useRef(path)
  useEffect(() => {
    const place = everyPlace.find(({ to }) => to === path)
    document.title = place === undefined ? 'Pipeline Control' : `${place.name} · Pipeline Control`
    if (last.current === path) return
    last.current = path
    main.current?.scrollTo(0, 0)
    // A page loaded for the first time is drawn some frames later; until then the old one's heading still stands.
    const before = main.current?.querySelector('h1') ?? null
    const stop = Date.now() + newPageMs
    let frame = 0
    const focus = () => {
      const heading = main.current?.querySelector<HTMLElement>('h1') ?? null
      if (heading !== null && heading !== before) heading.focus({ preventScroll: true })
      else if (Date.now() < stop) frame = requestAnimationFrame(focus)
      else (heading ?? main.current)?.focus({ preventScroll: true })
    }
    focus()
    return () => cancelAnimationFrame(frame)
  }, [path, main])
}

export function NotFound() {
  return (
    <Empty
      icon={CircleQuestionMark}
      title="There is no such page"
      action={
        <Link to="/" className={buttonClass({ variant: 'primary' })}>
          Go to the overview
        </Link>
      }
    >
      The address may be from another version.
    </Empty>
  )
}

/** A fault of ours while drawing: the shell stays, and the page can be tried again. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return <ProblemNotice problem={error} alert actions={<Button onClick={reset}>Try again</Button>} />
}
