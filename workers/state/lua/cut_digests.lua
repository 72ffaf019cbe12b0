-- matches in a message at most, alerts at most, then name, seconds between messages, channels ("webhook,mail") of each
-- alert → messages made. What an alert has gathered becomes one message on each of its channels.
local most, limit, made, now = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, now_ms()
local every, channels = {}, {}
for i = 3, #ARGV, 3 do
  every[ARGV[i]] = tonumber(ARGV[i + 1])
  channels[ARGV[i]] = ARGV[i + 2]
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', K .. 'digests', '-inf', text(now), 'LIMIT', 0, limit)) do
  local key, fields, matches = K .. 'digest:' .. name, {}, {}
  for i, value in ipairs(redis.call('HGETALL', key)) do
    if #matches == most then break end
    if i % 2 == 1 then fields[#fields + 1] = value else matches[#matches + 1] = value end
  end
  if #matches > 0 and every[name] then
    local batch = text(tick())
    for channel in each(channels[name]) do
      post(redis.sha1hex(name .. '\0' .. channel .. '\0' .. batch), name, channel, '[' .. table.concat(matches, ',') .. ']')
      made = made + 1
    end
    for i = 1, #matches do redis.call('HDEL', key, fields[i]) end
    redis.call('HSET', K .. 'digest_next', name, text(now + every[name] * 1000))
  end
  if redis.call('EXISTS', key) == 0 or not every[name] then redis.call('ZREM', K .. 'digests', name) end
end
return made
