-- article, until when it is ours, letter id, record, cap → 1: no alert could look at it; the letter can be replayed.
if tonumber(redis.call('ZSCORE', K .. 'news', ARGV[1]) or '-1') ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', K .. 'news', ARGV[1])
redis.call('HDEL', K .. 'news_claims', ARGV[1])
lay(ARGV[3], tonumber(ARGV[5]), 'record', ARGV[4], 'kind', 'alert', 'data', ARGV[1])
return 1
