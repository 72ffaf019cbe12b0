-- id, config, enabled, host, gap in ms → 1 when the feed is new. State and seen entries stay when the configuration changes.
-- What is usual is not written, since there may be 100,000 feeds: no `stage` is "poll", no `claims` 0, no `enabled` yes.
local id, config, enabled = ARGV[1], ARGV[2], ARGV[3] == '1'
local key = K .. 'feed:' .. id
local new = redis.call('SADD', K .. 'feeds', id)
if redis.call('HGET', key, 'host') ~= ARGV[4] then redis.call('HDEL', key, 'at') end  -- another address under the same id
redis.call('HSET', key, 'config', config, 'host', ARGV[4])
if enabled then redis.call('HDEL', key, 'enabled') else redis.call('HSET', key, 'enabled', '0') end
if ARGV[4] ~= '' then
  redis.call('HSET', K .. 'host:' .. ARGV[4], 'gap', ARGV[5])
  redis.call('EXPIRE', K .. 'host:' .. ARGV[4], 604800)
end
if not enabled then
  redis.call('ZREM', K .. 'due', id)
elseif not redis.call('HGET', key, 'stage') then
  redis.call('ZADD', K .. 'due', 'NX', text(now_ms()), id)
end
return new
