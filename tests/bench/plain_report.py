"""A document as WeasyPrint alone makes it: `python -m tests.bench.plain_report`, JSON {html, css} in, PDF out."""

import json
import sys


def main() -> None:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    order = json.loads(sys.stdin.buffer.read())
    config = FontConfiguration()
    sheet = CSS(string=order["css"], font_config=config)
    sys.stdout.buffer.write(HTML(string=order["html"]).write_pdf(stylesheets=[sheet], font_config=config))


if __name__ == "__main__":
    main()
