/** The same DAG in the generation of Airflow before. */
import { airflowCases } from '../parts/airflowCases.ts'
import { airflowRuns } from '../parts/airflowRuns.ts'

airflowCases(2, '2.10.5')
airflowRuns(2, '2.10.5')
