-- limit, lease, most waiting deliveries → {id, until when it is ours, claims}…: articles that saved searches have not
-- looked at, oldest first. None while so many deliveries wait: ids wait more cheaply.
local limit, lease, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now, out = now_ms(), {}
if redis.call('ZCARD', K .. 'deliver') >= room then return out end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', K .. 'news', '-inf', text(now), 'LIMIT', 0, limit)) do
  redis.call('ZADD', K .. 'news', text(now + lease), id)
  out[#out + 1] = {id, text(now + lease), text(redis.call('HINCRBY', K .. 'news_claims', id, 1))}
end
return out
