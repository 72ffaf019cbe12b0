-- article, until when it is ours, story, kept for (ms), kept at most, then for each alert that matches: name, seconds
-- between messages, match (JSON), count of its channels, and for each of them: channel, delivery id → matches not told
-- before. What was told of the story, the messages that tell it and the end of the look are one step. A repeated call
-- finds everything told.
local article, ours_until, story = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local keep, most, now, new, i = tonumber(ARGV[4]), tonumber(ARGV[5]), now_ms(), 0, 6
while i <= #ARGV do
  local name, every, match, channels = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], tonumber(ARGV[i + 3])
  local key = K .. 'told:' .. name
  if redis.call('HEXISTS', K .. 'alerts', name) == 1 then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now - keep))
    local known = redis.call('ZSCORE', key, article) or redis.call('ZSCORE', key, story)
    redis.call('ZADD', key, text(now), article, text(now), story)
    redis.call('ZREMRANGEBYRANK', key, 0, -most - 1)
    redis.call('PEXPIRE', key, text(keep))
    if not known then
      new = new + 1
      count('alerted')
      if every > 0 then
        redis.call('HSET', K .. 'digest:' .. name, article, match)
        local next = math.min(tonumber(redis.call('HGET', K .. 'digest_next', name) or '0'), now + every * 1000)
        redis.call('ZADD', K .. 'digests', 'NX', text(math.max(now, next)), name)
      else
        for c = 0, channels - 1 do
          post(ARGV[i + 5 + 2 * c], name, ARGV[i + 4 + 2 * c], '[' .. match .. ']')
        end
      end
    end
  end
  i = i + 4 + 2 * channels
end
if tonumber(redis.call('ZSCORE', K .. 'news', article) or '-1') == ours_until then
  redis.call('ZREM', K .. 'news', article)
  redis.call('HDEL', K .. 'news_claims', article)
end
return new
