-- site → 1 when something was remembered of it.
local site = ARGV[1]
local found = redis.call('DEL', K .. 'site:' .. site) + redis.call('HDEL', K .. 'site_warnings', site)
  + redis.call('ZREM', K .. 'sites', site)
return found > 0 and 1 or 0
