"""Draws the flat vector pictures of the demonstration articles, the same picture again for the same scene and seed."""

import colorsys
import math
import re
from collections.abc import Callable
from random import Random

import resvg_py

W, H = 1600, 900  # every scene is composed on this canvas

PAPER, SAND, STONE, WHITE = "#f6f2ea", "#eadfca", "#d8d2c6", "#fffdf9"
RED, RED_DARK, RED_SOFT = "#8f1d21", "#6d1518", "#bb5e55"
TEAL, TEAL_DARK, TEAL_SOFT, MIST = "#0b6b74", "#084d54", "#75aeb0", "#d3e3e1"
GOLD, INK, GREY = "#c8a14b", "#2f3c41", "#9aa19e"
GREEN, GREEN_DARK, GREEN_SOFT = "#7ba471", "#477a61", "#b3c99a"
SKINS, HAIRS = ("#e9bd98", "#dba880", "#f0c9a8"), ("#33272a", "#40302b", "#4d4a4a")
SKIES = (("#cfe2e3", "#f8f3e8"), ("#f4d9c2", "#fdf5e6"), ("#dbe8ea", "#fbefdc"), ("#efd2c8", "#fbf0df"))

Point = tuple[float, float]


# Shapes


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0, more: str = "") -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{r}" fill="{fill}" {more}/>'


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" {more}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{fill}" {more}/>'


def shape(d: str, fill: str, more: str = "") -> str:
    return f'<path d="{d}" fill="{fill}" {more}/>'


def stroke(d: str, colour: str, width: float, more: str = "") -> str:
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round" {more}/>'


def polygon(points: list[Point], fill: str, more: str = "") -> str:
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="{fill}" {more}/>'


def place(drawing: str, x: float, y: float, scale: float = 1, turn: float = 0) -> str:
    return f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f}) scale({scale:.3f})">{drawing}</g>'


def mirror(rng: Random, drawing: str) -> str:
    return f'<g transform="translate({W} 0) scale(-1 1)">{drawing}</g>' if rng.random() < 0.5 else drawing


def clear(opacity: float) -> str:
    return f'opacity="{opacity}"'


# Things that several scenes share


def sky(rng: Random) -> str:
    top, low = rng.choice(SKIES)
    stops = f'<stop offset="0" stop-color="{top}"/><stop offset="0.75" stop-color="{low}"/>'
    gradient = f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient></defs>'
    return gradient + rect(0, 0, W, H, "url(#sky)")


def sun(x: float, y: float, r: float) -> str:
    rings = "".join(circle(x, y, r * size, "#f0b96a", clear(0.13)) for size in (2.3, 1.7, 1.3))
    return rings + circle(x, y, r, "#e9a552")


def cloud(x: float, y: float, scale: float) -> str:
    puffs = (
        rect(-150, 0, 300, 44, WHITE, 22)
        + rect(-90, -32, 150, 60, WHITE, 30)
        + rect(-10, -16, 120, 50, WHITE, 25)
    )
    return place(f"<g {clear(0.85)}>{puffs}</g>", x, y, scale)


def clouds(rng: Random, count: int = 3, low: float = 260) -> str:
    step = W / count
    return "".join(
        cloud(step * (i + rng.uniform(0.2, 0.8)), rng.uniform(80, low), rng.uniform(0.5, 0.95))
        for i in range(count)
    )


def ridge(rng: Random, y: float, swing: float, fill: str, steps: int = 6, floor: float = H) -> str:
    """A soft range of hills from edge to edge, filled down to the floor."""
    xs = [i * W / steps for i in range(-1, steps + 2)]
    points = [
        (x, y - swing * (rng.uniform(0.45, 1) if i % 2 else rng.uniform(0, 0.4))) for i, x in enumerate(xs)
    ]
    return shape(f"M{-W} {floor} L{smooth(points)} L{2 * W} {floor}Z", fill)


def smooth(points: list[Point]) -> str:
    """A curve through the middles between the points."""
    first, *rest = points
    d = f"{first[0]:.1f} {first[1]:.1f}"
    for (x, y), (next_x, next_y) in zip(rest, rest[1:] + rest[-1:], strict=True):
        d += f" Q{x:.1f} {y:.1f} {(x + next_x) / 2:.1f} {(y + next_y) / 2:.1f}"
    return d


def peaks(rng: Random, y: float, height: float, fill: str, shade: str, count: int = 4) -> str:
    """A mountain range with one lit and one shaded side."""
    drawing = ""
    for i in range(count):
        x = W * (i + rng.uniform(0.25, 0.75)) / count
        top, half = y - height * rng.uniform(0.6, 1), W / count * rng.uniform(0.75, 1)
        drawing += polygon([(x - half, y), (x, top), (x + half, y)], fill)
        drawing += polygon(
            [(x, top), (x + half, y), (x + half * 0.15, y), (x - half * 0.12, y - (y - top) * 0.45)], shade
        )
    return drawing


def wave(rng: Random, y: float, fill: str, length: float = 150, height: float = 12) -> str:
    x = -rng.uniform(0, length)
    d = f"M{x:.1f} {y}"
    while x < W:
        d += f" q{length / 4:.1f} {-height} {length / 2:.1f} 0 t{length / 2:.1f} 0"
        x += length
    return shape(f"{d} V{H} H0Z", fill)


def tree(x: float, y: float, scale: float, fill: str = GREEN_DARK) -> str:
    trunk = rect(-7, -70, 14, 72, "#7a5c48", 4)
    crown = ellipse(0, -120, 62, 74, fill) + ellipse(18, -112, 40, 58, "#ffffff", clear(0.1))
    return place(trunk + crown, x, y, scale)


def palm(x: float, y: float, scale: float) -> str:
    trunk = shape("M-8 0 Q6 -120 16 -230 L28 -230 Q20 -120 10 0Z", "#8a6b52")
    leaf = "M0 0 Q60 -52 134 -4 Q66 -24 0 0Z"
    leaves = "".join(
        f'<g transform="translate(22 -230) rotate({turn})">{shape(leaf, GREEN_DARK if turn % 2 else GREEN)}</g>'
        for turn in (-5, 34, -42, 145, 184, 221, -93)
    )
    return place(trunk + leaves, x, y, scale)


def plant(x: float, y: float, scale: float = 1) -> str:
    leaf = "M0 0 Q-46 -70 0 -150 Q46 -70 0 0Z"
    leaves = "".join(
        f'<g transform="rotate({turn})">{shape(leaf, fill)}</g>'
        for turn, fill in ((-48, GREEN), (46, GREEN), (-22, GREEN_DARK), (24, GREEN_DARK), (0, GREEN))
    )
    pot = shape("M-52 -10 H52 L38 80 H-38Z", RED_SOFT) + rect(-58, -18, 116, 24, RED, 6)
    return place(leaves + pot, x, y, scale)


def person(rng: Random, x: float, y: float, scale: float = 1, shirt: str = TEAL) -> str:
    """Head and shoulders, seen from the front, without features."""
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    back = rect(-40, -84, 80, 100, hair, 34) if rng.random() < 0.5 else ""
    body = shape("M-84 150 Q-86 26 -28 8 H28 Q86 26 84 150Z", shirt)
    neck = rect(-15, -26, 30, 46, skin, 12) + shape("M-28 8 L0 46 L28 8 L15 2 L0 20 L-15 2Z", WHITE)
    head = ellipse(0, -54, 33, 40, skin) + shape(
        "M-37 -50 Q-44 -104 2 -102 Q44 -102 37 -50 Q32 -78 4 -76 Q-26 -78 -37 -50Z", hair
    )
    return place(back + body + neck + head, x, y, scale)


def sheet(width: float, height: float, lines: int, seal: bool = False) -> str:
    """A written page around the origin, its writing shown as bars."""
    left, top = -width / 2, -height / 2
    page = rect(left + 8, top + 10, width, height, INK, 8, clear(0.08)) + rect(
        left, top, width, height, WHITE, 8
    )
    page += rect(left + width * 0.3, top + height * 0.08, width * 0.4, 12, RED, 6)
    step = height * 0.72 / max(lines, 1)
    for i in range(lines):
        long = 0.8 if i % 4 != 3 else 0.5
        page += rect(left + width * 0.1, top + height * 0.2 + i * step, width * long, 9, STONE, 4.5)
    if seal:
        page += circle(
            width * 0.24,
            height * 0.3,
            width * 0.13,
            "none",
            f'stroke="{RED}" stroke-width="6" opacity="0.85"',
        )
        page += circle(width * 0.24, height * 0.3, width * 0.08, RED, clear(0.8))
    return page


def tick(x: float, y: float, r: float, fill: str = TEAL) -> str:
    mark = f"M{x - r * 0.42:.1f} {y + r * 0.02:.1f} L{x - r * 0.1:.1f} {y + r * 0.34:.1f} L{x + r * 0.44:.1f} {y - r * 0.3:.1f}"
    return circle(x, y, r, fill) + stroke(mark, WHITE, r * 0.2)


def room(rng: Random, floor: float = 700) -> str:
    wall = rng.choice((PAPER, "#eef1ec", "#f4ede2"))
    return rect(0, 0, W, H, wall) + rect(0, floor, W, H - floor, SAND) + rect(0, floor, W, 8, STONE)


def ground(rng: Random) -> str:
    """A quiet backdrop of paper with large soft discs."""
    base = rect(0, 0, W, H, rng.choice((PAPER, "#f1f1ea", "#f7efe3")))
    for fill in (MIST, SAND, "#f0ddd2"):
        base += circle(rng.uniform(0, W), rng.uniform(0, H), rng.uniform(200, 340), fill, clear(0.55))
    return base


def house(x: float, y: float, w: float, h: float, wall: str, roof: str) -> str:
    """A building standing on the line y, with rows of windows."""
    drawing = rect(x, y - h, w, h, wall) + polygon(
        [(x - 14, y - h), (x + w / 2, y - h - w * 0.28), (x + w + 14, y - h)], roof
    )
    columns, rows = max(2, int(w // 52)), max(1, int((h - 60) // 58))
    gap = w / columns
    for i in range(columns):
        for j in range(rows):
            drawing += rect(x + gap * (i + 0.5) - 12, y - h + 26 + j * 58, 24, 32, WHITE, 3, clear(0.8))
    return drawing + rect(x + w / 2 - 16, y - 46, 32, 46, INK, 3, clear(0.6))


def office(x: float, y: float, scale: float = 1) -> str:
    """The public building: steps, columns, a red roof and a flag pole."""
    drawing = (
        rect(-210, -20, 420, 20, STONE) + rect(-190, -38, 380, 18, SAND) + rect(-180, -200, 360, 162, WHITE)
    )
    drawing += rect(-36, -130, 72, 92, TEAL_DARK, 6) + rect(-196, -216, 392, 20, STONE)
    for column in (-160, -105, 80, 135):
        drawing += rect(column, -196, 24, 158, SAND) + rect(column - 5, -196, 34, 10, GOLD)
    drawing += polygon([(-210, -216), (0, -310), (210, -216)], RED) + circle(0, -250, 20, GOLD)
    drawing += rect(-3, -400, 6, 92, GREY) + shape("M3 -398 q34 -14 68 0 v46 q-34 -14 -68 0Z", RED_SOFT)
    return place(drawing, x, y, scale)


# Landscapes


def boat(x: float, y: float, scale: float, hull: str) -> str:
    body = shape("M-150 -14 Q-30 20 100 -8 Q140 -22 172 -58 Q164 20 116 52 H-112 Q-142 30 -150 -14Z", hull)
    stripe = stroke("M-146 4 Q-30 38 102 10 Q142 -4 166 -34", GOLD, 6)
    cabin = (
        rect(-96, -84, 96, 88, WHITE, 4)
        + rect(-108, -98, 120, 18, RED, 6)
        + rect(-82, -64, 26, 26, TEAL_SOFT, 3)
        + rect(-42, -64, 26, 26, TEAL_SOFT, 3)
    )
    mast = stroke("M40 4 V-190 M40 -170 L150 -50 M40 -170 L-60 -98", INK, 5) + shape(
        "M42 -190 l54 16 l-54 18Z", RED_SOFT
    )
    return place(body + stripe + cabin + mast, x, y, scale)


def bien(rng: Random) -> str:
    horizon = rng.uniform(400, 450)
    x = rng.uniform(950, 1250)
    drawing = sky(rng) + sun(x, horizon - rng.uniform(60, 130), rng.uniform(66, 84)) + clouds(rng)
    drawing += shape(
        f"M0 {horizon + 2} V{horizon - 120} Q180 {horizon - 190} 330 {horizon - 70} T640 {horizon + 2}Z",
        TEAL_SOFT,
        clear(0.75),
    )
    drawing += rect(0, horizon, W, H, "#8fc0c0")
    for i in range(7):
        long = 230 - i * 24
        drawing += rect(
            x - long / 2 + rng.uniform(-30, 30), horizon + 14 + i * 26, long, 6, "#fbe6bf", 3, clear(0.7)
        )
    drawing += boat(rng.uniform(650, 760), horizon + 62, 0.42, RED_SOFT) + wave(rng, horizon + 95, "#5b9fa3")
    drawing += boat(rng.uniform(330, 470), horizon + 150, 0.72, TEAL_DARK) + wave(
        rng, horizon + 190, "#2f858b", 190, 15
    )
    drawing += boat(rng.uniform(1000, 1180), horizon + 255, 1.05, RED) + wave(
        rng, horizon + 305, TEAL, 230, 18
    )
    drawing += shape(f"M0 {H} V815 Q400 775 800 838 T{W} 852 V{H}Z", "#d9ecea") + shape(
        f"M0 {H} V832 Q400 792 800 855 T{W} 868 V{H}Z", SAND
    )
    return mirror(rng, drawing)


def column(x: float, y: float, r: float, top: str, light: str, dark: str) -> str:
    """One basalt column: a hexagonal face and two sides that go down out of sight."""
    corners = [
        (x + r * math.cos(math.radians(a)), y + r * 0.5 * math.sin(math.radians(a)))
        for a in range(0, 360, 60)
    ]
    (rx, ry), (rbx, rby), (lbx, lby), (lx, ly) = corners[:4]
    deep = 420
    side = polygon([(lx, ly), (lbx, lby), (lbx, lby + deep), (lx, ly + deep)], light)
    front = polygon([(lbx, lby), (rbx, rby), (rbx, rby + deep), (lbx, lby + deep)], "#565e60")
    far = polygon([(rbx, rby), (rx, ry), (rx, ry + deep), (rbx, rby + deep)], dark)
    return side + front + far + polygon(corners, top, 'stroke="#3b4447" stroke-width="3"')


def ganh_da_dia(rng: Random) -> str:
    horizon = 330
    drawing = sky(rng) + sun(rng.uniform(300, 560), rng.uniform(130, 200), 58) + clouds(rng, 3, 200)
    drawing += ridge(rng, horizon + 4, 70, TEAL_SOFT, 4, horizon + 6) + rect(0, horizon, W, H, "#7fb7b8")
    for i, fill in enumerate(("#66a8ab", "#43929a", "#23808a", TEAL)):
        drawing += wave(rng, horizon + 60 + i * 105, fill, 170 + i * 30, 12 + i * 3)
    for _ in range(9):
        x, y = rng.uniform(20, 620), rng.uniform(470, 860)
        drawing += stroke(f"M{x:.0f} {y:.0f} q26 -12 52 0 t52 0", WHITE, 5, clear(0.65))
    radius = 62
    for row in range(11):
        for place_in_row in range(20):
            x = place_in_row * radius * 3 + (row % 2) * radius * 1.5 - radius
            shore = 690 - row * 62 + rng.uniform(-70, 70)
            if x < shore:
                continue
            climb = min(310, (x - shore) * 0.34) * (1 - row * 0.035)
            y = 470 + row * 54 - climb + rng.uniform(-24, 24)
            top = rng.choice(("#8d9594", "#838b8b", "#989d98", "#a3a297", "#8b8f88"))
            drawing += column(x, y, radius, top, "#6d7677", "#3f484b")
    return mirror(rng, drawing)


def tower(x: float, y: float, scale: float) -> str:
    """A Cham tower: a brick body with a pointed doorway and three shrinking storeys."""
    drawing = rect(-130, -26, 260, 26, "#8c5a49") + rect(-118, -50, 236, 26, "#a2674f")
    bottom, width = -50, 200.0
    for storey, height in enumerate((230, 96, 78, 60)):
        top = bottom - height
        drawing += rect(-width / 2, top, width, height, "#b9775a") + rect(
            width * 0.18, top, width * 0.32, height, "#a2674f"
        )
        for pilaster in (-0.5, -0.27, 0.17, 0.4):
            drawing += rect(
                width * pilaster, top, width * 0.1, height, "#c98a69" if pilaster < 0 else "#935a46"
            )
        drawing += rect(-width * 0.56, top - 14, width * 1.12, 16, "#8c5a49") + rect(
            -width * 0.53, top - 24, width * 1.06, 12, "#c98a69"
        )
        arch = width * (0.2 if storey else 0.17)
        base, tip = bottom, top + height * (0.3 if storey else 0.42)
        drawing += shape(
            f"M{-arch} {base} V{tip + 30} Q{-arch * 0.8} {tip + 6} 0 {tip - 18} Q{arch * 0.8} {tip + 6} {arch} {tip + 30} V{base}Z",
            "#5d3a30",
        )
        if storey:
            for corner in (-1, 1):
                drawing += polygon(
                    [
                        (corner * width * 0.6 - 12, bottom - 10),
                        (corner * width * 0.6, bottom - 60),
                        (corner * width * 0.6 + 12, bottom - 10),
                    ],
                    "#935a46",
                )
        bottom, width = top - 24, width * 0.76
    drawing += shape(
        f"M{-width * 0.5} {bottom} Q{-width * 0.42} {bottom - 60} 0 {bottom - 92} Q{width * 0.42} {bottom - 60} {width * 0.5} {bottom}Z",
        "#a2674f",
    )
    return place(drawing, x, y, scale)


def thap_nhan(rng: Random) -> str:
    x = rng.uniform(980, 1120)
    drawing = sky(rng) + sun(rng.uniform(300, 520), rng.uniform(190, 270), 70) + clouds(rng, 3, 220)
    drawing += (
        ridge(rng, 560, 130, "#a9c6c5", 7)
        + ridge(rng, 600, 70, TEAL_SOFT, 5)
        + rect(0, 590, W, 320, "#9ccaca")
    )
    for _ in range(12):
        drawing += rect(
            rng.uniform(0, 760), rng.uniform(620, 740), rng.uniform(50, 150), 5, WHITE, 2.5, clear(0.6)
        )
    deck = "".join(rect(i * 86, 606, 12, 40, STONE) for i in range(11))
    drawing += rect(0, 594, 960, 14, WHITE) + rect(0, 588, 960, 4, RED_SOFT) + deck
    drawing += shape(
        f"M420 {H} Q700 640 {x - 180:.0f} 568 Q{x:.0f} 548 {x + 190:.0f} 568 Q1460 640 {W} 720 V{H}Z", GREEN
    )
    drawing += tower(x, 580, 0.74)
    for i in range(9):
        tree_x = x + rng.choice((-1, 1)) * rng.uniform(170, 330)
        drawing += tree(
            tree_x,
            640 + abs(tree_x - x) * 0.12 + i * 2,
            rng.uniform(0.55, 0.85),
            rng.choice((GREEN_DARK, "#5a8a63", "#3d6b58")),
        )
    drawing += shape(f"M0 {H} V800 Q500 730 900 800 T{W} 780 V{H}Z", GREEN_DARK)
    drawing += stroke(f"M760 {H} Q880 800 {x - 60:.0f} 720 T{x:.0f} 592", SAND, 20, clear(0.85))
    for i in range(6):
        drawing += tree(
            60 + i * rng.uniform(80, 110), 890, rng.uniform(0.75, 1), rng.choice(("#3d6b58", "#35604f"))
        )
    return mirror(rng, drawing)


def farmer(x: float, y: float, scale: float, shirt: str) -> str:
    body = shape("M-34 80 Q-40 0 0 -4 Q40 0 34 80Z", shirt) + circle(0, -22, 20, SKINS[1])
    return place(
        body + polygon([(-58, -22), (0, -66), (58, -22)], "#e3c98d") + stroke("M-58 -22 H58", "#c6a766", 4),
        x,
        y,
        scale,
    )


def ruong_lua(rng: Random) -> str:
    drawing = sky(rng) + sun(rng.uniform(1050, 1350), rng.uniform(140, 210), 62) + clouds(rng, 3, 200)
    drawing += (
        ridge(rng, 410, 190, "#a7c4c2", 5)
        + ridge(rng, 430, 110, "#7fa9a0", 6)
        + rect(0, 420, W, 480, GREEN_SOFT)
    )
    focus = rng.uniform(650, 950)
    for i in range(-9, 10):
        fill = (GREEN, "#9dbd7f", "#c9c878", "#86ab6c")[i % 4]
        near, far = 800 + i * 290, focus + i * 60
        drawing += polygon([(far, 424), (far + 58, 424), (near + 282, H), (near, H)], fill)
    for y, width in ((470, 7), (545, 10), (668, 15)):
        drawing += shape(
            f"M0 {y} Q{focus:.0f} {y + 16} {W} {y} V{y + width} Q{focus:.0f} {y + 16 + width} 0 {y + width}Z",
            "#e4dcb8",
        )
    drawing += house(250, 436, 120, 66, WHITE, RED_SOFT) + house(390, 438, 90, 52, SAND, RED)
    drawing += "".join(palm(x, 446, rng.uniform(0.45, 0.62)) for x in (190, 520, rng.uniform(1150, 1400)))
    for _ in range(34):
        x, base = rng.uniform(0, W), rng.uniform(730, 890)
        drawing += stroke(
            f"M{x:.0f} {base:.0f} q-10 -26 -18 -34 M{x:.0f} {base:.0f} V{base - 42:.0f} M{x:.0f} {base:.0f} q10 -26 18 -34",
            GREEN_DARK,
            4,
            clear(0.55),
        )
    x = rng.uniform(500, 1050)
    drawing += farmer(x, 610, 0.95, RED) + farmer(x + rng.uniform(140, 220), 584, 0.72, TEAL)
    return mirror(rng, drawing)


def turbine(rng: Random, x: float, y: float, scale: float) -> str:
    blade = shape("M-5 0 Q-16 -70 -3 -190 Q14 -80 7 0Z", WHITE)
    turn = rng.uniform(0, 120)
    blades = "".join(f'<g transform="rotate({turn + third})">{blade}</g>' for third in (0, 120, 240))
    pole = shape("M-7 0 L-16 560 H16 L7 0Z", WHITE) + shape("M0 0 L0 560 H16 L7 0Z", STONE)
    return place(pole + blades + circle(0, 0, 14, RED_SOFT), x, y, scale)


def nui(rng: Random) -> str:
    drawing = sky(rng) + sun(rng.uniform(250, 1350), rng.uniform(170, 240), 64) + clouds(rng, 4, 250)
    drawing += peaks(rng, 640, 330, "#b5cdcc", "#a2c0c0", 4) + peaks(rng, 700, 280, "#86b0ae", "#739f9f", 5)
    drawing += ridge(rng, 680, 120, "#5f9387", 5)
    for i in range(rng.choice((4, 5))):
        drawing += turbine(
            rng, 170 + i * 320 + rng.uniform(-60, 60), rng.uniform(330, 430), rng.uniform(0.72, 1)
        )
    drawing += ridge(rng, 760, 100, GREEN, 6) + ridge(rng, 850, 90, GREEN_DARK, 7)
    for _ in range(14):
        drawing += tree(
            rng.uniform(0, W),
            rng.uniform(840, 900),
            rng.uniform(0.4, 0.7),
            rng.choice(("#3d6b58", "#35604f")),
        )
    return drawing


# Offices and public service


def desk_screen(x: float, y: float) -> str:
    return (
        rect(x - 66, y - 88, 132, 84, INK, 8)
        + rect(x - 58, y - 80, 116, 66, TEAL_SOFT, 4)
        + rect(x - 10, y - 6, 20, 16, INK)
        + rect(x - 34, y + 6, 68, 8, INK, 4)
    )


def quay_giao_dich(rng: Random) -> str:
    drawing = room(rng, 730) + rect(150, 110, 1300, 400, MIST, 14) + rect(150, 110, 1300, 16, TEAL, 8)
    shirts = rng.sample((TEAL, WHITE, "#dfe8ee", TEAL_SOFT, "#f3e3d3"), 3)
    for i, shirt in enumerate(shirts):
        x = 400 + i * 400
        drawing += rect(x - 90, 168, 180, 74, WHITE, 10) + rect(x - 62, 196, 124, 18, (RED, TEAL, GOLD)[i], 9)
        drawing += person(rng, x + 10, 430, 1, shirt) + desk_screen(x - 112, 572)
        drawing += rect(x + 150, 400, 6, 180, STONE) if i < 2 else ""
    drawing += (
        rect(170, 580, 1260, 34, RED, 8)
        + rect(200, 614, 1200, 176, WHITE)
        + rect(200, 614, 1200, 12, GOLD, 0, clear(0.8))
    )
    for i in range(3):
        drawing += rect(240 + i * 400, 656, 320, 104, SAND, 10)
    for i in rng.sample(range(3), 2):
        x = 500 + i * 400
        drawing += place(sheet(92, 120, 5), x - 90, 560, 0.62, rng.uniform(-14, 14))
        drawing += visitor(rng, x, 640, rng.choice((RED_SOFT, "#5b7f95", "#b98a56", GREEN_DARK)))
    return drawing + plant(100, 760, 1.15) + plant(1500, 760, 1.15)


def visitor(rng: Random, x: float, y: float, shirt: str) -> str:
    """A person seen from behind, standing at the counter."""
    hair = rng.choice(HAIRS)
    body = shape("M-92 300 V60 Q-88 -6 -24 -14 H24 Q88 -6 92 60 V300Z", shirt) + shape(
        "M20 -14 H24 Q88 -6 92 60 V300 H50 Q62 90 20 -14Z", INK, clear(0.1)
    )
    head = rect(-16, -44, 32, 40, SKINS[0], 12) + ellipse(0, -76, 38, 44, hair)
    return place(body + head, x, y)


def dien_thoai(rng: Random) -> str:
    x = rng.uniform(680, 920)
    drawing = ground(rng) + ellipse(x, 850, 420, 26, INK, clear(0.08))
    screen = (
        rect(-190, -370, 380, 740, INK, 46)
        + rect(-172, -350, 344, 700, WHITE, 32)
        + rect(-172, -350, 344, 116, TEAL, 32)
        + rect(-172, -280, 344, 46, TEAL)
    )
    screen += (
        rect(-50, -362, 100, 8, GREY, 4)
        + circle(-120, -282, 24, WHITE, clear(0.9))
        + rect(-80, -294, 180, 12, WHITE, 6)
        + rect(-80, -272, 110, 9, MIST, 4)
    )
    fields = rng.choice((3, 4))
    for i in range(fields):
        y = -204 + i * 330 / fields
        screen += rect(-136, y, rng.uniform(90, 150), 9, GREY, 4) + rect(
            -136, y + 20, 272, 46, PAPER, 8, f'stroke="{STONE}" stroke-width="3"'
        )
        screen += rect(-118, y + 38, rng.uniform(100, 200), 10, STONE, 5) + (
            tick(108, y + 43, 15) if i < fields - 1 else ""
        )
    screen += (
        rect(-136, 206, 272, 64, RED, 14)
        + rect(-70, 232, 140, 12, WHITE, 6)
        + rect(-60, 322, 120, 8, STONE, 4)
    )
    drawing += place(screen, x, 440, 1, rng.uniform(-4, 4))
    drawing += place(sheet(240, 300, 8, seal=True), x - 440, rng.uniform(380, 480), 1, rng.uniform(-14, -5))
    card = (
        rect(-130, -84, 260, 168, INK, 16, clear(0.07))
        + rect(-136, -92, 260, 168, WHITE, 16)
        + rect(-116, -70, 76, 90, TEAL_SOFT, 8)
        + circle(-78, -34, 18, WHITE)
    )
    card += (
        shape("M-108 20 Q-104 -10 -78 -10 Q-52 -10 -48 20Z", WHITE)
        + "".join(rect(-20, -60 + i * 30, 120 - i * 22, 10, STONE, 5) for i in range(3))
        + rect(-116, 38, 220, 12, GOLD, 6)
    )
    drawing += place(card, x + 430, rng.uniform(270, 340), 1, rng.uniform(4, 11)) + tick(
        x + 390, rng.uniform(560, 640), 70
    )
    drawing += stroke(
        f"M{x - 300:.0f} 600 C{x - 270:.0f} 680 {x - 240:.0f} 690 {x - 210:.0f} 690",
        TEAL,
        6,
        'stroke-dasharray="2 18"',
    )
    return drawing + plant(rng.choice((150, 1450)), 790, 1.2)


def stamp(x: float, y: float, scale: float, turn: float) -> str:
    drawing = (
        ellipse(0, -150, 44, 48, "#7a4a34")
        + shape("M-20 -116 H20 L30 -40 H-30Z", "#8f5a40")
        + rect(-92, -44, 184, 44, "#7a4a34", 10)
    )
    return place(drawing + rect(-84, 0, 168, 24, RED, 4) + rect(-92, -44, 184, 8, GOLD, 4), x, y, scale, turn)


def van_ban(rng: Random) -> str:
    drawing = ground(rng)
    x = rng.uniform(600, 720)
    for i in range(4):
        drawing += place(
            sheet(430, 560, 0 if i < 3 else 12, seal=i == 3),
            x + rng.uniform(-16, 16),
            400 - i * 8,
            1,
            (3 - i) * rng.uniform(2.5, 5) - 4,
        )
    drawing += rect(0, 690, W, 210, "#c9ab86") + rect(0, 690, W, 12, "#b4936c")
    pile = 1130
    for i in range(rng.choice((7, 8, 9))):
        fill = (WHITE, SAND, WHITE, MIST)[i % 4]
        drawing += rect(
            pile - 190 + rng.uniform(-14, 14),
            690 - 26 * (i + 1),
            380,
            22,
            fill,
            4,
            f'stroke="{STONE}" stroke-width="2"',
        )
        top = 690 - 26 * (i + 1)
    drawing += rect(pile - 200, top - 34, 400, 32, TEAL, 6) + rect(pile + 90, top - 34, 18, 32, GOLD)
    drawing += ellipse(pile - 230 + 560, 800, 110, 18, INK, clear(0.1)) + stamp(pile + 320, 780, 1.1, 0)
    drawing += place(
        rect(-8, -170, 16, 300, RED, 8)
        + polygon([(-8, 130), (8, 130), (0, 164)], GOLD)
        + rect(-8, -150, 16, 12, GOLD),
        rng.uniform(240, 320),
        770,
        1,
        rng.uniform(62, 78),
    )
    return drawing


def bieu_do(rng: Random) -> str:
    drawing = (
        ground(rng)
        + rect(212, 112, 1190, 690, INK, 24, clear(0.07))
        + rect(200, 100, 1190, 690, WHITE, 24)
        + rect(200, 100, 1190, 18, TEAL, 9)
    )
    for i in range(5):
        drawing += rect(270, 220 + i * 98, 660, 3, STONE, 0, clear(0.7))
    base, level, points = 612, rng.uniform(110, 150), []
    for i in range(6):
        level += rng.uniform(10, 62) if i else 0
        x = 296 + i * 106
        drawing += rect(x, base - level, 62, level, RED if i == 5 else (TEAL if i % 2 else TEAL_SOFT), 6)
        points.append((x + 31, base - level - rng.uniform(34, 54)))
        drawing += rect(x + 8, base + 22, 46, 9, STONE, 4)
    drawing += stroke("M" + " L".join(f"{x:.0f} {y:.0f}" for x, y in points), GOLD, 6) + "".join(
        circle(x, y, 10, WHITE, f'stroke="{GOLD}" stroke-width="5"') for x, y in points
    )
    share = rng.uniform(0.55, 0.88)
    around = 2 * math.pi * 105
    drawing += circle(1160, 330, 105, "none", f'stroke="{MIST}" stroke-width="44"')
    drawing += circle(
        1160,
        330,
        105,
        "none",
        f'stroke="{TEAL}" stroke-width="44" stroke-dasharray="{around * share:.1f} {around:.1f}" transform="rotate(-90 1160 330)"',
    ) + tick(1160, 330, 46, RED)
    for i in range(4):
        drawing += rect(1010, 530 + i * 54, 300, 18, PAPER, 9) + rect(
            1010, 530 + i * 54, rng.uniform(120, 280), 18, (TEAL, GOLD, RED_SOFT, TEAL_SOFT)[i], 9
        )
    lens = (
        circle(0, 0, 92, WHITE, clear(0.35))
        + circle(0, 0, 92, "none", f'stroke="{INK}" stroke-width="18"')
        + rect(-15, 98, 30, 150, RED_DARK, 15)
    )
    return drawing + place(lens, rng.uniform(220, 320), rng.uniform(640, 690), 1, rng.uniform(20, 45))


def parcel(x: float, y: float, size: float) -> str:
    box = rect(x, y - size * 0.8, size, size * 0.8, "#c99f6e", 6) + rect(
        x + size * 0.42, y - size * 0.8, size * 0.16, size * 0.8, "#e0c49a"
    )
    return box + rect(x + size * 0.1, y - size * 0.28, size * 0.24, size * 0.14, WHITE, 3)


def envelope(w: float, h: float) -> str:
    flap = stroke(f"M{-w / 2 + 8} {-h / 2 + 8} L0 {h * 0.1} L{w / 2 - 8} {-h / 2 + 8}", STONE, 6)
    return (
        rect(-w / 2, -h / 2, w, h, WHITE, 10, f'stroke="{STONE}" stroke-width="4"')
        + flap
        + rect(w * 0.2, h * 0.18, w * 0.18, h * 0.16, RED_SOFT, 3)
    )


def town(rng: Random, y: float) -> str:
    drawing, x = "", -20.0
    while x < W:
        w, h = rng.uniform(90, 170), rng.uniform(110, 270)
        wall = rng.choice(("#e6dccb", "#dfe6e2", "#ecd9cd", "#d6e2e1"))
        drawing += (
            f"<g {clear(0.75)}>{house(x, y, w, h, wall, rng.choice((RED_SOFT, TEAL_SOFT, '#c98a69')))}</g>"
        )
        x += w + rng.uniform(6, 50)
    return drawing


def bu_dien(rng: Random) -> str:
    drawing = sky(rng) + clouds(rng, 3, 200) + ridge(rng, 600, 160, "#c0d5d3", 6) + town(rng, 640)
    drawing += rect(0, 640, W, 60, GREEN_SOFT) + rect(0, 690, W, 210, "#c9c6bd") + rect(0, 690, W, 10, WHITE)
    drawing += "".join(rect(i * 220 + 40, 800, 120, 10, WHITE, 5) for i in range(8))
    van = (
        rect(-330, -330, 420, 290, TEAL, 26)
        + shape("M90 -300 H190 Q220 -296 238 -262 L286 -168 Q322 -158 326 -120 V-40 H90Z", TEAL)
        + shape("M116 -270 H184 Q200 -268 210 -250 L250 -166 H116Z", MIST)
    )
    van += (
        rect(-330, -130, 656, 26, GOLD)
        + place(envelope(170, 110), -130, -225)
        + rect(270, -96, 56, 26, "#f7e3ad", 8)
        + rect(-346, -56, 690, 26, INK, 10)
    )
    van += "".join(circle(x, -30, 58, INK) + circle(x, -30, 26, STONE) for x in (-210, 205))
    x = rng.uniform(660, 880)
    drawing += ellipse(x, 760, 380, 16, INK, clear(0.14)) + place(van, x, 730)
    pile = rng.choice((1270, 1330))
    drawing += parcel(pile, 760, 130) + parcel(pile + 140, 760, 96) + parcel(pile + 30, 656, 92)
    for i in range(3):
        drawing += stroke(f"M{x - 400 - i * 26:.0f} {520 + i * 62} h-{90 + i * 20}", WHITE, 8)
    return drawing + tree(120, 690, 1.15) + tree(240, 690, 0.85, GREEN)


def bubble(x: float, y: float, w: float, h: float, fill: str, tail: int) -> str:
    lines = "".join(
        rect(x + 34, y + 34 + i * 34, (w - 68) * share, 12, WHITE, 6, clear(0.85))
        for i, share in enumerate((1, 0.8, 0.55))
    )
    return (
        rect(x, y, w, h, fill, 30)
        + polygon(
            [(x + w / 2 - 20, y + h - 4), (x + w / 2 + 44, y + h - 4), (x + w / 2 + tail, y + h + 54)], fill
        )
        + lines
    )


def micro(rng: Random) -> str:
    drawing = ground(rng) + rect(0, 720, W, 180, "#c9ab86") + rect(0, 720, W, 12, "#b4936c")
    x = rng.uniform(740, 860)
    for i, opacity in enumerate((0.5, 0.36, 0.24, 0.14)):
        r = 210 + i * 74
        for start, end, sweep in ((-38, 38, 1), (218, 142, 0)):
            a, b = math.radians(start), math.radians(end)
            d = f"M{x + r * math.cos(a):.0f} {330 + r * math.sin(a):.0f} A{r} {r} 0 0 {sweep} {x + r * math.cos(b):.0f} {330 + r * math.sin(b):.0f}"
            drawing += stroke(d, TEAL, 12, clear(opacity))
    drawing += rect(x - 110, 130, 220, 380, INK, 110) + rect(x - 94, 146, 188, 240, "#56666c", 94)
    drawing += "".join(rect(x - 80, 196 + i * 34, 160, 9, INK, 4, clear(0.55)) for i in range(6)) + rect(
        x - 110, 398, 220, 24, GOLD
    )
    drawing += (
        stroke(f"M{x - 160:.0f} 360 V410 A160 160 0 0 0 {x + 160:.0f} 410 V360", RED, 22)
        + rect(x - 14, 566, 28, 130, RED)
        + rect(x - 130, 690, 260, 34, RED_DARK, 17)
    )
    drawing += bubble(rng.uniform(110, 170), rng.uniform(130, 190), 320, 170, TEAL, 70) + bubble(
        rng.uniform(1170, 1220), rng.uniform(200, 270), 300, 160, RED_SOFT, -70
    )
    drawing += person(rng, rng.uniform(250, 310), 590, 1.1, rng.choice((TEAL, GREEN_DARK))) + person(
        rng, rng.uniform(1300, 1350), 600, 1.1, rng.choice((RED, "#5b7f95"))
    )
    drawing += (
        rect(0, 736, W, 170, "#c9ab86")
        + rect(0, 728, W, 12, "#b4936c")
        + place(sheet(220, 150, 3), 320, 800, 1, -4)
        + place(sheet(220, 150, 3), 1280, 804, 1, 5)
    )
    return (
        drawing
        + rect(1010, 770, 60, 70, WHITE, 8)
        + rect(1064, 786, 26, 34, "none", 12, f'stroke="{WHITE}" stroke-width="8"')
    )


def hop_thu(rng: Random) -> str:
    drawing = (
        sky(rng)
        + clouds(rng, 3, 220)
        + ridge(rng, 620, 150, "#b9d0cd", 6)
        + ridge(rng, 680, 90, GREEN_SOFT, 5)
    )
    drawing += (
        rect(0, 700, W, 200, SAND) + rect(0, 700, W, 10, STONE) + office(rng.uniform(1180, 1320), 704, 0.85)
    )
    x = rng.uniform(480, 700)
    drawing += (
        ellipse(x, 830, 170, 20, INK, clear(0.12))
        + rect(x - 24, 560, 48, 270, INK, 6)
        + rect(x - 80, 806, 160, 26, INK, 8)
    )
    letter = rng.uniform(-9, 9)
    drawing += place(envelope(250, 160), x, 220, 1, letter)
    drawing += shape(
        f"M{x - 180:.0f} 590 V360 Q{x - 180:.0f} 250 {x:.0f} 250 Q{x + 180:.0f} 250 {x + 180:.0f} 360 V590 Q{x + 180:.0f} 610 {x + 160:.0f} 610 H{x - 160:.0f} Q{x - 180:.0f} 610 {x - 180:.0f} 590Z",
        RED,
    )
    drawing += shape(
        f"M{x + 90:.0f} 272 Q{x + 180:.0f} 300 {x + 180:.0f} 360 V590 Q{x + 180:.0f} 610 {x + 160:.0f} 610 H{x + 90:.0f}Z",
        RED_DARK,
        clear(0.55),
    )
    drawing += (
        rect(x - 120, 330, 240, 26, RED_DARK, 13)
        + rect(x - 130, 312, 260, 14, GOLD, 7)
        + rect(x - 84, 410, 168, 116, WHITE, 10)
        + "".join(rect(x - 60, 438 + i * 26, 120 - i * 24, 10, STONE, 5) for i in range(3))
    )
    for i in range(2):
        drawing += place(
            envelope(150, 96), x - 330 - i * 110, 330 - i * rng.uniform(60, 120), 1, rng.uniform(-24, -6)
        )
    drawing += stroke(
        f"M{x - 500:.0f} 380 C{x - 420:.0f} 460 {x - 300:.0f} 460 {x - 230:.0f} 420",
        WHITE,
        6,
        'stroke-dasharray="2 18"',
    )
    return drawing + tree(130, 706, 1.2) + tree(280, 706, 0.9, GREEN) + tree(950, 706, 0.8)


def mang_luoi(rng: Random) -> str:
    drawing = ground(rng)
    centre = (rng.uniform(760, 840), 460.0)
    places = [
        (170, 380),
        (230, 660),
        (400, 160),
        (1200, 160),
        (1430, 380),
        (1370, 660),
        (455, 765),
        (1145, 765),
    ]
    spots = [(x + rng.uniform(-40, 40), y + rng.uniform(-25, 25)) for x, y in places]
    for x, y in spots:
        bend = f"M{centre[0]:.0f} {centre[1] - 60:.0f} L{x:.0f} {y:.0f}"
        drawing += stroke(bend, TEAL, 6, clear(0.55))
    for i, (x, y) in enumerate(spots):
        drawing += circle(x, y, 96, WHITE, f'stroke="{(TEAL, GOLD)[i % 2]}" stroke-width="5"')
        w, h = rng.uniform(64, 88), rng.uniform(64, 92)
        drawing += house(
            x - w / 2, y + 52, w, h, (MIST, SAND, "#f0ddd2")[i % 3], (RED_SOFT, TEAL, RED)[i % 3]
        ) + rect(x - 70, y + 52, 140, 6, GREEN, 3)
    drawing += (
        circle(*centre, 250, WHITE)
        + circle(*centre, 250, "none", f'stroke="{RED}" stroke-width="6"')
        + ellipse(centre[0], 602, 190, 12, GREEN_SOFT)
    )
    return drawing + office(centre[0], 600, 0.8)


def so_do(rng: Random) -> str:
    drawing = ground(rng)
    count = rng.choice((3, 4))
    columns = [W * (i + 0.5) / count for i in range(count)]
    drawing += stroke(f"M800 260 V370 M{columns[0]:.0f} 370 H{columns[-1]:.0f}", TEAL, 6)
    for i, x in enumerate(columns):
        leaves = 3 if count == 3 else 2
        drawing += stroke(f"M{x:.0f} 370 V620", TEAL, 6)
        xs = [x + (j - (leaves - 1) / 2) * 152 for j in range(leaves)]
        drawing += stroke(
            f"M{xs[0]:.0f} 620 H{xs[-1]:.0f} " + " ".join(f"M{leaf:.0f} 620 V680" for leaf in xs),
            TEAL_SOFT,
            5,
        )
        drawing += box(rng, x, 480, 270, 160, (TEAL, RED_SOFT, TEAL_DARK, GREEN_DARK)[i])
        drawing += "".join(
            box(rng, leaf, 740, 128, 130, (TEAL_SOFT, "#c9a06a", GREEN)[j % 3]) for j, leaf in enumerate(xs)
        )
    return drawing + box(rng, 800, 180, 340, 180, RED)


def box(rng: Random, x: float, y: float, w: float, h: float, fill: str) -> str:
    """One card of the organisation chart with a small portrait."""
    card = (
        rect(x - w / 2 + 6, y - h / 2 + 8, w, h, INK, 16, clear(0.07))
        + rect(x - w / 2, y - h / 2, w, h, WHITE, 16)
        + rect(x - w / 2, y - h / 2, w, 14, fill, 7)
    )
    if w < 200:
        face = (
            circle(x, y - 10, 36, MIST)
            + circle(x, y - 20, 13, fill)
            + shape(
                f"M{x - 24} {y + 16} Q{x - 22} {y - 4} {x} {y - 4} Q{x + 22} {y - 4} {x + 24} {y + 16}Z", fill
            )
        )
        return card + face + rect(x - 36, y + 38, 72, 9, STONE, 4)
    left = x - w * 0.28
    face = (
        circle(left, y + 6, 48, MIST)
        + circle(left, y - 8, 18, fill)
        + shape(
            f"M{left - 32} {y + 42} Q{left - 30} {y + 14} {left} {y + 14} Q{left + 30} {y + 14} {left + 32} {y + 42}Z",
            fill,
        )
    )
    return (
        card
        + face
        + rect(x - 8, y - 20, w * 0.38, 13, GREY, 6)
        + rect(x - 8, y + 10, w * rng.uniform(0.2, 0.34), 11, STONE, 5)
        + rect(x - 8, y + 36, w * 0.2, 11, STONE, 5)
    )


def ho_so(rng: Random) -> str:
    drawing = room(rng, 760) + rect(140, 120, 1320, 640, "#c9ab86", 10) + rect(170, 150, 1260, 580, "#efe4d2")
    drawing += rect(170, 420, 1260, 22, "#b4936c") + rect(140, 744, 1320, 20, "#b4936c")
    for shelf in (420, 730):
        x = 190.0
        while x < 1350:
            if rng.random() < 0.14:
                drawing += plant(x + 66, shelf - 80 * 0.62, 0.62)
                x += 150
                continue
            w, h = rng.choice((52, 58, 66)), rng.uniform(196, 236)
            fill = rng.choice((TEAL, TEAL_SOFT, RED, RED_SOFT, GOLD, "#5b7f95", WHITE, TEAL_DARK))
            drawing += (
                rect(x, shelf - h, w, h, fill, 5)
                + rect(x + 10, shelf - h + 26, w - 20, 56, WHITE if fill != WHITE else SAND, 4)
                + circle(
                    x + w / 2, shelf - 34, 11, PAPER, f'stroke="{INK}" stroke-width="4" stroke-opacity="0.4"'
                )
            )
            x += w + rng.choice((4, 4, 4, 22))
    x = rng.uniform(620, 900)
    folder = shape(
        "M-250 150 V-130 Q-250 -150 -230 -150 H-110 L-80 -112 H230 Q250 -112 250 -92 V150Z", "#d7b25c"
    )
    folder += (
        place(sheet(420, 250, 5, seal=False), 0, -70, 1, rng.uniform(-5, 5))
        + shape("M-270 -60 H270 L244 150 Q242 160 230 160 H-230 Q-242 160 -244 150Z", "#e3c376")
        + rect(-70, 20, 140, 46, WHITE, 8)
    )
    return drawing + ellipse(x, 872, 300, 18, INK, clear(0.12)) + place(folder, x, 715)


def ban_hop(rng: Random) -> str:
    drawing = room(rng, 560) + rect(470, 70, 660, 330, INK, 14) + rect(486, 86, 628, 298, MIST, 6)
    level = rng.uniform(60, 90)
    for i in range(5):
        level += rng.uniform(-8, 38)
        drawing += rect(560 + i * 76, 340 - level, 46, level, RED if i == 4 else TEAL, 4)
    drawing += circle(1030, 200, 44, "none", f'stroke="{GOLD}" stroke-width="18"') + rect(
        540, 344, 420, 5, GREY
    )
    drawing += (
        rect(110, 110, 240, 300, "#cfe2e3", 8)
        + rect(226, 110, 8, 300, WHITE)
        + rect(110, 256, 240, 8, WHITE)
        + rect(102, 102, 256, 316, "none", 10, f'stroke="{WHITE}" stroke-width="14"')
    )
    shirts = [TEAL, WHITE, RED_SOFT, "#5b7f95", GREEN_DARK, "#e6d3b8", TEAL_SOFT]
    rng.shuffle(shirts)
    for i in range(5):
        x = 350 + i * 225
        drawing += rect(x - 92, 412, 184, 210, "#7d6a5b", 30) + person(rng, x, 510, 0.98, shirts[i])
    drawing += shape(
        "M200 620 H1400 Q1450 620 1470 660 L1560 830 Q1570 860 1530 860 H70 Q30 860 40 830 L130 660 Q150 620 200 620Z",
        "#c39a70",
    )
    drawing += shape(
        "M40 830 Q30 860 70 860 H1530 Q1570 860 1560 830 L1566 852 Q1570 886 1530 886 H70 Q30 886 34 852Z",
        "#9c7650",
    )
    for i in range(5):
        x = 350 + i * 225
        if (i + rng.randrange(2)) % 2:
            drawing += shape(f"M{x - 74} 648 H{x + 74} L{x + 86} 712 H{x - 86}Z", STONE) + shape(
                f"M{x - 74} 648 L{x - 66} 570 H{x + 66} L{x + 74} 648Z", "#59666b"
            )
        else:
            drawing += shape(f"M{x - 50} 650 H{x + 54} L{x + 66} 720 H{x - 60}Z", WHITE) + "".join(
                rect(x - 38 - i2 * 3, 664 + i2 * 14, 78, 5, STONE) for i2 in range(3)
            )
        drawing += (
            ellipse(x + 112, 690, 20, 9, WHITE)
            + rect(x + 96, 664, 32, 26, WHITE, 8)
            + ellipse(x + 112, 665, 15, 6, "#9c7650")
        )
    return (
        drawing
        + place(sheet(240, 110, 3), rng.uniform(300, 420), 792, 1, -3)
        + place(sheet(240, 110, 3), rng.uniform(1150, 1280), 792, 1, 3)
        + plant(1480, 520, 0.95)
    )


def lich(rng: Random) -> str:
    drawing = ground(rng) + rect(0, 760, W, 140, SAND)
    x, y = rng.uniform(330, 460), 150
    drawing += (
        rect(x + 12, y + 14, 720, 620, INK, 26, clear(0.08))
        + rect(x, y, 720, 620, WHITE, 26)
        + rect(x, y, 720, 130, RED, 26)
        + rect(x, y + 90, 720, 40, RED)
    )
    drawing += "".join(rect(x + 150 + i * 380, y - 40, 34, 90, INK, 17) for i in range(2)) + rect(
        x + 260, y + 74, 200, 16, WHITE, 8
    )
    today, due = rng.choice((1, 2, 3, 4, 7, 8)), rng.choice((16, 17, 18, 22, 23, 24))
    for day in range(28):
        left, top = x + 46 + day % 7 * 92, y + 168 + day // 7 * 106
        weekend = day % 7 > 4
        fill = TEAL if day == due else ("#f0ddd2" if weekend else (MIST if today <= day < due else PAPER))
        drawing += rect(left, top, 76, 82, fill, 12)
        drawing += circle(left + 38, top + 41, 20, RED) if day == today else ""
        drawing += tick(left + 38, top + 41, 26, TEAL_DARK) if day == due else ""
    face = circle(10, 14, 200, INK, clear(0.08)) + circle(0, 0, 200, TEAL) + circle(0, 0, 168, WHITE)
    face += "".join(
        f'<g transform="rotate({i * 30})">{rect(-4, -154, 8, 22 if i % 3 else 34, INK, 4)}</g>'
        for i in range(12)
    )
    face += (
        f'<g transform="rotate({rng.uniform(20, 100):.0f})">{rect(-8, -92, 16, 104, INK, 8)}</g><g transform="rotate({rng.uniform(150, 330):.0f})">{rect(-5, -132, 10, 148, RED, 5)}</g>'
        + circle(0, 0, 16, GOLD)
    )
    return drawing + place(face, x + 850, rng.uniform(480, 540)) + plant(180, 770, 1.1)


def lop_hoc(rng: Random) -> str:
    drawing = (
        room(rng, 640)
        + rect(430, 80, 740, 400, INK, 14)
        + rect(448, 98, 704, 364, WHITE, 6)
        + rect(448, 98, 704, 54, TEAL)
    )
    for i in range(3):
        drawing += (
            tick(520, 214 + i * 84, 28, (TEAL, RED_SOFT, GOLD)[i])
            + rect(580, 200 + i * 84, rng.uniform(260, 430), 14, GREY, 7)
            + rect(580, 226 + i * 84, rng.uniform(160, 300), 10, STONE, 5)
        )
    drawing += (
        rect(1010, 190, 104, 190, INK, 16)
        + rect(1020, 206, 84, 156, MIST, 6)
        + rect(1034, 316, 56, 22, RED, 8)
    )
    drawing += (
        person(rng, 290, 400, 1.25, rng.choice((RED, TEAL, GREEN_DARK)))
        + rect(170, 540, 240, 250, "#b98c60", 10)
        + rect(150, 520, 280, 30, "#9c7650", 8)
    )
    drawing += plant(1370, 600, 1)
    for row, (y, size, count) in enumerate(((700, 0.95, 4), (850, 1.2, 4))):
        for i in range(count):
            x = (560 if row == 0 else 500) + i * (270 if row == 0 else 330) + rng.uniform(-12, 12)
            drawing += place(
                visitor(rng, 0, 0, rng.choice((TEAL_SOFT, "#5b7f95", RED_SOFT, GREEN, "#d9b98c", WHITE))),
                x,
                y - 40,
                size,
            )
    return drawing


def ngan_sach(rng: Random) -> str:
    drawing = ground(rng) + rect(0, 740, W, 160, SAND) + rect(0, 740, W, 8, STONE)
    drawing += office(rng.uniform(430, 540), 744, 1.3)
    for i in range(4):
        x, stack = 900 + i * 130, 3 + i * 2 + rng.randrange(3)
        for j in range(stack):
            y = 730 - j * 34
            drawing += (
                rect(x - 50, y - 22, 100, 34, "#b98f3a")
                + ellipse(x, y + 12, 50, 14, "#b98f3a")
                + ellipse(x, y - 22, 50, 14, "#e2c274")
            )
        drawing += ellipse(x, 730 - (stack - 1) * 34 - 22, 32, 8, "none", 'stroke="#b98f3a" stroke-width="4"')
    ledger = (
        rect(-150, -105, 300, 210, INK, 10, clear(0.08))
        + rect(-158, -113, 300, 210, WHITE, 10)
        + rect(-158, -113, 300, 40, TEAL, 10)
    )
    ledger += "".join(
        rect(-138, -52 + i * 36, 130, 12, STONE, 6)
        + rect(60, -52 + i * 36, rng.uniform(40, 62), 12, RED_SOFT, 6)
        for i in range(4)
    ) + rect(20, -73, 3, 170, STONE)
    return (
        drawing
        + place(ledger, rng.uniform(960, 1100), rng.uniform(250, 300), 1, rng.uniform(-6, 6))
        + plant(1480, 750, 1.1)
    )


SCENES: dict[str, Callable[[Random], str]] = {
    scene.__name__: scene
    for scene in (
        bien, ganh_da_dia, thap_nhan, ruong_lua, nui, quay_giao_dich, dien_thoai, van_ban, bieu_do, bu_dien,
        micro, hop_thu, mang_luoi, so_do, ho_so, ban_hop, lich, lop_hoc, ngan_sach,
    )
}  # fmt: skip


def retint(svg: str, rng: Random) -> str:
    """Turn every colour of the picture by the same small amount."""
    turn, light = rng.uniform(-0.015, 0.015), rng.uniform(-0.015, 0.015)

    def turned(match: re.Match[str]) -> str:
        red, green, blue = (int(match[0][i : i + 2], 16) / 255 for i in (1, 3, 5))
        hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
        channels = colorsys.hls_to_rgb((hue + turn) % 1, min(1, max(0, lightness + light)), saturation)
        return "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)

    return re.sub(r"#[0-9a-f]{6}\b", turned, svg)


def draw(scene: str, seed: int, width: int = W, height: int = H) -> bytes:
    """The scene as a PNG; it fills the asked size and is cropped at the edges if the shape differs."""
    rng = Random(seed)
    drawing = retint(SCENES[scene](rng), rng)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {W} {H}" '
        f'preserveAspectRatio="xMidYMid slice">{drawing}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))
