"""What the course's script sends, with its own headers and bodies: three POSTs and three PUTs for one post."""
import json
import sys
from datetime import datetime

try:
    import requests

    def request(method, url, headers, data):
        response = requests.request(method, url, headers=headers, data=data)
        return {"status": response.status_code, "body": response.json()}

except ImportError:
    import urllib.error
    import urllib.request

    def request(method, url, headers, data):
        """The same headers as requests sends."""
        headers = {"User-Agent": "python-requests/2.32", "Accept": "*/*", "Accept-Encoding": "gzip", **headers}
        call = urllib.request.Request(url, data=data.encode(), headers=headers, method=method)
        try:
            with urllib.request.urlopen(call) as response:
                return {"status": response.status, "body": json.load(response)}
        except urllib.error.HTTPError as error:
            return {"status": error.code, "body": json.load(error)}


invoke_url, user_id = sys.argv[1], sys.argv[2]

pin = {
    "index": 7528, "unique_id": "fbe53c66-3442-4773-b19e-d3ec6f54dddf", "title": "No Title Data Available",
    "description": "No description available Story format", "poster_name": "User Info Error",
    "follower_count": "User Info Error", "tag_list": "N,o, ,T,a,g,s, ,A,v,a,i,l,a,b,l,e",
    "is_image_or_video": "multi-video(story page format)", "image_src": "Image src error.", "downloaded": 0,
    "save_location": "Local save in /data/mens-fashion", "category": "mens-fashion",
}
geo = {
    "ind": 7528, "timestamp": datetime(2020, 8, 28, 3, 52, 47), "latitude": -89.9787, "longitude": -173.293,
    "country": "Albania",
}
user = {
    "ind": 7528, "first_name": "Abigaïl", "last_name": "Ali", "age": 20,
    "date_joined": datetime(2015, 10, 24, 11, 23, 51),
}

answers = []
for kind, row in (("pin", pin), ("geo", geo), ("user", user)):
    payload = json.dumps({"records": [{"value": row}]}, default=str)
    headers = {"Content-Type": "application/vnd.kafka.json.v2+json"}
    answers.append(request("POST", f"{invoke_url}/topics/{user_id}.{kind}", headers=headers, data=payload))

    name = f"streaming-{user_id}-{kind}"
    payload = json.dumps({"StreamName": name, "Data": row, "PartitionKey": "partition-1"}, default=str)
    headers = {"Content-Type": "application/json"}
    answers.append(request("PUT", f"{invoke_url}/streams/{name}/record", headers=headers, data=payload))

print(json.dumps(answers))
