-- host, down ("1"|"0"), window in s → {hosts asked in this window and the one before, those whose last answer was none}.
local host, down, window = ARGV[1], ARGV[2] == '1', tonumber(ARGV[3])
local now = math.floor(now_ms() / 1000 / window)
local all, lost = K .. 'reach:' .. now, K .. 'unreached:' .. now
redis.call('SADD', all, host)
if down then redis.call('SADD', lost, host) else redis.call('SREM', lost, host) end
redis.call('EXPIRE', all, window * 2)
redis.call('EXPIRE', lost, window * 2)
local hosts, unreached = redis.call('SCARD', all), redis.call('SCARD', lost)
if hosts < 8 then  -- a window that has just begun: look at the one before, too
  hosts = hosts + redis.call('SCARD', K .. 'reach:' .. (now - 1))
  unreached = unreached + redis.call('SCARD', K .. 'unreached:' .. (now - 1))
end
return {hosts, unreached}
