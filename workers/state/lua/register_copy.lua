-- entry, token, article, ttl (s), cap, most, text, keys… → {} when the entry is not ours, else {known, id, text, id, text…}:
-- whether the article's text was known, then the `most` others that share most keys (two and more, or its only one).
-- Registering comes before looking, in one script: of two copies at work at once the second finds the first.
local entry, token, article, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local cap, most, record = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
if not ours(K .. 'entry:' .. entry, token) then return {} end
local known = copied_from(article)
redis.call('SET', K .. 'text:' .. article, (known or NOBODY) .. record, 'EX', ttl)
-- Keys live in sorted sets, one per half of the time to live and bucket: small ones are stored compactly and each ends
-- as a whole. One of its keys is lost to an article when two of them fall into one bucket.
local half, shared = math.ceil(ttl / 2), {}
local slot = math.floor(now_ms() / 1000 / half)
for i = 8, #ARGV do
  local key = tonumber(ARGV[i])
  local bucket = ':' .. text(key % 8192)
  for back = 0, 2 do
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', K .. 'texts:' .. text(slot - back) .. bucket, key, key)) do
      shared[id] = (shared[id] or 0) + 1
    end
  end
  local place = K .. 'texts:' .. text(slot) .. bucket
  if redis.call('ZCOUNT', place, key, key) < cap then redis.call('ZADD', place, key, article) end
  redis.call('EXPIRE', place, half + ttl)
end
shared[article] = nil
local found = {}
local few = #ARGV == 8 and 1 or 2  -- one in common by chance is frequent; a copy of half the text shares 8 of 16
for id, count in pairs(shared) do
  if count >= few then found[#found + 1] = {id, count} end
end
table.sort(found, function(a, b) return a[2] > b[2] or (a[2] == b[2] and a[1] < b[1]) end)
local out = {known and 1 or 0}
for i = 1, #found do
  if #out > 2 * most then break end
  local other = redis.call('GET', K .. 'text:' .. found[i][1])
  if other then out[#out + 1] = found[i][1]; out[#out + 1] = other end
end
return out
