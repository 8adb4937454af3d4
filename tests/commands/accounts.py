"""Three accounts as `why --json` gives them: excluded by no-shows, suspended by cancellations, active."""

from __future__ import annotations

from typing import Any

from ledger.rulebook import RULE

SHA = "9f2b6c0d" * 8


def rule(rule_id: str) -> dict[str, Any]:
    found = RULE[rule_id]
    citations = [
        {"document": each.document, "place": each.place, "sentence": each.sentence, "gloss": each.gloss}
        for each in found.citations
    ]
    return {"id": found.id, "text": found.text, "citations": citations, "decided": list(found.decided)}


def event(position: int, event_type: str, mission: str, time: str, summary: str) -> dict[str, Any]:
    return {
        "position": position,
        "event": f"e-{position}",
        "type": event_type,
        "mission": mission,
        "time": time,
        "recorded": time,
        "summary": summary,
    }


def warning(position: int, rule_id: str, time: str, expires_at: str, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "event": f"warned-{position}",
        "ladder": rule_id,
        "rule": rule_id,
        "time": time,
        "expires_at": expires_at,
        "position": position,
        "policy": "mila@2018-06",
        "figures": figures,
        "evidence": [position - 1],
        "voided": False,
        "expired": False,
    }


def standing(pro: str, access: str, **more: Any) -> dict[str, Any]:
    known = {
        "pro": pro,
        "position": 400,
        "policy": "mila@2018-06",
        "access": access,
        "until": None,
        "no_shows": 0,
        "cities": {},
        "warnings": [],
        "proposals": [],
        "anomalies": [],
    }
    return known | more


EXCLUDED: dict[str, Any] = {
    "pro": "pro-chloe",
    "access": "excluded",
    "decision": {
        "event": "suspended-205",
        "position": 205,
        "kind": "exclusion",
        "rule": "no_show",
        "by": "engine",
        "reason": "no_show under mila@2018-06",
        "time": "2026-03-20T10:30:00Z",
        "until": None,
        "policy": "mila@2018-06",
    },
    "rule": rule("no_show"),
    "figures": {"city": "paris", "no_shows": 2, "unexpired_warnings": 1, "last_warning_at": "2026-03-04T09:30:00Z"},
    "thresholds": {"no_show.exclude_at": 2},
    "evidence": [
        event(61, "mission.no_show", "m-11", "2026-03-04T09:30:00Z", "no-show reported by the client"),
        event(203, "mission.no_show", "m-48", "2026-03-20T10:30:00Z", "no-show reported by the platform"),
    ],
    "set_aside": [
        {"event": "e-9", "type": "mission.refused", "mission": "m-3", "position": 9, "reason": "refusal_never_counts"}
    ],
    "warnings": [warning(62, "no_show", "2026-03-04T09:30:00Z", "2026-08-31T09:30:00Z", {"no_shows": 1})],
    "policy_document_sha256": SHA,
    "policy_in_force": "mila@2018-06",
    "proposals": [],
    "anomalies": [],
    "checks": [],
    "standing": standing("pro-chloe", "excluded", no_shows=2),
}

_RATES = (("2026-01-03", 20, 1), ("2026-01-20", 30, 2), ("2026-02-10", 40, 2))
_CANCELLED = (101, 180, 390)

SUSPENDED: dict[str, Any] = {
    "pro": "pro-bruno",
    "access": "suspended",
    "decision": {
        "event": "suspended-393",
        "position": 393,
        "kind": "suspension",
        "rule": "cancellation.rate",
        "by": "engine",
        "reason": "cancellation.rate under mila@2018-06",
        "time": "2026-03-12T08:00:00Z",
        "until": None,
        "policy": "mila@2018-06",
    },
    "rule": rule("cancellation.rate"),
    "figures": {
        "city": "paris",
        "accepted": 47,
        "cancelled": 3,
        "no_shows": 0,
        "rate": "3/47",
        "percent": "6.38",
        "unexpired_warnings": 3,
        "last_warning_at": "2026-02-10T18:00:00Z",
    },
    "thresholds": {
        "cancellation.min_accepted": 20,
        "cancellation.average": "0.04",
        "cancellation.maximum": "0.06",
        "warnings.cooldown_days": 14,
        "warnings.max": 3,
    },
    "evidence": sorted(
        [
            *(
                event(12 + 7 * number, "mission.accepted", f"m-{number}", "2026-01-02T08:00:00Z", "accepted")
                for number in range(47)
            ),
            *(
                event(position, "mission.cancelled", f"m-{position}", "2026-03-12T08:00:00Z", "cancelled by the pro")
                for position in _CANCELLED
            ),
        ],
        key=lambda each: int(each["position"]),
    ),
    "set_aside": [
        *(
            {
                "event": f"r-{number}",
                "type": "mission.refused",
                "mission": f"r-{number}",
                "position": 300 + number,
                "reason": "refusal_never_counts",
            }
            for number in range(12)
        ),
        {
            "event": "e-350",
            "type": "mission.cancelled",
            "mission": "m-77",
            "position": 350,
            "reason": "client_cancellation_never_counts",
        },
    ],
    "warnings": [
        warning(
            100 + number,
            "cancellation.rate",
            f"{date}T18:00:00Z",
            "2026-09-01T00:00:00Z",
            {"city": "paris", "accepted": accepted, "cancelled": cancelled, "no_shows": 0}
            | {"rate": f"{cancelled}/{accepted}", "percent": "5.00"},
        )
        for number, (date, accepted, cancelled) in enumerate(_RATES)
    ],
    "policy_document_sha256": SHA,
    "policy_in_force": "mila@2018-06",
    "proposals": [],
    "anomalies": [],
    "checks": [],
    "standing": standing("pro-bruno", "suspended"),
}

ACTIVE: dict[str, Any] = {
    "pro": "pro-amina",
    "access": "active",
    "decision": None,
    "rule": None,
    "figures": {},
    "thresholds": {},
    "evidence": [],
    "set_aside": [],
    "warnings": [],
    "policy_document_sha256": SHA,
    "policy_in_force": "mila@2018-06",
    "proposals": [],
    "anomalies": [{"position": 17, "mission": "m-2", "code": "completed_without_acceptance"}],
    "checks": [
        {
            "rule": "no_show",
            "figures": {"city": "paris", "no_shows": 1},
            "thresholds": {"no_show.exclude_at": 2, "no_show.warn_at": 1},
        },
        {
            "rule": "cancellation.rate",
            "figures": {
                "city": "paris",
                "accepted": 50,
                "cancelled": 1,
                "no_shows": 1,
                "rate": "2/50",
                "percent": "4.00",
            },
            "thresholds": {"cancellation.min_accepted": 20, "cancellation.average": "0.04"},
        },
        {
            "rule": "rating.minimum",
            "figures": {"city": "paris", "rated": 50, "stars": 229, "mean": "4.58"},
            "thresholds": {"rating.min_ratings": 20, "rating.minimum": "4.20"},
        },
        {
            "rule": "rating.approaching",
            "figures": {"city": "paris", "rated": 50, "stars": 229, "mean": "4.58"},
            "thresholds": {"rating.min_ratings": 20, "rating.minimum": "4.20", "rating.approach_margin": "0.10"},
        },
    ],
    "standing": standing("pro-amina", "active", no_shows=1),
}
