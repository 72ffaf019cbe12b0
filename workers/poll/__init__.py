"""Poll: a feed's bytes, its state and the time in; new entries, the next state and the next due time out.

    parse_feed      bytes → ParsedFeed, or Permanent
    decide_poll     ParsedFeed, or what went wrong → PollDecision
    request_headers Feed, FeedState → the headers of a conditional request
    load_feeds      TOML or OPML file → Feeds

Import them from their modules: `poll.parse`, `poll.decide`, `poll.schedule`, `poll.feedlist`.
"""
