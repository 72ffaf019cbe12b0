-- id, record, cap: note a feed's poll as a dead letter. The feed itself stays and is polled again later.
lay(ARGV[1], tonumber(ARGV[3]), 'record', ARGV[2], 'kind', 'feed')
return 1
