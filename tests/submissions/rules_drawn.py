"""Arbitrary rules, as any organizer may write them."""

from hypothesis import strategies as st

from submissions.rules import CHOICES, CLOCKS, MEDIA, MOST_DAYS, MOST_HELD_OF_1000, Clocks, Rules


def valid_rules() -> st.SearchStrategy[Rules]:
    budgets = st.dictionaries(st.sampled_from(MEDIA), st.integers(0, MOST_HELD_OF_1000))
    clocks = st.builds(Clocks, **dict.fromkeys(CLOCKS, st.integers(1, MOST_DAYS)))
    answers = {name: st.sampled_from(allowed) for name, allowed in CHOICES.items()}
    chosen = st.builds(Rules, **answers, clocks=clocks)
    return st.builds(lambda rules, held: rules.with_budgets(held), chosen, budgets)
