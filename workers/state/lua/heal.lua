-- ids… → how many pending entries no dispatcher could see and are placed again; ids without an entry leave the list.
local healed, now = 0, now_ms()
for i = 1, #ARGV do
  local id = ARGV[i]
  local v = redis.call('HMGET', K .. 'entry:' .. id, 'stage', 'host')
  if not v[1] then
    redis.call('ZREM', K .. 'pending', id)
  else
    local set = v[1] == 'fetch' and ('frontier:' .. v[2]) or v[1]
    local lost = not redis.call('ZSCORE', K .. set, id)
    if v[1] == 'fetch' and not redis.call('ZSCORE', K .. 'hosts', v[2]) then lost = true end
    if lost then place(id, v[1], v[2], now); healed = healed + 1 end
  end
end
return healed
