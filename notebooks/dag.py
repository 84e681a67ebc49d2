"""The daily run of the batch notebook: an Airflow DAG, its settings filled in by Pipeline Control.

Airflow reads this file again and again to learn what is to be run, and when: it only describes, and does no work itself. It is
written for Airflow 2.10 and newer, and for Airflow 3. No token stands here: the connection holds it, inside Airflow.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.databricks.operators.databricks import DatabricksRunNowOperator, DatabricksSubmitRunOperator

try:
    from airflow.sdk import DAG  # Airflow 3
except ImportError:
    from airflow import DAG  # Airflow 2

# --- Settings ---------------------------------------------------------------------------------------------------------

# Its file is named after it: <DAG_ID>.py, in the folder of the DAGs.
DAG_ID = "learner_dag"
# When it runs, in UTC: a preset such as "@daily", five fields of cron such as "0 6 * * *", or None for by hand only.
SCHEDULE = "@daily"
# A fixed day in the past. With now() each reading of this file would move it on, and the DAG would never run.
START_DATE = datetime(2026, 1, 1, tzinfo=timezone.utc)
# After a failure it is tried again so many times, two minutes later.
RETRIES = 2
# A run that hangs is ended. A cluster that was off takes 3 to 7 minutes to start: leave it that.
TIMEOUT = timedelta(minutes=120)
# The connection in Airflow that holds the workspace's address and its token.
CONNECTION_ID = "databricks_default"
# A job of Databricks, by its number; None runs the notebook below by itself.
JOB_ID = None
NOTEBOOK_PATH = "/Shared/pipeline-control/learner/batch"
# What the notebook's widgets are set to.
PARAMETERS = {"user_id": "learner"}
# A cluster by its id, such as "0123-456789-abcdefgh", never by its name; None is serverless.
CLUSTER_ID = None

# --- The DAG ----------------------------------------------------------------------------------------------------------

with DAG(
    dag_id=DAG_ID,
    description="Cleans the lake and answers the eight questions, in Databricks",
    schedule=SCHEDULE,
    start_date=START_DATE,
    # Days that have gone by are not made up for.
    catchup=False,
    # A run that is late does not meet the next one.
    max_active_runs=1,
    dagrun_timeout=TIMEOUT,
    default_args={"owner": "pipeline-control", "retries": RETRIES, "retry_delay": timedelta(minutes=2)},
    tags=["pipeline-control"],
):
    # One task, which waits until the run in Databricks is over. Where that fails, the notebook's error stands in this task's
    # log, with the address of the run's page.
    if JOB_ID is not None:
        DatabricksRunNowOperator(task_id="run_job", databricks_conn_id=CONNECTION_ID, job_id=JOB_ID)
    else:
        cluster = {} if CLUSTER_ID is None else {"existing_cluster_id": CLUSTER_ID}
        notebook = {"notebook_path": NOTEBOOK_PATH, "base_parameters": PARAMETERS}
        DatabricksSubmitRunOperator(
            task_id="run_notebook",
            databricks_conn_id=CONNECTION_ID,
            tasks=[{"task_key": "batch", "notebook_task": notebook, **cluster}],
        )
