"""Delivers what alerts tell: claimed, sent, and then done, tried again later, or set aside."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from workers.alert import messages
from workers.alert.alerts import Alert
from workers.errors import Permanent, StoreUnavailable, Transient
from workers.pipeline.batch import MESSAGE_LENGTH, Batch, log, trace_of
from workers.retry import Retry, decide
from workers.state.alerts import Delivery
from workers.state.dead_letters import DeadLetter

PUSHED_BACK = ("http_429", "http_503")


def deliver(batch: Batch, ids: Sequence[str]) -> dict[str, str]:
    """Deliver what of `ids` is due; returns the outcome of each that was tried: "" when delivered, else why not.

    What the budget leaves is handed out again after the redispatch time.
    """
    outcomes: dict[str, str] = {}
    for delivery_id in ids:
        if not batch.open:
            break
        peeked = batch.parts.state.alerts.peek(delivery_id)
        name, channel = peeked or ("", "")
        alert = batch.parts.state.alerts.get(name) if name else None
        target = alert.target(channel) if alert else ""
        one = batch.parts.state.alerts.claim(delivery_id, batch.token, target)
        if one is None:
            continue
        if alert is None or channel not in alert.channels:
            batch.parts.state.alerts.drop(one)
        else:
            outcomes[delivery_id] = _try(batch, alert, one)
    batch.flush()
    return outcomes


def _try(batch: Batch, alert: Alert, one: Delivery) -> str:
    if one.claims > batch.parts.state.alerts.max_claims:
        message = f"{one.claims - 1} claims ended without an outcome"
        failure = (Permanent(message, reason="killed_its_worker"), None)
        return _settle(batch, alert, one, *failure)
    with batch.timed("deliver"):
        failed = batch.failure(lambda: _send(batch, alert, one))
    if failed is not None:
        return _settle(batch, alert, one, *failed)
    batch.parts.state.alerts.delivered(one)
    return ""


def _send(batch: Batch, alert: Alert, one: Delivery) -> None:
    try:
        matches = messages.read_matches(one.matches)
    except msgspec.DecodeError as error:
        raise Permanent(f"its matches can't be read: {error}", reason="broken_delivery") from error
    removed = set(batch.parts.state.identities.removed([match.id for match in matches]))
    matches = tuple(match for match in matches if match.id not in removed)  # taken down since they were found
    if not matches:
        return
    if one.channel == "webhook":
        body = messages.webhook_body(alert, one.id, matches)
        batch.parts.webhook.post(alert.webhook, body, headers={**alert.headers, "idempotency-key": one.id})
    elif one.channel == "mail":
        mailer = batch.parts.mailer
        sender = mailer.sender or "kabar@localhost"  # of a mail that will be refused: there is no server
        mailer.send(messages.mail(alert, one.id, matches, sender=sender, made_at=one.made_at))
    else:
        for match in matches:
            log.info(
                "alert", alert=alert.name, key=one.id, **{f: getattr(match, f) for f in ("url", "title", "snippet")}
            )


def _settle(
    batch: Batch, alert: Alert, one: Delivery, error: Transient | Permanent, cause: BaseException | None
) -> str:
    """Give a failed delivery its outcome; returns why it failed."""
    rules, alerts = batch.parts.rules, batch.parts.state.alerts
    decision = decide(
        error, one.failures + 1, max_attempts=rules.max_attempts, base=rules.retry_base,
        ceiling=rules.retry_ceiling, jitter=batch.parts.random(),
    )  # fmt: skip
    if isinstance(decision, Retry):
        blameless = error.reason == "shutdown" or isinstance(error, StoreUnavailable)
        delay = 0.0 if error.reason == "shutdown" else decision.delay
        rest = decision.delay if error.reason in PUSHED_BACK else 0.0
        alerts.retry(one, delay, str(error)[:MESSAGE_LENGTH], counted=not blameless, rest=rest)
        log.info("retry", stage="deliver", alert=alert.name, key=one.id, reason=error.reason, delay=delay)
        return str(error)
    letter = DeadLetter(
        id=one.id,
        kind="delivery",
        stage="deliver",
        reason=error.reason,
        message=f"alert {alert.name}, {alert.target(one.channel)}: {error}"[:MESSAGE_LENGTH],
        url="",
        feed_id="",
        title=alert.name,
        attempts=max(one.failures + 1, one.claims),
        buried_at=batch.parts.clock(),
        traceback=trace_of(error, cause),
    )
    if alerts.bury(one, msgspec.json.encode(letter), rules.dead_letters):
        log.warning("dead_letter", stage="deliver", alert=alert.name, key=one.id, reason=error.reason)
    return str(error)
