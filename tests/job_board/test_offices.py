"""Departments, offices and sections of the job board, with their posts."""

import pytest

from tests import make
from tests.job_board.conftest import BOARD, SITE, jobs, read

pytestmark = pytest.mark.django_db

NO_HIERARCHY = {"parent_id": None, "child_ids": []}


@pytest.fixture
def site(company):
    """Two departments, two locations, a role at both locations and a remote one without a location."""
    back = make.department()
    front = make.department(name_en="Frontend", name_ja="フロントエンド")
    tokyo = make.location()
    osaka = make.location(name_en="Osaka", name_ja="大阪", address_en="2 Example St")
    make.role(department=front, locations=[osaka, tokyo])
    make.role(department=back, locations=[tokyo], published_at_ja=None)
    make.role(department=back, workplace="remote")
    return {"back": back, "front": front, "tokyo": tokyo, "osaka": osaka}


def outline(rows, name="departments"):
    """The names of offices and departments, and the ids and languages of their posts."""
    if name == "offices":
        return [(row["name"], outline(row["departments"])) for row in rows]
    return [
        (row["name"], [(job["requisition_id"], job["language"]) for job in row["jobs"]])
        for row in rows
    ]


def test_departments_contain_their_posts(client, site):
    posts = {job["id"]: job for job in jobs(client)}
    rows_found = read(client, "/departments")["departments"]
    assert [(row["id"], row["name"]) for row in rows_found] == [
        (site["back"].pk, "Backend"),
        (site["front"].pk, "Frontend"),
    ]
    assert [job for row in rows_found for job in row["jobs"]] == list(posts.values())
    assert all(row.items() >= NO_HIERARCHY.items() for row in rows_found)


def test_offices_contain_departments_with_posts(client, site):
    rows_found = read(client, "/offices")["offices"]
    assert [(row["id"], row["name"], row["location"]) for row in rows_found] == [
        (site["tokyo"].pk, "Tokyo", "Japan"),
        (site["osaka"].pk, "Osaka", "2 Example St"),
        (0, "No Office", None),
    ]
    one, two, remote = (row["departments"] for row in rows_found)
    assert [[len(row["jobs"]) for row in rows] for rows in (one, two, remote)] == [[1, 2], [2], [2]]
    assert [row["name"] for row in one] == ["Backend", "Frontend"]
    everywhere = {
        job["id"] for row in rows_found for part in row["departments"] for job in part["jobs"]
    }
    assert everywhere == {job["id"] for job in jobs(client)}
    for row in [*rows_found, *one, *two, *remote]:
        assert row.items() >= NO_HIERARCHY.items()
        assert "children" not in row


def test_no_office_listed_only_if_needed(client, company):
    make.role(locations=[make.location()])
    assert [row["name"] for row in read(client, "/offices")["offices"]] == ["Tokyo"]
    assert client.get(f"{BOARD}/offices/0").status_code == 404


def test_offices_and_departments_as_tree(client, site):
    for name in ("departments", "offices"):
        rows = read(client, f"/{name}?render_as=list")[name]
        assert rows == read(client, f"/{name}")[name]
        trees = read(client, f"/{name}?render_as=tree")[name]
        assert outline(trees, name) == outline(rows, name)
        parts = [part for tree in trees for part in [tree, *tree.get("departments", [])]]
        for part in parts:
            assert part["children"] == []
            assert not part.keys() & NO_HIERARCHY.keys()


@pytest.mark.parametrize("form", ["list", "tree"])
@pytest.mark.parametrize("name", ["departments", "offices"])
def test_offices_and_departments_by_id(client, site, name, form):
    rows = read(client, f"/{name}?render_as={form}")[name]
    assert len(rows) >= 2
    for row in rows:
        assert read(client, f"/{name}/{row['id']}?render_as={form}") == row


def test_offices_and_departments_without_open_role_are_missing(client, company):
    department, location = make.department(name_en="Secret plans"), make.location(name_en="Moon")
    role = make.role(department=department, locations=[location], published_at_en=None)
    role.unpublish("ja")
    role.save()
    assert read(client, "/departments") == {"departments": []}
    assert read(client, "/offices") == {"offices": []}
    assert client.get(f"{BOARD}/departments/{department.pk}").status_code == 404
    assert client.get(f"{BOARD}/offices/{location.pk}").status_code == 404


def test_offices_and_departments_names_in_english_else_japanese(client, company):
    make.role(department=make.department(name_en=""), locations=[make.location(name_en="")])
    assert [row["name"] for row in read(client, "/departments")["departments"]] == ["バックエンド"]
    assert [row["name"] for row in read(client, "/offices")["offices"]] == ["東京"]


def test_section_contains_prospect_posts(client, company):
    (section,) = read(client, "/sections")["sections"]
    assert (section["id"], section["name"]) == (1, "General application")
    assert [
        (job["id"], job["internal_job_id"], job["language"], job["title"], job["absolute_url"])
        for job in section["jobs"]
    ] == [
        (1, None, "en", "General application", f"{SITE}/en/apply/"),
        (2, None, "ja", "職種を指定しない応募", f"{SITE}/ja/apply/"),
    ]
    assert read(client, "/sections/1") == section
    assert client.get(f"{BOARD}/sections/2").status_code == 404
    assert jobs(client) == []  # prospect posts are not in the list of jobs


def test_prospect_post_has_properties_of_job_post(client, role):
    opening = read(client, f"/jobs/{role.pk * 10 + 2}?questions=true&pay_transparency=true")
    general = read(client, "/jobs/2?questions=true&pay_transparency=true")
    assert general.keys() == opening.keys()
    assert general["title"] in client.page("/ja/apply/")
    assert general["content"].startswith("&lt;p&gt;")
    assert general["content"][9:-10] in client.page("/ja/apply/")
    assert (general["departments"], general["offices"], general["pay_input_ranges"]) == ([], [], [])
