"""What is found, what is not, and in which order: the same on every database."""

import unicodedata

import pytest

from parcai.search.engines import Scope
from parcai.search.finding import Found
from parcai.search.query import relaxed, understand
from parcai.search.spelling import meant
from parcai.search.synonyms import forms
from tests.search import corpus

KINDS = ("question", "feedback", "guide", "article", "document", "agency", "page")


@pytest.fixture
def library(db):
    corpus.fill()


def find(text: str, **more) -> list[str]:
    """Names of what is found, in order."""
    query = understand(text, forms())
    found = Found(query, Scope(corpus.NOW), corpus.texts, kinds=KINDS, favoured=frozenset({"agency"}), **more)
    return [corpus.name_of(hit.object_id) for hit in found.page(0, 100)]


# question: (must be found, must not be found, comes first or "")
CASES: dict[str, tuple[str, str, str]] = {
    # accents, case, forms of Unicode
    "khai sinh": ("khai-sinh khai-tu", "ket-hon", "khai-sinh"),
    "Khai Sinh": ("khai-sinh", "ket-hon", "khai-sinh"),
    "KHAI SINH": ("khai-sinh", "ket-hon", "khai-sinh"),
    "đăng ký kết hôn": ("ket-hon", "khai-sinh", "ket-hon"),
    "dang ky ket hon": ("ket-hon", "khai-sinh", "ket-hon"),
    "DANG KY KET HON": ("ket-hon", "khai-sinh", "ket-hon"),
    "đăng kí kết hôn": ("ket-hon", "", "ket-hon"),
    unicodedata.normalize("NFD", "đăng ký kết hôn"): ("ket-hon", "khai-sinh", "ket-hon"),
    unicodedata.normalize("NFD", "Sở Y tế"): ("so-y-te", "so-noi-vu", "so-y-te"),
    "duong": ("duong-bo duong-mia doi-ten", "mot-cua", ""),
    "đường": ("duong-bo duong-mia doi-ten", "mot-cua", ""),
    "doi ten": ("doi-ten", "duong-bo", "doi-ten"),
    "đổi tên đường": ("doi-ten", "duong-mia", "doi-ten"),
    "le duan": ("doi-ten", "duong-bo", "doi-ten"),
    # accents that were typed come first
    "má": ("ma ma-khac ma-ruong", "", "ma-khac"),
    "mạ": ("ma ma-khac ma-ruong", "", "ma-ruong"),
    "mã": ("ma ma-khac ma-ruong", "", "ma"),
    "ma": ("ma ma-khac ma-ruong", "khai-sinh", ""),
    "mã số": ("ma", "ma-khac ma-ruong", "ma"),
    "sơ đồ": ("so-do-to-chuc", "", "so-do-to-chuc"),
    "số đo": ("so-do-dat", "", "so-do-dat"),
    # where the tone is placed
    "hoà bình": ("hoa-binh", "hoa-hoc", "hoa-binh"),
    "hòa bình": ("hoa-binh", "hoa-hoc", "hoa-binh"),
    "hóa học": ("hoa-hoc", "hoa-binh", "hoa-hoc"),
    "hoá học": ("hoa-hoc", "hoa-binh", "hoa-hoc"),
    "hoa hoc": ("hoa-hoc", "hoa-binh", "hoa-hoc"),
    "hoá": ("hoa-hoc hoa-binh hoa-tuoi", "", "hoa-hoc"),
    "hoa": ("hoa-hoc hoa-binh hoa-tuoi ubnd-tuy-hoa", "", ""),
    "tuy hoà": ("hoa-tuoi ubnd-tuy-hoa", "hoa-binh", "ubnd-tuy-hoa"),
    "uỷ quyền": ("uy-quyen", "uy-ban", "uy-quyen"),
    "ủy quyền": ("uy-quyen", "uy-ban", "uy-quyen"),
    "ủy ban": ("uy-ban", "uy-quyen", "uy-ban"),
    # i and y
    "quản lý": ("quan-ly quan-li", "", "quan-ly"),
    "quản lí": ("quan-ly quan-li", "", "quan-li"),
    "quan li van ban": ("quan-li", "quan-ly", "quan-li"),
    "quan ly dat dai": ("quan-ly", "quan-li", "quan-ly"),
    # numbers and symbols of documents
    "113/KH-UBND": ("ke-hoach-113 nhac-113", "ke-hoach-1130 quyet-dinh-113", "ke-hoach-113"),
    "113/kh-ubnd": ("ke-hoach-113 nhac-113", "ke-hoach-1130 quyet-dinh-113", "ke-hoach-113"),
    "113 KH UBND": ("ke-hoach-113 nhac-113", "ke-hoach-1130 quyet-dinh-113", "ke-hoach-113"),
    "113 kh ubnd": ("ke-hoach-113 nhac-113", "ke-hoach-1130 quyet-dinh-113", "ke-hoach-113"),
    "113-KH/UBND": ("ke-hoach-113", "ke-hoach-1130", "ke-hoach-113"),
    "113kh-ubnd": ("ke-hoach-113", "ke-hoach-1130", "ke-hoach-113"),
    "113kh": ("ke-hoach-113 nhac-113", "ke-hoach-1130 quyet-dinh-113", "ke-hoach-113"),
    "113": ("ke-hoach-113 quyet-dinh-113 nhac-113", "ke-hoach-1130", ""),
    "kế hoạch 113": ("ke-hoach-113 nhac-113", "quyet-dinh-113 ke-hoach-1130", ""),
    "quyết định 113": ("quyet-dinh-113", "ke-hoach-113", "quyet-dinh-113"),
    "113/QĐ-STC": ("quyet-dinh-113", "ke-hoach-113", "quyet-dinh-113"),
    "113/qd-stc": ("quyet-dinh-113", "ke-hoach-113", "quyet-dinh-113"),
    "08/KH-SNV": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "8/KH-SNV": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "8 kh snv": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "08 kh": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "KH-SNV": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "khsnv": ("ke-hoach-08", "ke-hoach-113", "ke-hoach-08"),
    "KH-UBND": ("ke-hoach-113 ke-hoach-1130 nhac-113", "ke-hoach-08", ""),
    "25/2024/NQ-HĐND": ("nghi-quyet", "ke-hoach-113", "nghi-quyet"),
    "25/2024/nq-hdnd": ("nghi-quyet", "ke-hoach-113", "nghi-quyet"),
    "nq hdnd 2024": ("nghi-quyet", "ke-hoach-113", "nghi-quyet"),
    "nghị quyết 25": ("nghi-quyet", "ke-hoach-113", "nghi-quyet"),
    # abbreviations and other wordings
    "CCHC": ("cchc cai-cach ke-hoach-113 so-noi-vu", "cai-cach-luong", ""),
    "cchc": ("cchc cai-cach ke-hoach-113", "cai-cach-luong", ""),
    "cải cách hành chính": ("cchc cai-cach ke-hoach-113 so-noi-vu cai-cach-luong", "khai-sinh", "cai-cach"),
    "cai cach hanh chinh": ("cchc cai-cach ke-hoach-113 so-noi-vu", "khai-sinh", "cai-cach"),
    "cai cach luong": ("cai-cach-luong", "cchc", "cai-cach-luong"),
    "TTHC": ("tthc", "cchc", "tthc"),
    "thủ tục hành chính": ("tthc", "cchc", "tthc"),
    "dịch vụ công": ("dvc tthc", "cchc", ""),
    "DVC": ("dvc tthc", "cchc", "dvc"),
    "CCCD": ("cccd can-cuoc", "cmnd", "cccd"),
    "căn cước": ("can-cuoc cccd", "cmnd", "can-cuoc"),
    "can cuoc": ("can-cuoc cccd", "cmnd", "can-cuoc"),
    "căn cước công dân": ("can-cuoc cccd", "cmnd", ""),
    "CMND": ("cmnd", "cccd", "cmnd"),
    "chứng minh nhân dân": ("cmnd", "cccd", "cmnd"),
    "sổ đỏ": ("so-do gcn", "so-do-dat so-do-to-chuc", "so-do"),
    "so do": ("so-do gcn so-do-dat so-do-to-chuc", "", ""),
    "GCN QSDĐ": ("so-do gcn", "so-do-dat", ""),
    "gcnqsdd": ("so-do gcn", "so-do-dat", ""),
    "giấy chứng nhận quyền sử dụng đất": ("gcn so-do", "so-do-dat", "gcn"),
    "KHCN": ("khcn kh-va-cn", "cchc", ""),
    "KH&CN": ("khcn kh-va-cn", "cchc", "kh-va-cn"),
    "khoa học và công nghệ": ("khcn kh-va-cn", "cchc", "khcn"),
    "sở khcn": ("khcn", "kh-va-cn", "khcn"),
    "BHYT": ("bhyt so-y-te", "cccd", "bhyt"),
    "bảo hiểm y tế": ("bhyt so-y-te", "cccd", ""),
    "UBND": ("ubnd-tuy-hoa uy-ban ke-hoach-113", "cccd", ""),
    "uỷ ban nhân dân": ("uy-ban ubnd-tuy-hoa", "uy-quyen", "uy-ban"),
    "ủy ban nhân dân tỉnh": ("uy-ban ke-hoach-113", "uy-quyen", "uy-ban"),
    # names mean the thing itself
    "Sở Nội vụ": ("so-noi-vu noi-vu-tin ke-hoach-08", "so-y-te", "so-noi-vu"),
    "so noi vu": ("so-noi-vu noi-vu-tin", "so-y-te", "so-noi-vu"),
    "nội vụ": ("so-noi-vu noi-vu-tin", "so-y-te", "so-noi-vu"),
    "sở y tế": ("so-y-te", "so-noi-vu", "so-y-te"),
    "y tế": ("so-y-te", "so-noi-vu", "so-y-te"),
    # phrases
    '"một cửa"': ("mot-cua gcn", "mot-canh-cua", "mot-cua"),
    "“một cửa”": ("mot-cua gcn", "mot-canh-cua", "mot-cua"),
    "một cửa": ("mot-cua mot-canh-cua gcn", "", "mot-cua"),
    '"cải cách hành chính"': ("cai-cach ke-hoach-113 so-noi-vu", "cai-cach-luong", "cai-cach"),
    '"hành chính ở xã"': ("cai-cach", "ke-hoach-113 cai-cach-luong", "cai-cach"),
    '"cách hành chính" xã': ("cai-cach", "ke-hoach-113", "cai-cach"),
    '"đăng ký khai sinh"': ("khai-sinh khai-tu", "ket-hon", "khai-sinh"),
    '"khai sinh': ("khai-sinh khai-tu", "ket-hon", "khai-sinh"),
    # words left out
    "khai sinh -tử": ("khai-sinh", "khai-tu", "khai-sinh"),
    "đường -mía -khói": ("duong-bo doi-ten", "duong-mia", ""),
    'cải cách -"tiền lương"': ("cai-cach", "cai-cach-luong", ""),
    '113 -"kế hoạch chuyển đổi"': ("ke-hoach-113", "ke-hoach-1130", ""),
    "sở -y": ("so-noi-vu khcn", "so-y-te", ""),
    "khai-sinh": ("khai-sinh", "ket-hon", "khai-sinh"),
    # signs between the words
    "khai, sinh!": ("khai-sinh", "ket-hon", "khai-sinh"),
    "  khai \t sinh ": ("khai-sinh", "ket-hon", "khai-sinh"),
    "khai.sinh": ("khai-sinh", "ket-hon", "khai-sinh"),
    "ô tô 4 chỗ": ("xe-oto", "cchc", "xe-oto"),
    "98,5%": ("phan-tram", "cchc", "phan-tram"),
    "1/1/2025": ("cmnd", "cccd", "cmnd"),
    "par index": ("chi-so", "cchc", "chi-so"),
    "PAR-Index": ("chi-so", "cchc", "chi-so"),
    "chìa khóa cuối bài": ("dai-pho", "cchc", "dai-pho"),
    "chìa khoá": ("dai-pho", "cchc", "dai-pho"),
    # nothing widens a question
    "khai sinh OR kết hôn": ("", "khai-sinh ket-hon", ""),
    "khai* sinh": ("khai-sinh", "ket-hon", "khai-sinh"),
    "kha": ("", "khai-sinh khai-tu", ""),
    "%": ("", "khai-sinh", ""),
    "_": ("", "khai-sinh", ""),
    "*": ("", "khai-sinh", ""),
    "-khai": ("", "khai-sinh ket-hon", ""),
    '""': ("", "khai-sinh", ""),
    "title:khai": ("", "khai-sinh", ""),
    "t:khai": ("", "khai-sinh", ""),
    "k=article": ("", "cchc mot-cua", ""),
    "i:khai": ("", "khai-sinh", ""),
    "khai & !sinh": ("khai-sinh", "ket-hon", "khai-sinh"),
    "khai | kết": ("", "khai-sinh ket-hon", ""),
    "NEAR(khai sinh)": ("", "khai-sinh", ""),
}


def test_there_are_a_hundred_cases():
    assert len(CASES) >= 100


@pytest.mark.parametrize("text", CASES)
def test_case(library, text):
    must, must_not, first = CASES[text]

    found = find(text)

    assert [name for name in must.split() if name not in found] == []
    assert [name for name in must_not.split() if name in found] == []
    assert not first or found[0] == first


# question: what was meant, and what comes first then
MISTYPED = {
    "kai sinh": ("khai sinh", "khai-sinh"),
    "khia sinh": ("khai sinh", "khai-sinh"),
    "khaii sinh": ("khai sinh", "khai-sinh"),
    "dang ky ket hom": ("dang ky ket hon", "ket-hon"),
    "đăng ký kết hônn": ("đăng ký kết hôn", "ket-hon"),
    "cair cachs": ("cai cach", "cai-cach"),
    "hanhf chinhs": ("hanh chinh", ""),
    "bao hiemr": ("bao hiem", ""),
    "quyeefn": ("quyen", ""),
    "thur tujc": ("thu tuc", "tthc"),
    "phuwowngf": ("phuong", "ubnd-tuy-hoa"),
}


@pytest.mark.parametrize("text", MISTYPED)
def test_small_mistakes_are_understood(library, text):
    expected, first = MISTYPED[text]

    better = meant(understand(text, forms()), Scope(corpus.NOW))

    assert better == expected
    assert not first or find(better)[0] == first


@pytest.mark.parametrize("text", ["khai sinh", "113/KH-UBND", "xyzzyqwv", "", "12 34 56"])
def test_nothing_is_put_into_anybodys_mouth(library, text):
    assert meant(understand(text, forms()), Scope(corpus.NOW)) == ""


def test_words_that_only_carry_a_question_are_left_out_when_nothing_else_helps(library):
    query = understand("làm sao để đăng ký kết hôn vậy", forms())

    assert find(query.text) == []
    less = relaxed(query)
    found = Found(less, Scope(corpus.NOW), corpus.texts, kinds=KINDS).page(0, 5)
    assert [corpus.name_of(hit.object_id) for hit in found] == []  # "làm" is a word of matter
    less = relaxed(understand("xin hỏi khi nào được đăng ký kết hôn vậy", forms()))
    found = Found(less, Scope(corpus.NOW), corpus.texts, kinds=KINDS).page(0, 5)
    assert [corpus.name_of(hit.object_id) for hit in found] == ["ket-hon"]


def test_by_date_the_newest_comes_first(library):
    assert find("sở nội vụ", by_date=True) == ["ke-hoach-08", "so-noi-vu", "noi-vu-tin"]


def test_counts_are_those_of_the_kinds(library):
    found = Found(understand("khai sinh", forms()), Scope(corpus.NOW), corpus.texts, kinds=KINDS)

    assert {kind: count for kind, count in found.counts.items() if count} == {"question": 2}
    assert found.total == 2


def test_one_kind_alone(library):
    query = understand("sở nội vụ", forms())
    found = Found(query, Scope(corpus.NOW, kind="agency"), corpus.texts, kinds=("agency",))

    assert [corpus.name_of(hit.object_id) for hit in found.page(0, 9)] == ["so-noi-vu"]
    assert found.total == 1
