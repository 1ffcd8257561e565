"""How far two spellings lie apart. Hangul counts by its letters, so that one wrong vowel is one slip."""

import unicodedata

# Plain words that lie one slip from a model's name and are far more often meant.
PLAIN_TEXT = """
    canvas canvass colors colours runaway imagine imaging creative designer designs sketch pencil charcoal
    photoshop procreate firefox fireflies flicker photograph painting leopard
"""
PLAIN_WORDS = frozenset(PLAIN_TEXT.split())


def tolerance(typed: str, name: str) -> int:
    """Slips allowed between two words: none in short or plain ones and numbers; the first letter holds."""
    ours, theirs = letters(typed), letters(name)
    if typed in PLAIN_WORDS or typed.isdigit() or name.isdigit() or ours[:1] != theirs[:1]:
        return 0
    shorter = min(len(ours), len(theirs))
    if shorter < 5:
        return 0
    return 1 if shorter < 8 else 2


def distance(one: str, other: str, *, most: int) -> int | None:
    """Letters to add, drop, change or swap with a neighbour; ``None`` above ``most``."""
    one, other = letters(one), letters(other)
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            if swapped:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return None
        before, last = last, line
    return last[-1] if last[-1] <= most else None


def letters(text: str) -> str:
    return unicodedata.normalize("NFD", text)
