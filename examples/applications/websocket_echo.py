import asyncio
import signal
import sys

from websockets import connect, serve


async def echo(socket):
    async for message in socket:
        try:
            async with asyncio.timeout(5):
                await socket.send(
                    f"Echo: {message}"
                )
        except TimeoutError:
            socket.transport.abort()


async def client(url, name, pause):
    async with connect(url) as socket:
        for word in ("hello", "bye"):
            await asyncio.sleep(pause)
            await socket.send(
                f"{word} from {name}"
            )
            print(await socket.recv())


async def main():
    address = sys.argv[1:] or ["127.0.0.1:0"]
    host, port = address[0].split(":")
    async with serve(
        echo, host, int(port), max_size=1024
    ) as server:
        socket = server.sockets[0]
        host, port = socket.getsockname()
        url = f"ws://{host}:{port}"
        if sys.argv[1:]:
            print(url)
            stop = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(
                signal.SIGINT, stop.set
            )
            await stop.wait()
        else:
            await asyncio.gather(
                client(url, "Ann", 0.6),
                client(url, "Bob", 0.9),
                client(url, "Cyd", 1.5),
            )
    print("Server stopped")


asyncio.run(main())
