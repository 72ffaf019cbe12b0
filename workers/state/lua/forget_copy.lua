-- article, heir, keep (s) → the id, as raw bytes, of the article that the copies of `article` are copies of now ("" when
-- it had none): `heir`, else one of them. Nothing is left of the article's own text.
local article, heir, keep = ARGV[1], ARGV[2], tonumber(ARGV[3])
local before = copied_from(article)
if before and before ~= NOBODY then redis.call('SREM', K .. 'copied:' .. before, article) end
local copies = redis.call('SMEMBERS', K .. 'copied:' .. article)
table.sort(copies)
if heir == '' then heir = copies[1] or '' end
for _, copy in ipairs(copies) do
  if copied_from(copy) == article then
    redis.call('SETRANGE', K .. 'text:' .. copy, 0, copy == heir and NOBODY or heir)
  end
  if copy ~= heir then
    redis.call('SADD', K .. 'copied:' .. heir, copy)
    redis.call('EXPIRE', K .. 'copied:' .. heir, keep)
  end
end
redis.call('DEL', K .. 'text:' .. article, K .. 'copied:' .. article)
return heir
