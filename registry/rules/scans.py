"""Which files may be kept as pictures of papers: judged by their first bytes, never by a name."""

from accounts.rules.text import TextRefused

LARGEST_BYTES = 5 * 1024 * 1024
KINDS = (("pdf", b"%PDF-"), ("jpg", b"\xff\xd8\xff"), ("png", b"\x89PNG\r\n\x1a\n"))
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


class ScanRefused(TextRefused):
    """The file cannot be kept."""


def form_of(content: bytes) -> str:
    """pdf, jpg or png. Source: 本系统. Units: bytes, at most LARGEST_BYTES. Raises: ScanRefused."""
    if not content:
        raise ScanRefused("文件是空的。请重新选择。")
    if len(content) > LARGEST_BYTES:
        raise ScanRefused("文件超过 5 MB。请调低分辨率后再选，一页纸通常不到 1 MB。")
    found = next((form for form, head in KINDS if content.startswith(head)), "")
    if not found:
        raise ScanRefused("只收 PDF、JPEG 或 PNG 文件。请用扫描仪或手机拍照保存成这几种格式。")
    return found
