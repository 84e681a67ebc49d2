import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { airflowSettingsSchema } from '../../../shared/airflow.ts'
import { dagCheck } from './dagCheck.ts'
import { dagText } from './dagText.ts'

const template = readFileSync(resolve(import.meta.dirname, '../../../notebooks/dag.py'), 'utf8')
const context = {
  file: '0a1b_dag.py',
  dagId: '0a1b_dag',
  key: 'dags/0a1b_dag.py',
  folder: 'dags',
  bucket: 'mwaa-dags-bucket',
  airflow: '2.10.3',
  connectionId: 'databricks_default',
  now: Date.UTC(2026, 10, 30),
}
const rendered = (change: object, jobId = '', parameters = {}) =>
  dagText(template, {
    userId: '0a1b',
    airflow: airflowSettingsSchema.parse(change),
    jobId,
    notebookPath: '/Users/me@example.com/batch',
    parameters,
  })

/** As the course has it, with what it gets wrong put right; each test gets one thing wrong again. */
const course = `
from airflow import DAG
from airflow.providers.databricks.operators.databricks import DatabricksSubmitRunOperator
from datetime import datetime, timedelta

notebook_task = {'notebook_path': '/Users/me@example.com/batch'}
notebook_params = {"Variable": 5}
default_args = {
    'owner': 'me',
    'depends_on_past': False,
    'retries': 1,
    'retry_delay': timedelta(minutes=2),
}
with DAG('0a1b_dag',
    start_date=datetime(2026, 1, 1),
    schedule='@daily',
    catchup=False,
    dagrun_timeout=timedelta(hours=1),
    default_args=default_args,
    ) as dag:
    opr_submit_run = DatabricksSubmitRunOperator(
        task_id='submit_run',
        databricks_conn_id='databricks_default',
        existing_cluster_id='1108-162752-8okw8dgg',
        notebook_task=notebook_task,
    )
    opr_submit_run
`
type Change = Partial<Parameters<typeof dagCheck>[1]>
const check = (text: string, change: Change = {}) => dagCheck(text, { ...context, ...change })
const wrong = (from: string | RegExp, to: string, change: Change = {}) => {
  const text = course.replace(from, to)
  expect(text).not.toBe(course)
  return check(text, change).map(({ id, level, message }) => `${id} ${level} ${message}`)
}
const only = (text: string) => [expect.stringContaining(text)]

describe('nothing is found', () => {
  it.each([
    ['by default', {}, ''],
    ['with a job', { mode: 'job' }, '1042'],
    ['with a cluster, by hand only', { clusterId: '1108-162752-8okw8dgg', schedule: '' }, ''],
    ['by cron', { schedule: '0 6 * * mon-fri', retries: 0, timeoutMinutes: 45 }, ''],
  ])('in a DAG of ours, %s', (_, change, jobId) => {
    for (const airflow of ['2.10.3', '3.3.1', ''])
      expect(
        check(rendered(change, jobId, { lake: '/Volumes/a/b/c', odd: 'it\'s "quoted" \\ é' }), { airflow }),
      ).toEqual([])
  })
  it('in the course’s, put right', () => expect(check(course)).toEqual([]))
  it('in one made by a decorator', () => {
    const text = `
from datetime import datetime, timedelta
from airflow.decorators import dag
from airflow.providers.databricks.operators.databricks import DatabricksRunNowOperator

@dag(schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False, dagrun_timeout=timedelta(hours=1))
def learner():
    DatabricksRunNowOperator(task_id="run", job_id=7)

learner()
`
    expect(check(text, { dagId: 'learner', file: 'learner.py', key: null })).toEqual([])
    expect(check(text.replace('\nlearner()\n', ''), { dagId: 'learner', file: 'learner.py' })).toMatchObject([
      { id: 'F-70', level: 'bad', message: expect.stringContaining('nothing calls') },
    ])
  })
})

describe('F-67, a name or a bucket in place of a cluster’s id', () => {
  const id = "'1108-162752-8okw8dgg'"
  it('names a cluster’s name', () =>
    expect(wrong(id, "'Pinterest Cluster'")).toEqual(
      only('F-67 bad This is a cluster’s name, not its id: Pinterest Cluster'),
    ))
  it('names a bucket', () => {
    expect(wrong(id, "'user-0a1b-bucket'")).toEqual(only('F-67 bad This is a bucket'))
    expect(wrong(id, "'mwaa-dags-bucket'")).toEqual(only('F-67 bad This is a bucket'))
  })
  it('finds it behind a name, in json and in tasks', () => {
    const deep = 'json={"tasks": [{"existing_cluster_id": CLUSTER}]}'
    expect(wrong(`existing_cluster_id=${id}`, deep).join()).toContain('F-67 unknown')
    expect(
      check(
        course
          .replace(`existing_cluster_id=${id}`, deep)
          .replace('\nnotebook_task', '\nCLUSTER = "my one"\nnotebook_task'),
      ),
    ).toMatchObject([{ id: 'F-67', level: 'bad' }])
  })
  it('says that it cannot tell', () => {
    expect(wrong(id, 'Variable.get("cluster")')).toEqual(only('F-67 unknown'))
    expect(wrong(id, "'{{ var.value.cluster }}'")).toEqual(only('F-67 unknown'))
  })
  it('is refused in the settings', () => {
    expect(airflowSettingsSchema.safeParse({ clusterId: 'Pinterest Cluster' }).success).toBe(false)
    expect(airflowSettingsSchema.safeParse({ clusterId: '1108-162752-8okw8dgg' }).success).toBe(true)
  })
})

describe('F-68, who signs in', () => {
  it('finds a token in the file and does not repeat it', () => {
    const token = `dapi${'0123456789abcdef'.repeat(2)}`
    const found = wrong("'/Users/me@example.com/batch'", `'${token}'`)
    expect(found).toEqual(only('F-68 bad A token of Databricks'))
    expect(found.join()).not.toContain(token)
  })
  it('finds another connection than the one that is set up', () => {
    expect(wrong("'databricks_default'", "'databricks_mine'")).toEqual(
      only('F-68 warn It uses another connection'),
    )
    expect(wrong("        databricks_conn_id='databricks_default',\n", '')).toEqual([])
    expect(wrong("        databricks_conn_id='databricks_default',\n", '', { connectionId: 'mine' })).toEqual(
      only('F-68 warn It uses another connection'),
    )
    expect(wrong("'databricks_default'", 'connection()')).toEqual(only('F-68 unknown'))
  })
})

describe('F-69, no module airflow.providers.databricks', () => {
  it('finds the module of before, and none at all', () => {
    expect(
      wrong(
        'airflow.providers.databricks.operators.databricks',
        'airflow.contrib.operators.databricks_operator',
      ),
    ).toEqual(only('F-69 bad This module was taken out'))
    expect(wrong(/from airflow.providers.*\n/, '')).toEqual(
      only('F-69 bad The operator of Databricks is used'),
    )
  })
})

describe('F-70, a DAG that is not shown', () => {
  it('finds another name of the file, of the DAG, and another folder', () => {
    expect(wrong("'0a1b_dag'", "'my_dag'")).toEqual(only('F-70 bad The DAG is called my_dag'))
    expect(check(course, { file: 'dag.py' })).toMatchObject([{ id: 'F-70', level: 'warn' }])
    expect(check(course, { file: '0a1b_dag.txt' })).toMatchObject([{ id: 'F-70', level: 'bad' }])
    expect(check(course, { key: '0a1b_dag.py' })).toMatchObject([{ id: 'F-70', level: 'bad' }])
    expect(wrong("'0a1b_dag'", 'name()')).toEqual(only('F-70 unknown The id of the DAG'))
  })
  it('only warns where somebody’s own file is called otherwise', () => {
    expect(check(course, { dagId: '', file: 'mine.py' })).toMatchObject([{ id: 'F-70', level: 'warn' }])
    expect(check(course, { dagId: '' })).toEqual([])
  })
  it('finds a line that is no Python, and no DAG', () => {
    expect(wrong("'@daily',", "'@daily'")).toEqual(only('F-70 bad This line is no Python'))
    expect(wrong(/with DAG[\s\S]*/, '')).toEqual(only('F-70 bad The file makes no DAG'))
  })
})

describe('F-71, never or too often', () => {
  it.each([
    ['datetime(2026, 1, 1)', 'datetime.now()', 'bad start_date moves on'],
    ['datetime(2026, 1, 1)', 'datetime.utcnow() - timedelta(days=1)', 'bad start_date moves on'],
    ['datetime(2026, 1, 1)', 'datetime.now().replace(hour=0)', 'bad start_date moves on'],
    ['datetime(2026, 1, 1)', 'pendulum.today("UTC").add(days=-1)', 'bad start_date moves on'],
    ['datetime(2026, 1, 1)', 'datetime(2027, 1, 1)', 'bad start_date lies in the future'],
    ['datetime(2026, 1, 1)', 'datetime.fromisoformat("2026-01-01")', 'unknown Whether start_date'],
    ['    start_date=datetime(2026, 1, 1),\n', '', 'bad The DAG has no start_date'],
    ['datetime(2026, 1, 1)', 'days_ago(1)', 'warn start_date moves on from day to day'],
    ['datetime(2026, 1, 1)', 'days_ago(0)', 'bad start_date moves on'],
    [
      "datetime(2026, 1, 1),\n    schedule='@daily'",
      "days_ago(1), schedule='@weekly'",
      'bad start_date moves on',
    ],
    ["'@daily'", "'0 0 6 * * *'", 'bad The schedule has 6 fields'],
    ["'@daily'", "'* * * * *'", 'warn Every 1 min is too often'],
    ["'@daily'", "'*/5 * * * *'", 'warn Every 5 min is too often'],
    ["'@daily'", 'timedelta(minutes=5)', 'warn Every 5 min is too often'],
    ["'@daily'", "'@continuous'", 'warn @continuous'],
    ["'@daily'", "'daily'", 'bad Airflow does not read this schedule'],
    ["'@daily'", 'MyTimetable()', 'unknown When it runs'],
  ])('finds %s → %s', (from, to, message) => {
    expect(wrong(from, to)).toEqual(only(`F-71 ${message}`))
  })
  it('looks into default_args too', () => {
    const moved = course
      .replace('    start_date=datetime(2026, 1, 1),\n', '')
      .replace("'owner': 'me',", "'owner': 'me', 'start_date': datetime.now(),")
    expect(check(moved)).toMatchObject([{ id: 'F-71', message: expect.stringContaining('moves on') }])
    expect(wrong("'@daily'", 'None')).toEqual([])
  })
  it('misses a start_date where Airflow does', () => {
    const start = '    start_date=datetime(2026, 1, 1),\n'
    expect(wrong(start, '', { airflow: '3.0.6' })).toEqual([])
    expect(wrong(start, '', { airflow: '' })).toEqual(only('F-71 warn The DAG has no start_date'))
  })
  it('is refused in the settings', () => {
    for (const schedule of ['0 0 6 * * *', '*/5 * * * *', 'daily', '61 * * * *'])
      expect(airflowSettingsSchema.safeParse({ schedule }).success, schedule).toBe(false)
    expect(airflowSettingsSchema.safeParse({ startDate: 'now' }).success).toBe(false)
  })
})

describe('F-72, a run that stays running, or ends while its cluster starts', () => {
  it.each([
    ['    dagrun_timeout=timedelta(hours=1),\n', '', 'F-72 warn A run that hangs'],
    ['hours=1', 'minutes=5', 'F-72 bad A run is ended after 5 min'],
    ['timedelta(hours=1)', 'LIMIT', 'F-72 unknown After how long'],
    [
      "task_id='submit_run',",
      "task_id='submit_run', timeout_seconds=120,",
      'F-72 bad A run is ended after 2 min',
    ],
  ])('finds %s → %s', (from, to, message) => {
    expect(wrong(from, to)).toEqual(only(message))
  })
  it('is content with a limit of the run in Databricks, and not with none', () => {
    const without = course.replace('    dagrun_timeout=timedelta(hours=1),\n', '')
    const limited = (seconds: number) =>
      check(without.replace("task_id='submit_run',", `task_id='submit_run', timeout_seconds=${seconds},`))
    expect(limited(7_200)).toEqual([])
    expect(check(course.replace('timedelta(hours=1)', '7200'))).toMatchObject([
      { id: 'F-72', level: 'unknown' },
    ])
    expect(limited(0)).toMatchObject([{ id: 'F-72', level: 'warn' }])
  })
  it('is refused in the settings', () =>
    expect(airflowSettingsSchema.safeParse({ timeoutMinutes: 5 }).success).toBe(false))
})

describe('F-73, what Airflow 3 takes no more', () => {
  it('finds schedule_interval: bad on 3, a warning on 2 and where it is not known', () => {
    expect(wrong('schedule=', 'schedule_interval=', { airflow: '3.0.6' })).toEqual(
      only('F-73 bad schedule_interval was taken out: Airflow 3.0.6 refuses it'),
    )
    expect(wrong('schedule=', 'schedule_interval=', { airflow: '' })).toEqual(only('F-73 warn'))
    expect(wrong('schedule=', 'schedule_interval=')).toEqual(only('F-73 warn'))
  })
  it('finds days_ago', () => {
    const found = check(
      course
        .replace('from datetime', 'from airflow.utils.dates import days_ago\nfrom datetime')
        .replace('datetime(2026, 1, 1)', 'days_ago(1)'),
      { airflow: '3.0.6' },
    )
    expect(found.map(({ id, level }) => `${id} ${level}`)).toEqual(['F-73 bad', 'F-71 warn'])
  })
})

it('says the line', () => {
  const line = course.split('\n').findIndex((each) => each.includes('DatabricksSubmitRunOperator(')) + 1
  expect(check(course.replace('1108-162752-8okw8dgg', 'x'))).toMatchObject([{ id: 'F-67', line }])
})
