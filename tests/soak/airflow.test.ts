/** The same DAG in the generation of Airflow before. */
import { airflowCases } from '../parts/airflowCases.ts'

airflowCases(2, '2.10.5')
