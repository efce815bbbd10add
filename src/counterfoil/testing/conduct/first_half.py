"""What a folder must do before it has a sandbox: be whole, be readable, and believe nobody."""

from __future__ import annotations

import importlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Final

from counterfoil.basis import Money, Refused
from counterfoil.providers import Answer, Declined, Manifest, NoAnswer, NotSent, Unknown, Why, read_settings
from counterfoil.testing.conduct import canned
from counterfoil.testing.conduct.bad_server import BAD_ANSWERS, bad_server
from counterfoil.testing.conduct.examples import example_settings
from counterfoil.testing.conduct.misconduct import must
from counterfoil.testing.conduct.stage import SHOWN, Desk, open_desk

Rule = Callable[[Manifest, Path], Awaitable[None]]
_FILES: Final = ("__init__.py", "connector.py", "README.md")
_JSON: Final = {"content-type": "application/json"}
_HTML: Final = b"<!doctype html><title>502</title><h1>Bad Gateway</h1>"
# Nothing in them is signed by anybody, about our number, or in words of any provider.
_GARBAGE: Final = (
    b"",
    b"\x00\xff\xfe" * 40,
    _HTML,
    b"null",
    b"[]",
    b'"SUCCESS"',
    b"{}",
    b'{"code":"SUCCESS","status":"OK","result":true}',
    b"[" * 5000,
    json.dumps({"code": "0", "data": {"amount": "9" * 4000}}).encode(),
)
_STATUSES: Final = (201, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503)


async def has_its_files(manifest: Manifest, _folder: Path) -> None:
    """The folder has the files that every folder has, and its README says what is documented and what is not."""
    home = files(manifest.package)
    for name in _FILES:
        must(home.joinpath(name).is_file(), f"{name} is missing")
    readme = home.joinpath("README.md").read_text("utf-8").lower()
    for word in ("documented", "inferred", "ours"):
        must(word in readme, f"README.md does not say what is {word}")
    if not manifest.instant:
        must(manifest.sandbox, "sandbox = true is missing: a provider without a sandbox cannot be tried")


async def names_a_missing_setting(manifest: Manifest, _folder: Path) -> None:
    """Each required setting that is missing is refused by its name."""
    told = example_settings(manifest)
    for key in told:
        try:
            read_settings(manifest, "main", "sandbox", {name: value for name, value in told.items() if name != key})
        except Refused as refused:
            must(refused.field == key, f"{key} is missing, and {refused.field} was named")
        else:
            must(condition=False, why=f"{key} is required and may be missing")


async def builds_without_a_call(manifest: Manifest, folder: Path) -> None:
    """A connector is built from settings of the right types, and nothing is sent by that."""
    async with open_desk(manifest, folder, canned=NoAnswer("not to be asked")) as desk:
        connector = desk.accounts.connector(desk.row)
        for name in ("charge", "query", "void", "reverse", "refund"):
            must(callable(getattr(connector, name, None)), f"the connector has no {name}")
        must(desk.wire.asked == 0, "building a connector called the provider")


async def bears_spaces_around_settings(manifest: Manifest, folder: Path) -> None:
    """Spaces and line breaks pasted around a value do no harm."""
    pasted = {key: f" \t{value}\n " for key, value in example_settings(manifest).items()}
    read = read_settings(manifest, "main", "sandbox", pasted)
    must(read == read_settings(manifest, "main", "sandbox", example_settings(manifest)), "spaces changed a setting")
    async with open_desk(manifest, folder, canned=NoAnswer("x")) as desk:
        desk.accounts.connector(desk.row)


async def says_when_nothing_was_sent(manifest: Manifest, folder: Path) -> None:
    """A connection that never opened is Unknown, not sent, whatever was asked."""
    await _is_unknown(manifest, folder, NotSent("refused"), Why.NOT_SENT)


async def says_when_no_answer_came(manifest: Manifest, folder: Path) -> None:
    """A request that may have arrived is Unknown, no answer."""
    await _is_unknown(manifest, folder, NoAnswer("cut off"), Why.NO_ANSWER)


async def believes_no_garbage(manifest: Manifest, folder: Path) -> None:
    """HTML, nothing, bytes, JSON of another shape: all of it is Unknown."""
    for body in _GARBAGE:
        await _is_unknown(manifest, folder, Answer(200, _JSON, body))


async def believes_no_other_status(manifest: Manifest, folder: Path) -> None:
    """Redirects, refusals and failures of a web server say nothing about money."""
    for status in _STATUSES:
        await _is_unknown(manifest, folder, Answer(status, {"location": "https://example.com/"}, _HTML))


async def believes_no_bad_server(manifest: Manifest, folder: Path) -> None:
    """Over a real connection: a redirect, 404, 502, HTML, more than 1 MB, half an answer, none, no TLS: all Unknown."""
    for name, says in BAD_ANSWERS.items():
        async with bad_server(says) as url, open_desk(manifest, folder, url=url) as desk:
            said = await desk.charge(desk.number())
            must(isinstance(said, Unknown) and said.why is not Why.NOT_SENT, f"{name} was taken for {said}")
    async with bad_server(b"") as url, open_desk(manifest, folder, url=url.replace("http:", "https:")) as desk:
        said = await desk.charge(desk.number())
        must(isinstance(said, Unknown) and said.why is Why.NOT_SENT, f"TLS that was refused was taken for {said}")


async def sends_no_other_currency(manifest: Manifest, folder: Path) -> None:
    """Money in another currency than yuan is refused before anything is sent."""
    await _never_sent(manifest, folder, Money(canned.AMOUNT.minor, "USD"))


async def sends_nothing_over_its_limits(manifest: Manifest, folder: Path) -> None:
    """An amount outside the manifest's limits is refused before anything is sent."""
    await _never_sent(manifest, folder, Money(manifest.limits.amount_max + 1))
    if manifest.limits.amount_min > 1:
        await _never_sent(manifest, folder, Money(manifest.limits.amount_min - 1))


async def _is_unknown(
    manifest: Manifest, folder: Path, answer: Answer | NotSent | NoAnswer, why: Why | None = None
) -> None:
    async with open_desk(manifest, folder, canned=answer) as desk:
        for name, outcome in (await _everything(desk)).items():
            must(isinstance(outcome, Unknown), f"{name} took {answer!r:.120} for {outcome}")
            if why is not None and isinstance(outcome, Unknown):
                must(outcome.why is why, f"{name} called it {outcome.why}, not {why}")


async def _never_sent(manifest: Manifest, folder: Path, amount: Money) -> None:
    async with open_desk(manifest, folder, canned=NoAnswer("not to be asked")) as desk:
        said = [await desk.charge(desk.number(), amount)]
        if manifest.code_wallets:
            said.append(await desk.charge(desk.number(), amount, entry=SHOWN))
        if "refund" in manifest.abilities:
            said.append(await desk.refund(desk.number(), desk.number(), amount))
        must(all(isinstance(outcome, Declined) for outcome in said), f"{amount} was answered with {said}")
        must(desk.wire.asked == 0, f"{amount} was sent")


async def _everything(desk: Desk) -> dict[str, object]:
    """What each method of the connector says to a sample call; fails of itself where one raises."""
    connector = desk.accounts.connector(desk.row)
    charge = replace(canned.CHARGE, entry=desk.entry)
    said: dict[str, object] = {
        "charge": (await connector.charge(charge)).outcome,
        "query": (await connector.query(canned.QUERY)).outcome,
        "void": (await connector.void(canned.LEG)).outcome,
        "reverse": (await connector.reverse(canned.LEG)).outcome,
        "refund": (await connector.refund(canned.LEG)).outcome,
    }
    if desk.manifest.code_wallets:
        said["show"] = await desk.charge(desk.number(), entry=SHOWN)
        said["close"] = await desk.reverse(desk.number(), desk.number(), entry=SHOWN)
    return said


async def is_imported_by_its_package(manifest: Manifest, _folder: Path) -> None:
    """``connector.py`` offers ``connector``, and importing it needs nothing but the package."""
    module = importlib.import_module(f"{manifest.package}.connector")
    must(callable(getattr(module, "connector", None)), "connector.py has no function connector(means)")
