-- Requests for wrk: a list of targets, and a list of cookies where members are needed.
--   wrk … -s load.lua URL -- METHOD TARGETS [COOKIES [BODY]]
-- Each connection of a run takes the next target and the next cookie, each list beginning
-- anywhere, so that two runs do not repeat each other. KEY in the body is a new UUID each time.

local function lines(name)
  local found = {}
  for line in io.lines(name) do found[#found + 1] = line end
  return found
end

local method, targets, cookies, body
local at_target, at_cookie = 0, 0

function init(args)
  math.randomseed(os.time())
  method = args[1]
  targets = lines(args[2])
  at_target = math.random(#targets)
  if args[3] then
    cookies = lines(args[3])
    at_cookie = math.random(#cookies)
  end
  body = args[4] or ""
end

local function uuid()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

function request()
  at_target = at_target % #targets + 1
  local headers = { ["Accept-Encoding"] = "gzip", ["User-Agent"] = "wrk" }
  if not cookies then
    return wrk.format(method, targets[at_target], headers)
  end
  at_cookie = at_cookie % #cookies + 1
  local session, csrf = cookies[at_cookie]:match("^(%S+) (%S+)$")
  headers["Cookie"] = "sessionid=" .. session .. "; csrftoken=" .. csrf
  if method == "GET" then
    return wrk.format(method, targets[at_target], headers)
  end
  -- One address for each member, as behind a proxy.
  headers["X-Forwarded-For"] =
    string.format("10.%d.%d.%d", at_cookie / 65536 % 256, at_cookie / 256 % 256, at_cookie % 256)
  headers["X-CSRFToken"] = csrf
  headers["Referer"] = wrk.scheme .. "://" .. wrk.host .. ":" .. wrk.port .. "/papers"
  headers["HX-Request"] = "true"
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  return wrk.format(method, targets[at_target], headers, (string.gsub(body, "KEY", uuid)))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nRESULT %d %d %.1f %.1f %d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
