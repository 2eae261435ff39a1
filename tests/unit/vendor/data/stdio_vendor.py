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
  heard       answers with the methods it was sent so far
  subscribed  says the given notification on every subscription and answers
  unsubscribe ends every subscription: with its result, or by "how": "cancelled"
Arguments of the command: "late N" waits N seconds first, "crash N" ends at once with that status, "stubborn" ignores
the end of its input and SIGTERM, "noise" prints a greeting, "mute" never answers. It is of the legacy era unless
"modern" stands there; "fragile" ends at a request before initialize, "reserved" does not answer one; "slow-discover N"
answers server/discover N seconds late.
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
heard = []
subscriptions = []
options = sys.argv[1:]
MODERN = "2026-07-28"


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
    elif name == "heard":
        text(id_, " ".join(heard))
    elif name == "subscribed":
        for subscription in subscriptions:
            meta = {"io.modelcontextprotocol/subscriptionId": subscription}
            send({"method": arguments["method"], "params": {"_meta": meta}})
        text(id_, "said")
    elif name == "unsubscribe":
        while subscriptions:
            ended = subscriptions.pop()
            if arguments.get("how") == "cancelled":
                send({"method": "notifications/cancelled", "params": {"requestId": ended}})
            else:
                send({"id": ended, "result": {"resultType": "complete"}})
        text(id_, "ended")


def fail(id_, code, words, **data):
    send({"id": id_, "error": {"code": code, "message": words, **({"data": data} if data else {})}})


def handle(message):
    method, id_ = message.get("method"), message.get("id")
    heard.append(method or "response")
    if method is None and id_ in waiting:
        text(waiting.pop(id_), json.dumps(message.get("result", message.get("error"))))
    elif method is not None and id_ is not None:
        (handle_modern if "modern" in options else handle_legacy)(method, id_, message.get("params", {}))
    elif method == "notifications/cancelled" and message["params"]["requestId"] in subscriptions:
        subscriptions.remove(message["params"]["requestId"])


def handle_legacy(method, id_, params):
    if method == "initialize":
        send({"id": id_, "result": {"protocolVersion": params["protocolVersion"],
                                    "capabilities": {"tools": {}}, "serverInfo": {"name": "stdio", "version": "1"}}})
    elif "initialize" not in heard and "fragile" in options:
        os._exit(9)
    elif "initialize" not in heard and "reserved" in options:
        return
    elif method == "tools/list":
        send({"id": id_, "result": {"tools": []}})
    elif method == "tools/call":
        call(id_, params)
    elif method == "ping":
        send({"id": id_, "result": {}})
    else:
        fail(id_, -32601, "Method not found")


def handle_modern(method, id_, params):
    if params.get("_meta", {}).get("io.modelcontextprotocol/protocolVersion") != MODERN:
        fail(id_, -32022, "Unsupported protocol version", supported=[MODERN])
    elif method == "server/discover":
        wait = float(options[options.index("slow-discover") + 1]) if "slow-discover" in options else 0
        result = {"supportedVersions": [MODERN], "capabilities": {"tools": {"listChanged": True}}}
        threading.Timer(wait, send, ({"id": id_, "result": result},)).start()
    elif method == "tools/list":
        send({"id": id_, "result": {"tools": []}})
    elif method == "tools/call":
        call(id_, params)
    elif method == "subscriptions/listen":
        meta = {"io.modelcontextprotocol/subscriptionId": id_}
        send({"method": "notifications/subscriptions/acknowledged", "params": {"_meta": meta}})
        subscriptions.append(id_)
    else:
        fail(id_, -32601, "Method not found")


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
