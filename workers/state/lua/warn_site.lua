-- site, was, warning → 1 when `warning` ('': none) stands now in the place of `was`; the same one again: 0.
local site, was, warning = ARGV[1], ARGV[2], ARGV[3]
local key = K .. 'site_warnings'
local stands = redis.call('HGET', key, site) or ''
if stands ~= was or warning == was then return 0 end
if warning == '' then redis.call('HDEL', key, site) else redis.call('HSET', key, site, warning) end
return 1
