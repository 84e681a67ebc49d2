/** The contract's branch `doctor`: the way to a pipeline that runs elsewhere, looked at link by link. */
import { AppError } from '../../shared/errors.ts'
import type { Pipelines } from './deps.ts'
import { type DoctorDeps, examine } from './doctor/doctor.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'

export function doctorFeature(deps: DoctorDeps & { readonly pipelines: Pipelines }) {
  const { doctor } = api
  return doctor.router({
    run: doctor.run.handler(async function* ({ input, signal = neverAborted }) {
      const pipeline = deps.pipelines.get(input.pipeline)
      if (pipeline.settings.kind === 'local') throw notHere(pipeline.settings.name)
      yield* told(examine(pipeline, deps, signal), signal)
    }),
  })
}

function notHere(name: string): AppError {
  return new AppError({
    code: 'DOCTOR_NOT_HERE',
    message: `This pipeline runs on this computer: there is no way to look at: ${name}`,
    hint: 'Its parts and their states are on the page Set-up, or in the terminal: pipeline local status.',
  })
}
