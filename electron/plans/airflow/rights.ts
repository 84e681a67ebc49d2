/** The step that asks IAM beforehand whether this identity may do what the others need (decision 12: only a denial blocks). */
import { dagFileOf } from '../../../shared/airflow.ts'
import { getEnvironment } from '../../clients/aws/mwaa.ts'
import { notNeeded } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type RightsWanted, rightsOf } from '../rights.ts'
import type { AirflowDeps } from './deps.ts'

export function rightsStep(deps: AirflowDeps): Step {
  return {
    id: 'rights',
    title: 'Rights in AWS',
    async check() {
      const { airflow, userId } = deps.wanted()
      const { environment: name } = airflow
      if (name === '') return notNeeded('no environment is chosen yet')
      const caller = await deps.caller()
      const { access, arn } = caller
      const [, partition = 'aws', , , account = ''] = arn.split(':')
      const environment = await getEnvironment(access, name).catch(() => null)
      const bucket = airflow.bucket || environment?.bucket || ''
      const folder = airflow.folder || environment?.folder || 'dags'
      const wanted: RightsWanted[] = [
        {
          actions: ['airflow:GetEnvironment', 'airflow:UpdateEnvironment'],
          resource: `arn:${partition}:airflow:${access.region}:${account}:environment/${name}`,
        },
      ]
      if (bucket !== '')
        wanted.push(
          {
            actions: [
              's3:ListBucket',
              's3:GetBucketVersioning',
              's3:GetBucketPublicAccessBlock',
              's3:ListBucketVersions',
            ],
            resource: `arn:${partition}:s3:::${bucket}`,
          },
          {
            actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject', 's3:DeleteObjectVersion'],
            resource: `arn:${partition}:s3:::${bucket}/${folder}/${dagFileOf(userId)}`,
          },
        )
      // Which role in Airflow it has, only Airflow tells: airflow:InvokeRestApi is for each of five.
      return rightsOf(caller, ...wanted)
    },
    // Rights are given by people.
    apply: async () => {},
  }
}
