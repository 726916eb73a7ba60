"""A browser without a window, driven by the DevTools protocol through its pipe (--remote-debugging-pipe): messages are JSON
with a zero byte after each. It takes mouse, keys and touches as from a user."""

import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import time


def found():
    """The program, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    def __init__(self, width=1280, height=1000, touch=False):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (from_here, self.to), (self.back, to_here) = self.pipe(), self.pipe()

        def in_place():  # the browser reads from 3 and writes to 4
            os.dup2(from_here, 3)
            os.dup2(to_here, 4)

        command = [found(), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
                   f"--user-data-dir={self.profile.name}", "about:blank"]
        self.process = subprocess.Popen(command, preexec_fn=in_place, close_fds=False, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(from_here)
        os.close(to_here)
        self.received, self.count, self.session, self.errors = b"", 0, None, []
        pages = [one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        self.session = self.call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        self.call("Runtime.enable")
        self.call("Page.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=touch)
        if touch:
            self.call("Emulation.setTouchEmulationEnabled", enabled=True)

    @staticmethod
    def pipe():
        """Both ends, away from 3 and 4."""
        ends = os.pipe()
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
        for end in ends:
            os.close(end)
        return moved

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.back)
        self.profile.cleanup()

    def message(self):
        while b"\0" not in self.received:
            more = os.read(self.back, 1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.received += more
        message, self.received = self.received.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("method") == "Runtime.exceptionThrown":
                self.errors.append(answer["params"]["exceptionDetails"])
            if answer.get("id") == self.count:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, file, ready):
        """Until an expression is true, for a minute at most."""
        self.call("Page.navigate", url=file.as_uri())
        for _ in range(600):
            if self.value(f"document.readyState == 'complete' && !!({ready})"):
                return
            time.sleep(0.1)
        raise TimeoutError(ready)

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def mouse(self, kind, place, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], **more)

    def click(self, place):
        self.drag(place)

    def drag(self, start, *ways):
        """Down, along the ways, and up."""
        self.mouse("mousePressed", start, button="left", buttons=1, clickCount=1)
        for way in ways:
            self.mouse("mouseMoved", way, button="left", buttons=1)
        self.mouse("mouseReleased", (ways or [start])[-1], button="left", clickCount=1)

    def tap(self, place):
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": place[0], "y": place[1]}])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def key(self, name, shift=False):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, code=name, modifiers=8 if shift else 0)
