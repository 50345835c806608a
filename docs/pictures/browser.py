"""A headless Chromium that photographs pages at any width, spoken to over its own pipe."""

import base64
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",  # root in a container has none; only our own pages are shown
    "--hide-scrollbars",
    "--disable-gpu",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # a picture shows what needs no network
    "--remote-debugging-pipe",
)


class Browser:
    """One Chromium with one page; ended by the pid that was started here."""

    def __init__(self, folder: Path) -> None:
        program = next((found for found in map(shutil.which, _NAMES) if found), None)
        if program is None:
            raise SystemExit("Error: Chromium is not installed. Hint: apt-get install chromium")
        told, self._to = os.pipe()
        self._from, said = os.pipe()
        command = [program, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        self._process = subprocess.Popen(  # noqa: S603 - found above
            command,
            pass_fds=(3, 4),
            preexec_fn=lambda: _as_3_and_4(told, said),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(told)
        os.close(said)
        self._number = 0
        self._read = b""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        os.close(self._to)
        os.close(self._from)

    def photograph(self, html: str, width: int, target: Path, *, is_cropped: bool = False) -> None:
        """The whole page at this width as a PNG, or cropped to its body; SystemExit when it is wider."""
        self._page(
            "Emulation.setDeviceMetricsOverride", width=width, height=1, deviceScaleFactor=1, mobile=True
        )
        frame = self._page("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._page("Page.setDocumentContent", frameId=frame, html=html)
        wide, high = (
            int(self._value(f"document.documentElement.scroll{side}")) for side in ("Width", "Height")
        )
        if wide > width:
            raise SystemExit(f"Error: {target.name}: the page is {wide} pixels wide, not {width}.")
        if is_cropped:
            width = int(self._value("document.body.offsetWidth"))
        clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
        shot = self._page("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        target.write_bytes(base64.b64decode(shot["data"]))

    def _value(self, expression: str) -> Any:
        return self._page("Runtime.evaluate", expression=expression)["result"]["value"]

    def _page(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._call(method, self._session, **parameters)

    def _call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """One command of the DevTools protocol: JSON ended by NUL, its answer found by number."""
        self._number += 1
        asked: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            asked["sessionId"] = session
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            answer = json.loads(self._message())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise SystemExit(f"Error: Chromium refuses {method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _message(self) -> bytes:
        while b"\0" not in self._read:
            more = os.read(self._from, 65536)
            if not more:
                raise SystemExit("Error: Chromium ended by itself.")
            self._read += more
        message, _, self._read = self._read.partition(b"\0")
        return message


def _as_3_and_4(told: int, said: int) -> None:
    """In the child: where Chromium reads and writes, whatever numbers the pipes have."""
    told, said = (fcntl.fcntl(end, fcntl.F_DUPFD, 5) for end in (told, said))
    os.dup2(told, 3)
    os.dup2(said, 4)
