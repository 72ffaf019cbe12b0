-- feeds… → how many held a connection to their host, which is free again.
local freed = 0
for i = 1, #ARGV do
  local host = redis.call('HGET', K .. 'feed:' .. ARGV[i], 'host')
  if host then freed = freed + redis.call('ZREM', K .. 'busy:' .. host, ARGV[i]) end
end
return freed
