"""The newsroom: local news sites with own-written articles, for the demo, the tests and the bench.

Newsroom(sites, articles, feeds)  what is told: stories, sites, feeds, and the truth about them
NewsroomServer(newsroom)          serves it over HTTP on this machine, with faults on demand
Fault                             one thing that goes wrong, for a path or an article
"""

from workers.newsroom.faults import Fault, Faults
from workers.newsroom.newsroom import Newsroom
from workers.newsroom.server import NewsroomServer
from workers.newsroom.stories import ExpectedArticle, Story

__all__ = ["ExpectedArticle", "Fault", "Faults", "Newsroom", "NewsroomServer", "Story"]
