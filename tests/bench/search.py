"""The list of roles as it grows: uncached pages with 10,000 roles compared with 100, and searching in texts
of 4,500 characters."""

import statistics
import time

from django.db import connection, transaction
from django.utils import timezone

from careers.roles.enums import EmploymentType, Level, Workplace
from careers.roles.listing import PAGE_SIZE
from careers.roles.models import Role, RoleLanguage, RoleLocation
from tests import make
from tests.conftest import Visitor

from .measure import side_by_side, table

FEWEST, FEW, SOME, MORE, MANY = 20, 100, 500, 1_000, 10_000
RATIO = 3
FLAT = 1.1  # of bytes: numbers have more digits
GOALS = {SOME: 3, MANY: 8}  # the time of a search, as a multiple of the list without a query
BATCHES, ROUNDS = 3, 3  # a ratio for each batch; the middle one counts
PAGES = (
    ("all roles", "/en/roles/"),
    ("filtered, with counts", "/en/roles/?workplace=on_site&workplace=hybrid&language=en"),
    ("newest first", "/ja/roles/?sort=newest"),
)
CITIES = (("Tokyo", "東京"), ("Osaka", "大阪"), ("Kyoto", "京都"), ("Nagoya", "名古屋"))
CHARACTERS = 4_500  # per role, both languages together
# Queries of visitors in both languages; the last ones have no results, which takes longest.
QUERIES = (
    "engineer",
    "エンジニア",
    "data 東京",
    "リモート",
    "machine learning",
    "東京バックエンド",
    "C++",
)
QUERIES += ("rust", "えんじにあ　大阪", "product manager", "cobol", "量子コンピューター")
ENGLISH = (
    "You will read forecasts, write services in OCaml, and keep the data of ten thousand stations"
    " flowing; others will read what you write, and you will read theirs. "
)
JAPANESE = (
    "全国の観測所から届くデータを処理し、予報を支えるサービスを開発・運用していただきます。"
    "チームで設計を議論しながら進めます。"
)
PLACEHOLDER = "7654321"  # in place of the number of a role; longer than the microseconds of a time
TITLES = (
    ("Backend engineer", "バックエンドエンジニア"),
    ("Data scientist", "データサイエンティスト"),
    ("Product manager", "プロダクトマネージャー"),
    ("Rust developer", "Rust開発者"),
)


def run():
    """Print both tables; return whether every goal is reached."""
    print(f"\nThe list of roles, {connection.vendor}, {CHARACTERS:,} characters per role")
    Role.objects.all().delete()
    departments = [make.department(name_en=f"Team {n}", name_ja=f"チーム{n}") for n in range(12)]
    locations = [make.location(name_en=en, name_ja=ja) for en, ja in CITIES]
    measured = {}
    for number in (FEWEST, FEW, SOME, MORE, MANY):
        _fill(number, departments, locations)
        _settle()
        measured[number] = _pages(), _searches() if number in (SOME, MANY) else []
    return all([_compare(measured), *(_report(number, measured) for number in (SOME, MANY))])


def _settle():
    """Update PostgreSQL's statistics; autovacuum would do it a minute later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _pages():
    """{name: (times, bytes)} of the pages without a search."""
    visitor, role = Visitor(), Role.objects.public("en").first()
    paths = {**dict(PAGES), "one role": role.get_absolute_url("en")}
    times = side_by_side(
        {name: lambda path=path: visitor.page(path) for name, path in paths.items()}, rounds=15
    )
    return {name: (times[name], len(visitor.get(path).content)) for name, path in paths.items()}


def _searches():
    """A pair of lists for each batch: milliseconds of every search, and of the list without a query.

    They alternate, so that other load on the machine affects both.
    """
    visitor = Visitor()
    for query in QUERIES:  # a warm-up
        _time(visitor, q=query)
    return [
        tuple(
            zip(
                *(
                    (_time(visitor, q=query), _time(visitor))
                    for _ in range(ROUNDS)
                    for query in QUERIES
                ),
                strict=True,
            )
        )
        for _ in range(BATCHES)
    ]


def _time(visitor, **parameters):
    start = time.perf_counter()
    visitor.page("/en/roles/", query_params=parameters)
    return (time.perf_counter() - start) * 1000


def _compare(measured):
    sizes, reached = (FEWEST, FEW, MORE, MANY), True
    rows = [("ms", *(f"{size:,}" for size in sizes), "ratio", "bytes")]
    for name in measured[FEW][0]:
        results = {size: measured[size][0][name] for size in sizes}
        times = [f"{taken.median:.1f}" for taken, _length in results.values()]
        (few, length), (many, longer) = results[FEW], results[MANY]
        ratio = many.median / few.median
        reached = reached and ratio <= RATIO and longer / length <= FLAT
        rows.append((name, *times, f"{ratio:.2f}", f"{length} {longer}"))
    table(rows)
    print(f"ratio: of {MANY:,} to {FEW}, at most {RATIO}; as many bytes (pages of {PAGE_SIZE})")
    return reached


def _report(number, measured):
    pairs = [(_p95(searches), _p95(lists)) for searches, lists in measured[number][1]]
    ratio = statistics.median(search / listing for search, listing in pairs)
    search, listing = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(
        f"searching {number:,} roles: p95 {search:.0f} ms, the list without a query {listing:.0f} ms,"
        f" ratio {ratio:.1f} (goal: at most {GOALS[number]})"
    )
    return ratio <= GOALS[number]


def _p95(times):
    return sorted(times)[int(len(times) * 0.95)]


@transaction.atomic
def _fill(number, departments, locations):
    """Add roles with long texts until there are `number`."""
    existing = Role.objects.count()
    with connection.cursor() as cursor:
        for row in _rows(range(existing, number), departments):
            columns = ", ".join(map(connection.ops.quote_name, row))
            values = ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO {Role._meta.db_table} ({columns}) VALUES ({values})",
                list(row.values()),
            )
    roles = Role.objects.filter(order__gte=existing).order_by("order").only("order")
    RoleLocation.objects.bulk_create(
        [RoleLocation(role=r, location=locations[r.order % len(locations)]) for r in roles],
        batch_size=900,
    )
    RoleLanguage.objects.bulk_create(
        [RoleLanguage(role=r, language=("en", "ja")[r.order % 2], proficiency="B2") for r in roles],
        batch_size=900,
    )


def _rows(numbers, departments):
    """Yield {column: value} of the roles with these numbers.

    Texts and search texts are computed once per title and languages, and copied with other numbers:
    computing them for 10,000 roles takes many minutes.
    """
    now = timezone.now()
    patterns = {
        (number, is_bilingual): _pattern(*titles, now, now if is_bilingual else None)
        for number, titles in enumerate(TITLES)
        for is_bilingual in (True, False)
    }
    for n in numbers:
        row = {
            column: value.replace(PLACEHOLDER, str(n)) if isinstance(value, str) else value
            for column, value in patterns[n % len(TITLES), n % 5 > 0].items()
        }
        yield row | {
            "order": n,
            "department_id": departments[n % len(departments)].pk,
            "workplace": Workplace.values[n % 3],
            "employment_type": EmploymentType.values[n % 7],
            "level": Level.values[n % 6],
        }


def _pattern(title_en, title_ja, published_at_en, published_at_ja):
    """{column: value}, as `save()` writes them, of a role whose number is PLACEHOLDER."""
    texts = CHARACTERS // 2
    role = Role(
        title_en=f"{title_en} {PLACEHOLDER}",
        title_ja=f"{title_ja}{PLACEHOLDER}",
        summary_en=f"Keeps forecast {PLACEHOLDER} running.",
        summary_ja=f"予報{PLACEHOLDER}を支える仕事です。",
        duties_en=(f"<p>{ENGLISH}</p>" * (texts // len(ENGLISH) + 1))[: texts - 40],
        duties_ja=(f"<p>{JAPANESE}</p>" * (texts // len(JAPANESE) + 1))[: texts - 40],
        reference_id=f"B-{PLACEHOLDER}",
        slug=f"role-{PLACEHOLDER}",
        published_at_en=published_at_en,
        published_at_ja=published_at_ja,
        reviewed_at=published_at_en,
    )
    fields = [field for field in Role._meta.local_concrete_fields if not field.generated]
    return {
        field.column: field.get_db_prep_save(field.pre_save(role, add=True), connection)
        for field in fields
        if not field.primary_key
    }
