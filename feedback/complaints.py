"""Whether a text itself says that it is a khiếu nại or tố cáo. Careful: it only makes the portal ask once more."""

import re

from parcai.lib.vietnamese import fold

ABOUT = r"(?:thu tuc|quy dinh|trinh tu|thoi han|thoi hieu|luat|nghi dinh|tham quyen|huong dan|cach|quyen)"
NOT_ASKING_ABOUT = re.compile(rf"\b{ABOUT}(?: \w+){{0,3}} (?:khieu nai|to cao)\b")
WORDS = {
    "to-cao": re.compile(
        r"\b(?:(?:toi|em|chung toi|gia dinh toi|xin|muon|lam|don|gui don|viet don)(?: \w+){0,2} to cao"
        r"|to cao (?:ong|ba|anh|chi|can bo|cong chuc|lanh dao|giam doc|chu tich|truong|pho|hanh vi|nguoi|viec))\b"
    ),
    "khieu-nai": re.compile(
        r"\b(?:(?:toi|em|chung toi|gia dinh toi|xin|don|gui don|viet don)(?: \w+){0,2} khieu nai"
        r"|khieu nai (?:quyet dinh|hanh vi|thong bao|ket luan|lan (?:dau|hai|2)|viec|ve viec))\b"
    ),
}


def looks_like(text: str) -> str:
    """ "to-cao" or "khieu-nai" where the text says so in plain words, else nothing."""
    said = NOT_ASKING_ABOUT.sub(" ", " ".join(re.findall(r"\w+", fold(text))))
    return next((kind for kind, pattern in WORDS.items() if pattern.search(said)), "")
