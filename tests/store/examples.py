"""One valid event of every type of the catalogue, with every field it may have."""

from __future__ import annotations

from typing import Any

EUR = {"amount": "33.50", "currency": "EUR"}
FIGURES = {"city": "paris", "accepted": 50, "cancelled": 2, "rate": "2/50", "last_warning_at": None}
FINDING = {"rule": "no_show", "policy": "mila@2018-06", "figures": FIGURES, "evidence": [3, 8]}
DECIDED = {"by": "Inès", "reason": "heard both sides"}

DATA: dict[str, dict[str, Any]] = {
    "mission.requested": {
        "client": "client-1",
        "city": "paris",
        "service": "cleaning",
        "starts_at": "2026-03-02T09:00:00+01:00",
        "timezone": "Europe/Paris",
        "duration_minutes": 120,
        "price": {**EUR, "per": "hour"},
        "series": "s-1",
        "address": "3 rue des Lilas",
        "comment": "third floor",
    },
    "mission.refused": {"pro": "pro-7", "reason": "too far"},
    "mission.expired": {"pro": "pro-7", "reason": "no_answer"},
    "mission.accepted": {"pro": "pro-7"},
    "mission.rescheduled": {"by": "client", "starts_at": "2026-03-02T10:00:00Z", "duration_minutes": 90},
    "mission.cancelled": {"by": "pro", "reason": "ill", "excused": False},
    "mission.delayed": {"minutes": 10, "pro": "pro-7"},
    "mission.checked_in": {"verified": True},
    "mission.client_absent": {"arrived_at": "2026-03-02T09:00:00.5+01:00"},
    "mission.no_show": {"reported_by": "client"},
    "mission.no_show_confirmed": DECIDED,
    "mission.no_show_rejected": DECIDED,
    "mission.completed": {"duration_minutes": 120, "ended_at": "2026-03-02T11:00:00+01:00"},
    "mission.duration_modified": {
        "duration_minutes": 150,
        "reason": "service_added",
        "added": [{"label": "windows", "price": EUR}],
    },
    "mission.rated": {"by": "client", "stars": 5, "comment": "très bien"},
    "mission.damage_declared": {"description": "a vase", "estimate": EUR, "client_informed": True},
    "mission.damage_document_added": {"kind": "invoice", "reference": "doc-1"},
    "pro.registered": {"name": "Zoé Müller", "email": "zoe@example.org", "cities": ["paris", "lyon"]},
    "pro.document_verified": {"kind": "identity"},
    "pro.document_expired": {"kind": "insurance"},
    "pro.unavailable": {"starts_at": "2026-03-02T09:00:00Z", "ends_at": "2026-03-03T09:00:00Z"},
    "pro.conduct_reported": {"ground": "disrespect", "by": "client-1", "mission": "m-1", "description": "rude"},
    "pro.conduct_confirmed": {"report": "e-9", **DECIDED},
    "pro.conduct_dismissed": {"report": "e-9", **DECIDED},
    "pro.accounts_linked": {"accounts": ["pro-8"], "by": "Inès"},
    "pro.warned": {"ladder": "no_show", **FINDING},
    "pro.suspension_proposed": {"kind": "exclusion", **FINDING},
    "pro.suspended": {
        "kind": "termination",
        "rule": "no_show",
        **DECIDED,
        "until": "2026-05-02T09:00:00Z",
        "notified_at": "2026-03-02T09:00:00Z",
        "notice_exception": "legal_obligation",
        "evidence": ["e-1", 7],
        "proposal": "suspension_proposed-9",
    },
    "pro.suspension_dismissed": DECIDED,
    "pro.complaint_opened": {"text": "I was there"},
    "pro.complaint_decided": {"outcome": "upheld", **DECIDED},
    "pro.reinstated": DECIDED,
    "billing.period_closed": {
        "by": "C. Roux",
        "leave_open": False,
        "lines": 2,
        "left_open": 0,
        "totals": {"EUR": {"gross": "100.00", "commission": "15.00", "vat": "3.00", "net": "82.00"}},
        "digest": "0" * 64,
    },
    "billing.adjusted": {**DECIDED, "refund": {"amount": "10.00", "currency": "EUR"}, "parts": 3},
    "invoice.issued": {
        "number": "F-2026-000001",
        "kind": "invoice",
        "pro": "pro-7",
        "period": "2026-03",
        "currency": "EUR",
        "entries": [[41, 1], [41, 3]],
        "totals": {"gross": "100.00", "commission": "15.00", "vat": "3.00", "total": "18.00"},
        "digest": "0" * 64,
        "by": "A. Favre",
        "zone": "Europe/Paris",
        "issue_date": "2026-04-02",
        "due_date": "2026-05-02",
        "language": "fr",
        "mentions": ["À payer au plus tard le 02/05/2026."],
        "seller": {"name": "Exemple Services", "address": {"city": "Paris", "country": "FR"}},
        "buyer": {"name": "Zoé Martin", "address": {"city": "Lyon", "country": "FR"}},
    },
    "city.baseline_published": {
        "average_cancellation_rate": "0.04",
        "maximum_cancellation_rate": "0.06",
        "minimum_rating": "4.20",
        "pros": 12,
        "period": "2026-02",
    },
    "policy.published": {
        "version": "2026-03",
        "effective_from": "2026-04-01T00:00:00Z",
        "notified_at": "2026-03-01T00:00:00Z",
        "forced": False,
        "document": {"id": "mila", "rating": {"window": 50}},
    },
    "ledger.event_voided": {"source": "app/fr", **DECIDED},
    "ledger.subject_erased": DECIDED,
}


def example(event_type: str) -> dict[str, Any]:
    """The wire document of the example of a type."""
    return {
        "specversion": "1.0",
        "id": "e-1",
        "source": "app/fr",
        "type": event_type,
        "subject": "2026-03" if event_type == "billing.period_closed" else "subject-1",
        "time": "2026-03-02T09:00:00+01:00",
        "correlationid": "c-1",
        "tenant": "fr",
        "data": DATA[event_type],
    }
