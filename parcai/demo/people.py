"""The demonstration's officials: one account for every role, and a head and an officer for every agency that answers."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from agencies.models import Agency, User
from agencies.roles import Role

ACCOUNTS = [
    # username, full name, title, agency code, roles, enters the admin
    ("quantri", "Quản trị Minh Họa", "Quản trị hệ thống", None, [Role.ADMINISTRATOR], True),
    ("bientap", "Biên tập viên Minh Họa", "Biên tập viên", None, [Role.EDITOR], True),
    ("duyet", "Trưởng ban Biên tập Minh Họa", "Trưởng ban Biên tập", None, [Role.PUBLISHER], True),
    ("dieuphoi", "Điều phối viên Minh Họa", "Chuyên viên điều phối", "PY-VPUB", [Role.COORDINATOR], True),
    ("chuyenvien", "Chuyên viên Minh Họa", "Chuyên viên", "PY-SNV", [Role.OFFICER], False),
    ("thutruong", "Giám đốc Minh Họa", "Giám đốc", "PY-SNV", [Role.HEAD], False),
    ("chuyenvien2", "Chuyên viên Minh Họa (Y tế)", "Chuyên viên", "PY-SYT", [Role.OFFICER], False),
    ("thutruong2", "Giám đốc Minh Họa (Y tế)", "Giám đốc", "PY-SYT", [Role.HEAD], False),
    ("kehoach", "Phụ trách kế hoạch Minh Họa", "Phó Trưởng phòng", "PY-SNV", [Role.PLAN_MANAGER], True),
    ("chiso", "Phụ trách chỉ số Minh Họa", "Chuyên viên", "PY-SNV", [Role.INDEX_MANAGER], True),
    ("giamsat", "Giám sát viên Minh Họa", "Giám sát", None, [Role.OBSERVER], True),
]


def make_accounts() -> dict[str, User]:
    """The named accounts with the demonstration password; a second call finds them as they are."""
    password = make_password(settings.DEMO_PASSWORD)
    groups = {group.name: group for group in Group.objects.all()}
    agencies = {agency.code: agency for agency in Agency.objects.filter(code__startswith="PY-")}
    people = {}
    for username, name, title, code, roles, is_staff in ACCOUNTS:
        person, created = User.objects.get_or_create(
            username=username,
            defaults={
                "full_name": name,
                "title": title,
                "agency": agencies[code] if code else None,
                "is_staff": is_staff,
                "is_demonstration": True,
                "password": password,
            },
        )
        if created:
            person.groups.set([groups[role] for role in roles])
        people[username] = person
    return people


def officer_and_head(agency: Agency, people: dict[str, User]) -> tuple[User, User]:
    """Who answers for an agency in the demonstration; made without a password where no named account serves it."""
    found = {
        role: each
        for each in people.values()
        for role in (Role.OFFICER, Role.HEAD)
        if each.agency_id == agency.pk and each.has_role(role)
    }
    short = agency.code.removeprefix("PY-").lower()
    for role, title in ((Role.OFFICER, "Chuyên viên"), (Role.HEAD, "Thủ trưởng")):
        if role not in found:
            person, created = User.objects.get_or_create(
                username=f"{'cv' if role is Role.OFFICER else 'tt'}-{short}",
                defaults={
                    "full_name": f"{title} Minh Họa",
                    "title": title,
                    "agency": agency,
                    "is_demonstration": True,
                    "password": make_password(None),
                },
            )
            if created:
                person.groups.add(Group.objects.get(name=role))
            people[person.username] = found[role] = person
    return found[Role.OFFICER], found[Role.HEAD]
