-- id, token, document, article, listed → 1 when committed: the document waits for the index stage.
local id, token, document, article, listed = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local key = K .. 'entry:' .. id
if not ours(key, token) then return 0 end
local v = redis.call('HMGET', key, 'stage', 'host')
redis.call('HSET', key, 'article', article, 'listed', listed)
hand_over(id, 'document', document)
move(id, v[1], 'index', v[2], now_ms())
count('processed')
return 1
