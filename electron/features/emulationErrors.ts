/** What a call about a run is refused with. */
import { AppError } from '../../shared/errors.ts'

export const complete = (runId: string) =>
  new AppError({
    code: 'RUN_COMPLETE',
    message: `The run came to its end, so there is nothing to go on with: ${runId}`,
    hint: 'Start a new one with its settings.',
    field: 'runId',
  })

export const otherNames = (runId: string) =>
  new AppError({
    code: 'RUN_NAMES_CHANGED',
    message: `The topics or streams have other names than when the run began: ${runId}`,
    hint: 'Set the names of then in the settings of the pipeline, or start a new run.',
    field: 'runId',
  })

export const noRun = (runId: string) =>
  new AppError({
    code: 'NO_RUN',
    message: `There is no such run: ${runId}`,
    hint: 'Choose one of the history on the Emulation page.',
    field: 'runId',
  })

export const stillRunning = (runId: string) =>
  new AppError({
    code: 'RUN_NOT_OVER',
    message: `The run has not ended yet: ${runId}`,
    hint: 'Stop it, or wait for its end; then it can be read back.',
    field: 'runId',
  })

export function presetTaken(name: string): AppError {
  return new AppError({
    code: 'PRESET_TAKEN',
    message: `The app itself has a preset of this name: ${name}`,
    hint: 'Choose another name.',
    field: 'name',
  })
}
