-- Appended to a table `requests`: sends them in turn, and says at the end what came of it.
local last = 0

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'SUMMARY {"requests":%d,"microseconds":%d,"bytes":%d,"p50":%g,"p99":%g,' ..
      '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
