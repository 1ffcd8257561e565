"""Findings of older versions, or with torn data, never break the page that shows them."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.evidence import Scale, Shown
from moderation.models import CheckResult

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NODE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("title", "actions", "children", "failures", "relationship"), JSON)
)
KNOWN = {
    "region": JSON,
    "work_region": JSON,
    "manifests": NODE | JSON,
    "traces": JSON | st.lists(st.dictionaries(st.sampled_from(["key", "where", "meaning"]), JSON)),
    "integrity": JSON,
    "no_sign_below": JSON,
    "signs_above": JSON,
    "on_match": JSON,
}


def shown(data: object) -> Shown:
    return Shown(CheckResult(check_name="x", code="x.y", lane="file", outcome="clear", data=data), None)


@given(data=st.fixed_dictionaries({}, optional=KNOWN))
def test_no_data_breaks_what_a_page_draws(data: dict[str, object]) -> None:
    finding = shown(data)

    drawn = (
        finding.outline,
        finding.work_outline,
        finding.tree,
        finding.traces,
        finding.answers,
        finding.scale.lower_at,
        finding.wish,
        finding.sentence,
    )

    assert isinstance(drawn[0], str)


def test_a_region_becomes_the_points_of_a_polygon() -> None:
    finding = shown({"region": [[0, 0], [0.5, 0.25], [1, 1]]})

    assert finding.outline == "0.0,0.0 500.0,250.0 1000.0,1000.0"


def test_what_geometry_did_not_prove_is_not_outlined() -> None:
    corners = [[0, 0], [0.5, 0.25], [1, 1]]

    finding = shown({"region": corners, "work_region": corners, "by": "hash"})

    assert (finding.outline, finding.work_outline) == ("", "")


def test_a_tree_is_told_in_words() -> None:
    action = {"name": "c2pa.created", "source_type": "http://x/digitalCapture", "agent": "Z9"}
    tree = {
        "title": "a.jpg",
        "children": [{"title": "b.nef", "relationship": "parentOf", "actions": [action]}],
    }

    node = shown({"manifests": tree}).tree

    assert node is not None
    assert (node.title, node.children[0].relationship) == ("a.jpg", "made from")
    assert node.children[0].steps == ("created (camera-captured, Z9)",)


def test_marks_stay_on_their_line() -> None:
    scale = Scale(0.5, -1, 7)

    assert (scale.at, scale.lower_at, scale.upper_at) == ("50.0", "0.0", "100.0")
