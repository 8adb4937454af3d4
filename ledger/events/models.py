"""The model of every event type: what is validated on the way in, and what `schema` prints.

Apart from the catalogue of names, because building models takes longer than answering a question: only what reads
events from outside needs them.
"""

from __future__ import annotations

from typing import Annotated, Union, get_args

from pydantic import Field, TypeAdapter

from ledger.events import billing_events, invoice_events, mission_events, other_events, pro_events
from ledger.events.fields import Event

MODELS: tuple[type[Event], ...] = (
    mission_events.MissionRequested,
    mission_events.MissionRefused,
    mission_events.MissionExpired,
    mission_events.MissionAccepted,
    mission_events.MissionRescheduled,
    mission_events.MissionCancelled,
    mission_events.MissionDelayed,
    mission_events.MissionCheckedIn,
    mission_events.MissionClientAbsent,
    mission_events.MissionNoShow,
    mission_events.MissionNoShowConfirmed,
    mission_events.MissionNoShowRejected,
    mission_events.MissionCompleted,
    mission_events.MissionDurationModified,
    mission_events.MissionRated,
    mission_events.MissionDamageDeclared,
    mission_events.MissionDamageDocumentAdded,
    pro_events.ProRegistered,
    pro_events.ProDocumentVerified,
    pro_events.ProDocumentExpired,
    pro_events.ProUnavailable,
    pro_events.ProConductReported,
    pro_events.ProConductConfirmed,
    pro_events.ProConductDismissed,
    pro_events.ProAccountsLinked,
    pro_events.ProWarned,
    pro_events.ProSuspensionProposed,
    pro_events.ProSuspended,
    pro_events.ProSuspensionDismissed,
    pro_events.ProComplaintOpened,
    pro_events.ProComplaintDecided,
    pro_events.ProReinstated,
    billing_events.PeriodClosed,
    billing_events.Adjusted,
    invoice_events.InvoiceIssued,
    other_events.CityBaselinePublished,
    other_events.PolicyPublished,
    other_events.EventVoided,
    other_events.SubjectErased,
)

MODEL_OF: dict[str, type[Event]] = {get_args(model.model_fields["type"].annotation)[0]: model for model in MODELS}

ANY_EVENT: TypeAdapter[Event] = TypeAdapter(
    Annotated[Union[tuple(MODELS)], Field(discriminator="type")]  # type: ignore[arg-type]  # noqa: UP007  # a table
)
