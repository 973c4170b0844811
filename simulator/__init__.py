"""A pretend WeCom over HTTP, for development, demonstrations, tests and benchmarks.

with RunningSimulator(clock=lambda: now) as simulator:   # .url for WECOM_API_URL, .world, .refuse(), .listen()
    world = simulator.world                              # world.corp.corp_id, world.app.secret/.token/.aes_key
    world.directory.add_member("lisi", "李四", departments=[1])
    world.connect(deliver, inline=True)                  # deliver(query, body) -> status, or a callback URL
    sent = world.people.say("lisi", "KR1 35")            # a Delivery: .accepted, .statuses, .post
    world.inbox("lisi")[-1].text                         # Posts seen now: .kind .content .replaced .id .peer
    world.people.press("lisi", world.inbox("lisi")[-1], "submit", {"kr_17": ["p80"]})
    world.messages.accepted, world.dropped, world.messages.suppressed, world.messages.cut
    world.duplicates = True                              # every callback twice; pusher.duplicate_rate, .seed(n)
    world.faults.add("errcode", path="message/send", errcode=-1, times=3); world.faults.mix(0.03, seed=1)
    world.faults.clear(); world.tokens.invalidate(); world.tokens.expire(); world.tokens.ttl = 60
    world.settle()                                       # wait until no callback is on its way
    world.log.calls["message/send"], world.log.errcodes["message/send", 0], world.pusher.given_up
"""

from simulator.corp import App, Corp
from simulator.delivery import Delivery
from simulator.errors import ApiError
from simulator.post import Post
from simulator.server import RunningSimulator, create_app
from simulator.world import World

__all__ = ["ApiError", "App", "Corp", "Delivery", "Post", "RunningSimulator", "World", "create_app"]
