"""The picture other sites show where somebody shares an article: title, kind and agency on the portal's own ground."""

import io
from functools import lru_cache
from pathlib import Path

import resvg_py
from django.conf import settings
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
MARGIN = 80
RED, WHITE, GOLD, PALE = "#8e1b20", "#ffffff", "#c9972b", "#f3e3dc"
MOST_LINES = 4
# What the Vietnamese part of the font holds; the rest stands in the Latin part (static/css/tokens.css says the same).
VIETNAMESE = {
    *range(0x102, 0x104), *range(0x110, 0x112), *range(0x128, 0x12A), *range(0x168, 0x16A), *range(0x1A0, 0x1A2),
    *range(0x1AF, 0x1B1), *range(0x1EA0, 0x1EFA), 0x20AB,
}  # fmt: skip


@lru_cache(maxsize=16)
def _font(part: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    name = f"be-vietnam-pro-{part}-{weight}-normal.woff2"
    return ImageFont.truetype(str(Path(settings.BASE_DIR) / "static" / "fonts" / name), size)


@lru_cache(maxsize=1)
def _mark() -> Pillow.Image:
    path = Path(settings.BASE_DIR) / "static" / "img" / "mark.svg"
    drawn = resvg_py.svg_to_bytes(svg_path=str(path), width=112, height=112)
    return Pillow.open(io.BytesIO(bytes(drawn))).convert("RGBA")


def _runs(text: str) -> list[tuple[str, str]]:
    """The text in stretches of one part of the font: (part, letters)."""
    found: list[tuple[str, str]] = []
    for letter in text:
        part = "vietnamese" if ord(letter) in VIETNAMESE else "latin"
        if found and found[-1][0] == part:
            found[-1] = (part, found[-1][1] + letter)
        else:
            found.append((part, letter))
    return found


def _width(text: str, weight: int, size: int) -> float:
    return sum(_font(part, weight, size).getlength(letters) for part, letters in _runs(text))


def _draw(canvas, at: tuple[float, float], text: str, *, weight: int, size: int, fill: str) -> None:
    x, y = at
    for part, letters in _runs(text):
        font = _font(part, weight, size)
        canvas.text((x, y), letters, font=font, fill=fill, anchor="ls")
        x += font.getlength(letters)


def _wrapped(text: str, size: int) -> list[str]:
    """Lines that fit; a word wider than the picture is broken, what does not fit ends in dots."""
    room, lines = WIDTH - 2 * MARGIN, [""]
    for word in text.split():
        while _width(word, 700, size) > room:
            cut = next(n for n in range(len(word), 0, -1) if _width(word[:n], 700, size) <= room)
            lines.append(word[:cut])
            word = word[cut:]
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, 700, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    lines = [line for line in lines if line]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1].rsplit(" ", 1)[0] + "…"]
    return lines


def draw(*, title: str, kind: str, agency: str) -> bytes:
    """A PNG of 1200 × 630 points, as OpenGraph wants it."""
    picture = Pillow.new("RGB", (WIDTH, HEIGHT), RED)
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, HEIGHT - 132, WIDTH, HEIGHT), fill=WHITE)
    canvas.rectangle((0, HEIGHT - 138, WIDTH, HEIGHT - 132), fill=GOLD)
    _draw(canvas, (MARGIN, 104), kind, weight=700, size=32, fill=PALE)
    size = 64 if len(title) < 70 else 52
    lines = _wrapped(title[:300], size)
    top = 132 + (HEIGHT - 138 - 132 - len(lines) * size * 1.25) / 2
    for number, line in enumerate(lines):
        _draw(canvas, (MARGIN, top + size + number * size * 1.25), line, weight=700, size=size, fill=WHITE)
    mark = _mark()
    picture.paste(mark, (MARGIN - 8, HEIGHT - 122), mark)
    _draw(canvas, (MARGIN + 128, HEIGHT - 74), settings.PORTAL_NAME[:60], weight=700, size=30, fill=RED)
    _draw(canvas, (MARGIN + 128, HEIGHT - 34), agency[:60], weight=400, size=26, fill="#3a332e")
    buffer = io.BytesIO()
    picture.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
