-- near → {active, waiting, soonest, leased}: entries that can go on within `near` ms, entries that wait longer, when the
-- first of those is due (0: none), entries being worked on. Looks at the oldest 20,000.
local near, active, waiting, soonest, leased, now = tonumber(ARGV[1]), 0, 0, 0, 0, now_ms()
for _, id in ipairs(redis.call('ZRANGE', K .. 'pending', 0, 19999)) do
  local v = redis.call('HMGET', K .. 'entry:' .. id, 'wait', 'stage', 'host', 'token', 'lease')
  local wait = tonumber(v[1] or '0')
  if v[4] and tonumber(v[5] or '0') > now then
    leased = leased + 1
  elseif v[2] == 'fetch' then  -- a host that pushed back holds up its other entries too
    wait = math.max(wait, tonumber(redis.call('HGET', K .. 'host:' .. v[3], 'next') or '0'))
  end
  if wait > now + near then
    waiting = waiting + 1
    if soonest == 0 or wait < soonest then soonest = wait end
  else
    active = active + 1
  end
end
return {active, waiting, text(soonest), leased}
