"""Settings: one message names all invalid variables; every variable is documented; imports have no side effects."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from careers.datetimes.durations import duration
from tools.catalogues import ROOT

VALID = {
    "SECRET_KEY": "q9Zt" + "0aB1cD2eF3gH4iJ5kL6mN7oP8" * 2,
    "SITE_URL": "https://careers.example.com",
    "SMTP_URL": "smtp://careers:p%40ss@smtp.example.com",
    "MAIL_FROM": "Kumo Careers <careers@example.com>",
}


def start(tmp_path, *command, **variables):
    """Run manage.py without a .env, with these variables only."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    script = (
        "import environs, sys; environs.Env.read_env = staticmethod(lambda *a, **k: None);"
        "sys.argv[1:] = sys.argv[1:]; import runpy; runpy.run_path('manage.py', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *command],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_missing_variables_are_named_at_once(tmp_path):
    result = start(tmp_path, "check")
    assert result.returncode != 0
    for name in VALID:
        assert name in result.stderr
    assert "Traceback" not in result.stderr


INVALID = [
    ("SECRET_KEY", "short", "at least 50 random characters"),
    ("SECRET_KEY", "change-me-" * 8, "at least 50 random characters"),
    ("SECRET_KEY_FALLBACKS", "short", "at least 50 random characters"),
    ("SITE_URL", "careers.example.com", "like https://careers.example.com"),
    ("SITE_URL", "http://careers.example.com", "must begin with https://"),
    ("SITE_URL", "https://careers.example.com/jobs", "without a path"),
    ("DEV", "perhaps", "Not a valid boolean"),
    ("DATABASE_URL", "mysterious", "DATABASE_URL"),
    ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE"),
    ("SMTP_URL", "smtp.example.com:587", "must begin with smtp://"),
    ("SMTP_URL", "smtp://", "must name a mail server"),
    ("SMTP_URL", "smtp://smtp.example.com:port", "the host or its port is not valid"),
    ("SMTP_URL", "smtp://user:S3CRET@smtp.example.com/a", "nothing may follow the port"),
    ("SMTP_URL", "smtp://user@smtp.example.com", "both a user and a password"),
    ("SMTP_URL", "smtp://user:ひみつ@smtp.example.com", "ASCII"),
    ("SMTP_URL", "smtp+plain://user:S3CRET@localhost", "use smtp://"),
    ("DOCUMENTS_URL", "https://s3.example.com/bucket", "must begin with s3://"),
    ("DOCUMENTS_URL", "s3://K:S3CRET@/bucket", "must name an S3 server"),
    ("DOCUMENTS_URL", "s3://K:S3CRET@s3.example.com", "the name of one bucket"),
    ("DOCUMENTS_URL", "s3://K:S3CRET@s3.example.com/a/b", "the name of one bucket"),
    ("DOCUMENTS_URL", "s3://K:S3/CRET@s3.example.com/bucket", "the host or its port"),
    ("DOCUMENTS_URL", "s3://KEY@s3.example.com/bucket", "both a key and its secret"),
    ("DOCUMENTS_URL", "s3://K:S3CRET@s3.example.com/bucket?acl=public", "only ?region="),
    ("DOCUMENTS_URL", "s3+plain://K:S3CRET@s3.example.com/bucket", "unencrypted; use s3://"),
    ("DOCUMENT_TYPES", "pdf,exe", "must be one or more of these"),
    ("DOCUMENT_TYPES", "", "must be one or more of these"),
    ("CLAMD_URL", "clamav:3310", "must be the address of clamd"),
    ("CLAMD_URL", "tcp://clamav:port", "the host or its port is not valid"),
    ("CLAMD_URL", "unix:clamd.ctl", "must be the address of clamd"),
    ("PAGE_CACHE_MB", "0", "a number of megabytes"),
    ("PAGE_CACHE_MB", "much", "Not a valid integer"),
    ("CARD_FONT", "/nowhere/font.ttf", "must be the path of a TrueType or OpenType font"),
    ("CARD_FONT", "manage.py", "must be the path of a TrueType or OpenType font"),
    ("ADMINS", "Hana", "must be an address like careers@example.com"),
    ("ADMINS", "hana@example.com,Ken", "must be an address like careers@example.com"),
    ("OPERATOR_NETWORKS", "10.0.0.0/8,office", "must be IP addresses or networks"),
    ("OPERATOR_NETWORKS", "10.0.0.1/8", "must be IP addresses or networks"),
    ("MAIL_FROM", "Kumo Careers", "must be an address like careers@example.com"),
    ("MAIL_FROM", "a@example.com, b@example.com", "must be an address like careers@example.com"),
]


@pytest.fixture(scope="module")
def error_lines(tmp_path_factory):
    """{(name, value): the line about it}. One start reports the errors of all variables, so each start
    gets one invalid value of every variable that has one left."""
    lines, remaining = {}, [(name, value) for name, value, _text in INVALID]
    while remaining:
        values = dict(reversed(remaining))  # one value of each variable
        result = start(tmp_path_factory.mktemp("broken"), "check", **{**VALID, **values})
        assert result.returncode != 0
        assert "S3CRET" not in result.stderr
        assert "Traceback" not in result.stderr
        for pair in values.items():
            remaining.remove(pair)
            lines[pair] = [
                line for line in result.stderr.splitlines() if line.split(":")[0].strip() == pair[0]
            ]
    return lines


@pytest.mark.parametrize(("name", "value", "text"), INVALID)
def test_invalid_variable_has_one_message(error_lines, name, value, text):
    [line] = error_lines[name, value]
    assert text in line


def test_check_deploy_is_silent(tmp_path):
    result = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **VALID)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "System check identified no issues (1 silenced).\n"


def test_development_site_may_use_http(tmp_path):
    result = start(
        tmp_path, "check", **{**VALID, "DEV": "yes", "SITE_URL": "http://localhost:8000"}
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("empty", [{}, {"SMTP_URL": "", "MAIL_FROM": ""}])
def test_development_site_needs_no_mail_server(tmp_path, empty):
    development = {
        "SECRET_KEY": VALID["SECRET_KEY"],
        "DEV": "yes",
        "SITE_URL": "http://localhost:8000",
    }
    result = start(tmp_path, "check", **development, **empty)
    assert result.returncode == 0, result.stderr


def test_env_example_documents_every_variable():
    """.env.example documents the variables that the site and gunicorn read, and no others."""
    example = (ROOT / ".env.example").read_text("utf-8").partition("\n# --- Only for docker")[0]
    code = (ROOT / "careers" / "env.py").read_text("utf-8")
    variables = re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', code)
    assert len(variables) == len(re.findall(r"\benv\.(?!read_env|seal)\w+\(", code)) > 0
    gunicorn_variables = ["WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"]
    assert sorted(re.findall(r"^([A-Z_]+)=", example, re.M)) == sorted(
        variables + gunicorn_variables
    )


def test_operating_manual_policy_numbers():
    """The table in docs/operating.md says what the settings say."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = manual.partition("## Policy numbers")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", section, re.M))
    assert len(rows) >= 15
    for name, text in rows.items():
        value = getattr(settings, name)
        assert text in (str(value), duration(value) if not text.isdecimal() else ""), name


def test_operating_manual_upload_bounds():
    """The table of bounds for uploads says what the settings say."""
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = manual.partition("## Spam")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \|", section, re.M))
    assert len(rows) == 5
    for name, text in rows.items():
        value = getattr(settings, name)
        assert text in (str(value), f"{value / 1024**2:g} MB", f"{value / 1024**3:g} GB"), name


def test_settings_import_writes_nothing(tmp_path):
    """No folder is created before the site starts, not even VAR_DIR."""
    var = tmp_path / "var"
    command = [sys.executable, "-c", "import careers.settings"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "VAR_DIR": str(var), **VALID}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, timeout=60)
    assert not list(tmp_path.iterdir())


def test_start_creates_folders(tmp_path):
    """Also in a VAR_DIR that does not exist yet; only the site's user may read uploads."""
    var = tmp_path / "a" / "b"
    result = start(tmp_path, "check", **{**VALID, "VAR_DIR": str(var)})
    assert result.returncode == 0, result.stderr
    assert (var / "uploads").stat().st_mode & 0o777 == 0o700


def test_start_reports_unusable_var_dir(tmp_path):
    (tmp_path / "file").write_text("")
    result = start(tmp_path, "check", **{**VALID, "VAR_DIR": str(tmp_path / "file" / "var")})
    assert result.returncode != 0
    assert "VAR_DIR cannot be used" in result.stderr.splitlines()[-1]
