-- host, window in s → {hosts asked in this window, those whose last answer was none}: this one's was none.
return reach(ARGV[1], true, tonumber(ARGV[2]))
