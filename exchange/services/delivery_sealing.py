"""What is written goes through the recipient's key into a file that only the recipient opens; nothing is kept in clear."""

import os
from collections.abc import Callable
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

import pyrage

IN_MEMORY = 1024 * 1024


def encrypted(public_key: str, write: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """`write` fills a pipe; the other end encrypts into an anonymous file as it comes. Units: the file stands at 0.

    Raises: whatever `write` raises; EncryptError.
    """
    out = TemporaryFile()  # noqa: SIM115 - handed to the caller, who closes it
    read_end, write_end = os.pipe()
    source, sink = os.fdopen(read_end, "rb"), os.fdopen(write_end, "wb", IN_MEMORY)
    broke: list[BaseException] = []

    def seal() -> None:
        with source:
            try:
                pyrage.encrypt_io(source, out, [pyrage.x25519.Recipient.from_str(public_key)])
            except BaseException as error:
                broke.append(error)

    cipher = Thread(target=seal, name="age")
    cipher.start()
    try:
        try:
            with sink:
                write(sink)
        except BrokenPipeError:
            pass  # the cipher has died: its own error says why
        finally:
            cipher.join()
        if broke:
            raise broke[0]
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out
