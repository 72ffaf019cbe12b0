-- stage, token, lease, max_claims, fresh_only, ids… → for each that is ours now:
-- {id, "claimed"|"poison"|"suspect", claims, failures, data, host, feeds, observed, relist, article, error, born, at, payload,
-- refetch, since, retell, further}
-- The attempt is counted here, before any work. A repeated call with the same token counts no second one.
local stage, token, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local max_claims, fresh_only = tonumber(ARGV[4]), ARGV[5] == '1'
local payload = ({fetch = 'page:', process = 'page:', index = 'document:'})[stage]
local now, out = now_ms(), {}
for i = 6, #ARGV do
  local id = ARGV[i]
  local key = K .. 'entry:' .. id
  local v = redis.call('HMGET', key, 'stage', 'token', 'lease', 'claims', 'wait', 'further')
  local again = v[2] == token
  local free = again or not v[2] or over(v[3], now, lease)
  local due = again or tonumber(v[5] or '0') <= now + 1000  -- an old copy of a message must not end a retry's wait
  if v[1] == stage and free and due then
    local claims = tonumber(v[4])
    if fresh_only and claims > 0 and not again then
      out[#out + 1] = {id, 'suspect'}
    else
      if not again then claims = redis.call('HINCRBY', key, 'claims', 1) end
      local status = claims > max_claims and 'poison' or 'claimed'
      redis.call('HSET', key, 'token', token, 'lease', text(now + lease))
      redis.call('HDEL', key, 'wait')
      if stage == 'fetch' and not again and not v[6] then redis.call('HSET', key, 'observed', text(tick()), 'at', text(now)) end
      place(id, stage, redis.call('HGET', key, 'host'), now + lease)
      local w = redis.call('HMGET', key, 'failures', 'data', 'host', 'feeds', 'observed', 'relist', 'article', 'error', 'born', 'at',
        'refetch', 'since', 'retell')
      if w[6] and w[6] ~= '' then w[4] = union(w[4], redis.call('HGET', K .. 'article:' .. w[6], 'feeds')) end
      local body = payload and redis.call('GET', K .. payload .. id) or ''
      out[#out + 1] = {id, status, text(claims), w[1] or '0', w[2], w[3] or '', w[4] or '', w[5] or '0', w[6] or '',
        w[7] or '', w[8] or '', w[9], w[10] or '0', body or '', w[11] or '', w[12] or '0', w[13] or '', v[6] or ''}
    end
  end
end
return out
