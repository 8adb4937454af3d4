"""The tables that show the system on one screen are complete: no event type is forgotten anywhere."""

from __future__ import annotations

from ledger.events.catalogue import PERSONAL, REVISION, TYPES, UPCASTERS
from ledger.events.models import MODEL_OF, MODELS
from ledger.missions.facts import KIND
from ledger.missions.lifecycle import TRANSITIONS
from ledger.pros.stream import HANDLED
from ledger.recording import PLACED
from ledger.rulebook import RULES
from projections.catalogue import PROJECTIONS

MISSION_TYPES = {name for name in TYPES if name.startswith("mission.")}
PRO_TYPES = {name for name in TYPES if name.startswith("pro.")}


def test_every_model_is_in_the_catalogue_under_its_own_name() -> None:
    assert len(MODEL_OF) == len(MODELS) == 39
    assert tuple(MODEL_OF) == TYPES


def test_every_event_type_has_a_place_in_the_book() -> None:
    assert set(TYPES) == PLACED


def test_every_mission_event_has_a_transition() -> None:
    assert set(KIND) == MISSION_TYPES
    assert len(TRANSITIONS) == len(KIND)


def test_every_event_of_a_pro_has_a_step_of_its_fold() -> None:
    assert PRO_TYPES == HANDLED


def test_every_projection_has_a_handler_for_every_event_type() -> None:
    for projection in PROJECTIONS:
        assert set(projection.handlers) == set(TYPES), projection.name


def test_personal_fields_exist_in_the_models_and_are_marked_there() -> None:
    marked = {}
    for name, model in MODEL_OF.items():
        fields = model.model_fields["data"].annotation.model_fields  # type: ignore[union-attr]
        personal = {
            field
            for field, info in fields.items()
            if "'personal': True" in str(info.metadata)
            or "'personal': True" in str(info.annotation)
            or (info.json_schema_extra or {}).get("personal")
        }
        if personal:
            marked[name] = personal
    assert {name: set(fields) for name, fields in PERSONAL.items()} == marked


def test_every_revision_below_todays_has_an_upcaster() -> None:
    assert set(REVISION) == set(TYPES)
    for name, revision in REVISION.items():
        for older in range(1, revision):
            assert (name, older) in UPCASTERS


def test_every_rule_cites_a_sentence_with_a_gloss_and_says_what_was_decided() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.citations
        assert rule.decided
        for citation in rule.citations:
            assert citation.sentence
            assert citation.gloss
