"""Attachments encoded for mail once per file version, and kept as long as there is room."""

from collections import OrderedDict
from functools import partial
from threading import Lock

from sequencer.core.body import WHOLE_LINES, EncodedAttachment, encode_pieces
from sequencer.core.outbox import Attachment
from sequencer.files.assets import Assets, MissingAsset

_CACHED_BYTES = 64 * 1024 * 1024


class EncodedFiles:
    """Encoded attachments by content and name, the least used given up first. Threads may share it."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._kept: OrderedDict[tuple[str, str], EncodedAttachment] = OrderedDict()
        self._lock = Lock()
        self._bytes = 0

    def get(self, attachment: Attachment) -> EncodedAttachment:
        """The attachment ready to be spliced in; MissingAsset when the file changed under our hands."""
        key = (attachment.sha256, attachment.name)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        try:
            with self._assets.path(attachment.path).open("rb") as file:
                pieces = iter(partial(file.read, WHOLE_LINES), b"")
                encoded = encode_pieces(attachment.name, attachment.media_type, pieces)
        except OSError as error:
            raise MissingAsset(str(error.strerror), where=f"assets/{attachment.path}") from None
        if encoded.sha256 != attachment.sha256:
            raise MissingAsset("the file changed while it was read", where=f"assets/{attachment.path}")
        with self._lock:
            self._bytes += encoded.size - (self._kept[key].size if key in self._kept else 0)
            self._kept[key] = encoded
            while self._bytes > _CACHED_BYTES and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].size
        return encoded
