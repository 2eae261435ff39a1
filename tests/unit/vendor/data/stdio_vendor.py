"""An MCP server over stdio for tests, driven by tool names:
  echo        answers with the text of its arguments
  pid         answers with its process id
  environ     answers with the names of its environment variables and the value of TOKEN
  progress    sends progress for its token, then answers
  slow        answers after the given seconds, others go on meanwhile
  exit        ends with the given status
  huge        answers with a line of the given size
  garbage     writes lines that are no messages, then answers
  ask         sends a request of its own and answers with what it is answered
  say         sends the given notification and answers
  deaf        stops reading
  child       starts a process that lives on and keeps the pipes open, answers with its id
Arguments of the command: "late N" waits N seconds first, "crash N" ends at once with that status, "stubborn" ignores
the end of its input and SIGTERM, "noise" prints a greeting, "mute" never answers.
"""
import json
import os
import signal
import subprocess
import sys
import threading
import time

lock = threading.Lock()


def send(message):
    with lock:
        sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        sys.stdout.flush()


def text(id_, words):
    send({"id": id_, "result": {"content": [{"type": "text", "text": str(words)}]}})


waiting = {}


def call(id_, params):
    name, arguments = params["name"], params.get("arguments", {})
    if name == "echo":
        text(id_, arguments.get("text"))
    elif name == "pid":
        text(id_, os.getpid())
    elif name == "environ":
        text(id_, ",".join(sorted(os.environ)) + " " + os.environ.get("TOKEN", ""))
    elif name == "progress":
        token = params["_meta"]["progressToken"]
        send({"method": "notifications/progress", "params": {"progressToken": token, "progress": 1}})
        text(id_, "after progress")
    elif name == "slow":
        threading.Timer(arguments["seconds"], text, (id_, "slow")).start()
    elif name == "exit":
        os._exit(arguments["status"])
    elif name == "huge":
        text(id_, "x" * arguments["size"])
    elif name == "garbage":
        sys.stdout.write("this is not JSON\n{\"nor\": \"a message\"}\n\n[]\n")
        text(id_, "after garbage")
    elif name == "ask":
        waiting["q1"] = id_
        send({"id": "q1", "method": arguments.get("method", "roots/list"), "params": {}})
    elif name == "say":
        send({"method": arguments["method"]})
        text(id_, "said")
    elif name == "deaf":
        text(id_, "deaf from now on")
        time.sleep(3600)
    elif name == "child":
        text(id_, subprocess.Popen(["sleep", "3600"]).pid)


def handle(message):
    method, id_ = message.get("method"), message.get("id")
    if method == "initialize":
        send({"id": id_, "result": {"protocolVersion": message["params"]["protocolVersion"],
                                    "capabilities": {"tools": {}}, "serverInfo": {"name": "stdio", "version": "1"}}})
    elif method == "tools/list":
        send({"id": id_, "result": {"tools": []}})
    elif method == "tools/call":
        call(id_, message["params"])
    elif method is None and id_ in waiting:
        text(waiting.pop(id_), json.dumps(message.get("result", message.get("error"))))
    elif method is not None and id_ is not None:
        send({"id": id_, "result": {}})


options = sys.argv[1:]
if "stubborn" in options:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "late" in options:
    time.sleep(float(options[options.index("late") + 1]))
if "crash" in options:
    sys.exit(int(options[options.index("crash") + 1]))
if "noise" in options:
    print("Welcome to the server!", flush=True)
    print("a secret: " + os.environ.get("TOKEN", ""), file=sys.stderr, flush=True)
for line in sys.stdin:
    if "mute" not in options:
        handle(json.loads(line))
while "stubborn" in options:
    time.sleep(1)
