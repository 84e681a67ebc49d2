/** Everything a person can do, in one list: the four doors (desktop, web, terminal, tests) all open onto this. */
import { airflowContract } from './contract/airflow.ts'
import { analysisContract } from './contract/analysis.ts'
import { answersContract } from './contract/answers.ts'
import { appContract } from './contract/app.ts'
import { awsContract } from './contract/aws.ts'
import { clusterContract } from './contract/cluster.ts'
import { consumersContract } from './contract/consumers.ts'
import { databricksContract } from './contract/databricks.ts'
import { doctorContract } from './contract/doctor.ts'
import { emulationContract } from './contract/emulation.ts'
import { groupsContract } from './contract/groups.ts'
import { hostsContract } from './contract/hosts.ts'
import { incidentsContract } from './contract/incidents.ts'
import { localContract, overviewContract } from './contract/local.ts'
import { machinesContract } from './contract/machines.ts'
import { mskContract } from './contract/msk.ts'
import { notebooksContract } from './contract/notebooks.ts'
import { planContract } from './contract/plan.ts'
import { searchContract } from './contract/search.ts'
import { secretsContract } from './contract/secrets.ts'
import { servicesContract } from './contract/services.ts'
import { pipelinesContract, settingsContract } from './contract/settings.ts'
import { streamOpsContract } from './contract/streamOps.ts'
import { streamsContract } from './contract/streams.ts'
import { topicOpsContract } from './contract/topicOps.ts'
import { topicsContract } from './contract/topics.ts'
import { traceContract } from './contract/trace.ts'
import { transferContract } from './contract/transfer.ts'

export const contract = {
  app: appContract,
  settings: settingsContract,
  pipelines: pipelinesContract,
  plan: planContract,
  local: localContract,
  overview: overviewContract,
  topics: topicsContract,
  topicOps: topicOpsContract,
  cluster: clusterContract,
  search: searchContract,
  transfer: transferContract,
  analysis: analysisContract,
  secrets: secretsContract,
  groups: groupsContract,
  streams: streamsContract,
  streamOps: streamOpsContract,
  consumers: consumersContract,
  emulation: emulationContract,
  trace: traceContract,
  incidents: incidentsContract,
  aws: awsContract,
  machines: machinesContract,
  msk: mskContract,
  hosts: hostsContract,
  services: servicesContract,
  doctor: doctorContract,
  notebooks: notebooksContract,
  airflow: airflowContract,
  answers: answersContract,
  databricks: databricksContract,
}

export type Contract = typeof contract
