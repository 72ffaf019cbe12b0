-- host, window in s → {hosts asked in this window, those whose last answer was none}: this one's was none ("": not noted).
return reach(ARGV[1], true, tonumber(ARGV[2]))
