-- stage, token, lease, max_claims, fresh_only, ids… → for each that is ours now:
-- {id, "claimed"|"poison"|"suspect", claims, failures, data, host, feeds, observed, relist, article, error, born, payload}
-- The attempt is counted here, before any work. A repeated call with the same token counts no second one.
local stage, token, lease = ARGV[1], ARGV[2], tonumber(ARGV[3])
local max_claims, fresh_only = tonumber(ARGV[4]), ARGV[5] == '1'
local payload = ({process = 'page:', index = 'document:'})[stage]
local now, out = now_ms(), {}
for i = 6, #ARGV do
  local id = ARGV[i]
  local key = K .. 'entry:' .. id
  local v = redis.call('HMGET', key, 'stage', 'token', 'lease', 'claims')
  local again = v[2] == token
  local free = again or not v[2] or over(v[3], now, lease)
  if v[1] == stage and free then
    local claims = tonumber(v[4])
    if fresh_only and claims > 0 and not again then
      out[#out + 1] = {id, 'suspect'}
    else
      local status = 'claimed'
      if claims >= max_claims and not again then
        status = 'poison'
      elseif not again then
        claims = redis.call('HINCRBY', key, 'claims', 1)
      end
      redis.call('HSET', key, 'token', token, 'lease', text(now + lease))
      redis.call('HDEL', key, 'wait')
      if stage == 'fetch' and not again then redis.call('HSET', key, 'observed', text(tick())) end
      place(id, stage, redis.call('HGET', key, 'host'), now + lease)
      local w = redis.call('HMGET', key, 'failures', 'data', 'host', 'feeds', 'observed', 'relist', 'article', 'error', 'born')
      local body = payload and redis.call('GET', K .. payload .. id) or ''
      out[#out + 1] = {id, status, text(claims), w[1] or '0', w[2], w[3] or '', w[4] or '', w[5] or '0', w[6] or '',
        w[7] or '', w[8] or '', w[9], body or ''}
    end
  end
end
return out
