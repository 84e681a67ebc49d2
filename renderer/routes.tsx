/** Every route of the page, each loaded when it is first opened. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { NotFound, PageFailed, Shell } from './App.tsx'
import { tracedPlace } from './pages/trace/place.ts'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })
const under = { getParentRoute: () => root }

const overview = createRoute({
  ...under,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/OverviewPage.tsx'), 'OverviewPage'),
})
const welcome = createRoute({
  ...under,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome/WelcomePage.tsx'), 'WelcomePage'),
})
const setup = createRoute({
  ...under,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup/SetupPage.tsx'), 'SetupPage'),
})
const topics = createRoute({
  ...under,
  path: '/topics',
  component: lazyRouteComponent(() => import('./pages/topics/TopicsPage.tsx'), 'TopicsPage'),
})
/** With an expression, that is searched for at once. */
const topic = createRoute({
  ...under,
  path: '/topics/$topic',
  validateSearch: ({ expression }: Record<string, unknown>): { expression?: string } =>
    typeof expression === 'string' ? { expression } : {},
  component: lazyRouteComponent(() => import('./pages/topics/TopicPage.tsx'), 'TopicPage'),
})
const message = createRoute({
  ...under,
  path: '/topics/$topic/$partition/$offset',
  component: lazyRouteComponent(() => import('./pages/topics/MessagePage.tsx'), 'MessagePage'),
})
const groups = createRoute({
  ...under,
  path: '/groups',
  component: lazyRouteComponent(() => import('./pages/groups/GroupsPage.tsx'), 'GroupsPage'),
})
const group = createRoute({
  ...under,
  path: '/groups/$group',
  component: lazyRouteComponent(() => import('./pages/groups/GroupPage.tsx'), 'GroupPage'),
})
const cluster = createRoute({
  ...under,
  path: '/cluster',
  component: lazyRouteComponent(() => import('./pages/cluster/ClusterPage.tsx'), 'ClusterPage'),
})
const streams = createRoute({
  ...under,
  path: '/streams',
  component: lazyRouteComponent(() => import('./pages/streams/StreamsPage.tsx'), 'StreamsPage'),
})
const stream = createRoute({
  ...under,
  path: '/streams/$stream',
  component: lazyRouteComponent(() => import('./pages/streams/StreamPage.tsx'), 'StreamPage'),
})
const record = createRoute({
  ...under,
  path: '/streams/$stream/$shard/$sequence',
  component: lazyRouteComponent(() => import('./pages/streams/RecordPage.tsx'), 'RecordPage'),
})
/** A link has no search part (decision 20), so a run has a path of its own. */
const run = createRoute({
  ...under,
  path: '/emulation/$run',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/emulation', search: { run: params.run }, replace: true })
  },
})
/** `run` is a run of the history; without it the newest one is shown. */
const emulation = createRoute({
  ...under,
  path: '/emulation',
  validateSearch: (search: Record<string, unknown>): { run?: string } =>
    typeof search.run === 'string' ? { run: search.run } : {},
  component: lazyRouteComponent(() => import('./pages/emulation/EmulationPage.tsx'), 'EmulationPage'),
})
/** Without runs, the newest two. */
const compare = createRoute({
  ...under,
  path: '/compare',
  validateSearch: ({ a, b }: Record<string, unknown>): { a?: string; b?: string } => ({
    ...(typeof a === 'string' ? { a } : {}),
    ...(typeof b === 'string' ? { b } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages/emulation/ComparePage.tsx'), 'ComparePage'),
})
const machine = createRoute({
  ...under,
  path: '/machine',
  component: lazyRouteComponent(() => import('./pages/machine/MachinePage.tsx'), 'MachinePage'),
})
const launch = createRoute({
  ...under,
  path: '/launch',
  component: lazyRouteComponent(() => import('./pages/launch/LaunchPage.tsx'), 'LaunchPage'),
})
const services = createRoute({
  ...under,
  path: '/services',
  component: lazyRouteComponent(() => import('./pages/services/ServicesPage.tsx'), 'ServicesPage'),
})
const doctor = createRoute({
  ...under,
  path: '/doctor',
  component: lazyRouteComponent(() => import('./pages/doctor/DoctorPage.tsx'), 'DoctorPage'),
})
/** With a place, where one of its records stands, that post is looked for; without, one can be sent. */
const trace = createRoute({
  ...under,
  path: '/trace',
  validateSearch: tracedPlace,
  component: lazyRouteComponent(() => import('./pages/trace/TracePage.tsx'), 'TracePage'),
})
const incidents = createRoute({
  ...under,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./pages/incidents/IncidentsPage.tsx'), 'IncidentsPage'),
})
/** `run` is a run of a notebook; without it the newest one is shown. */
const notebooks = createRoute({
  ...under,
  path: '/notebooks',
  validateSearch: ({ run }: Record<string, unknown>): { run?: string } =>
    typeof run === 'string' ? { run } : {},
  component: lazyRouteComponent(() => import('./pages/notebooks/NotebooksPage.tsx'), 'NotebooksPage'),
})
const databricks = createRoute({
  ...under,
  path: '/databricks',
  component: lazyRouteComponent(() => import('./pages/databricks/DatabricksPage.tsx'), 'DatabricksPage'),
})
/** `run` is a run of a job there. */
const jobs = createRoute({
  ...under,
  path: '/jobs',
  validateSearch: ({ run }: Record<string, unknown>): { run?: string } =>
    typeof run === 'string' && /^\d+$/.test(run) ? { run } : {},
  component: lazyRouteComponent(() => import('./pages/jobs/JobsPage.tsx'), 'JobsPage'),
})
/** `run` is a run of the DAG. */
const airflow = createRoute({
  ...under,
  path: '/airflow',
  validateSearch: ({ run }: Record<string, unknown>): { run?: string } =>
    typeof run === 'string' ? { run } : {},
  component: lazyRouteComponent(() => import('./pages/airflow/AirflowPage.tsx'), 'AirflowPage'),
})
const airflowSetup = createRoute({
  ...under,
  path: '/airflow-setup',
  component: lazyRouteComponent(() => import('./pages/airflow/AirflowSetupPage.tsx'), 'AirflowSetupPage'),
})
/** `set` is shown, the newest without it; `with` is compared with it. */
const answers = createRoute({
  ...under,
  path: '/answers',
  validateSearch: (search: Record<string, unknown>): { set?: string; with?: string } => ({
    ...(typeof search.set === 'string' ? { set: search.set } : {}),
    ...(typeof search.with === 'string' ? { with: search.with } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages/answers/AnswersPage.tsx'), 'AnswersPage'),
})
const aws = createRoute({
  ...under,
  path: '/aws',
  component: lazyRouteComponent(() => import('./pages/aws/AwsPage.tsx'), 'AwsPage'),
})
const activity = createRoute({
  ...under,
  path: '/activity',
  component: lazyRouteComponent(() => import('./pages/activity/ActivityPage.tsx'), 'ActivityPage'),
})
const settings = createRoute({
  ...under,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/SettingsPage.tsx'), 'SettingsPage'),
})
const licences = createRoute({
  ...under,
  path: '/settings/licences',
  component: lazyRouteComponent(() => import('./pages/settings/LicencesPage.tsx'), 'LicencesPage'),
})

/** Made after the connection has taken the token out of the fragment. */
export function createPageRouter() {
  return createRouter({
    routeTree: root.addChildren([
      overview,
      welcome,
      setup,
      topics,
      topic,
      message,
      groups,
      group,
      cluster,
      machine,
      launch,
      services,
      doctor,
      streams,
      stream,
      record,
      emulation,
      run,
      compare,
      trace,
      incidents,
      notebooks,
      databricks,
      jobs,
      airflow,
      airflowSetup,
      answers,
      aws,
      activity,
      settings,
      licences,
    ]),
    history: createHashHistory(),
    defaultErrorComponent: PageFailed,
    defaultPreload: 'intent',
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPageRouter>
  }
}
