"""A run's folder: complete, bound to its plan, free of secrets, linked, told against the last."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape
from pydantic import TypeAdapter

from scripts.access.audit_session import SESSION
from scripts.evidence import dossier, page, runs
from scripts.evidence.changes import Kind, compare
from scripts.evidence.raw import Sieve, secrets_of
from scripts.evidence.results import Evidence, Outcome
from scripts.evidence.words import file_name, words
from stacks.errors import RequestError
from stacks.language import Language
from tests.unit.evidence.audited import (
    BORNE,
    TENANT,
    done,
    estate_of,
    evidence,
    later,
    recorder_of,
    result,
    settings_of,
    subject,
)
from tests.unit.evidence.recording import HOST, recording


def test_a_run_holds_everything(sealed: Path) -> None:
    expected = {
        "index.html", "index.zh.html", "manual.html", "manual.zh.html", "run.json",
        "MANIFEST.sha256", "MANIFEST.sha256.sig", "allowed_signers",
        *(f"{tenant}/{name}" for tenant in (TENANT, "platform")
          for name in ("index.html", "index.zh.html", "junit.xml", "evidence.json")),
        *(f"oscal/{name}.json" for name in
          ("catalog", "checks-catalog", "mapping-collection", "assessment-plan", "assessment-results")),
        "raw/cloud.json", f"raw/hosts/{HOST}.json", f"raw/portals/{HOST}.json", "raw/hosts/bastion.json",
        f"raw/plan/{TENANT}.json", "raw/plan/platform.json",
        "raw/waivers/scanner.yaml", "raw/waivers/small-disk.yaml",
    }  # fmt: skip
    present = {path.relative_to(sealed).as_posix() for path in sealed.rglob("*") if path.is_file()}
    assert expected <= present
    assert {path for path in present if path.startswith("raw/hosts/")} >= {"raw/hosts/bastion.json"}


@pytest.mark.parametrize("tenant", [TENANT, "platform"])
def test_the_plan_in_the_folder_has_the_hash_that_the_evidence_names(sealed: Path, tenant: str) -> None:
    found = json.loads((sealed / tenant / "evidence.json").read_bytes())
    assert (
        hashlib.sha256((sealed / "raw" / "plan" / f"{tenant}.json").read_bytes()).hexdigest() == found["plan"]
    )


def test_a_host_that_did_not_answer_says_so_in_its_file(sealed: Path) -> None:
    assert "cannot be reached" in json.loads((sealed / "raw/hosts/bastion.json").read_bytes())["error"]


def test_the_newest_runs_are_linked(audited_home: Path) -> None:
    place = audited_home / "evidence"
    newest = runs.runs(settings_of(audited_home))[-1]
    assert (place / "latest").resolve().name == newest.id
    assert (place / TENANT / "index.html").resolve().is_relative_to(place / "runs" / newest.id)
    assert newest.id in (place / "index.html").read_text()
    found = dossier.read(settings_of(audited_home), TENANT)
    assert found
    assert not found.passed


def test_a_run_never_takes_the_place_of_another(home: Path) -> None:
    dossier.write(estate_of(home), recorder_of(started=later(1)))
    ids = [item.id for item in runs.runs(settings_of(home))]
    assert len(ids) == len(set(ids)) == 3
    assert ids[-1] == f"{ids[-2]}-2"
    assert runs.find(settings_of(home), ids[-2]).id == ids[-2]


def test_evidence_of_an_earlier_release_is_kept_beside(tmp_path: Path) -> None:
    old = tmp_path / "evidence" / TENANT
    old.mkdir(parents=True)
    (old / "index.html").write_text("old")
    dossier.write(estate_of(tmp_path), recorder_of())
    assert (tmp_path / "evidence" / f"{TENANT}.before-runs" / "index.html").read_text() == "old"
    assert (old / "index.html").read_text() != "old"


def test_a_tenant_that_is_called_like_a_folder_takes_no_folder_away(home: Path) -> None:
    known = runs.runs(settings_of(home))
    named = [replace(known[-1].tenants[0], tenant=name) for name in ("runs", "latest", "pictures")]
    runs.link(settings_of(home), replace(known[-1], tenants=tuple(named)))
    assert runs.runs(settings_of(home)) == known
    assert (home / "evidence" / "latest").resolve().name == known[-1].id


def test_an_unreadable_earlier_run_stops_nothing(home: Path, run: Path) -> None:
    (run / TENANT / "evidence.json").write_text("{")
    dossier.write(estate_of(home), recorder_of(started=later(2)))
    assert len(runs.runs(settings_of(home))) == 3


def test_a_run_that_a_person_removed_is_gone_from_the_trend(home: Path, run: Path) -> None:
    shutil.rmtree(run)
    dossier.write_index(settings_of(home))
    shown = (home / "evidence" / "index.html").read_text()
    assert run.name not in shown
    assert "latest" not in {item.id for item in runs.runs(settings_of(home))}


@pytest.mark.parametrize("name", ["", "2026", "nonsense"])
def test_a_name_that_is_no_run_is_refused(home: Path, name: str) -> None:
    with pytest.raises(RequestError, match="run"):
        runs.find(settings_of(home), name)


SECRETS = {
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz",
    "a password hash": "root:$y$j9T$abcdefghijklmnop$ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:19000:0:99999:7:::",
    "a token": "gAAAAABl" + "a" * 80,
    "a bearer of rights": "X-Auth-Token: 0123456789abcdef0123",
    "an address with a password": "mysql://nova:sesame@db/nova",
    "a password": "admin_password = sesame-4711",
    "a secret of this deployment": "the words of the deployment",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_does_not_get_out(kind: str) -> None:
    sieve = Sieve(frozenset({"words of the deployment"}))
    clean = sieve.clean("host", {"answers": [{"out": f"before\n{SECRETS[kind]}\nafter"}]})
    assert SECRETS[kind] not in json.dumps(clean)
    assert sieve.withheld == [f"host/answers/out: {kind}"]


def test_the_words_of_the_deployment_are_known(tmp_path: Path) -> None:
    for name in ("keys/passphrase", "keys/operator.pub", "auditor/password", "auditor/clouds.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"the words of {name}\nshort\n")
    assert secrets_of(tmp_path) == {"the words of keys/passphrase", "the words of auditor/password"}


def test_real_answers_hold_no_secret(sealed: Path, audited_home: Path) -> None:
    found = json.loads((sealed / "run.json").read_bytes())
    assert found["withheld"] == []
    private = (audited_home / "keys" / "evidence").read_text().splitlines()[1]
    assert not any(private.encode() in path.read_bytes() for path in sealed.rglob("*") if path.is_file())


def test_requests_of_citizens_are_left_out(home: Path) -> None:
    estate = estate_of(home)
    facts = estate.host(HOST)
    stranger = "198.51.100.7 GET /me\n"
    log = facts.answers["web_requests"]
    noisy = replace(facts, answers={**facts.answers, "web_requests": replace(log, out=stranger + log.out)})
    changed = {**estate.hosts, HOST: done(noisy)}
    dossier.write(replace(estate, hosts=changed), recorder_of(started=later(3)))
    written = (home / "evidence/latest/raw/hosts" / f"{HOST}.json").read_text()
    assert "198.51.100.7" not in written
    assert estate.portal(HOST).mark in written


def kinds(before: tuple[Evidence, ...], after: tuple[Evidence, ...]) -> list[Kind]:
    return [change.kind for change in compare(before, after)]


def test_changes_are_told_by_what_they_mean() -> None:
    good, bad = result(Outcome.PASSED), result(Outcome.FAILED)
    away, error = result(Outcome.NOT_APPLICABLE), result(Outcome.ERROR)
    table: Mapping[tuple[object, object], list[Kind]] = {
        (good, good): [], (bad, bad): [], (error, bad): [], (good, bad): [Kind.FAILED],
        (good, error): [Kind.FAILED], (bad, good): [Kind.MENDED], (good, away): [Kind.LOST],
        (bad, away): [Kind.LOST], (away, good): [],
    }  # fmt: skip
    for (before, after), expected in table.items():
        assert kinds((evidence(before),), (evidence(after),)) == expected  # type: ignore[arg-type]
    assert kinds((evidence(),), (evidence(good),)) == [Kind.NEW]
    assert kinds((evidence(),), (evidence(bad),)) == [Kind.FAILED]
    assert kinds((evidence(good),), (evidence(),)) == [Kind.GONE]


def test_a_tenant_that_was_not_audited_is_no_change() -> None:
    other = replace(evidence(result(Outcome.PASSED)), tenant="other")
    assert kinds((evidence(result(Outcome.PASSED)), other), (evidence(result(Outcome.PASSED)),)) == []


def test_equal_checks_are_told_apart_by_their_number() -> None:
    good, bad = result(Outcome.PASSED), result(Outcome.FAILED)
    assert kinds((evidence(good, bad),), (evidence(good, good),)) == [Kind.MENDED]


def test_the_second_run_tells_what_changed(audited_home: Path, sealed: Path) -> None:
    older, newer = runs.runs(settings_of(audited_home))
    assert newer.before == older.id
    shown = (sealed / "index.html").read_text()
    assert older.id in shown
    hosts = len(recording().plan.tenant(TENANT).hosts)
    assert f"newly failed: {hosts + 2}" in shown, "one on each host and the bastion, one in the cloud"


class _Outline(HTMLParser):
    """Collects what accessibility rests on."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.bare_headers = 0
        self.links: list[str] = []
        self.ids: list[str] = []
        self.language = ""
        self.unnamed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.bare_headers += tag == "th" and "scope" not in found
        self.unnamed += tag == "svg" and not found.get("aria-label")
        self.unnamed += found.get("role") == "img" and not found.get("aria-label")
        self.language = found.get("lang") or "" if tag == "html" else self.language
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []


PAGES = [
    f"{folder}{file_name(stem, language)}"
    for folder, stem in (("", "index"), ("", "manual"), (f"{TENANT}/", "index"), ("../../", "index"))
    for language in Language
]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_usable_by_keyboard_and_screen_reader(sealed: Path, name: str) -> None:
    path = sealed / name
    outline = _Outline()
    outline.feed(path.read_text(encoding="utf-8"))
    assert outline.language == ("zh-CN" if ".zh." in name else "en")
    for landmark in ("header", "nav", "main", "footer"):
        assert outline.tags.count(landmark) == 1, landmark
    assert outline.tags.count("h1") == 1
    assert outline.bare_headers == 0
    assert outline.unnamed == 0
    assert outline.links[0] == "#content"
    assert len(outline.ids) == len(set(outline.ids))
    for link in outline.links:
        target, _, anchor = link.partition("#")
        assert not link.startswith(("http:", "https:", "/"))
        assert (path.parent / target).exists() if target else anchor in outline.ids, link


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_from_elsewhere(sealed: Path, name: str) -> None:
    shown = (sealed / name).read_text(encoding="utf-8")
    for word in ("http://", "https://", "<script", "<link", "url(", "@import"):
        assert word not in shown


@pytest.mark.parametrize("name", [name for name in PAGES if ".zh." in name])
def test_a_chinese_page_speaks_chinese(sealed: Path, name: str) -> None:
    shown = (sealed / name).read_text(encoding="utf-8")
    for text in words().values():
        english, chinese = text["en"], text["zh"]
        if len(english) > 20 and "{" not in english and english != chinese:
            assert english not in shown


@pytest.mark.parametrize("name", [name for name in PAGES if ".zh." in name])
def test_a_chinese_page_has_no_english_sentence(sealed: Path, name: str) -> None:
    """Four words in a row are one; names, commands and the other language's link are shorter."""
    shown = (sealed / name).read_text(encoding="utf-8")
    shown = shown.replace(str(escape(SESSION)), "")  # what sshd runs for the auditor
    body = re.sub(r"(?s)<style>.*?</style>|<code>.*?</code>|<span lang=\"en\">.*?</span>", "", shown)
    found = re.findall(r"[A-Za-z][a-z']*,?(?: [a-z']+,?){3,}", re.sub(r"<[^>]+>", "\n", body))
    assert found == []


def test_every_word_is_there_in_both_languages_and_used() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in page.TEMPLATES.glob("*.j2"))
    sources = [page.TEMPLATES.parent / name for name in ("topology.py", "terminal.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    families = ("kind-", "state-", "outcome-", "severity-", "ask-", "side-")
    for name, text in words().items():
        assert set(text) == {"en", "zh"}, name
        assert all(value.strip() for value in text.values())
        assert re.search(rf"[\"']{name}[\"']", templates + code) or name.startswith(families), name


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance of `#rrggbb`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_stands_out_from_what_is_behind_it() -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, on each ground that it stands on; white marks on their colours."""
    style = (page.TEMPLATES / "style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style.replace("#fff;", "#ffffff;")))
    grounds = [colours[name] for name in ("paper", "card", "wash")]
    pairs = [(colours[text], ground) for text in ("ink", "soft", "none") for ground in grounds]
    pairs += [(colours[text], ground) for text in ("good", "bad", "hand", "part") for ground in grounds[:2]]
    pairs += [("#ffffff", colours[ground]) for ground in ("good", "bad", "hand", "part")]
    for text, ground in pairs:
        dark, light = sorted((_luminance(text), _luminance(ground)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


def test_the_files_of_waivers_lie_in_the_folder_as_they_were_read(audited_home: Path, sealed: Path) -> None:
    for path in (audited_home / "waivers").iterdir():
        assert (sealed / "raw" / "waivers" / path.name).read_bytes() == path.read_bytes()
    assert "raw/waivers/scanner.yaml" in (sealed / "MANIFEST.sha256").read_text()


@pytest.mark.parametrize("name", ["index.html", "index.zh.html", f"{TENANT}/index.html"])
def test_every_decision_is_told_whether_it_bears_a_check_or_sets_a_variable(sealed: Path, name: str) -> None:
    shown = (sealed / name).read_text(encoding="utf-8").partition('<h2 id="waivers">')[2]
    rows = re.findall(r"(?s)<tr><th scope=\"row\" class=\"wide\"><a href=\"[./]*raw/waivers/.*?</tr>", shown)
    assert len(rows) == 2
    for row in rows:
        for text in ("2026-11-01", "2027-06-09", "Wang Fang"):
            assert text in row
    assert str(escape(BORNE)) in rows[0]
    assert "logging_disk_free: &#34;128M&#34;" in rows[1].replace("&quot;", "&#34;").replace('"', "&#34;")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("index.html", "not pass, 1 waived"),
        ("index.zh.html", "未通过、豁免 1 项"),
        (f"{TENANT}/index.html", "✗ Not passed, 1 waived"),
        ("../../index.html", "⚠ 1 waived"),
    ],
)
def test_the_verdict_counts_what_is_waived(sealed: Path, name: str, words: str) -> None:
    assert words in (sealed / name).read_text(encoding="utf-8")


def test_what_is_waived_is_a_bar_of_the_trend(audited_home: Path) -> None:
    older, newer = page.trend(runs.runs(settings_of(audited_home)))
    assert (older.waived, older.waived_height) == (0, 0.0)
    assert newer.waived == 1
    assert newer.waived_height >= 3


def test_waivers_have_a_place_of_their_own() -> None:
    shown = page.tenant_page(evidence(result(Outcome.PASSED)), subject(evidence(result(Outcome.PASSED))))
    assert "Nothing is waived." in shown


def test_the_summary_counts_what_the_evidence_holds(audited_home: Path, sealed: Path) -> None:
    newest = runs.runs(settings_of(audited_home))[-1]
    for item in newest.tenants:
        found = TypeAdapter(Evidence).validate_json((sealed / item.tenant / "evidence.json").read_bytes())
        assert item.counts["passed"] == found.count(Outcome.PASSED)
        assert sum(item.controls.values()) == 257
