import { expect, it } from 'vitest'
import { logLines } from '../../clients/aws/airflowLog.ts'
import { failureIn } from './failure.ts'

const state =
  '{"life_cycle_state": "TERMINATED", "result_state": "FAILED", "state_message": "Workload failed"}'
const said = `run_notebook failed with terminal state: ${state} and with the errors [{'task_key': 'batch', 'run_id': 7, 'error': "AnalysisException: it's not there: [PATH_NOT_FOUND]"}]`

it('finds the notebook’s own error in a log of Airflow 3', () => {
  const lines = logLines({
    content: [
      { event: '::group::Log message source details' },
      {
        timestamp: '2026-11-30T00:00:00Z',
        event: 'Task failed with exception',
        error_detail: [{ exc_type: 'AirflowException', exc_value: said }],
      },
      'a plain line',
    ],
    continuation_token: null,
  })
  expect(lines).toContain(`AirflowException: ${said}`)
  expect(failureIn(lines).reason).toBe("AnalysisException: it's not there: [PATH_NOT_FOUND]")
})

it('and in one of Airflow 2, which is written as Python writes it', () => {
  const text = `[2026-11-30] {x.py:1} INFO - AIRFLOW_CTX_DAG_OWNER='me'\nTraceback:\nairflow.exceptions.AirflowException: ${said}\nbye\u00a0`
  const python = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\u00a0', '\\xa0')
  const lines = logLines({ content: `[('ip-10-0-0-1.internal', '${python}'), ('other', "it's\\n\\tdone")]` })
  expect(lines[0]).toBe("[2026-11-30] {x.py:1} INFO - AIRFLOW_CTX_DAG_OWNER='me'")
  expect(lines.slice(-3)).toEqual(['bye\u00a0', "it's", '\tdone'])
  expect(failureIn(lines).reason).toBe("AnalysisException: it's not there: [PATH_NOT_FOUND]")
  expect(failureIn(logLines(text)).reason).toContain('PATH_NOT_FOUND')
})

it('else the last error that it says, else nothing', () => {
  expect(
    failureIn(['ValueError: one', 'requests.exceptions.HTTPError: 403 Invalid access token', 'bye']).reason,
  ).toBe('requests.exceptions.HTTPError: 403 Invalid access token')
  const cancelled = 'x failed with terminal state: {…} and with the error Run cancelled.'
  expect(failureIn([cancelled]).reason).toBe('Run cancelled.')
  expect(failureIn(['all is well'])).toEqual({ reason: '', log: ['all is well'] })
})

it('keeps the end of a long log only', () => {
  const { log } = failureIn(Array.from({ length: 1_000 }, (_, nth) => `${nth}`))
  expect(log).toHaveLength(200)
  expect(log.at(-1)).toBe('999')
})
