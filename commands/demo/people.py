"""The invented people of the demo: pros, clients, where they live and what they write.

Every name says that it is invented, every address is on a street that does not exist, every mailbox is at example.org.
Some texts hold what tables break on: accents, an emoji, a formula, a mark that turns the writing round.
"""

from __future__ import annotations

PROS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pro-amina": ("Amina Exemple", ("paris",)),
    "pro-bruno": ("Bruno Fictif", ("lyon",)),
    "pro-chloe": ("Chloé Inventée", ("paris",)),
    "pro-dario": ("Dário Modèle", ("geneve",)),
    "pro-elif": ("Elif Örnek", ("paris",)),
    "pro-felix": ("Félix Muster-Esempio", ("paris", "geneve")),
    "pro-gaelle": ("Gaëlle Prétexte", ("lyon",)),
    "pro-hugo": ("Hugo Échantillon", ("lyon", "paris")),
    "pro-ines": ("Inès N'Existe-Pas", ("paris",)),
    "pro-jonas": ("Jonas Beispiel 💈", ("geneve",)),
    "pro-karim": ("Karim Imaginaire", ("paris",)),
    "pro-lea": ("Léa Du Roman", ("paris",)),
    "pro-malik": ("Malik Personne", ("lyon",)),
    "pro-nour": ("Nour \u202eelpmexE\u202c", ("paris",)),
    "pro-oscar": ("Oscar =CMD()", ("paris",)),
    "pro-pauline": ("Pauline Zoë Maquette", ("lyon",)),
    "pro-quentin": ("Quentin Brouillon", ("geneve",)),
}
"""Pro → name and cities."""

_STREETS = {
    "paris": ("rue des Exemples", "passage Inventé", "quai du Roman", "impasse de l’Œuvre-Fictive"),
    "lyon": ("montée des Brouillons", "place Nulle-Part", "rue de la Maquette"),
    "geneve": ("chemin du Modèle", "rue de Sans-Lieu", "quai des Échantillons"),
}
_TOWN = {"paris": "75000 Paris-Fictif", "lyon": "69000 Lyon-Inventé", "geneve": "1200 Genève-Exemple"}

_COMMENTS = (
    "2ᵉ étage, sonner chez « Personne »",
    "=CMD()",
    "Le chat s’appelle Fantôme, ne pas le laisser sortir 🐈",
    "Digicode inventé : 0000",
    "Merci de lire de droite à gauche : \u202eeriaropme\u202c",
    'guillemets "droits", virgule, point-virgule;\tet une tabulation',
    "Zoë préfère être appelée avant",
    "+33 0 00 00 00 00 (faux numéro)",
)


def email(pro: str) -> str:
    """A mailbox that cannot exist: example.org is reserved (RFC 2606)."""
    return f"{pro.removeprefix('pro-')}@example.org"


def client(city: str, number: int) -> str:
    """The client of a mission: about every third one comes back, as regulars do."""
    return f"client-{city}-{number - number % 3:04d}" if number % 2 else f"client-{city}-{number:04d}"


def address(city: str, number: int) -> str:
    """An address on a street that does not exist."""
    streets = _STREETS[city]
    return f"{number % 90 + 1} {streets[number % len(streets)]}, {_TOWN[city]}"


def comment(number: int) -> str | None:
    """What the client wrote with the request; most write nothing."""
    return _COMMENTS[number // 5 % len(_COMMENTS)] if number % 5 == 0 else None
