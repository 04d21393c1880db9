"""JSON bodies as the API takes them."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class TextJson(JSONParser):
    """Refuses what the plain parser lets through and nothing can answer: half a surrogate pair, endless nesting."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type=media_type, parser_context=parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError):
            raise ParseError from None
        return data
