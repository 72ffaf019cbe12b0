-- entry, token, article, original, keep (s) → {} when the entry is not ours, else {original}: the id of the article that
-- this one is a copy of from now on, as raw bytes, "" of none. It is never itself, a copy, or a removed article; an
-- article that has copies stays an original.
local entry, token, article, original, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if not ours(K .. 'entry:' .. entry, token) then return {} end
local before = copied_from(article)
if before == nil then return {''} end  -- its text is gone already: nothing to settle
if original ~= '' then
  local first = copied_from(original)
  if first and first ~= NOBODY then original = first end
  if original == article or redis.call('EXISTS', K .. 'copied:' .. article) == 1 then original = '' end
end
if original ~= '' and redis.call('HEXISTS', K .. 'removed', hex(original)) == 1 then original = '' end
if before ~= NOBODY and before ~= original then redis.call('SREM', K .. 'copied:' .. before, article) end
if original ~= '' then
  redis.call('SADD', K .. 'copied:' .. original, article)
  redis.call('EXPIRE', K .. 'copied:' .. original, keep)
end
redis.call('SETRANGE', K .. 'text:' .. article, 0, original ~= '' and original or NOBODY)
return {original}
