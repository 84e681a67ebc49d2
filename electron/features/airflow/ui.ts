/** Airflow's own pages in the system browser: the way in is made here and never reaches the page. */
import { AppError } from '../../../shared/errors.ts'
import { type MwaaEnvironment, webLogin } from '../../clients/aws/mwaa.ts'
import type { AwsAccess } from '../../clients/aws/types.ts'
import type { Platform } from '../../platform.ts'

export interface AirflowUiDeps {
  readonly platform: Pick<Platform, 'door' | 'openPage'>
}

/** Names that MWAA gives its web servers, of before and of now. */
const ownHost = /^[\w.-]+\.airflow\.(?:amazonaws\.com(?:\.cn)?|[a-z0-9-]+\.on\.aws)$/

/** Answers the address without the way in: whoever opens it by hand signs in through the console of AWS. */
export const airflowUi =
  ({ platform }: AirflowUiDeps) =>
  async (access: AwsAccess, { name, airflow, webserver }: MwaaEnvironment, dagId: string) => {
    if (!ownHost.test(webserver)) throw noPage()
    const url = `https://${webserver}/dags/${encodeURIComponent(dagId)}`
    // Only the window opens a browser; no way in is made for the others.
    if (platform.door !== 'desktop') return { opened: false, url }
    const { host, token } = await webLogin(access, name)
    if (!ownHost.test(host)) return { opened: false, url }
    const plugin = airflow.startsWith('2.') ? '' : '/pluginsv2'
    const opened = await platform.openPage(
      'airflow',
      `https://${host}${plugin}/aws_mwaa/aws-console-sso?login=true#${token}`,
    )
    return { opened, url }
  }

const noPage = () =>
  new AppError({
    code: 'AIRFLOW_NO_PAGE',
    message: 'MWAA names no page of its own for this environment.',
    hint: 'Open it in the console of MWAA: Open Airflow UI.',
  })
