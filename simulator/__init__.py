"""A pretend WeCom over HTTP, for development, demonstrations, tests and benchmarks.

with RunningSimulator(clock=lambda: now) as simulator:   # .url for WECOM_API_URL, .world, .refuse(), .listen()
    world = simulator.world                              # world.corp.corp_id, world.app.secret/.token/.aes_key
    world.directory.add_member("lisi", "李四", departments=[1])
    world.connect(deliver, inline=True)                  # deliver(query, body) -> status, or a callback URL
    sent = world.people.say("lisi", "KR1 35")            # a Delivery: .accepted, .statuses, .replies, .post
    world.inbox("lisi")[-1].text                         # Posts seen now: .kind .content .replaced .id .peer
    world.people.press("lisi", world.inbox("lisi")[-1], "submit", {"kr_17": ["p80"]})
    who = world.customers.add("陈女士").external_userid   # and world.kf.add("居民服务", "wkRES", servicers=("lisi",))
    world.people.kf_say(who, "wkRES", "上报")             # kf_enter, kf_send_media, kf_press, kf_take, kf_end, …
    world.people.make_group("lisi", "居民群")             # scan_join_code, leave_group, confirm_mass_message, …
    world.messages.accepted, world.dropped, world.messages.suppressed, world.messages.cut
    world.duplicates = True                              # every callback twice; pusher.duplicate_rate, .seed(n)
    world.faults.add("errcode", path="message/send", errcode=-1, times=3)   # .mix(0.03, seed=1), .clear()
    world.tokens.invalidate()                            # .expire(), .ttl = 60
    world.settle()                                       # deliver what API calls caused, or wait for the rest
    world.log.calls["message/send"], world.log.errcodes["message/send", 0], world.pusher.given_up

The platform's rules hold here too: the 31st message in a minute to one member is silently dropped, the 6th answer to
one word of a customer refused. A test whose clock stands still moves it between many messages to one person.
"""

from simulator.corp import App, Corp
from simulator.delivery import Delivery
from simulator.errors import ApiError
from simulator.post import Post
from simulator.server import RunningSimulator, create_app
from simulator.world import World

__all__ = ["ApiError", "App", "Corp", "Delivery", "Post", "RunningSimulator", "World", "create_app"]
