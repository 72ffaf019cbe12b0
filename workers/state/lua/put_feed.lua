-- id, config, enabled, host, gap in ms → 1 when the feed is new. State and seen entries stay when the configuration changes.
local id, config, enabled = ARGV[1], ARGV[2], ARGV[3] == '1'
local key = K .. 'feed:' .. id
local new = redis.call('SADD', K .. 'feeds', id)
redis.call('HSET', key, 'config', config, 'enabled', ARGV[3], 'host', ARGV[4])
if ARGV[4] ~= '' then
  redis.call('HSET', K .. 'host:' .. ARGV[4], 'gap', ARGV[5])
  redis.call('EXPIRE', K .. 'host:' .. ARGV[4], 604800)
end
redis.call('HSETNX', key, 'stage', 'poll')
redis.call('HSETNX', key, 'claims', '0')
if not enabled then
  redis.call('ZREM', K .. 'due', id)
elseif redis.call('HGET', key, 'stage') == 'poll' then
  redis.call('ZADD', K .. 'due', 'NX', text(now_ms()), id)
end
return new
