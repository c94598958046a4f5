"""One instance of a function in Python, served as the Runtime Interface Emulator of AWS does; its port goes into PORT_FILE."""

import importlib
import json
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
module, name = os.environ["SERVED_HANDLER"].rsplit(".", 1)


def invoke(event):
    try:
        handler = getattr(importlib.import_module(module), name)
        context = SimpleNamespace(
            aws_request_id="0",
            log_stream_name=os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME", ""),
            log_group_name=os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME", ""),
            get_remaining_time_in_millis=lambda: 900_000,
        )
        return handler(event, context)
    except Exception as error:
        traceback.print_exc()
        return {"errorType": type(error).__name__, "errorMessage": str(error)}


class Invocations(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = json.dumps(invoke(json.loads(body))).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


server = HTTPServer(("127.0.0.1", 0), Invocations)
port_file = os.environ["PORT_FILE"]
# Whoever waits for the file finds it whole.
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
