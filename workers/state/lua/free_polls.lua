-- feeds… → how many held a connection to their host, which is free again.
local freed = 0
for i = 1, #ARGV do
  local host = host_of_feed(ARGV[i])
  if host then freed = freed + redis.call('ZREM', K .. 'busy:' .. host, ARGV[i]) end
end
return freed
