-- id, record: note a feed's poll as a dead letter. The feed itself stays and is polled again later.
redis.call('HSET', K .. 'dead:' .. ARGV[1], 'record', ARGV[2], 'kind', 'feed')
redis.call('ZADD', K .. 'dead', text(now_ms()), ARGV[1])
count('dead')
redis.call('INCR', K .. 'dead_changes')
return 1
