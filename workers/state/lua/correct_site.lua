-- site, noted, figures → 1 when `figures` stand in the place of `noted` (0: it is forgotten already).
local key = K .. 'site:' .. ARGV[1]
local at = redis.call('LPOS', key, ARGV[2])
if not at then return 0 end
redis.call('LSET', key, at, ARGV[3])
return 1
