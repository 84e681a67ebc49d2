"""The course's loop as it is, its sleeps and its database left out: one requests.post a record. Prints records a second."""
import json
import sys
import time

import requests

invoke_url, topic, count, rows_file = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]

with open(rows_file, encoding="utf-8") as file:
    rows = json.load(file)

began = time.perf_counter()
for nth in range(count):
    payload = json.dumps({"records": [{"value": rows[nth % len(rows)]}]}, default=str)
    headers = {"Content-Type": "application/vnd.kafka.json.v2+json"}
    response = requests.request("POST", f"{invoke_url}/topics/{topic}", headers=headers, data=payload)
    if response.status_code != 200:
        sys.exit(f"{response.status_code}: {response.text}")
print(count / (time.perf_counter() - began))
