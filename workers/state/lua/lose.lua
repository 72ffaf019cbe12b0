-- articles… → how many of them are fetched again now. What the store was to hold of them is not there: Redis forgets that it
-- was acknowledged, so that the next observation is written, and has a page that is still watched looked at now.
local again = 0
for _, article in ipairs(ARGV) do
  local key = K .. 'article:' .. article
  local watch = redis.call('HGET', key, 'watch')
  redis.call('HDEL', key, 'hash', 'version', 'observed', 'stored', 'gone')
  if watch and redis.call('ZADD', K .. 'refetch', 'XX', 'CH', text(now_ms()), watch) == 1 then again = again + 1 end
end
return again
