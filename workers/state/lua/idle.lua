-- limit → {active, waiting, soonest}: entries that can go on now, entries that wait for a later try, when the first of
-- them is due (0: none). Counting ends once `limit` active ones are found.
local limit, active, waiting, soonest, now = tonumber(ARGV[1]), 0, 0, 0, now_ms()
for _, id in ipairs(redis.call('ZRANGE', K .. 'pending', 0, -1)) do
  local wait = tonumber(redis.call('HGET', K .. 'entry:' .. id, 'wait') or '0')
  if wait > now then
    waiting = waiting + 1
    if soonest == 0 or wait < soonest then soonest = wait end
  else
    active = active + 1
    if active >= limit then break end
  end
end
return {active, waiting, text(soonest)}
