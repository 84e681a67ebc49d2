/** What a job's `batch` ends with, where a test does not run it: nine answers of one row. */
import { answerIds } from '../../../shared/notebooks.ts'

export const someAnswers = JSON.stringify({
  version: 1,
  answers: Object.fromEntries(
    answerIds.map((id) => [
      id,
      { columns: ['post_year', 'number_users_joined'], rows: [[2017, 35]], truncated: false },
    ]),
  ),
})
