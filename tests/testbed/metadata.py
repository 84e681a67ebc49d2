"""The instance metadata service of one host, version 2 only: a token first, then the identity of its instance profile.
usage: metadata.py FILE   FILE is read anew each time: {"role", "AccessKeyId", "SecretAccessKey", "Token", "Expiration"}"""
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROOT = "/latest/meta-data/iam/security-credentials/"
TOKEN = "token-of-this-host"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def answer(self, code, text=""):
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        wanted = self.path == "/latest/api/token" and self.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
        self.answer(200, TOKEN) if wanted else self.answer(400)

    def do_GET(self):
        if self.headers.get("X-aws-ec2-metadata-token") != TOKEN:
            return self.answer(401)
        with open(sys.argv[1]) as f:
            identity = json.load(f)
        role = identity.pop("role")
        if self.path.rstrip("/") == ROOT.rstrip("/"):
            return self.answer(200, role)
        if self.path == ROOT + role:
            return self.answer(200, json.dumps({"Code": "Success", "Type": "AWS-HMAC", **identity}))
        self.answer(404)


ThreadingHTTPServer.daemon_threads = True
ThreadingHTTPServer(("169.254.169.254", 80), Handler).serve_forever()
