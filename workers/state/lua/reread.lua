-- article, before, after, …: where the acknowledged text is still the one with the hash `before`, it reads as `after` now.
-- Returns how many.
local done = 0
for i = 1, #ARGV, 3 do
  local key = K .. 'article:' .. ARGV[i]
  if redis.call('HGET', key, 'hash') == ARGV[i + 1] then
    redis.call('HSET', key, 'hash', ARGV[i + 2])
    done = done + 1
  end
end
return done
