-- article, record, addresses…: leave a tombstone that ingestion honours for ever.
redis.call('HSET', K .. 'removed', ARGV[1], ARGV[2])
redis.call('DEL', K .. 'article:' .. ARGV[1])
for i = 3, #ARGV do
  local key = K .. 'address:' .. ARGV[i]
  redis.call('SET', key, ARGV[1])
  redis.call('PERSIST', key)
  forget_refetch(ARGV[i])
end
return 1
