"""Access tokens for mailboxes: refreshed through the outgoing client, kept until shortly before."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from polyphony.domain.errors import Invalid
from polyphony.domain.failure import AccountBroken, Temporary
from polyphony.ports import Account, Answer, Outgoing

EARLY_S = 60.0
LIFE_BY_DEFAULT_S = 300.0


@dataclass(slots=True)
class _Token:
    value: str = field(repr=False)
    until: float
    proof: tuple[str, ...] = field(repr=False)


@dataclass(slots=True)
class Tokens:
    """The access tokens of all accounts, in memory only.

    ``rotated`` is told a new refresh token when the provider replaces the old one.
    """

    outgoing: Outgoing
    rotated: Callable[[UUID, str], None] | None = None
    _known: dict[UUID, _Token] = field(default_factory=dict, repr=False)
    _refresh: dict[UUID, tuple[str, str]] = field(default_factory=dict, repr=False)
    _ends: dict[UUID, float] = field(default_factory=dict, repr=False)
    _locks: dict[UUID, asyncio.Lock] = field(default_factory=dict, repr=False)

    async def get(self, account: Account) -> str:
        """Return a living access token.

        Raises:
            AccountBroken: the provider refuses the refresh token or the settings are incomplete.
            Temporary: the provider does not answer.
        """
        lock = self._locks.setdefault(account.id, asyncio.Lock())
        async with lock:
            known = self._known.get(account.id)
            now = asyncio.get_running_loop().time()
            if known and known.until > now and known.proof == _proof(account):
                return known.value
            answer = await self._ask(account)
            token = self._take(account, answer, now)
            self._known[account.id] = token
            return token.value

    def lasts_s(self, account: Account) -> float | None:
        """Return how many seconds more the refresh token is good, where the provider says so."""
        ends = self._ends.get(account.id)
        return None if ends is None else ends - asyncio.get_running_loop().time()

    def forget(self, account: Account) -> None:
        """Drop the token: a server refused it before its time."""
        self._known.pop(account.id, None)

    async def _ask(self, account: Account) -> Answer:
        url = str(account.settings.get("oauth_token_url") or "")
        configured = account.secrets.get("oauth_refresh_token", "")
        before, newest = self._refresh.get(account.id, ("", ""))
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": newest if before == configured and newest else configured,
            "client_id": str(account.settings.get("oauth_client_id") or ""),
            "client_secret": account.secrets.get("oauth_client_secret", ""),
            "scope": str(account.settings.get("oauth_scope") or ""),
        }
        if not url or not configured:
            raise AccountBroken("oauth_not_configured")
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        body = urlencode({key: value for key, value in fields.items() if value}).encode()
        try:
            return await self.outgoing.request("POST", url, headers=kind, body=body, redirects=0)
        except Invalid as error:
            raise AccountBroken("oauth_unreachable") from error
        except OSError as error:
            raise Temporary("oauth_unreachable") from error

    def _take(self, account: Account, answer: Answer, now: float) -> _Token:
        if answer.status == 429 or answer.status >= 500:
            raise Temporary("oauth_unavailable", f"HTTP {answer.status}")
        try:
            said = json.loads(answer.body)
        except ValueError:
            said = None
        if answer.status != 200 or not isinstance(said, dict):
            reason = said.get("error", "") if isinstance(said, dict) else ""
            raise AccountBroken("oauth_refused", f"HTTP {answer.status} {str(reason)[:100]}")
        value, life = said.get("access_token"), said.get("expires_in", LIFE_BY_DEFAULT_S)
        if not isinstance(value, str) or not value or not value.isascii():
            raise AccountBroken("oauth_refused", "no access token in the answer")
        newest = said.get("refresh_token")
        configured = account.secrets.get("oauth_refresh_token", "")
        seen = {configured, self._refresh.get(account.id, ("", ""))[1]}
        if isinstance(newest, str) and newest and newest not in seen:
            self._refresh[account.id] = (configured, newest)
            if self.rotated:
                self.rotated(account.id, newest)
        lasts = _refresh_life(said)
        if lasts is not None:
            self._ends[account.id] = now + lasts
        else:
            self._ends.pop(account.id, None)
        seconds = float(life) if isinstance(life, int | float) else LIFE_BY_DEFAULT_S
        return _Token(value, now + max(seconds - EARLY_S, seconds / 2), _proof(account))


def _refresh_life(said: Mapping[str, object]) -> float | None:
    """Read for how many seconds a provider lets us come back; 0 means for ever."""
    for name in ("refresh_token_expires_in", "refresh_expires_in"):
        life = said.get(name)
        if isinstance(life, int | float) and not isinstance(life, bool) and life > 0:
            return float(life)
    return None


def _proof(account: Account) -> tuple[str, ...]:
    said = account.settings
    return (
        account.secrets.get("oauth_refresh_token", ""),
        account.secrets.get("oauth_client_secret", ""),
        str(said.get("oauth_client_id")),
        str(said.get("oauth_token_url")),
        str(said.get("oauth_scope")),
    )
