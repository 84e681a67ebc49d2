/** The API that the panel and the plan ask, of both generations of a whole real Airflow. */
import { airflowApiCases } from '../parts/airflowApiCases.ts'

airflowApiCases(3, '3.3.2')
airflowApiCases(2, '2.10.5')
