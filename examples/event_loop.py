import time
from collections import deque
from heapq import heappop, heappush
from itertools import count
from types import coroutine


@coroutine
def sleep(seconds):
    yield time.monotonic() + seconds


class EventLoop:
    def __init__(self):
        self.ready = deque()
        self.timers = []
        self.order = count()

    def spawn(self, task):
        self.ready.append(task)

    def run(self):
        while self.ready or self.timers:
            if self.ready:
                self.step(self.ready.popleft())
            else:
                self.wake_next_sleeper()

    def step(self, task):
        try:
            due = task.send(None)
        except StopIteration:
            return
        timer = (due, next(self.order), task)
        heappush(self.timers, timer)

    def wake_next_sleeper(self):
        due, _, task = heappop(self.timers)
        wait = due - time.monotonic()
        time.sleep(max(wait, 0))
        self.ready.append(task)


async def task1():
    print("Task 1 started")
    await sleep(1)
    print("Task 1 finished")


async def task2():
    print("Task 2 started")
    await sleep(2)
    print("Task 2 finished")


event_loop = EventLoop()
event_loop.spawn(task1())
event_loop.spawn(task2())
event_loop.run()
