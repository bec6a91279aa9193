"""The outline of a body from the front and from behind, drawn for Waymark as one half; the other half is its mirror.

x grows away from the middle of the body, y downwards. Shapes of both sides are drawn on the side where x is positive.
The palms look to the front, so that the thumbs point outwards on both drawings.
"""

import re

NUMBER_PAIR = re.compile(r"(-?[\d.]+) (-?[\d.]+)")

# In the middle: drawn whole.
MIDDLE = {
    "top-of-head": "M -22 31 C -25 12 -13 5 0 5 C 13 5 25 12 22 31 C 14 20 -14 20 -22 31 Z",
    "forehead": "M -22 31 C -14 20 14 20 22 31 L 23 37 L -23 37 Z",
    "nose": "M -3 37 L 3 37 L 7 54 L -7 54 Z",
    "mouth": "M -10 54 L 10 54 L 10 64 L -10 64 Z",
    "chin": "M -18 65 L -10 64 L 10 64 L 18 65 C 12 73 6 77 0 77 C -6 77 -12 73 -18 65 Z",
    "neck-front": "M -12 70 L 12 70 L 12 88 C 6 92 -6 92 -12 88 Z",
    "genitals": "M -11 214 L 11 214 L 4 232 C 2 235 -2 235 -4 232 Z",
    "back-of-head": "M 0 5 C 15 5 24 15 24 36 C 24 51 20 61 14 67 L -14 67 C -20 61 -24 51 -24 36 C -24 15 -15 5 0 5 Z",
    "neck-back": "M -13 66 L 13 66 L 12 88 C 6 92 -6 92 -12 88 Z",
}

_SHOULDER = "M 12 85 C 18 92 32 93 42 96 C 52 99 57 106 57 117 L 39 117 C 37 108 33 102 28 99 L 12 96 Z"
_CHEST = "M 0 91 C 5 91 9 90 12 88 L 12 96 L 28 99 C 33 102 37 108 39 117 L 38 141 L 0 141 Z"
_UPPER_BELLY = "M 0 141 L 38 141 C 36 153 33 163 33 176 L 0 176 Z"
_UPPER_ARM = "M 39 117 L 57 117 C 60 132 63 148 66 163 L 51 167 C 46 150 41 135 39 117 Z"
_ELBOW = "M 51 167 L 66 163 C 68 169 70 175 71 180 L 56 184 C 54 178 52 172 51 167 Z"
_FOREARM = "M 56 184 L 71 180 C 75 195 78 208 80 220 L 69 223 C 64 210 59 197 56 184 Z"
_WRIST = "M 69 223 L 80 220 L 82 230 L 71 233 Z"
_HAND = (
    "M 71 233 L 82 230 C 90 232 98 241 99 250 C 99 256 94 255 91 249 C 93 259 92 271 87 274 C 82 276 77 263 75 255"
    " C 73 248 71 240 71 233 Z"
)
_EAR = "M 23 38 C 30 35 31 45 28 51 C 26 55 23 54 22 51 Z"
_KNEE = "M 10 298 L 37 298 C 37 308 36 314 36 322 L 11 322 C 10 314 10 308 10 298 Z"
_LOWER_LEG = "M 11 322 L 36 322 C 39 345 34 375 31 402 L 15 402 C 13 375 8 345 11 322 Z"

# On both sides: the half where x is positive.
SIDES = {
    "eye": "M 3 37 L 23 37 L 23 47 L 5 47 Z",
    "cheek": "M 5 47 L 23 47 C 23 54 21 60 18 65 L 10 64 L 10 54 L 7 54 Z",
    "ear": _EAR,
    "behind-ear": _EAR,
    "shoulder-front": _SHOULDER,
    "shoulder-back": _SHOULDER,
    "chest": _CHEST,
    "upper-back": _CHEST,
    "upper-belly": _UPPER_BELLY,
    "middle-back": _UPPER_BELLY,
    "lower-belly": "M 0 176 L 33 176 C 33 187 36 196 39 204 L 11 214 L 0 214 Z",
    "lower-back": "M 0 176 L 33 176 C 33 187 36 196 39 204 L 0 204 Z",
    "hip": "M 39 204 C 42 212 43 220 43 228 L 6 228 L 11 214 Z",
    "buttock": "M 0 204 L 39 204 C 42 213 44 226 43 240 L 4 240 L 0 232 Z",
    "upper-arm-front": _UPPER_ARM,
    "upper-arm-back": _UPPER_ARM,
    "inside-elbow": _ELBOW,
    "elbow": _ELBOW,
    "forearm-front": _FOREARM,
    "forearm-back": _FOREARM,
    "wrist-front": _WRIST,
    "wrist-back": _WRIST,
    "palm": _HAND,
    "back-of-hand": _HAND,
    "thigh-front": "M 21 228 L 43 228 C 43 255 40 280 37 298 L 21 298 Z",
    "inner-thigh": "M 6 228 L 21 228 L 21 298 L 10 298 C 8 272 5 252 4 233 Z",
    "thigh-back": "M 4 240 L 43 240 C 43 262 40 282 37 298 L 10 298 C 8 275 5 258 4 240 Z",
    "knee": _KNEE,
    "back-of-knee": _KNEE,
    "shin": _LOWER_LEG,
    "calf": _LOWER_LEG,
    "foot": "M 15 402 L 31 402 C 33 412 40 422 43 430 C 44 437 31 439 21 438 C 14 437 14 430 15 420 Z",
    "heel": "M 15 402 L 31 402 C 32 409 33 414 34 418 L 14 418 C 15 413 15 408 15 402 Z",
    "sole": "M 14 418 L 34 418 C 39 424 42 428 43 431 C 44 438 31 440 21 439 C 13 438 13 430 14 418 Z",
}


def mirrored(path: str) -> str:
    """The same shape on the other side: every x changes its sign."""
    return NUMBER_PAIR.sub(lambda pair: f"{_turned(pair[1])} {pair[2]}", path)


def centre_of(path: str) -> tuple[int, int]:
    """The middle of the box around a shape, where a numbered dot goes."""
    pairs = [(float(x), float(y)) for x, y in NUMBER_PAIR.findall(path)]
    across, down = [x for x, _ in pairs], [y for _, y in pairs]
    return round((min(across) + max(across)) / 2), round((min(down) + max(down)) / 2)


def _turned(number: str) -> str:
    return number if number == "0" else number.removeprefix("-") if number.startswith("-") else f"-{number}"
