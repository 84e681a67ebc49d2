import { expect, it } from 'vitest'
import { connectionFindings } from './connectionCheck.ts'
import { requirementsFindings } from './requirementsCheck.ts'
import { requirementsText } from './requirementsText.ts'

const found = (text: string | null, airflow = '2.10.3', privateOnly = false) =>
  requirementsFindings(text, { airflow, privateOnly }).map(
    ({ id, level, message }) => `${id} ${level} ${message}`,
  )
const only = (text: string) => [expect.stringContaining(text)]

it('is written for the version of Airflow and its Python', () => {
  expect(requirementsText('2.10.3')).toBe(
    '--constraint "https://raw.githubusercontent.com/apache/airflow/constraints-2.10.3/constraints-3.11.txt"\napache-airflow-providers-databricks\n',
  )
  expect(requirementsText('3.0.6')).toContain('constraints-3.0.6/constraints-3.12.txt')
  for (const airflow of ['2.7.2', '2.11.0', '3.3.1'])
    expect(found(requirementsText(airflow), airflow)).toEqual([])
})

it('leaves the lines of an existing one, and adds what it lacks', () => {
  const mine = '# mine\npandas==2.2.0\n'
  const mended = requirementsText('3.0.6', mine)
  expect(mended).toContain(mine)
  expect(found(mended, '3.0.6')).toEqual([])
  expect(requirementsText('3.0.6', mended)).toBe(mended)
  const old = requirementsText('2.10.3')
  expect(requirementsText('3.0.6', old)).toBe(requirementsText('3.0.6'))
  const extra = '-c https://example.com/own.txt\nApache_Airflow[amazon, databricks]\n'
  expect(requirementsText('3.0.6', extra)).toBe(extra)
})

it('F-69: finds what is missing in it, or contradicts', () => {
  const good = requirementsText('2.10.3')
  expect(found(null)).toEqual(only('F-69 bad The environment has no requirements file'))
  expect(
    found(good.replace('apache-airflow-providers-databricks', '# apache-airflow-providers-databricks')),
  ).toEqual(only('F-69 bad The requirements do not name'))
  expect(found('apache-airflow-providers-databricks\n')).toEqual(
    only('F-69 warn The requirements have no --constraint'),
  )
  expect(found(good, '3.0.6')).toEqual(only('F-69 bad The constraints are those of Airflow 2.10.3'))
  expect(found(good.replace('3.11.txt', '3.9.txt'))).toEqual(
    only('F-69 bad The constraints are those of Python 3.9'),
  )
  expect(found(`${good.trim()}==7.0.0\n`)).toEqual(
    only('F-69 bad apache-airflow-providers-databricks 7.0.0 contradicts'),
  )
  expect(found(`${good.trim()}==6.12.0\n`)).toEqual([])
  expect(found(`${requirementsText('2.9.2').trim()}==6.2.0\n`, '2.9.2')).toEqual(only('F-69 unknown Whether'))
  expect(found('-c own.txt\napache-airflow-providers-databricks')).toEqual(
    only('F-69 unknown Whether these constraints'),
  )
  expect(found(good, '2.10.3', true)).toEqual(only('F-69 unknown The environment is reached from inside'))
})

const wanted = { id: 'databricks_default', host: 'https://dbc-1.cloud.databricks.com', clientId: '' }
const seen = {
  type: 'databricks',
  host: 'https://dbc-1.cloud.databricks.com/',
  login: '',
  schema: '',
  port: null,
  hasPassword: true,
  extra: [],
}

it('F-68: finds what makes a connection sign in as somebody else', () => {
  const of = (change: object, by: object = {}) =>
    connectionFindings({ ...seen, ...change }, { ...wanted, ...by }).map(
      ({ id, message }) => `${id} ${message}`,
    )
  expect(of({})).toEqual([])
  expect(of({ host: 'dbc-1.cloud.databricks.com', hasPassword: null })).toEqual([])
  expect(of({ login: 'me@example.com' })).toEqual(
    only('F-68 The connection databricks_default has a login (me@example.com)'),
  )
  // Extra counts first: with host and token in it, it may well work.
  expect(of({ extra: ['token', 'host'], login: 'me', host: '' })).toEqual([
    ...only('has its host in Extra'),
    ...only('has a token in Extra'),
  ])
  expect(of({ login: 'token' })).toEqual([])
  expect(of({ hasPassword: false })).toEqual(only('has no token'))
  expect(of({ type: 'http' })).toEqual(only('is of another type: http'))
  expect(of({ host: 'localhost' })).toEqual(only('leads to another workspace: localhost'))
  const principal = { clientId: 'app-1' }
  expect(of({ login: 'app-1', extra: ['service_principal_oauth'] }, principal)).toEqual([])
  expect(of({ login: 'app-1' }, principal)).toEqual(only('service principal’s'))
  expect(of({ extra: ['service_principal_oauth'] }, principal)).toEqual(only('signs in as nobody'))
})
